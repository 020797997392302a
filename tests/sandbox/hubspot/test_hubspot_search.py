"""HubSpot's search: operators, groups, sorting, offsets, and what it never shows."""

from datetime import UTC, datetime

import pytest

from sandbox.vendors.hubspot_portal import Settings

SEARCH = "/crm/v3/objects/companies/search"
FIRST, SECOND, THIRD = "9100000001", "9100000002", "9100000003"


def found(answer):
    return [row["id"] for row in answer["results"]]


@pytest.mark.parametrize(
    ("name", "operator", "values", "ids"),
    [
        ("name", "EQ", {"value": "kite & co"}, [FIRST]),
        ("name", "NEQ", {"value": "Reed"}, [FIRST, THIRD]),
        ("domain", "NEQ", {"value": "kite.example"}, [SECOND]),
        ("arr", "LT", {"value": "1000"}, [SECOND]),
        ("arr", "LTE", {"value": "900.5"}, [SECOND]),
        ("arr", "GT", {"value": "900.5"}, [FIRST]),
        ("arr", "GTE", {"value": "900.5"}, [FIRST, SECOND]),
        ("arr", "BETWEEN", {"value": "900.5", "highValue": "48000"}, [FIRST, SECOND]),
        ("arr", "HAS_PROPERTY", {}, [FIRST, SECOND]),
        ("arr", "NOT_HAS_PROPERTY", {}, [THIRD]),
        ("renewal_date", "GTE", {"value": "2027-01-31"}, [FIRST, THIRD]),
        ("renewal_date", "GT", {"value": "2027-01-31"}, []),
        ("segment", "IN", {"values": ["smb", "mid_market"]}, [SECOND]),
        ("segment", "NOT_IN", {"values": ["smb"]}, [FIRST, THIRD]),
        ("name", "IN", {"values": ["reed", "oak"]}, [SECOND, THIRD]),
        ("name", "IN", {"values": ["Reed"]}, []),
        ("name", "CONTAINS_TOKEN", {"value": "kite"}, [FIRST]),
        ("domain", "CONTAINS_TOKEN", {"value": "*.example"}, [FIRST, SECOND]),
        ("name", "NOT_CONTAINS_TOKEN", {"value": "kite"}, [SECOND, THIRD]),
        ("hs_object_id", "GTE", {"value": SECOND}, [SECOND, THIRD]),
    ],
)
def test_operators(portal, name, operator, values, ids):
    answer = portal.search("companies", {"propertyName": name, "operator": operator, **values})
    assert found(answer) == ids
    assert answer["total"] == len(ids)


@pytest.mark.parametrize(
    "as_text", [lambda at: str(int(at.timestamp() * 1000)), datetime.isoformat]
)
def test_times_are_given_as_epoch_milliseconds_or_iso(portal, as_text):
    at = datetime(2026, 11, 19, 20, tzinfo=UTC)
    test = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": as_text(at)}
    assert found(portal.search("companies", test)) == [THIRD]


def test_contacts_go_by_another_modified_date(portal):
    test = {"operator": "GTE", "value": "2026-03-02T09:00:00Z"}
    assert portal.search("contacts", {**test, "propertyName": "lastmodifieddate"})["total"] == 1
    wrong = [{"filters": [{**test, "propertyName": "hs_lastmodifieddate"}]}]
    path = "/crm/v3/objects/contacts/search"
    assert portal.refused("POST", path, json={"filterGroups": wrong})[0] == 400


def test_filters_of_a_group_all_hold_and_one_group_is_enough(portal):
    smb = {"propertyName": "segment", "operator": "EQ", "value": "smb"}
    rich = {"propertyName": "arr", "operator": "GT", "value": "1000"}
    oak = {"propertyName": "name", "operator": "EQ", "value": "Oak"}
    groups = [{"filters": [smb, rich]}, {"filters": [oak]}]
    assert found(portal.post(SEARCH, {"filterGroups": groups})) == [THIRD]
    groups = [{"filters": [smb]}, {"filters": [oak]}]
    assert found(portal.post(SEARCH, {"filterGroups": groups})) == [SECOND, THIRD]


def test_results_are_sorted_by_one_property(portal):
    down = [{"propertyName": "arr", "direction": "DESCENDING"}]
    assert found(portal.search("companies", sorts=down)) == [FIRST, SECOND, THIRD]
    assert found(portal.search("companies", sorts=["arr"])) == [SECOND, FIRST, THIRD]
    assert found(portal.search("companies", sorts=["-name"])) == [SECOND, THIRD, FIRST]
    two = {"sorts": ["name", "arr"]}
    assert portal.refused("POST", SEARCH, json=two)[0] == 400


def test_after_is_an_offset_and_the_last_page_has_no_paging(portal):
    sorts = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
    first = portal.search("companies", limit=2, sorts=sorts)
    second = portal.search("companies", limit=2, sorts=sorts, after="2")
    assert first["paging"] == {"next": {"after": "2"}}
    assert first["total"] == second["total"] == 3
    assert found(first) + found(second) == [FIRST, SECOND, THIRD]
    assert "paging" not in second


def test_a_page_has_two_hundred_rows_at_most(portal):
    assert portal.search("companies", limit=200)["total"] == 3
    assert portal.refused("POST", SEARCH, json={"limit": 201})[0] == 400


