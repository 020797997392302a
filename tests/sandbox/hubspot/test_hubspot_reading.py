"""Lists, single records and batches of HubSpot's objects."""

from datetime import datetime

import pytest

COMPANIES = "/crm/v3/objects/companies"


def accounts(count, **same):
    return [
        {"account_no": n, "crm_id": str(9_100_000_000 + n), "tenant_key": f"t-{n}", **same}
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("sent", [None, "Bearer pat-na1-wrong", "Basic eDp5", "pat-na1"])
def test_a_request_without_the_token_gets_the_vendors_401(portal, sent):
    status, body = portal.refused("GET", COMPANIES, headers={"Authorization": sent})
    assert status == 401
    assert body.pop("correlationId")
    assert body == {
        "status": "error",
        "message": "Authentication credentials not found. This API supports OAuth 2.0 "
        "authentication and you can find more details at "
        "https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        "category": "INVALID_AUTHENTICATION",
    }


def test_a_page_holds_ten_records_unless_asked_and_a_hundred_at_most(serve):
    with serve(accounts=accounts(101)) as portal:
        assert len(portal.get(COMPANIES)["results"]) == 10
        assert len(portal.get(COMPANIES, limit=100)["results"]) == 100
        status, body = portal.refused("GET", COMPANIES, params={"limit": 101})
        assert (status, body["category"]) == (400, "VALIDATION_ERROR")


def test_history_lowers_the_largest_page_to_fifty(serve):
    with serve(accounts=accounts(60)) as portal:
        asked = {"propertiesWithHistory": "name"}
        assert len(portal.get(COMPANIES, limit=50, **asked)["results"]) == 50
        assert portal.refused("GET", COMPANIES, params={"limit": 51, **asked})[0] == 400


def test_pages_follow_the_ids_and_the_last_one_has_no_paging(serve):
    shuffled = accounts(7)[::-1]
    with serve(accounts=shuffled) as portal:
        page = portal.get(COMPANIES, limit=3)
        seen = []
        while "paging" in page:
            seen += [row["id"] for row in page["results"]]
            following = page["paging"]["next"]
            assert following["link"].startswith(f"{portal.url}{COMPANIES}?")
            assert portal.get(following["link"]) == portal.get(
                COMPANIES, limit=3, after=following["after"]
            )
            page = portal.get(COMPANIES, limit=3, after=following["after"])
        seen += [row["id"] for row in page["results"]]
    assert seen == [str(9_100_000_000 + n) for n in range(1, 8)]


def test_a_cursor_that_is_none_is_refused(portal):
    assert portal.refused("GET", COMPANIES, params={"after": "later"})[0] == 400


def test_only_named_properties_come_and_unknown_names_are_passed_over(portal):
    row = portal.get(COMPANIES, properties="arr,no_such_thing")["results"][0]
    assert row["properties"] == {
        "arr": "48000",
        "createdate": "2025-02-03T10:11:12.000Z",
        "hs_lastmodifieddate": "2026-10-20T08:14:05.000Z",
        "hs_object_id": "9100000001",
    }


def test_without_names_only_a_few_defaults_come(portal):
    row = portal.get(COMPANIES)["results"][0]
    assert row["properties"].keys() == {
        "name",
        "domain",
        "createdate",
        "hs_lastmodifieddate",
        "hs_object_id",
    }


def test_every_value_is_text_or_null(portal):
    names = [p["name"] for p in portal.get("/crm/v3/properties/companies")["results"]]
    rows = portal.get(COMPANIES, properties=",".join(names))["results"]
    values = [value for row in rows for value in row["properties"].values()]
    assert len(rows) == 3
    assert {type(value) for value in values} == {str, type(None)}
    first, second, third = (row["properties"] for row in rows)
    assert first["renewal_date"] == "2027-01-31"
    assert first["numberofemployees"] == "250"
    assert first["hubspot_owner_id"] == "5550001"
    assert first["hs_num_child_companies"] == "1"
    assert second["arr"] == "900.5"
    assert second["hs_parent_company_id"] == "9100000001"
    assert third["arr"] is third["domain"] is third["hubspot_owner_id"] is None


def test_properties_may_be_repeated_or_joined(portal):
    joined = portal.get(COMPANIES, properties="arr,segment")
    assert portal.get(COMPANIES, properties=["arr", "segment"]) == joined


@pytest.mark.parametrize("version", ["2025-09", "2026-03", "2026-09", "v3"])
def test_dated_paths_answer_as_the_numbered_ones(portal, version):
    dated = portal.get(f"/crm/objects/{version}/companies", limit=2, properties="arr")
    numbered = portal.get(COMPANIES, limit=2, properties="arr")
    assert dated["results"] == numbered["results"]
    owners = portal.get(f"/crm/owners/{version}")
    assert owners == portal.get("/crm/v3/owners") == portal.get("/crm/v3/owners/")
    assert portal.get(f"/crm/pipelines/{version}/deals") == portal.get("/crm/v3/pipelines/deals")


def test_a_version_that_never_was_is_not_found(portal):
    assert portal.refused("GET", "/crm/objects/2024-01/companies")[0] == 404


@pytest.mark.parametrize("name", ["companies", "company", "0-2"])
def test_a_type_goes_by_its_plural_singular_or_id(portal, name):
    assert len(portal.get(f"/crm/v3/objects/{name}")["results"]) == 3


def test_an_unknown_type_is_a_400_and_an_unknown_path_a_404(portal):
    status, body = portal.refused("GET", "/crm/v3/objects/dragons")
    assert (status, body["message"]) == (400, "Unable to infer object type from: dragons")
    status, body = portal.refused("GET", "/crm/v9/objects/companies")
    assert (status, body["message"]) == (404, "resource not found")
    assert {"status", "correlationId", "category"} <= body.keys()


def test_types_that_this_portal_does_not_use_are_empty(portal):
    assert portal.get("/crm/v3/objects/tickets") == {"results": []}


def test_the_pulse_has_its_history_newest_first_and_moved_the_modified_date(serve):
    pulses = [
        {"set_at": "2026-11-01T12:00:00", "value": 2, "reason": "no answer"},
        {"set_at": "2026-06-01T12:00:00", "value": 4, "reason": "happy"},
        {"set_at": "2026-11-21T12:00:00", "value": 5, "reason": "not yet"},
    ]
    with serve(accounts=[{}], pulses=pulses) as portal:
        row = portal.company(
            "9100000001", "csm_pulse", "csm_pulse_reason", propertiesWithHistory="csm_pulse"
        )
    assert row["properties"]["csm_pulse"] == "2"
    assert row["properties"]["csm_pulse_reason"] == "no answer"
    assert row["updatedAt"] == row["properties"]["hs_lastmodifieddate"]
    assert row["updatedAt"] == "2026-11-01T12:00:00.000Z"
    versions = row["propertiesWithHistory"]["csm_pulse"]
    assert [(v["value"], v["timestamp"]) for v in versions] == [
        ("2", "2026-11-01T12:00:00.000Z"),
        ("4", "2026-06-01T12:00:00.000Z"),
    ]
    assert versions[0]["sourceType"] == "CRM_UI"
    assert versions[0]["sourceId"] == f"userId:{versions[0]['updatedByUserId']}"


def test_a_property_that_never_changed_has_one_version_and_an_empty_one_none(portal):
    asked = {"propertiesWithHistory": "segment,csm_pulse"}
    history = portal.company("9100000002", **asked)["propertiesWithHistory"]
    assert [version["value"] for version in history["segment"]] == ["smb"]
    assert history["csm_pulse"] == []


def test_archived_records_come_only_when_asked_and_for_ninety_days(serve):
    rows = [
        {},
        {"account_no": 2, "crm_id": "9100000002", "archived_at": "2026-10-01"},
        {"account_no": 3, "crm_id": "9100000003", "archived_at": "2026-05-01"},
        {"account_no": 4, "crm_id": "9100000004", "archived_at": "2026-11-25"},
    ]
    with serve(accounts=rows) as portal:
        live = portal.get(COMPANIES)["results"]
        [gone] = portal.get(COMPANIES, archived="true")["results"]
        assert portal.refused("GET", f"{COMPANIES}/9100000002")[0] == 404
        assert portal.get(f"{COMPANIES}/9100000002", archived="true")["id"] == "9100000002"
    assert [row["id"] for row in live] == ["9100000001", "9100000004"]
    assert (gone["id"], gone["archived"]) == ("9100000002", True)
    assert gone["archivedAt"] == "2026-10-01T00:00:00.000Z"
    assert live[0]["archived"] is False
    assert "archivedAt" not in live[0]


def test_an_address_with_hundreds_of_names_fails(portal):
    names = ",".join(f"property_number_{n}" for n in range(1000))
    assert portal.ask("GET", COMPANIES, params={"properties": names}).status_code == 414


def test_a_merged_id_gives_the_winner(serve):
    with serve(accounts=[{"merged_crm_ids": ("9100000077", "9100000078")}]) as portal:
        row = portal.company("9100000077", "hs_merged_object_ids")
        read = portal.post(
            f"{COMPANIES}/batch/read",
            {"inputs": [{"id": "9100000078"}, {"id": "9100000001"}], "properties": ["name"]},
        )
        assert [row["id"] for row in portal.get(COMPANIES)["results"]] == ["9100000001"]
    assert row["id"] == "9100000001"
    assert row["properties"]["hs_merged_object_ids"] == "9100000077;9100000078"
    assert [row["id"] for row in read["results"]] == ["9100000001"]


def test_a_record_can_be_found_by_another_property(portal):
    row = portal.get("/crm/v3/objects/contacts/ana@kite.example", idProperty="email")
    assert row["properties"]["email"] == "ana@kite.example"


def test_an_unknown_record_is_a_404(portal):
    status, body = portal.refused("GET", f"{COMPANIES}/1")
    assert (status, body["category"]) == (404, "OBJECT_NOT_FOUND")


def test_records_made_after_now_do_not_exist_yet(serve):
    with serve(
        accounts=[{}, {"account_no": 2, "crm_id": "9100000002", "created_at": "2026-11-20T04:00"}],
        people=[{"created_at": "2027-01-01"}, {"person_no": 502, "is_contact": False}],
    ) as portal:
        assert [row["id"] for row in portal.get(COMPANIES)["results"]] == ["9100000001"]
        assert portal.get("/crm/v3/objects/contacts") == {"results": []}


def test_a_batch_read_names_what_is_missing_in_a_207(portal):
    body = {"inputs": [{"id": "9100000001"}, {"id": "77"}, {"id": "78"}], "properties": ["arr"]}
    read = portal.post(f"{COMPANIES}/batch/read", body, 207)
    assert read["status"] == "COMPLETE"
    assert [row["id"] for row in read["results"]] == ["9100000001"]
    assert read["numErrors"] == 1
    [error] = read["errors"]
    assert (error["category"], error["context"]) == ("OBJECT_NOT_FOUND", {"ids": ["77", "78"]})
    assert datetime.fromisoformat(read["startedAt"]) <= datetime.fromisoformat(read["completedAt"])


def test_a_batch_read_takes_a_hundred_ids_and_fifty_with_history(portal):
    inputs = [{"id": str(n)} for n in range(1, 102)]
    path = f"{COMPANIES}/batch/read"
    assert portal.refused("POST", path, json={"inputs": inputs})[0] == 400
    assert portal.ask("POST", path, json={"inputs": inputs[:100]}).status_code == 207
    history = {"propertiesWithHistory": ["name"]}
    assert portal.refused("POST", path, json={"inputs": inputs[:51], **history})[0] == 400
