"""Profiles, cohorts and reports (MIXPANEL.md part 3, and its pages on expressions)."""

import pytest

from sandbox.vendors.mixpanel_http import Refused
from sandbox.vendors.mixpanel_where import compiled, holds

ENGAGE = "/api/query/engage"


def test_profiles_are_people_with_their_last_sight(mixpanel):
    page = mixpanel.get(ENGAGE)
    assert sorted(page) == ["page", "page_size", "results", "session_id", "status", "total"]
    assert (page["page"], page["page_size"], page["status"], page["total"]) == (0, 1000, "ok", 3)
    assert page["results"][0] == {
        "$distinct_id": "user_11",
        "$properties": {
            "$email": "ana@kite.co",
            "$first_name": "Ana",
            "$name": "Ana",
            "$last_seen": "2026-11-19T02:00:00",
        },
    }


def test_a_form_or_json_by_post_asks_the_same(mixpanel):
    rows = mixpanel.get(ENGAGE, where='properties["$email"] == "ana@kite.co"')["results"]
    where = {"where": 'properties["$email"] == "ana@kite.co"'}
    assert mixpanel.ask(ENGAGE, "POST", data=where).json()["results"] == rows
    assert mixpanel.ask(ENGAGE, "POST", json=where).json()["results"] == rows
    assert [row["$distinct_id"] for row in rows] == ["user_11"]


def test_companies_are_profiles_of_a_group(mixpanel):
    page = mixpanel.get(ENGAGE, data_group_id="4561230984571230984")
    assert page["results"][0] == {
        "$distinct_id": "t-kite",
        "$properties": {"$name": "Kite & Co", "segment": "enterprise"},
    }
    assert page["total"] == 2
    assert "data_group_id" in mixpanel.refused(ENGAGE, 400, data_group_id="7")


def test_only_the_properties_asked_for_come(mixpanel):
    rows = mixpanel.get(ENGAGE, output_properties='["$email"]')["results"]
    assert {tuple(row["$properties"]) for row in rows} == {("$email",)}


def test_a_later_page_needs_the_session_of_the_first(mixpanel):
    session = mixpanel.get(ENGAGE)["session_id"]
    later = mixpanel.get(ENGAGE, page=1, session_id=session)
    assert (later["page"], later["results"], later["session_id"]) == (1, [], session)
    assert "session_id is required" in mixpanel.refused(ENGAGE, 400, page=1)
    assert "start over" in mixpanel.refused(ENGAGE, 400, page=1, session_id="lost")


def test_cohorts_say_how_many_are_in_them(mixpanel):
    month, week = mixpanel.get("/api/2.0/cohorts/list")
    assert (month["id"], month["count"], week["count"]) == (1001, 3, 3)
    members = mixpanel.get(ENGAGE, filter_by_cohort='{"id": 1002}')["results"]
    assert [row["$distinct_id"] for row in members] == ["user_11", "user_12", "user_21"]


def test_segmentation_counts_events_and_users_by_day(mixpanel):
    days = {"from_date": "2026-11-18", "to_date": "2026-11-19"}
    body = mixpanel.get("/api/query/segmentation", event="page_viewed", **days)
    assert body == {
        "data": {
            "series": ["2026-11-18", "2026-11-19"],
            "values": {"page_viewed": {"2026-11-18": 4, "2026-11-19": 1}},
        },
        "legend_size": 1,
    }
    split = mixpanel.get(
        "/api/query/segmentation", event="page_viewed", on='properties["account_id"]',
        type="unique", limit=1, **days,
    )  # fmt: skip
    assert split["data"]["values"] == {"t-kite": {"2026-11-18": 2, "2026-11-19": 0}}


def test_names_of_events_come_by_how_often_they_happen(mixpanel):
    assert mixpanel.get("/api/query/events/names") == ["page_viewed", "report_exported"]
    assert mixpanel.get("/api/2.0/events/properties/top")["account_id"] == {"count": 7}


@pytest.mark.parametrize(
    ("expression", "is_true"),
    [
        ('properties["plan"] == "pro"', True),
        ("properties['plan'] == 'pro' and properties[\"seats\"] > 10", False),
        ('properties["seats"] >= 5 or properties["plan"] == "free"', True),
        ('not properties["gone"] == 1', True),
        ('defined(properties["plan"]) and not defined(user["gone"])', True),
        ('"pr" in properties["plan"]', True),
        ('properties["plan"] in ["pro", "team"]', True),
        ('properties["plan"] not in ["pro"]', False),
        ('(properties["seats"] + 5) * 2 == 20', True),
        ('number(properties["text"]) < 8', True),
        ('properties["gone"] > 3', False),
        ('datetime("2026-11-19T00:00:00") == 1795046400', True),
        ("true", True),
    ],
)
def test_expressions_mean_what_the_documents_say(expression, is_true):
    row = {"plan": "pro", "seats": 5, "text": "7"}
    assert holds(compiled(expression), row) is is_true


@pytest.mark.parametrize("expression", ["", "properties[", "foo(1)", "1 1", "a == 1", '"open'])
def test_what_is_no_expression_is_refused(expression):
    with pytest.raises(Refused):
        compiled(expression)
