"""Making HubSpot records: upserts, batches, single records, tasks; archiving them."""

import pytest

COMPANIES = "/crm/v3/objects/companies"
UPDATE = f"{COMPANIES}/batch/update"
FIRST, SECOND, THIRD = "9100000001", "9100000002", "9100000003"


def define(portal, name, **changes):
    body = {"name": name, "label": name, "type": "number", "fieldType": "number"}
    path = "/crm/v3/properties/companies"
    portal.post(path, {**body, "groupName": "customer_success", **changes}, 201)


def upsert(portal, *rows, status=200, kind="companies"):
    return portal.post(f"/crm/v3/objects/{kind}/batch/upsert", {"inputs": list(rows)}, status)


@pytest.mark.parametrize("id_property", ["domain", "hs_object_id", None, "no_such_thing"])
def test_upsert_needs_a_unique_property(portal, id_property):
    row = {"id": "kite.example", "properties": {"arr": "1"}}
    row |= {"idProperty": id_property} if id_property else {}
    path = f"{COMPANIES}/batch/upsert"
    status, body = portal.refused("POST", path, json={"inputs": [row]})
    named = id_property or "hs_object_id"
    assert status == 400
    assert f"Unable to perform update/upsert by non-unique 0-2 property {named}" in body["message"]


def test_upsert_creates_what_is_not_there_and_says_so(desk):
    define(desk, "external_id", type="string", fieldType="text", hasUniqueValue=True)
    row = {"id": "acct-42", "idProperty": "external_id", "properties": {"name": "Fern"}}
    [made] = upsert(desk, row)["results"]
    [again] = upsert(desk, {**row, "properties": {"name": "Fern Ltd"}})["results"]
    assert (made["new"], again["new"]) == (True, False)
    assert made["id"] == again["id"]
    kept = desk.company("acct-42", "name", "external_id", idProperty="external_id")
    assert kept["properties"]["name"] == "Fern Ltd"
    assert kept["properties"]["external_id"] == "acct-42"
    assert len(desk.get(COMPANIES)["results"]) == 4


def test_contacts_can_be_upserted_by_email(desk):
    row = {"id": "ana@kite.example", "idProperty": "email", "properties": {"jobtitle": "CEO"}}
    [again] = upsert(desk, row, kind="contacts")["results"]
    assert (again["new"], again["id"]) == (False, "51000000501")


def test_a_unique_value_or_email_has_one_holder(desk):
    define(desk, "external_id", type="string", fieldType="text", hasUniqueValue=True)
    desk.update((FIRST, {"external_id": "a"}))
    row = {"inputs": [{"id": SECOND, "properties": {"external_id": "a"}}]}
    assert desk.refused("POST", UPDATE, json=row)[0] == 409
    contact = {"properties": {"email": "ana@kite.example"}}
    status, body = desk.refused("POST", "/crm/v3/objects/contacts", json=contact)
    assert (status, body["category"]) == (409, "CONFLICT")
    assert body["message"] == "Contact already exists. Existing ID: 51000000501"


def test_single_records_are_made_changed_and_archived(desk):
    made = desk.post(COMPANIES, {"properties": {"name": "Fern", "domain": "fern.example"}}, 201)
    path = f"{COMPANIES}/{made['id']}"
    assert made["createdAt"] == made["updatedAt"] >= "2026-11-20"
    changed = desk.ask("PATCH", path, json={"properties": {"arr": "9"}})
    assert (changed.status_code, changed.json()["properties"]["arr"]) == (200, "9")
    assert desk.ask("DELETE", path).status_code == 204
    assert desk.ask("DELETE", path).status_code == 204
    assert desk.refused("GET", path)[0] == 404
    assert desk.get(path, archived="true")["archivedAt"] >= made["createdAt"]
    assert desk.refused("PATCH", path, json={"properties": {"arr": "8"}})[0] == 404
    assert desk.ask("DELETE", f"{COMPANIES}/77").status_code == 204


def test_records_are_made_and_archived_in_batches(desk):
    inputs = [{"properties": {"name": "A"}}, {"properties": {"name": "B"}}]
    made = desk.post(f"{COMPANIES}/batch/create", {"inputs": inputs}, 201)["results"]
    assert len({row["id"] for row in made} | {FIRST, SECOND, THIRD}) == 5
    ids = [{"id": row["id"]} for row in made]
    assert desk.post(f"{COMPANIES}/batch/archive", {"inputs": ids}, 204) is None
    assert len(desk.get(COMPANIES)["results"]) == 3


def test_a_task_can_be_put_on_a_company(desk):
    link = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 192}
    body = {
        "properties": {"hs_task_subject": "Call Kite", "hs_timestamp": "2026-11-21T09:00:00Z"},
        "associations": [{"to": {"id": FIRST}, "types": [link]}],
    }
    task = desk.post("/crm/v3/objects/tasks", body, 201)
    [to] = desk.get(f"/crm/v4/objects/tasks/{task['id']}/associations/companies")["results"]
    [back] = desk.get(f"/crm/v4/objects/companies/{FIRST}/associations/tasks")["results"]
    assert str(to["toObjectId"]) == FIRST
    assert str(back["toObjectId"]) == task["id"]
    for wrong in ({"to": {"id": "77"}}, {"types": []}, {"types": [{"associationTypeId": 1}]}):
        other = {**body, "associations": [body["associations"][0] | wrong]}
        assert desk.refused("POST", "/crm/v3/objects/tasks", json=other)[0] == 400
