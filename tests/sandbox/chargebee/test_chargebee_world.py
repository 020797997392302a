"""The simulated world, as a whole, through Chargebee's lists."""

import pytest
import requests


@pytest.fixture(scope="module")
def lists(world):
    from sandbox.serve import running

    with running(world, limits=False) as sandbox:
        reach = sandbox.vendors["chargebee"]
        auth = (reach["token"], "")
        yield {
            name: list(rows(f"{reach['base_url']}/api/v2/{name}", auth))
            for name in ("customers", "subscriptions", "invoices", "transactions")
        }


def rows(url, auth):
    params = {"limit": 100, "include_deleted": "true", "sort_by[asc]": "updated_at"}
    while True:
        page = requests.request("GET", url, params=params, auth=auth, timeout=120).json()
        for row in page["list"]:
            yield next(iter(row.values()))
        if "next_offset" not in page:
            return
        params["offset"] = page["next_offset"]


def test_everything_comes_once(lists, world):
    for name in ("customers", "subscriptions", "invoices"):
        found = [one["id"] for one in lists[name]]
        assert len(found) == len(set(found))
        assert set(found) == set(world[name][f"{name.removesuffix('s')}_id"])
    assert lists["transactions"]


def test_what_is_due_adds_up(lists):
    owed = [one for one in lists["invoices"] if one["status"] in {"payment_due", "not_paid"}]
    assert owed
    told = sum(one.get("total_dues", 0) for one in lists["subscriptions"])
    assert told == sum(one["amount_due"] for one in owed)


def test_stamps_never_lie_behind_what_they_stamp(lists):
    for one in lists["invoices"]:
        happened = [
            one["date"],
            one.get("paid_at", 0),
            *(p["txn_date"] for p in one["linked_payments"]),
        ]
        assert one["updated_at"] >= max(happened)
