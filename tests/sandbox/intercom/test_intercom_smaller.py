"""What independent readers ask for beside companies, contacts, conversations and tickets."""

import pytest

NOTHING = {"type": "list", "data": []}
TYPE = {
    "type": "ticket_type",
    "id": "78",
    "name": "Incident",
    "description": "Something does not work",
    "icon": "🎟️",
    "archived": False,
    "is_internal": False,
    "category": "Customer",
}


@pytest.fixture(scope="module")
def ana(client):
    return client.get("/contacts/find_by_external_id/1001")


@pytest.mark.parametrize(
    "path",
    [
        "/tags",
        "/subscription_types",
        "/help_center/collections",
        "/help_center/help_centers",
        "/conversations/attributes",
        "/away_status_reasons",
    ],
)
def test_a_list_that_comes_whole_is_empty(client, path):
    assert client.get(path) == NOTHING


@pytest.mark.parametrize(
    ("path", "usual"),
    [("/articles", 25), ("/internal_articles", 25), ("/news/news_items", 10), ("/calls", 25)],
)
def test_a_list_in_pages_is_empty_and_has_no_next_page(client, path, usual):
    pages = {"type": "pages", "page": 1, "per_page": usual, "total_pages": 0}
    assert client.get(path) == NOTHING | {"total_count": 0, "pages": pages}
    assert client.get(path, per_page=150)["pages"]["per_page"] == 150
    assert client.refused(f"{path}/1") == (404, "not_found")


def test_a_search_for_articles_finds_none(client):
    found = client.get("/articles/search", phrase="export")
    assert found["data"] == {"articles": [], "highlights": []}
    assert (found["type"], found["total_count"]) == ("list", 0)


def test_what_hangs_on_a_contact_or_a_company_needs_it(client, ana):
    for part in ("tags", "segments", "subscriptions"):
        assert client.get(f"/contacts/{ana['id']}/{part}") == NOTHING
        assert client.refused(f"/contacts/x/{part}") == (404, "not_found")
    pages = {"type": "pages", "next": None, "page": 1, "per_page": 50, "total_pages": 0}
    notes = NOTHING | {"total_count": 0, "pages": pages}
    assert client.get(ana["notes"]["url"]) == notes
    assert client.get(f"/companies/{ana['companies']['data'][0]['id']}/notes") == notes
    assert client.refused("/contacts/x/notes") == (404, "not_found")
    assert client.refused("/companies/x/notes") == (404, "company_not_found")


def test_the_type_of_all_tickets_is_listed_with_its_states(client):
    (told,) = client.get("/ticket_types")["data"]
    (ticket,) = client.find("tickets", ("updated_at", ">", 0))["tickets"]
    states = told.pop("ticket_states")["data"]
    assert told == ticket["ticket_type"]
    assert TYPE.items() <= told.items()
    assert client.get("/ticket_types/78")["ticket_states"]["data"] == states
    assert client.refused("/ticket_types/79") == (404, "not_found")
    assert ticket["ticket_state"] in states
    categories = ["submitted", "in_progress", "waiting_on_customer", "resolved"]
    assert [one["category"] for one in states] == categories


def test_the_states_of_tickets_name_the_types_that_have_them(client):
    first = client.get("/ticket_states")["data"][0]
    assert first == {
        "type": "ticket_state",
        "id": "8000",
        "category": "submitted",
        "internal_label": "Submitted",
        "external_label": "Submitted",
        "archived": False,
        "ticket_types": {"type": "list", "data": [TYPE]},
    }


def test_a_segment_is_found_by_its_id(client):
    for one in client.get("/segments")["segments"]:
        assert client.get(f"/segments/{one['id']}") == one
    assert client.refused("/segments/x") == (404, "not_found")


@pytest.mark.parametrize("name", ["user_id", "email", "intercom_user_id"])
def test_a_person_of_a_workspace_has_sent_no_events(client, ana, name):
    given = {"user_id": "1001", "email": "ana@kite.co", "intercom_user_id": ana["id"]}
    assert client.get("/events", type="user", **{name: given[name]}) == {
        "type": "event.summary",
        "events": [],
        "pages": {"next": None},
        "email": "ana@kite.co",
        "intercom_user_id": ana["id"],
        "user_id": "1001",
    }
    assert client.refused(f"/events?type=user&{name}=nobody") == (404, "not_found")
    assert client.refused(f"/events?{name}=1")[0] == 400
    assert client.refused("/events?type=user") == (400, "parameter_not_found")
