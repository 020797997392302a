"""The lists that independent readers ask for beside groups, persons and events."""

import pytest

NAMES = ["actions", "annotations", "cohorts", "dashboards", "feature_flags", "insights"]


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_has_made_is_an_empty_page(analytics, name):
    nothing = {"count": 0, "next": None, "previous": None, "results": []}
    assert analytics.get(name, limit=100) == nothing
    assert analytics.get(f"{name}/", limit=100, offset=0) == nothing
    below = analytics.ask(f"{analytics.url}/api/environments/1/{name}/")
    assert below.json() == nothing
    answer = analytics.ask(f"{name}/1/")
    assert (answer.status_code, answer.json()["detail"]) == (404, "Not found.")
    assert analytics.ask(f"{name}/?limit=x").status_code == 400


def test_event_definitions_are_the_events_that_were_sent(analytics):
    page = analytics.get("event_definitions/")
    assert (page["count"], page["next"], page["previous"]) == (2, None, None)
    viewed, exported = page["results"]
    assert exported == {
        "id": exported["id"],
        "name": "report_exported",
        "created_at": exported["created_at"],
        "last_seen_at": "2026-11-19T02:00:00Z",
        "last_updated_at": exported["created_at"],
        "tags": [],
        "is_action": False,
        "action_id": None,
        "is_calculating": False,
        "last_calculated_at": None,
        "created_by": None,
        "post_to_slack": False,
    }
    assert (viewed["name"], viewed["last_seen_at"]) == ("page_viewed", "2026-11-19T23:30:00Z")
    assert "2026-11-18T09:05:00Z" <= exported["created_at"] < "2026-11-18T10:00:00Z"
    assert analytics.get(f"event_definitions/{viewed['id']}/") == viewed
    assert analytics.ask("event_definitions/none/").status_code == 404


@pytest.mark.parametrize("ordering", ["-name", "last_seen_at"])
def test_event_definitions_come_in_the_order_that_is_asked_for(analytics, ordering):
    rows = analytics.get("event_definitions", ordering=ordering)["results"]
    assert [row["name"] for row in rows] == ["report_exported", "page_viewed"]


def test_event_definitions_are_searched_and_come_in_pages(analytics):
    found = analytics.get("event_definitions", search="EXPORT")
    assert [row["name"] for row in found["results"]] == ["report_exported"]
    first = analytics.get("event_definitions", limit=1)
    second = analytics.get(first["next"])
    names = [page["results"][0]["name"] for page in (first, second)]
    assert (names, second["next"]) == (["page_viewed", "report_exported"], None)
    assert analytics.get(second["previous"])["results"] == first["results"]
