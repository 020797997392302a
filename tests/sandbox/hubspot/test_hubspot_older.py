"""HubSpot's older addresses of definitions and associations, and what a portal has none of."""

import pytest

READ = "/crm/v3/associations/{}/{}/batch/read"


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        ("companies", ("/companies/v2/properties", "/properties/v2/company/properties")),
        ("contacts", ("/contacts/v1/properties", "/properties/v1/contacts/properties")),
        ("deals", ("/deals/v1/properties", "/properties/v1/deals/properties")),
        ("meetings", ("/properties/v2/meeting/properties", "/properties/v2/0-47/properties")),
        ("line_items", ("/properties/v2/line_item/properties",)),
        ("deal_splits", ("/properties/v2/deal_split/properties",)),
    ],
)
def test_definitions_are_a_bare_list_of_the_same_properties(portal, kind, paths):
    newer = portal.get(f"/crm/v3/properties/{kind}")["results"]
    same = ("name", "label", "type", "fieldType", "groupName", "calculated", "hidden")
    for path in paths:
        older = portal.get(path)
        assert [{key: row[key] for key in same} for row in older] == [
            {key: row[key] for key in same} for row in newer
        ]


def test_a_definition_has_its_rights_beside_it_and_is_found_by_name(portal):
    shown = portal.get("/properties/v2/companies/properties/named/segment")
    assert shown in portal.get("/companies/v2/properties")
    assert (shown["readOnlyValue"], shown["hubspotDefined"]) == (False, False)
    assert shown["createdAt"] == 1_572_406_217_883
    assert shown["options"][0] == {
        "label": "Smb",
        "value": "smb",
        "displayOrder": 0,
        "hidden": False,
        "description": "",
        "doubleData": 0.0,
        "readOnly": False,
    }
    path = "/properties/v2/companies/properties/named/no_such"
    assert portal.refused("GET", path)[0] == 404


@pytest.mark.parametrize("ends", [("company", "contact"), ("companies", "contacts")])
def test_associations_of_version_3_have_ids_as_text_and_a_row_a_type(portal, ends):
    read = portal.post(READ.format(*ends), {"inputs": [{"id": 9_100_000_001}]})
    assert read["status"] == "COMPLETE"
    assert read["results"] == [
        {
            "from": {"id": "9100000001"},
            "to": [
                {"id": "51000000501", "type": "company_to_contact"},
                {"id": "51000000501", "type": "company_to_contact_unlabeled"},
            ],
        }
    ]


def test_records_without_associations_make_it_a_207_there_too(portal):
    path = READ.format("company", "contact")
    read = portal.post(path, {"inputs": [{"id": "9100000002"}]}, 207)
    assert (read["results"], read["numErrors"]) == ([], 1)


def test_association_types_have_labels_and_names(portal):
    path = "/associations/contacts/companies"
    labels = portal.get(f"/crm/v4{path}/labels")["results"]
    assert labels == [
        {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
        {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None},
    ]
    assert portal.get("/crm/associations/2026-03/contacts/companies/labels")["results"] == labels
    assert portal.get(f"/crm/v3{path}/types")["results"] == [
        {"id": "1", "name": "contact_to_company"},
        {"id": "279", "name": "contact_to_company_unlabeled"},
    ]
    family = portal.get("/crm/v4/associations/companies/companies/labels")["results"]
    assert [row["typeId"] for row in family] == [13, 14]
    assert portal.get("/crm/v4/associations/notes/tickets/labels")["results"] == []


def test_deals_are_listed_with_contacts_companies_and_line_items(portal):
    asked = {"associations": "contacts,companies,line_items"}
    [deal] = portal.get("/crm/v3/objects/deals", **asked)["results"]
    assert [row["id"] for row in deal["associations"]["companies"]["results"]] == ["9100000001"] * 2
    assert deal["associations"].keys() == {"companies"}


def test_version_4_lists_the_same_objects(portal):
    for path in ("companies", "companies/9100000001", "tickets"):
        older, newer = (portal.get(f"/crm/{v}/objects/{path}") for v in ("v3", "v4"))
        assert older == newer


@pytest.mark.parametrize(
    ("path", "empty"),
    [
        ("/crm/v3/schemas", {"results": []}),
        ("/crm-object-schemas/v3/schemas", {"results": []}),
        ("/forms/v2/forms", []),
        ("/marketing/v3/forms", {"results": []}),
        ("/marketing/v3/emails", {"total": 0, "results": []}),
        ("/events/v3/events", {"results": []}),
        ("/automation/v3/workflows", {"workflows": []}),
        ("/email/public/v1/events", {"events": [], "hasMore": False, "offset": ""}),
        ("/email/public/v1/subscriptions", {"subscriptionDefinitions": []}),
        ("/email/public/v1/campaigns/by-id", {"campaigns": [], "hasMore": False, "offset": ""}),
    ],
)
def test_what_the_portal_has_none_of_is_an_empty_list(portal, path, empty):
    assert portal.get(path) == empty


def test_a_search_of_lists_finds_none(portal):
    found = portal.post("/crm/v3/lists/search", {"count": 250, "sort": "HS_UPDATED_AT"})
    assert found == {"lists": [], "hasMore": False, "offset": 0, "total": 0}


@pytest.mark.parametrize("path", ["/companies/v2/companies/paged", "/forms/v2/forms"])
def test_older_addresses_want_the_token_too(portal, path):
    answer = portal.ask("GET", path, headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401
    assert answer.json()["category"] == "INVALID_AUTHENTICATION"


@pytest.mark.parametrize("kind", ["line_item", "products", "leads", "quotes", "0-28"])
def test_types_that_every_portal_has_may_be_without_a_record(portal, kind):
    assert portal.get(f"/crm/v3/objects/{kind}", archived="false") == {"results": []}


def test_users_are_the_owners_that_still_have_one_and_form_a_team(serve):
    owners = [{"owner_no": n, "email": f"o{n}@vendor.example"} for n in range(1, 4)]
    owners[1]["archived"] = True
    with serve(owners=owners) as portal:
        first = portal.get("/settings/v3/users", limit=1)
        second = portal.get(first["paging"]["next"]["link"])
        [team] = portal.get("/settings/v3/users/teams")["results"]
        listed = portal.get("/crm/v3/owners")["results"]
    users = first["results"] + second["results"]
    assert [(row["id"], row["email"]) for row in users] == [
        (str(row["userId"]), row["email"]) for row in listed
    ]
    assert "paging" not in second
    assert team == {
        "id": "178588",
        "name": "Customer success",
        "userIds": [row["id"] for row in users],
        "secondaryUserIds": [],
    }
    assert {row["primaryTeamId"] for row in users} == {team["id"]}
