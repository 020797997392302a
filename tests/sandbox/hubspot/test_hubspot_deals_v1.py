"""HubSpot's deals and pipelines of version 1: the same as those of the CRM API, in older forms."""

from tests.sandbox.hubspot.epoch import ms

PAGED = "/deals/v1/deal/paged"
DEAL = 30_000_000_031


def test_all_deals_come_with_ids_alone_unless_more_is_asked_for(portal):
    assert portal.get(PAGED) == {
        "deals": [
            {
                "portalId": 145_300_000,
                "dealId": DEAL,
                "isDeleted": False,
                "properties": {},
                "imports": [],
                "stateChanges": [],
            }
        ],
        "hasMore": False,
        "offset": DEAL,
    }


def test_all_properties_of_a_deal_are_those_of_the_crm_api(portal):
    asked = {"includeAllProperties": "True", "allPropertiesFetchMode": "latest_version"}
    [older] = portal.get(PAGED, **asked)["deals"]
    names = [row["name"] for row in portal.get("/crm/v3/properties/deals")["results"]]
    [newer] = portal.get("/crm/v3/objects/deals", properties=",".join(names))["results"]
    there = {name: value for name, value in newer["properties"].items() if value is not None}
    times = {"createdate", "closedate", "hs_lastmodifieddate"}
    assert {name: shown["value"] for name, shown in older["properties"].items()} == {
        name: str(ms(value.rstrip("Z"))) if name in times else value
        for name, value in there.items()
    }
    assert older["properties"]["hs_lastmodifieddate"]["timestamp"] == ms("2026-02-03T08:00:00")


def test_associations_come_with_one_deal_and_with_a_list_when_asked_for(portal):
    linked = {
        "associatedVids": [],
        "associatedCompanyIds": [9_100_000_001],
        "associatedDealIds": [],
        "associatedTicketIds": [],
    }
    [listed] = portal.get(PAGED, includeAssociations="true")["deals"]
    assert listed["associations"] == linked
    assert portal.get(f"/deals/v1/deal/{DEAL}")["associations"] == linked
    assert portal.refused("GET", "/deals/v1/deal/1")[0] == 404


def test_deals_are_paged_by_id_and_of_late_by_change(serve):
    rows = [{"deal_no": n, "updated_at": f"2026-11-{n:02}"} for n in range(1, 6)]
    with serve(accounts=[{}], deals=rows) as portal:
        first = portal.get(PAGED, limit=3)
        second = portal.get(PAGED, limit=3, offset=first["offset"])
        recent = portal.get("/deals/v1/deal/recent/modified", since=ms("2026-11-04"), count=1)
    ids = [row["dealId"] for read in (first, second) for row in read["deals"]]
    assert ids == [30_000_000_000 + n for n in range(1, 6)]
    assert (first["hasMore"], second["hasMore"]) == (True, False)
    assert [row["dealId"] for row in recent["results"]] == [30_000_000_005]
    assert (recent["hasMore"], recent["offset"], recent["total"]) == (True, 1, 2)


def test_new_deals_are_those_made_of_late(serve):
    rows = [{"deal_no": n, "created_at": f"2026-{n:02}-19"} for n in (1, 10, 11)]
    with serve(accounts=[{}], deals=rows) as portal:
        read = portal.get("/deals/v1/deal/recent/created", since=ms("2026-11-01"))
    assert [row["dealId"] for row in read["results"]] == [30_000_000_011]
    assert (read["hasMore"], read["total"]) == (False, 1)


def test_the_deals_of_a_company_are_paged(serve):
    with serve(accounts=[{}], deals=[{"deal_no": n} for n in range(1, 4)]) as portal:
        path = "/deals/v1/deal/associated/COMPANY/{}/paged"
        first = portal.get(path.format(9_100_000_001), limit=2, properties="dealname")
        second = portal.get(path.format(9_100_000_001), limit=2, offset=first["offset"])
        nobodys = portal.get(path.format(1))
    assert [row["dealId"] - 30_000_000_000 for row in first["deals"] + second["deals"]] == [1, 2, 3]
    assert first["deals"][0]["properties"].keys() == {"dealname"}
    assert (first["hasMore"], second["hasMore"]) == (True, False)
    assert nobodys == {"deals": [], "hasMore": False, "offset": 0}


def test_pipelines_are_a_bare_list_with_probabilities_as_numbers(portal):
    newer = portal.get("/crm/v3/pipelines/deals")["results"]
    older = portal.get("/deals/v1/pipelines")
    assert [row["pipelineId"] for row in older] == [row["id"] for row in newer]
    assert [row["staticDefault"] for row in older] == [True, False]
    assert older[1]["stages"][1] == {
        "stageId": "130940018",
        "label": "Renewed",
        "displayOrder": 1,
        "probability": 1.0,
        "active": True,
        "closedWon": True,
    }


def test_the_other_address_of_pipelines_names_their_object_type(portal):
    [sales, _] = portal.get("/crm-pipelines/v1/pipelines/deals")["results"]
    assert (sales["objectType"], sales["objectTypeId"], sales["default"]) == ("DEAL", "0-3", True)
    assert sales["stages"][1]["metadata"] == {"isClosed": "true", "probability": "1.0"}
    assert portal.get("/crm-pipelines/v1/pipelines/tickets") == {"results": []}
