"""Writing HubSpot's records: batches, single records, and what is refused."""

from datetime import date

import pytest

from sandbox.state import Journal
from sandbox.vendors.hubspot_portal import Settings

COMPANIES = "/crm/v3/objects/companies"
UPDATE = f"{COMPANIES}/batch/update"
FIRST, SECOND, THIRD = "9100000001", "9100000002", "9100000003"


def define(portal, name, **changes):
    body = {"name": name, "label": name, "type": "number", "fieldType": "number"}
    path = "/crm/v3/properties/companies"
    portal.post(path, {**body, "groupName": "customer_success", **changes}, 201)


def test_an_update_can_be_read_back_and_moves_the_modified_date(desk):
    answer = desk.update((FIRST, {"arr": "50000"}), (SECOND, {"arr": 1000.5}))
    assert answer["status"] == "COMPLETE"
    assert {row["id"]: row["properties"]["arr"] for row in answer["results"]} == {
        FIRST: "50000",
        SECOND: "1000.5",
    }
    row = desk.company(FIRST, "arr", propertiesWithHistory="arr")
    assert row["properties"]["arr"] == "50000"
    assert (
        row["updatedAt"] == row["properties"]["hs_lastmodifieddate"] >= "2026-11-20T03:00:00.000Z"
    )
    new, old = row["propertiesWithHistory"]["arr"]
    assert (new["value"], new["sourceType"]) == ("50000", "INTEGRATION")
    assert new["timestamp"] == row["updatedAt"]
    assert old["value"] == "48000"


def test_the_same_value_again_moves_the_date_but_is_no_new_version(desk):
    first = desk.update((FIRST, {"arr": "48000"}))["results"][0]["updatedAt"]
    desk.state.clock.skip(1)
    second = desk.update((FIRST, {"arr": "48000"}))["results"][0]["updatedAt"]
    row = desk.company(FIRST, propertiesWithHistory="arr")
    assert row["updatedAt"] == second > first > "2026-10-20T08:14:05.000Z"
    assert len(row["propertiesWithHistory"]["arr"]) == 1


def test_results_do_not_come_in_the_order_sent(desk):
    answer = desk.update((FIRST, {"arr": "1"}), (SECOND, {"arr": "2"}), (THIRD, {"arr": "3"}))
    assert [row["id"] for row in answer["results"]] != [FIRST, SECOND, THIRD]
    assert {row["id"] for row in answer["results"]} == {FIRST, SECOND, THIRD}


def test_a_write_in_the_name_of_a_person_is_told_apart(desk):
    desk.update((FIRST, {"csm_pulse": "1"}), **{"X-Sandbox-Source": "CRM_UI"})
    [mine, before] = desk.company(FIRST, propertiesWithHistory="csm_pulse")[
        "propertiesWithHistory"
    ]["csm_pulse"]
    assert (mine["value"], mine["sourceType"]) == ("1", "CRM_UI")
    assert mine["sourceId"] == f"userId:{mine['updatedByUserId']}"
    assert before["value"] == "4"


def test_unknown_ids_fail_alone_and_are_named_with_their_trace(desk):
    rows = [
        {"id": FIRST, "properties": {"arr": "5"}, "objectWriteTraceId": "run7-1"},
        {"id": "77", "properties": {"arr": "6"}, "objectWriteTraceId": "run7-2"},
    ]
    answer = desk.post(UPDATE, {"inputs": rows}, 207)
    [done] = answer["results"]
    assert (done["id"], done["objectWriteTraceId"]) == (FIRST, "run7-1")
    assert answer["numErrors"] == 1
    [error] = answer["errors"]
    assert (error["status"], error["category"]) == ("error", "OBJECT_NOT_FOUND")
    assert error["context"] == {"ids": ["77"], "objectWriteTraceId": ["run7-2"]}