@pytest.mark.parametrize(("after", "limit"), [("10000", 1), ("9900", 200), ("20000", 100)])
def test_nothing_past_ten_thousand_can_be_asked_for(portal, after, limit):
    status, body = portal.refused("POST", SEARCH, json={"after": after, "limit": limit})
    assert (status, body["category"]) == (400, "VALIDATION_ERROR")
    assert portal.search("companies", after="9800", limit=200)["results"] == []


def test_associations_and_archived_records_are_never_in_the_answer(serve):
    rows = [{}, {"account_no": 2, "crm_id": SECOND, "archived_at": "2026-11-01"}]
    with serve(accounts=rows, people=[{}]) as portal:
        answer = portal.search("companies", associations=["contacts"], archived=True)
    assert found(answer) == [FIRST]
    assert "associations" not in answer["results"][0]


def test_properties_follow_the_rules_of_the_lists(portal):
    [row] = portal.search("companies", limit=1, properties=["arr", "no_such_thing"])["results"]
    listed = portal.get("/crm/v3/objects/companies", limit=1, properties="arr")["results"][0]
    assert row == listed


def test_a_free_query_looks_into_the_usual_properties(portal):
    assert found(portal.search("companies", query="reed.ex")) == [SECOND]
    assert found(portal.search("contacts", query="silva")) == ["51000000501"]
    assert portal.refused("POST", SEARCH, json={"query": "x" * 3001})[0] == 400


@pytest.mark.parametrize(
    "bad",
    [
        {"propertyName": "no_such_thing", "operator": "EQ", "value": "1"},
        {"propertyName": "arr", "operator": "ABOUT", "value": "1"},
        {"propertyName": "arr", "operator": "GTE", "value": "much"},
        {"propertyName": "arr", "operator": "GTE"},
        {"propertyName": "createdate", "operator": "GTE", "value": "yesterday"},
        {"propertyName": "name", "operator": "IN", "value": "reed"},
    ],
)
def test_filters_that_make_no_sense_are_refused(portal, bad):
    body = {"filterGroups": [{"filters": [bad]}]}
    assert portal.refused("POST", SEARCH, json=body)[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        {"filterGroups": {}},
        {"filterGroups": ["name"]},
        {"filterGroups": [{"filters": "name"}]},
        {"properties": "name"},
        {"sorts": {"propertyName": "name"}},
        {"limit": "many"},
        {"limit": True},
        {"after": "later"},
    ],
)
def test_bodies_of_another_shape_are_refused(portal, body):
    assert portal.refused("POST", SEARCH, json=body)[0] == 400


@pytest.mark.parametrize("shape", [(6, 1), (1, 7), (4, 5)])
def test_too_many_filters_are_refused(portal, shape):
    groups, filters = shape
    one = {"propertyName": "arr", "operator": "HAS_PROPERTY"}
    body = {"filterGroups": [{"filters": [one] * filters}] * groups}
    assert portal.refused("POST", SEARCH, json=body)[0] == 400
    assert portal.post(SEARCH, {"filterGroups": [{"filters": [one] * 6}] * 3})["total"] == 2


def test_the_index_sees_a_write_only_after_its_lag(serve):
    changed = {"propertyName": "segment", "operator": "EQ", "value": "smb"}
    with serve(accounts=[{}], settings=Settings(index_lag_s=3600)) as portal:
        portal.update((FIRST, {"segment": "smb"}))
        made = portal.post("/crm/v3/objects/companies", {"properties": {"name": "New"}}, 201)
        assert portal.company(FIRST, "segment")["properties"]["segment"] == "smb"
        assert portal.search("companies", changed)["results"] == []
        [row] = portal.search("companies", properties=["segment"])["results"]
        assert row["properties"]["segment"] == "enterprise"
        assert row["updatedAt"] == "2026-10-20T08:14:05.000Z"
        assert row["id"] != made["id"]


def test_without_a_lag_a_write_is_found_at_once(desk):
    desk.update((FIRST, {"segment": "smb"}))
    changed = {"propertyName": "segment", "operator": "EQ", "value": "smb"}
    assert found(desk.search("companies", changed)) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("kind", "found"),
    [("deals", "30000000031"), ("meetings", "60000000071"), ("contacts", "51000000501")],
)
def test_records_of_a_company_are_found_by_association(portal, kind, found):
    of_kite = {"propertyName": "associations.company", "operator": "EQ", "value": "9100000001"}
    of_reed = {**of_kite, "operator": "IN", "values": ["9100000002", 9100000003]}
    ids = [row["id"] for row in portal.search(kind, of_kite)["results"]]
    assert ids == [found]
    assert portal.search(kind, of_reed)["total"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"operator": "GT"},
        {"value": "kite"},
        {"operator": "IN", "values": 1},
        {"propertyName": "associations.planet"},
    ],
)
def test_a_filter_on_associations_that_makes_no_sense_is_refused(portal, change):
    filters = [{"propertyName": "associations.company", "operator": "EQ", "value": "1"} | change]
    body = {"filterGroups": [{"filters": filters}]}
    assert portal.refused("POST", "/crm/v3/objects/deals/search", json=body)[0] == 400
