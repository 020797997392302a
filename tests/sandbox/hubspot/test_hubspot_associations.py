"""HubSpot's associations: inline in lists, in bulk, by record."""

import pytest

BATCH = "/crm/v4/associations/companies/contacts/batch/read"


def people(count):
    return [{"person_no": n, "email": f"p{n}@kite.example"} for n in range(1, count + 1)]


def test_a_primary_company_stands_inline_under_two_types(portal):
    [row] = portal.get("/crm/v3/objects/contacts", associations="companies")["results"]
    assert row["associations"] == {
        "companies": {
            "results": [
                {"id": "9100000001", "type": "contact_to_company"},
                {"id": "9100000001", "type": "contact_to_company_unlabeled"},
            ]
        }
    }


def test_inline_associations_come_for_several_types_and_only_where_there_are_any(portal):
    first, second, third = portal.get(
        "/crm/v3/objects/companies", associations="contacts,deals,meetings"
    )["results"]
    assert first["associations"].keys() == {"contacts", "deals", "meetings"}
    assert first["associations"]["meetings"]["results"] == [
        {"id": "60000000071", "type": "company_to_meeting_event"}
    ]
    assert "associations" not in second
    assert "associations" not in third


def test_inline_associations_are_capped_and_the_rest_is_a_page_of_its_own(serve):
    with serve(accounts=[{}], people=people(130)) as portal:
        [row] = portal.get("/crm/v3/objects/companies", associations="contacts")["results"]
        inline = row["associations"]["contacts"]
        rest = portal.get(inline["paging"]["next"]["link"])
    shown = {one["id"] for one in inline["results"]}
    left = {one["id"] for one in rest["results"]}
    assert len(shown) == 100
    assert len(left) == 30
    assert not shown & left


@pytest.mark.parametrize("path", [BATCH, "/crm/associations/2026-03/companies/contacts/batch/read"])
def test_the_batch_gives_ids_as_numbers_with_types_and_labels(portal, path):
    read = portal.post(path, {"inputs": [{"id": "9100000001"}]})
    assert read["status"] == "COMPLETE"
    assert read["results"] == [
        {
            "from": {"id": "9100000001"},
            "to": [
                {
                    "toObjectId": 51_000_000_501,
                    "associationTypes": [
                        {"category": "HUBSPOT_DEFINED", "typeId": 2, "label": "Primary"},
                        {"category": "HUBSPOT_DEFINED", "typeId": 280, "label": None},
                    ],
                }
            ],
        }
    ]
    assert "errors" not in read


def test_records_without_associations_are_missing_and_make_it_a_207(portal):
    read = portal.post(BATCH, {"inputs": [{"id": "9100000001"}, {"id": "9100000002"}]}, 207)
    assert [row["from"]["id"] for row in read["results"]] == ["9100000001"]
    [error] = read["errors"]
    assert error["subCategory"].endswith("NO_ASSOCIATIONS_FOUND")
    assert error["context"]["fromObjectId"] == ["9100000002"]
    assert read["numErrors"] == 1


def test_a_batch_takes_a_thousand_inputs(portal):
    inputs = [{"id": str(n)} for n in range(1001)]
    assert portal.refused("POST", BATCH, json={"inputs": inputs})[0] == 400
    assert portal.ask("POST", BATCH, json={"inputs": inputs[:1000]}).status_code == 207


def test_many_associations_of_one_record_are_paged(serve):
    with serve(accounts=[{}], people=people(501)) as portal:
        [first] = portal.post(BATCH, {"inputs": [{"id": "9100000001"}]})["results"]
        after = first["paging"]["next"]["after"]
        inputs = [{"id": "9100000001", "after": after}]
        [second] = portal.post(BATCH, {"inputs": inputs})["results"]
        path = "/crm/v4/objects/companies/9100000001/associations/contacts"
        one = portal.get(path, limit=500)
        two = portal.get(one["paging"]["next"]["link"])
        assert portal.refused("GET", path, params={"limit": 501})[0] == 400
    assert len(first["to"]) == 500
    assert len(second["to"]) == 1
    assert "paging" not in second
    assert one["results"] + two["results"] == first["to"] + second["to"]


def test_a_company_knows_its_parent_and_its_children(portal):
    path = "/crm/v4/objects/companies/{}/associations/companies"
    [child] = portal.get(path.format("9100000001"))["results"]
    [parent] = portal.get(path.format("9100000002"))["results"]
    assert (child["toObjectId"], child["associationTypes"][0]["typeId"]) == (9_100_000_002, 13)
    assert (parent["toObjectId"], parent["associationTypes"][0]["typeId"]) == (9_100_000_001, 14)


def test_archived_records_are_nobodys_associates(serve):
    archived = {"archived_at": "2026-11-01"}
    with serve(accounts=[archived], people=[{}]) as portal:
        [row] = portal.get("/crm/v3/objects/contacts", associations="companies")["results"]
    assert "associations" not in row