def test_older_portals_pass_over_unknown_ids_in_silence(serve):
    with serve(accounts=[{}], settings=Settings(ignore_unknown_ids=True)) as portal:
        answer = portal.update((FIRST, {"arr": "5"}), ("77", {"arr": "6"}))
    assert [row["id"] for row in answer["results"]] == [FIRST]
    assert "errors" not in answer


def test_archived_records_cannot_be_updated(serve):
    with serve(accounts=[{"archived_at": "2026-11-01"}]) as portal:
        assert portal.update((FIRST, {"arr": "5"}), status=207)["results"] == []


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"cs_health_scor": "72"}, "PROPERTY_DOESNT_EXIST"),
        ({"arr": "much"}, "INVALID_INTEGER"),
        ({"arr": "1e-14"}, "INVALID_INTEGER"),
        ({"arr": "1,5"}, "INVALID_INTEGER"),
        ({"segment": "giant"}, "INVALID_OPTION"),
        ({"csm_pulse": "6"}, "INVALID_OPTION"),
        ({"renewal_date": "2027-01-31T01:00:00Z"}, "INVALID_DATE"),
        ({"renewal_date": "1798765200001"}, "INVALID_DATE"),
        ({"renewal_date": "soon"}, "INVALID_DATE"),
        ({"hs_object_id": "1"}, "READ_ONLY_VALUE"),
        ({"num_associated_contacts": "1"}, "READ_ONLY_VALUE"),
        ({"createdate": "2026-01-01"}, "READ_ONLY_VALUE"),
        ({"arr": " 5"}, "INVALID_WHITESPACE"),
    ],
)
def test_one_bad_value_refuses_the_whole_batch_and_writes_nothing(desk, properties, code):
    inputs = [
        {"id": FIRST, "properties": {"name": "Changed"}},
        {"id": SECOND, "properties": properties},
    ]
    status, body = desk.refused("POST", UPDATE, json={"inputs": inputs})
    assert (status, body["category"]) == (400, "VALIDATION_ERROR")
    [error] = body["errors"]
    assert error["code"] == code
    assert error["context"] == {"propertyName": list(properties)}
    assert desk.company(FIRST, "name")["properties"]["name"] == "Kite & Co"


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("arr", 72, "72"),
        ("arr", -0.5, "-0.5"),
        ("renewal_date", "2027-02-28", "2027-02-28"),
        ("renewal_date", "1801440000000", "2027-02-01"),
        ("renewal_date", "2027-02-28T00:00:00Z", "2027-02-28"),
        ("csm_pulse", 3, "3"),
        ("name", " Kite ", " Kite "),
        ("arr", "", ""),
        ("csm_pulse", "", ""),
        ("arr", None, "48000"),
    ],
)
def test_what_is_kept_of_a_written_value(desk, name, sent, kept):
    desk.update((FIRST, {name: sent}))
    assert desk.company(FIRST, name)["properties"][name] == kept


def test_datetimes_and_truth_values_are_kept_in_one_form(desk):
    define(desk, "cs_scored_at", type="datetime", fieldType="date")
    yes_no = [{"label": v, "value": v, "hidden": False} for v in ("true", "false")]
    define(desk, "cs_stale", type="bool", fieldType="booleancheckbox", options=yes_no)
    define(desk, "cs_flags", type="enumeration", fieldType="checkbox")
    flags = [{"label": v, "value": v, "hidden": False} for v in ("late", "quiet")]
    patch = "/crm/v3/properties/companies/cs_flags"
    assert desk.ask("PATCH", patch, json={"options": flags}).status_code == 200
    desk.update(
        (FIRST, {"cs_scored_at": "1801440000000", "cs_stale": True, "cs_flags": "late;quiet"})
    )
    kept = desk.company(FIRST, "cs_scored_at", "cs_stale", "cs_flags")["properties"]
    assert kept["cs_scored_at"] == "2027-02-01T00:00:00.000Z"
    assert (kept["cs_stale"], kept["cs_flags"]) == ("true", "late;quiet")
    inputs = [{"id": FIRST, "properties": {"cs_scored_at": "noon", "cs_stale": "maybe"}}]
    errors = desk.refused("POST", UPDATE, json={"inputs": inputs})[1]["errors"]
    assert [error["code"] for error in errors] == ["INVALID_LONG", "INVALID_OPTION"]


