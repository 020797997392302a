from datetime import date, timedelta

import pandas as pd
import pytest
import requests

from include.errors import FixConfig, RejectData
from include.sources.hubspot_portal import Portal
from include.vendor_settings import HubSpotFields
from tests.unit.sources.conftest import END, Reply

OBJECTS = ("companies", "contacts", "deals", "meetings")


def records_of(source, stream, state=None, as_of=END):
    return [
        record for page in source.pages(stream, state=state, as_of=as_of) for record in page.records
    ]


def test_all_companies_of_the_world_come_with_the_properties_of_health_yaml(opened, world):
    companies = {one["id"]: one for one in records_of(opened("hubspot"), "companies")}
    accounts = world["accounts"]
    is_kept = ~(accounts["archived_at"] < pd.Timestamp(END - timedelta(days=89)))  # about 90 days
    assert set(companies) == set(accounts["crm_id"][is_kept])
    names = {
        "name", "domain", "hs_additional_domains", "arr", "renewal_date", "csm_pulse",
        "hs_merged_object_ids",
    }  # fmt: skip
    assert all(names <= one["properties"].keys() for one in companies.values())
    assert not any(
        name.startswith("cs_") for one in companies.values() for name in one["properties"]
    )


def test_the_history_of_the_pulse_comes_with_each_company(opened, world):
    companies = records_of(opened("hubspot"), "companies")
    entries = [entry for one in companies for entry in one["propertiesWithHistory"]["csm_pulse"]]
    assert len(entries) == len(world["pulses"]) > 0


def test_the_histories_of_what_changes_in_time_come_with_each_company(opened, world):
    named = {
        "hubspot_owner_id", "segment", "arr", "renewal_date", "hs_parent_company_id",
        "lifecyclestage", "csm_pulse", "industry",
    }  # fmt: skip
    companies = records_of(opened("hubspot"), "companies")
    assert all(one["propertiesWithHistory"].keys() == named for one in companies)
    for one in companies:
        for name, entries in one["propertiesWithHistory"].items():
            newest = entries[0]["value"] if entries else ""
            assert newest == (one["properties"][name] or "")
    stages = [one["propertiesWithHistory"]["lifecyclestage"] for one in companies]
    assert max(len(entries) for entries in stages) > 1


def test_a_portal_without_own_fields_is_asked_for_the_histories_it_has(opened):
    source = opened("hubspot", fields=HubSpotFields(arr="arr"), attributes={})
    for one in records_of(source, "companies"):
        assert one["propertiesWithHistory"].keys() == {
            "arr", "hs_parent_company_id", "hubspot_owner_id", "lifecyclestage",
        }  # fmt: skip


def test_histories_that_were_not_asked_for_before_come_for_all_records(opened):
    pages = list(opened("hubspot").pages("companies", state=None, as_of=END))
    everybody = sum(len(page.records) for page in pages)
    state = pages[-1].state
    assert len(records_of(opened("hubspot"), "companies", state)) < everybody
    as_before_the_upgrade = {"since": state["since"], "history": ["csm_pulse"]}
    for older in (as_before_the_upgrade, {"since": state["since"]}):
        assert len(records_of(opened("hubspot"), "companies", older)) == everybody


def test_archived_records_come_as_archived(opened_own, sandbox):
    reach = sandbox.vendors["hubspot"]
    before = records_of(opened_own("hubspot"), "deals")
    requests.delete(
        f"{reach['base_url']}/crm/v3/objects/deals/{before[0]['id']}",
        headers={"Authorization": f"Bearer {reach['token']}"},
    ).raise_for_status()
    after = {one["id"]: one for one in records_of(opened_own("hubspot"), "deals")}
    assert after.keys() == {one["id"] for one in before}
    assert after[before[0]["id"]]["archived"] is True


