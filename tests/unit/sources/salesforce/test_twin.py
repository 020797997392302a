"""The source against the sandbox's org: the world, in both ways of reading, under faults."""

from datetime import timedelta

import pandas as pd
import pytest

from include.errors import FixConfig
from include.settings import Credentials
from include.sources import open_source
from include.vendor_settings import Salesforce, SalesforceFields
from sandbox.serve import running
from tests.unit.sources.conftest import END, QUICK
from tests.unit.sources.salesforce.conftest import read

OWN = SalesforceFields(
    arr="ARR__c",
    renewal_date="Renewal_Date__c",
    segment="Segment__c",
    tenant_key="Tenant_Key__c",
    pulse="CSM_Pulse__c",
    pulse_reason="CSM_Pulse_Reason__c",
)


@pytest.fixture(scope="module")
def shared(world):
    with running(world, limits=False) as sandbox:
        yield sandbox


def entered(sandbox, **changes):
    settings = Salesforce(name="crm", vendor="salesforce", connection="c", fields=OWN)
    reach = sandbox.vendors["salesforce"]
    credentials = Credentials(reach["base_url"], reach["token"], reach["user"])
    return open_source(settings.model_copy(update=changes), credentials, wire=QUICK)


def whole(sandbox, stream, **changes):
    return read(entered(sandbox, **changes), stream, as_of=END)[0]


def test_all_accounts_of_the_world_come_with_our_fields_and_without_our_scores(shared, world):
    found = whole(shared, "accounts")
    known = world["accounts"]
    is_kept = ~(known["archived_at"] < pd.Timestamp(END - timedelta(days=14)))
    assert {one["Tenant_Key__c"] for one in found} >= set(known["tenant_key"][is_kept].dropna())
    assert all("ARR__c" in one and "attributes" not in one for one in found)
    assert not any(name.lower().startswith("cs_") for one in found for name in one)


def test_every_pulse_of_the_world_is_in_the_history(shared, world):
    history = whole(shared, "account_history")
    pulses = [one for one in history if one["Field"] == "CSM_Pulse__c"]
    assert len(pulses) == len(world["pulses"]) > 0


def test_a_bulk_job_brings_what_a_listing_brings(shared):
    for stream in entered(shared).streams:
        if stream == "account_history":
            continue  # of values of any type, CSV tells none
        listed, by_job = (
            sorted(whole(shared, stream, bulk_above=limit), key=lambda one: one["Id"])
            for limit in (2000, 0)
        )
        assert listed == by_job != [], stream


def test_bulk_jobs_are_made_and_cleaned_up(shared):
    source = entered(shared, bulk_above=0)
    read(source, "contacts", as_of=END)
    jobs = source.org.calls.get("/jobs/query")
    assert [job["id"] for job in jobs["records"]] == []


def test_a_record_that_was_deleted_comes_as_deleted(world):
    with running(world, limits=False) as sandbox:
        source = entered(sandbox)
        before, state = read(source, "opportunities", as_of=END)
        victim = before[0]["Id"]
        source.org.calls.call("DELETE", f"/sobjects/Opportunity/{victim}", accept=(204,))
        after, _ = read(source, "opportunities", state, END)
    assert {one["Id"]: one["IsDeleted"] for one in after}[victim] is True


def test_a_token_that_ends_in_mid_run_is_renewed(world):
    with running(world, limits=False) as sandbox:
        source = entered(sandbox)
        before, _ = read(source, "contacts", as_of=END)
        rule = {"vendor": "salesforce", "path": "/services/data/v66.0/query", "times": 1}
        sandbox.faults = [{**rule, "fault": "expire_token"}]
        after, _ = read(source, "contacts", as_of=END)
    assert before == after


def test_a_wrong_secret_is_told_at_the_login(shared):
    reach = shared.vendors["salesforce"]
    settings = Salesforce(name="crm", vendor="salesforce", connection="c")
    credentials = Credentials(reach["base_url"], "wrong", reach["user"])
    with pytest.raises(FixConfig, match="oauth2/token answered"):
        read(open_source(settings, credentials, wire=QUICK), "users")