def test_the_same_record_twice_in_one_batch_is_refused(desk):
    inputs = [{"id": FIRST, "properties": {"arr": "1"}}, {"id": FIRST, "properties": {"arr": "2"}}]
    status, body = desk.refused("POST", UPDATE, json={"inputs": inputs})
    assert status == 400
    assert FIRST in body["message"]
    assert desk.company(FIRST, "arr")["properties"]["arr"] == "48000"


def test_a_batch_takes_a_hundred_rows(serve):
    rows = [{"account_no": n, "crm_id": str(n)} for n in range(1, 102)]
    with serve(accounts=rows) as portal:
        inputs = [{"id": str(n), "properties": {"arr": "7"}} for n in range(1, 102)]
        assert portal.refused("POST", UPDATE, json={"inputs": inputs})[0] == 400
        assert len(portal.post(UPDATE, {"inputs": inputs[:100]})["results"]) == 100


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"inputs":{}}', b'{"inputs":[{"properties":{}}]}'])
def test_bodies_that_are_no_batch_are_refused(portal, body):
    assert portal.refused("POST", UPDATE, data=body)[0] == 400


def test_a_portal_built_again_from_its_journal_has_every_write(serve):
    journal = Journal()
    with serve(accounts=[{}], people=[{}], journal=journal) as portal:
        define(portal, "cs_health_score")
        portal.update((FIRST, {"cs_health_score": "72"}))
        portal.update((FIRST, {"cs_health_score": "75"}))
        made = portal.post(COMPANIES, {"properties": {"name": "Fern"}}, 201)
        portal.ask("DELETE", f"{COMPANIES}/{made['id']}")
        asked = {"propertiesWithHistory": "cs_health_score"}
        before = portal.company(FIRST, "cs_health_score", **asked)
        archived = portal.get(COMPANIES, archived="true")
    with serve(accounts=[{}, {"account_no": 2, "crm_id": SECOND}], journal=journal) as portal:
        assert portal.company(FIRST, "cs_health_score", **asked) == before
        assert portal.get(COMPANIES, archived="true") == archived
        fresh = portal.post(COMPANIES, {"properties": {"name": "Moss"}}, 201)
    assert len(before["propertiesWithHistory"]["cs_health_score"]) == 2
    assert fresh["id"] != made["id"]


def test_what_the_world_learns_after_a_write_counts_as_newer(serve):
    journal = Journal()
    early = {"set_at": "2026-11-20T02:00:00", "value": 4}
    with serve(accounts=[{}], pulses=[early], journal=journal) as portal:
        portal.update((FIRST, {"csm_pulse": "1"}))
        assert portal.company(FIRST, "csm_pulse")["properties"]["csm_pulse"] == "1"
    late = {"set_at": "2026-11-25T12:00:00", "value": 5}
    grown = {"accounts": [{}], "pulses": [early, late], "end": date(2026, 11, 30)}
    with serve(journal=journal, **grown) as portal:
        row = portal.company(FIRST, "csm_pulse", propertiesWithHistory="csm_pulse")
    assert row["properties"]["csm_pulse"] == "5"
    assert row["updatedAt"] == "2026-11-25T12:00:00.000Z"
    values = [version["value"] for version in row["propertiesWithHistory"]["csm_pulse"]]
    assert values == ["5", "1", "4"]


def test_a_refused_write_leaves_nothing_in_the_journal(serve):
    journal = Journal()
    with serve(accounts=[{}], journal=journal) as portal:
        bad = {"inputs": [{"id": FIRST, "properties": {"arr": "much"}}]}
        portal.refused("POST", UPDATE, json=bad)
        portal.update(("77", {"arr": "1"}), status=207)
    assert journal.entries("hubspot") == []