def test_contacts_deals_and_meetings_name_their_company(opened, world):
    accounts = world["accounts"]
    living = accounts["archived_at"].isna()
    crm_ids = dict(zip(accounts["account_no"], accounts["crm_id"].where(living, None), strict=True))
    deals = records_of(opened("hubspot"), "deals")
    expected = {
        (row.name, crm_ids[row.account_no]) for row in world["deals"].itertuples(index=False)
    }
    assert {(one["properties"]["dealname"], one["company_id"]) for one in deals} == expected
    for stream in ("contacts", "meetings"):
        companies = {one["company_id"] for one in records_of(opened("hubspot"), stream)}
        assert companies - {None} <= set(crm_ids.values())
        assert companies - {None}


def test_owners_who_left_come_too(opened, world):
    owners = records_of(opened("hubspot"), "owners")
    assert len(owners) == len(world["owners"]) > 0
    assert {one["archived"] for one in owners} >= {bool(one) for one in world["owners"]["archived"]}


def test_a_field_that_names_no_property_is_a_mistake_in_health_yaml(opened):
    source = opened("hubspot", fields=HubSpotFields(renewal_date="renewal_dat"))
    complaint = r"fields.renewal_date names renewal_dat, .* Did you mean renewal_date\?"
    with pytest.raises(FixConfig, match=complaint):
        records_of(source, "companies")


def test_a_field_that_we_write_ourselves_is_never_read(opened):
    source = opened("hubspot", fields=HubSpotFields(segment="cs_health_band"))
    with pytest.raises(FixConfig, match="which this job writes itself"):
        records_of(source, "companies")


def test_the_dated_paths_give_the_same_records(opened):
    numbered = opened("hubspot")
    dated = opened("hubspot", api_version="2026-03")
    for stream in ("owners", *OBJECTS):
        assert records_of(dated, stream) == records_of(numbered, stream) != []


def test_a_change_stamp_from_the_future_is_not_believed(opened):
    source = opened("hubspot")
    early = END - timedelta(days=10)
    pages = list(source.pages("companies", state=None, as_of=early))
    midnight = date.fromisoformat("1970-01-01") + timedelta(seconds=pages[-1].state["since"])
    assert midnight == early + timedelta(days=1)


def test_a_record_with_many_companies_is_asked_on_until_the_primary_one_comes(vendor):
    def link(company, label):
        kind = {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": label}
        return {"toObjectId": company, "associationTypes": [kind]}

    first = {"from": {"id": "1"}, "to": [link(71, None)], "paging": {"next": {"after": "x"}}}
    other = {"from": {"id": "2"}, "to": [link(81, None), link(82, "Primary")]}
    rest = {"from": {"id": "1"}, "to": [link(72, "Primary")]}
    vendor.answer(
        Reply({"results": [first, other], "errors": [{"context": {}}]}, status=207),
        Reply({"results": [rest]}),
    )
    client = vendor.client("hubspot")
    portal = Portal(client, client, "numbered")
    assert portal.companies_of("contacts", ["1", "2", "3"]) == {"1": "72", "2": "82"}
    assert vendor.asked[1].body == {"inputs": [{"id": "1", "after": "x"}]}


def test_a_record_without_a_primary_company_counts_for_its_first_one(vendor):
    links = [
        {"toObjectId": n, "associationTypes": [{"typeId": 341, "label": None}]} for n in (5, 4)
    ]
    vendor.answer(Reply({"results": [{"from": {"id": "1"}, "to": links}]}))
    client = vendor.client("hubspot")
    assert Portal(client, client, "numbered").companies_of("deals", ["1"]) == {"1": "5"}


@pytest.mark.parametrize("body", [[], {"results": None}, {"data": []}, {"results": {}}])
def test_an_answer_of_another_form_is_rejected(vendor, body):
    vendor.answer(Reply(body))
    client = vendor.client("hubspot")
    with pytest.raises(RejectData, match="no list of results"):
        Portal(client, client, "numbered").property_names("companies")
