"""The values that a company's properties have had, as the world tells them."""

import pandas as pd

from sandbox.world.frames import typed
from sandbox.world.model import COLUMNS

from .conftest import make_world, served


def changed(*rows):
    """The table account_changes: rows of (moment, column, value) of account 1."""
    frame = pd.DataFrame(
        [(1, at, column, value) for at, column, value in rows],
        columns=list(COLUMNS["account_changes"]), dtype=object,
    )  # fmt: skip
    return typed("account_changes", frame)


def served_with(*rows, **account):
    world = make_world(accounts=[account])
    world.tables["account_changes"] = changed(*rows)
    return served(world)


NAMES = "hubspot_owner_id,segment,arr,renewal_date,hs_parent_company_id,lifecyclestage"


def test_each_value_stands_with_its_moment_and_author_newest_first():
    rows = (
        ("2025-02-03T10:11:12", "segment", "smb"),
        ("2026-05-04T09:00:00", "segment", "enterprise"),
        ("2025-02-10T15:00:00", "arr", "1000.5"),
        ("2026-02-10T15:00:00", "arr", "48000.0"),
        ("2025-02-10T15:00:00", "owner_no", "1"),
        ("2025-02-10T15:00:00", "renewal_date", "2027-01-31"),
        ("2025-02-10T15:00:00", "lifecycle", "customer"),
    )
    with served_with(*rows) as portal:
        (one,) = portal.get("/crm/v3/objects/companies", limit=50, propertiesWithHistory=NAMES)[
            "results"
        ]
        told = one["propertiesWithHistory"]
    assert told["segment"] == [
        {
            "value": "enterprise", "timestamp": "2026-05-04T09:00:00.000Z",
            "sourceType": "CRM_UI", "sourceId": "userId:7000001", "updatedByUserId": 7000001,
        },
        {
            "value": "smb", "timestamp": "2025-02-03T10:11:12.000Z",
            "sourceType": "CRM_UI", "sourceId": "userId:7000001", "updatedByUserId": 7000001,
        },
    ]  # fmt: skip
    assert [entry["value"] for entry in told["arr"]] == ["48000", "1000.5"]
    assert {entry["sourceType"] for entry in told["arr"]} == {"INTEGRATION"}
    assert told["renewal_date"][0]["value"] == "2027-01-31"
    assert told["lifecyclestage"][0]["value"] == "customer"
    assert told["hs_parent_company_id"] == []


def test_what_has_not_happened_yet_is_not_told():
    rows = (
        ("2025-02-03T10:11:12", "segment", "enterprise"),
        ("2026-12-24T09:00:00", "segment", "smb"),
    )
    with served_with(*rows) as portal:
        told = portal.get("/crm/v3/objects/companies/9100000001", propertiesWithHistory="segment")
    assert [entry["value"] for entry in told["propertiesWithHistory"]["segment"]] == ["enterprise"]


def test_a_write_goes_on_with_the_history():
    with served_with(("2025-02-03T10:11:12", "segment", "enterprise")) as portal:
        portal.update(("9100000001", {"segment": "smb"}))
        told = portal.get("/crm/v3/objects/companies/9100000001", propertiesWithHistory="segment")
    values = [entry["value"] for entry in told["propertiesWithHistory"]["segment"]]
    assert values == ["smb", "enterprise"]


def test_the_newest_value_of_every_history_is_the_companys_own(world):
    with served(world) as portal:
        rows, after = [], "0"
        while after:
            page = portal.get(
                "/crm/v3/objects/companies", limit=50, properties=NAMES,
                propertiesWithHistory=NAMES, after=after,
            )  # fmt: skip
            rows += page["results"]
            after = page.get("paging", {}).get("next", {}).get("after")
    assert len(rows) > 20
    for row in rows:
        for name, entries in row["propertiesWithHistory"].items():
            times = [entry["timestamp"] for entry in entries]
            assert times == sorted(times, reverse=True)
            assert (entries[0]["value"] if entries else "") == (row["properties"][name] or "")
            assert not times or times[0] <= row["updatedAt"]


def test_the_time_of_the_last_change_is_its_own_date(portal):
    name = "hs_lastmodifieddate"
    read = portal.company("9100000003", propertiesWithHistory=name)["propertiesWithHistory"]
    at = "2026-11-19T20:00:00.000Z"
    assert read[name] == [{"value": at, "timestamp": at, "sourceType": "CALCULATED"}]
