"""Faults of paging against the real vendors: a client that keeps going loses nothing."""

import base64
import json
import urllib.request

import pytest

from sandbox.serve import running


@pytest.fixture(scope="module")
def served(world):
    with running(world, limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(served):
    """Nothing is written to it here, so that one serves all tests; its faults are cleared."""
    served.faults = []
    return served


def hubspot_list(sandbox):
    def page(after):
        query = f"?limit=10&after={after}" if after else "?limit=10"
        body = ask(sandbox, "hubspot", f"/crm/v3/objects/companies{query}")
        return body["results"], body.get("paging", {}).get("next", {}).get("after")

    return walk(page)


def hubspot_search(sandbox):
    def page(after):
        asked = {"limit": 10, "after": after or "0", "filterGroups": []}
        body = ask(sandbox, "hubspot", "/crm/v3/objects/companies/search", asked)
        return body["results"], body.get("paging", {}).get("next", {}).get("after")

    return walk(page)


def zendesk_tickets(sandbox):
    def page(url):
        path = "/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=100"
        body = ask(sandbox, "zendesk", url or path)
        return body["tickets"], None if body["end_of_stream"] else body["after_url"]

    return walk(page)


def zendesk_organizations_export(sandbox):
    def page(url):
        path = "/api/v2/incremental/organizations.json?start_time=0&per_page=10"
        body = ask(sandbox, "zendesk", url or path)
        return body["organizations"], None if body["end_of_stream"] else body["next_page"]

    return walk(page)


def zendesk_organizations_list(sandbox):
    def page(url):
        body = ask(sandbox, "zendesk", url or "/api/v2/organizations?page[size]=10")
        return body["organizations"], body["links"]["next"] if body["meta"]["has_more"] else None

    return walk(page)


def zendesk_organizations_by_number(sandbox):
    def page(url):
        body = ask(sandbox, "zendesk", url or "/api/v2/organizations.json?per_page=10")
        return body["organizations"], body["next_page"]

    return walk(page)


def walk(page):
    """Ids page by page until the end mark."""
    pages, cursor = [], None
    for _ in range(40):
        rows, cursor = page(cursor)
        pages.append([row["id"] for row in rows])
        if cursor is None:
            return pages
    raise AssertionError("the list does not end")


def ask(sandbox, vendor, path, body=None):
    reach = sandbox.vendors[vendor]
    word = "Bearer " + reach["token"]
    if vendor == "zendesk":
        secret = f"{reach['user']}/token:{reach['token']}"
        word = "Basic " + base64.b64encode(secret.encode()).decode()
    headers = {"authorization": word, "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    url = path if path.startswith("http") else reach["base_url"] + path
    with urllib.request.urlopen(
        urllib.request.Request(url, data, headers), timeout=120
    ) as response:
        return json.load(response)


LISTS = {
    hubspot_list: "hubspot",
    hubspot_search: "hubspot",
    zendesk_tickets: "zendesk",
    zendesk_organizations_export: "zendesk",
    zendesk_organizations_list: "zendesk",
    zendesk_organizations_by_number: "zendesk",
}


@pytest.mark.parametrize("place", [0, 1], ids=["first page", "second page"])
@pytest.mark.parametrize("read", LISTS, ids=lambda read: read.__name__)
def test_an_empty_page_loses_nothing_of_a_vendors_list(sandbox, read, place):
    whole = read(sandbox)
    assert len(whole) > 2
    assert all(whole)
    sandbox.faults = [{"vendor": LISTS[read], "path": "/", "fault": "empty_page", "after": place}]
    assert read(sandbox) == [*whole[:place], [], *whole[place:]]


@pytest.mark.parametrize("read", LISTS, ids=lambda read: read.__name__)
def test_a_duplicate_stands_at_a_vendors_page_boundary(sandbox, read):
    whole = read(sandbox)
    sandbox.faults = [{"vendor": LISTS[read], "path": "/", "fault": "duplicate"}]
    again = read(sandbox)
    assert again[0] == whole[0]
    assert again[1] == [whole[0][-1], *whole[1]]
    assert again[2:] == whole[2:]


def test_a_value_is_set_in_a_vendors_record(sandbox):
    rule = {"vendor": "stripe", "path": "/v1/invoices", "fault": "set", "times": -1}
    sandbox.faults = [
        {**rule, "field": "amount_due", "value": -5},
        {**rule, "field": "currency", "value": "xyz", "n": 1},
    ]
    rows = ask(sandbox, "stripe", "/v1/invoices?limit=3")["data"]
    assert [row["amount_due"] < 0 for row in rows] == [True, False, False]
    assert [row["currency"] == "xyz" for row in rows] == [False, True, False]
