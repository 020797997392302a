"""A simulated world seen through HubSpot: everything arrives, once, and consistent."""

from collections import Counter

import pandas as pd
import pytest

from .conftest import served


def walk(portal, kind, **params):
    """Every record of a type, page by page."""
    rows, after = [], {}
    while True:
        page = portal.get(f"/crm/v3/objects/{kind}", limit=100, **params, **after)
        rows += page["results"]
        if "paging" not in page:
            return rows
        after = {"after": page["paging"]["next"]["after"]}


@pytest.fixture(scope="module")
def crm(world):
    """Everything that the lists hold."""
    with served(world) as portal:
        names = "arr,segment,tenant_key,csm_pulse,renewal_date,hubspot_owner_id"
        return {
            "companies": walk(portal, "companies", properties=names),
            "archived": walk(portal, "companies", archived="true"),
            "contacts": walk(portal, "contacts", associations="companies"),
            "deals": walk(portal, "deals", associations="companies"),
            "meetings": walk(portal, "meetings", associations="companies"),
        }


def test_every_row_of_the_world_arrives_once(world, crm):
    accounts = world["accounts"]
    forgotten = accounts["archived_at"] < pd.Timestamp("2026-10-29T03:00:00") - pd.Timedelta(
        days=90
    )
    companies = Counter(row["id"] for row in crm["companies"] + crm["archived"])
    assert companies == Counter(accounts[~forgotten]["crm_id"])
    people = world["people"]
    assert len(crm["contacts"]) == people["is_contact"].sum() > 20
    for table in ("deals", "meetings"):
        assert len(crm[table]) == len(world[table]) > 20
        assert len({row["id"] for row in crm[table]}) == len(crm[table])


def test_records_belong_to_a_company_that_is_there(crm):
    companies = {row["id"] for row in crm["companies"]}
    for table in ("contacts", "deals", "meetings"):
        linked = [row for row in crm[table] if "associations" in row]
        assert linked
        for row in linked:
            assert {one["id"] for one in row["associations"]["companies"]["results"]} <= companies


def test_the_pulse_is_the_newest_one(world, crm):
    newest = world["pulses"].sort_values("set_at").drop_duplicates("account_no", keep="last")
    ids = world["accounts"].set_index("account_no")["crm_id"]
    pulses = dict(zip(newest["account_no"].map(ids), newest["value"].astype(str), strict=True))
    assert pulses
    assert {
        row["id"]: row["properties"]["csm_pulse"]
        for row in crm["companies"] + crm["archived"]
        if row["properties"].get("csm_pulse")
    } == {one: value for one, value in pulses.items() if one in {r["id"] for r in crm["companies"]}}


def test_every_record_has_both_its_times(crm):
    for rows in crm.values():
        for row in rows:
            assert row["createdAt"] <= row["updatedAt"] <= "2026-10-29T03:00:00.000Z"
