"""HubSpot's companies of version 2: the same records as those of the CRM API, in the older form."""

from tests.sandbox.hubspot.epoch import ms

PAGED = "/companies/v2/companies/paged"
RECENT = "/companies/v2/companies/recent/modified"


def test_all_companies_come_in_pages_by_id_with_the_asked_properties_alone(portal):
    asked = {"limit": 2, "properties": ["createdate", "hs_lastmodifieddate"]}
    first = portal.get(PAGED, **asked)
    second = portal.get(PAGED, **asked, offset=first["offset"])
    assert [row["companyId"] for row in first["companies"]] == [9_100_000_001, 9_100_000_002]
    assert (first["has-more"], first["offset"]) == (True, 9_100_000_002)
    assert [row["companyId"] for row in second["companies"]] == [9_100_000_003]
    assert (second["has-more"], second["offset"]) == (False, 9_100_000_003)
    created, changed = ms("2025-02-03T10:11:12"), ms("2026-11-19T20:00:00")
    [oak] = second["companies"]
    assert oak["properties"] == {
        "createdate": {
            "value": str(created),
            "timestamp": created,
            "source": "IMPORT",
            "sourceId": "1",
            "versions": [
                {
                    "name": "createdate",
                    "value": str(created),
                    "timestamp": created,
                    "sourceId": "1",
                    "source": "IMPORT",
                    "sourceVid": [],
                }
            ],
        },
        "hs_lastmodifieddate": {
            "value": str(changed),
            "timestamp": changed,
            "source": "CALCULATED",
            "sourceId": None,
            "versions": [
                {
                    "name": "hs_lastmodifieddate",
                    "value": str(changed),
                    "timestamp": changed,
                    "source": "CALCULATED",
                    "sourceVid": [],
                }
            ],
        },
    }


def test_a_company_has_every_property_that_somebody_entered(portal):
    older = portal.get("/companies/v2/companies/9100000001")
    names = [row["name"] for row in portal.get("/crm/v3/properties/companies")["results"]]
    newer = portal.company("9100000001", *names)["properties"]
    there = {name: value for name, value in newer.items() if value is not None}
    assert (older["companyId"], older["isDeleted"]) == (9_100_000_001, False)
    assert older["properties"].keys() == there.keys()
    times = {"createdate", "hs_lastmodifieddate", "renewal_date"}
    plain = there.keys() - times
    assert {name: older["properties"][name]["value"] for name in plain} == {
        name: there[name] for name in plain
    }
    assert older["properties"]["renewal_date"]["value"] == str(ms("2027-01-31"))


def test_versions_come_one_a_property_unless_all_are_asked_for(desk):
    desk.update(("9100000001", {"arr": "50000"}))
    path = "/companies/v2/companies/9100000001"
    latest = desk.get(path)["properties"]["arr"]
    whole = desk.get(path, includePropertyVersions="true")["properties"]["arr"]
    named = desk.get(PAGED, propertiesWithHistory="arr")["companies"][0]["properties"]["arr"]
    newer = desk.company("9100000001", propertiesWithHistory="arr")["propertiesWithHistory"]["arr"]
    assert [version["value"] for version in latest["versions"]] == ["50000"]
    assert whole == named
    assert [version["value"] for version in whole["versions"]] == [row["value"] for row in newer]
    assert (latest["value"], latest["source"]) == ("50000", "INTEGRATION")


def test_recent_companies_are_the_changed_ones_newest_first(portal):
    read = portal.get(RECENT, since=ms("2026-11-01T00:00:00"))
    assert [row["companyId"] for row in read["results"]] == [9_100_000_003]
    assert (read["total"], read["hasMore"], read["offset"]) == (1, False, 1)
    assert read["results"][0] == portal.get("/companies/v2/companies/9100000003")


def test_recent_companies_reach_back_thirty_days_whatever_is_asked(serve):
    rows = [{"updated_at": "2026-10-20T00:00:00"}] + [
        {"account_no": n, "crm_id": str(9_100_000_000 + n), "updated_at": f"2026-11-{n:02}"}
        for n in range(2, 5)
    ]
    with serve(accounts=rows) as portal:
        first = portal.get(RECENT, since=0, count=2)
        second = portal.get(RECENT, since=0, count=2, offset=first["offset"])
        assert portal.refused("GET", RECENT, params={"offset": 9_999})[0] == 400
    found = [row["companyId"] for read in (first, second) for row in read["results"]]
    assert found == [9_100_000_004, 9_100_000_003, 9_100_000_002]
    assert [read["hasMore"] for read in (first, second)] == [True, False]


def test_new_companies_are_those_made_of_late(serve):
    made = ["2026-11-10", "2026-11-12", "2026-09-01"]
    rows = [
        {"account_no": n, "crm_id": str(9_100_000_000 + n), "created_at": day}
        for n, day in enumerate(made, 1)
    ]
    with serve(accounts=rows) as portal:
        read = portal.get("/companies/v2/companies/recent/created")
    assert [row["companyId"] for row in read["results"]] == [9_100_000_002, 9_100_000_001]


def test_a_page_has_at_most_250_companies(portal):
    assert portal.refused("GET", PAGED, params={"limit": 251})[0] == 400
    assert portal.refused("GET", PAGED, params={"offset": "x"})[0] == 400


def test_archived_companies_are_not_there(serve):
    with serve(accounts=[{"archived_at": "2026-11-01"}]) as portal:
        assert portal.get(PAGED) == {"companies": [], "has-more": False, "offset": 0}
        assert portal.refused("GET", "/companies/v2/companies/9100000001")[0] == 404


def test_a_company_names_its_contacts_by_id(serve):
    people = [{"person_no": n, "email": f"p{n}@kite.example"} for n in range(1, 4)]
    with serve(accounts=[{}], people=people) as portal:
        path = "/companies/v2/companies/9100000001/vids"
        first = portal.get(path, count=2)
        second = portal.get(path, count=2, vidOffset=first["vidOffset"])
        assert portal.refused("GET", "/companies/v2/companies/1/vids")[0] == 404
    assert [vid - 51_000_000_000 for vid in first["vids"] + second["vids"]] == [1, 2, 3]
    assert (first["hasMore"], second["hasMore"]) == (True, False)
