"""HubSpot's property definitions and groups."""

import pytest

PROPERTIES = "/crm/v3/properties/companies"
GROUPS = f"{PROPERTIES}/groups"
SCORE = {
    "name": "cs_health_score",
    "label": "CS health score",
    "type": "number",
    "fieldType": "number",
    "groupName": "customer_success",
    "description": "0 to 100",
}


def test_the_teams_own_properties_are_there(portal):
    shown = {p["name"]: p for p in portal.get(PROPERTIES)["results"]}
    own = {
        name: (p["type"], p["fieldType"]) for name, p in shown.items() if not p["hubspotDefined"]
    }
    assert own == {
        "arr": ("number", "number"),
        "renewal_date": ("date", "date"),
        "segment": ("enumeration", "select"),
        "tenant_key": ("string", "text"),
        "csm_pulse": ("enumeration", "select"),
        "csm_pulse_reason": ("string", "textarea"),
    }
    pulse = [option["value"] for option in shown["csm_pulse"]["options"]]
    assert pulse == ["1", "2", "3", "4", "5"]
    assert shown["hs_object_id"]["modificationMetadata"]["readOnlyValue"]
    assert shown["num_associated_contacts"]["calculated"]


def test_options_cover_the_values_that_records_have(portal):
    shown = portal.get(f"{PROPERTIES}/industry")
    assert [option["value"] for option in shown["options"]] == ["COMPUTER_SOFTWARE"]


def test_group_and_property_are_made_once(desk):
    group = {"name": "cs_health", "label": "CS health", "displayOrder": -1}
    assert desk.post(GROUPS, group, 201) == {**group, "archived": False}
    made = desk.post(PROPERTIES, {**SCORE, "groupName": "cs_health"}, 201)
    assert made.items() >= {**SCORE, "groupName": "cs_health"}.items()
    assert made["modificationMetadata"]["readOnlyValue"] is False
    assert desk.get(f"{PROPERTIES}/cs_health_score") == made
    assert made in desk.get(PROPERTIES)["results"]
    for path, body in ((GROUPS, group), (PROPERTIES, SCORE)):
        status, error = desk.refused("POST", path, json=body)
        assert (status, error["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    assert group["name"] in [g["name"] for g in desk.get(GROUPS)["results"]]
    assert desk.get(f"{GROUPS}/cs_health")["label"] == "CS health"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "CS health"},
        {"name": "9lives"},
        {"groupName": "no_such_group"},
        {"type": "integer"},
        {"fieldType": "select"},
        {"label": None},
        {"type": "bool", "fieldType": "booleancheckbox"},
        {"type": "bool", "fieldType": "booleancheckbox"}
        | {"options": [{"label": "Yes", "value": "yes"}, {"label": "No", "value": "no"}]},
    ],
)
def test_definitions_that_contradict_themselves_are_refused(portal, wrong):
    status, error = portal.refused("POST", PROPERTIES, json={**SCORE, **wrong})
    assert (status, error["category"]) == (400, "VALIDATION_ERROR")


def test_an_archived_name_stays_taken(desk):
    desk.post(PROPERTIES, SCORE, 201)
    assert desk.ask("DELETE", f"{PROPERTIES}/cs_health_score").status_code == 204
    assert desk.refused("GET", f"{PROPERTIES}/cs_health_score")[0] == 404
    assert "cs_health_score" not in [p["name"] for p in desk.get(PROPERTIES)["results"]]
    [gone] = desk.get(PROPERTIES, archived="true")["results"]
    assert (gone["name"], gone["archived"]) == ("cs_health_score", True)
    assert desk.refused("POST", PROPERTIES, json=SCORE)[0] == 409
    inputs = [{"id": "9100000001", "properties": {"cs_health_score": "1"}}]
    update = "/crm/v3/objects/companies/batch/update"
    assert desk.refused("POST", update, json={"inputs": inputs})[0] == 400


def test_a_batch_makes_what_it_can(desk):
    path = f"{PROPERTIES}/batch/create"
    both = [SCORE, {**SCORE, "name": "cs_health_band"}]
    assert len(desk.post(path, {"inputs": both}, 201)["results"]) == 2
    third = {**SCORE, "name": "cs_health_reason"}
    answer = desk.post(path, {"inputs": [SCORE, third]}, 207)
    assert [row["name"] for row in answer["results"]] == ["cs_health_reason"]
    [error] = answer["errors"]
    assert error["context"] == {"name": ["cs_health_score"]}
    asked = {"inputs": [{"name": "arr"}, {"name": "no_such_thing"}], "archived": False}
    read = desk.post(f"{PROPERTIES}/batch/read", asked, 207)
    assert [row["name"] for row in read["results"]] == ["arr"]
    gone = {"inputs": [{"name": row["name"]} for row in both]}
    assert desk.post(f"{PROPERTIES}/batch/archive", gone, 204) is None
    assert len(desk.get(PROPERTIES, archived="true")["results"]) == 2


def test_only_own_definitions_can_be_changed_and_archived(desk):
    path = f"{PROPERTIES}/segment"
    options = [{"label": "Key", "value": "key", "displayOrder": 0, "hidden": False}]
    changed = desk.ask("PATCH", path, json={"label": "Size", "options": options})
    assert changed.status_code == 200
    shown = desk.get(path)
    assert (shown["label"], shown["options"]) == ("Size", options)
    assert desk.refused("PATCH", path, json={"groupName": "no_such_group"})[0] == 400
    assert desk.refused("PATCH", f"{PROPERTIES}/domain", json={"label": "D"})[0] == 400
    assert desk.refused("DELETE", f"{PROPERTIES}/domain")[0] == 400


def test_at_most_ten_properties_are_unique(desk):
    names = [f"key_{n}" for n in range(11)]
    unique = {**SCORE, "type": "string", "fieldType": "text", "hasUniqueValue": True}
    for name in names[:10]:
        assert desk.post(PROPERTIES, {**unique, "name": name}, 201)["hasUniqueValue"]
    assert desk.refused("POST", PROPERTIES, json={**unique, "name": names[10]})[0] == 400


def test_groups_are_renamed_and_archived(desk):
    path = f"{GROUPS}/customer_success"
    assert desk.ask("PATCH", path, json={"label": "Success"}).json()["label"] == "Success"
    assert desk.ask("DELETE", path).status_code == 204
    assert desk.refused("GET", path)[0] == 404
    assert desk.refused("POST", PROPERTIES, json=SCORE)[0] == 400


def test_both_path_versions_show_the_same_definitions(portal):
    assert portal.get("/crm/properties/2026-03/companies") == portal.get(PROPERTIES)
    assert portal.get("/crm/properties/2026-09/0-2/groups") == portal.get(GROUPS)


@pytest.mark.parametrize(("path", "body"), [(PROPERTIES, SCORE), (GROUPS, {"label": "Health"})])
def test_what_was_made_stands_at_the_address_in_location(desk, path, body):
    answer = desk.ask("POST", path, json={**body, "name": "made_here"})
    assert answer.headers["Location"] == f"{desk.url}{path}/made_here"
    assert desk.get(answer.headers["Location"])["name"] == "made_here"
