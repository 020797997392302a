"""What `health sources check` says of each vendor, on good days and bad ones."""

import re
from datetime import UTC, datetime

import orjson
import pytest
from click.testing import CliRunner

from include.cli.sources import sources as command
from include.settings import Credentials, load_settings
from include.sources import open_source
from include.stack.environment import connection_json
from tests.unit.sources.conftest import QUICK

VENDORS = ("hubspot", "salesforce", "zendesk", "intercom", "stripe", "chargebee", "posthog",
           "mixpanel", "amplitude")  # fmt: skip


def checked(source, now=None):
    return {one.what: one for one in source.check(now or datetime.now(UTC))}


def failing(found):
    return {what for what, one in found.items() if not one.works}


@pytest.mark.parametrize("vendor", VENDORS)
def test_all_is_well_with_the_sandbox(opened, vendor):
    source = opened(vendor)
    found = checked(source)
    assert failing(found) == set()
    assert {"credential", "version", "clock"} <= set(found)
    assert {f"stream {stream}" for stream in source.streams} <= set(found)
    assert any(what.startswith("limit") for what in found)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_wrong_secret_is_all_that_is_said(served, opened, vendor):
    reach = served.vendors[vendor]
    entered = ("tok-wrong-one", reach.get("user", ""), reach.get("extra", {}))
    settings = opened(vendor).settings
    found = checked(open_source(settings, Credentials(reach["base_url"], *entered), wire=QUICK))
    assert list(found) == ["credential"]
    assert failing(found) == {"credential"}
    assert "tok-wrong-one" not in str(found)


@pytest.mark.parametrize(
    ("vendor", "path", "what"),
    [
        ("hubspot", "/crm/v3/objects/deals", "stream deals"),
        ("hubspot", "/crm/v3/objects/companies", "stream companies"),
        ("zendesk", "/api/v2/incremental/users", "stream users"),
        ("stripe", "/v1/invoices", "stream invoices"),
        ("stripe", "/v1/events", "stream events"),
        ("posthog", "/api/projects/1/query", "stream usage_day"),
        ("posthog", "/api/projects/1/groups_types", "field group_type"),
    ],
)
def test_a_missing_permission_is_named_with_its_stream(opened_own, sandbox, vendor, path, what):
    sandbox.faults = [{"vendor": vendor, "path": path, "fault": "status", "code": 403, "times": -1}]
    assert failing(checked(opened_own(vendor))) == {what}


def test_a_misspelt_property_is_told_the_nearest_one(opened):
    settings = next(one for one in load_settings().sources if one.vendor == "hubspot")
    fields = settings.fields.model_copy(update={"renewal_date": "renewel_date"})
    found = checked(opened("hubspot", fields=fields))
    assert failing(found) == {"field fields.renewal_date"}
    assert "did you mean renewal_date?" in found["field fields.renewal_date"].words


def test_a_misspelt_group_type_is_told_the_nearest_one(opened):
    found = checked(opened("posthog", group_type="compny"))
    assert "did you mean company?" in found["field group_type"].words
    assert failing(found) == {"field group_type"}


@pytest.mark.parametrize(
    ("vendor", "field"), [("mixpanel", "group_key"), ("amplitude", "group_type")]
)
def test_a_name_that_no_event_bears_is_told(opened, vendor, field):
    """These vendors list no names, so events of one day or hour are looked at."""
    assert "events have" in checked(opened(vendor))[f"field {field}"].words
    assert failing(checked(opened(vendor, **{field: "compny"}))) == {f"field {field}"}


def test_metadata_that_nothing_has_is_told_the_nearest_key(opened):
    found = checked(opened("stripe", account_keys=("hubspot_company",)))
    assert failing(found) == {"field account_keys hubspot_company"}
    assert "did you mean hubspot_company_id?" in found["field account_keys hubspot_company"].words


@pytest.mark.parametrize(
    ("skew_s", "words"),
    [(-3600, "ours is 3,[56].. s ahead of the vendor's; signed logins"),
     (90, "ours is [1-9]. s behind the vendor's$")],
)  # fmt: skip
def test_how_far_the_clocks_are_apart_is_told(opened_own, sandbox, skew_s, words):
    sandbox.faults = [
        {"vendor": "stripe", "path": "/", "fault": "clock_skew", "seconds": skew_s, "times": -1}
    ]
    found = checked(opened_own("stripe"), sandbox.state.clock.now())
    assert re.search(words, found["clock"].words)


def test_a_user_of_zendesk_who_is_no_admin_cannot_export(opened_own, sandbox):
    sandbox.faults = [
        {"vendor": "zendesk", "path": "/api/v2/users/me", "fault": "set", "field": "role",
         "value": "agent"}
    ]  # fmt: skip
    found = checked(opened_own("zendesk"))
    assert "need an admin" in found["credential"].words


@pytest.fixture
def connected(served, monkeypatch, tmp_path):
    monkeypatch.setenv("HEALTH_STATE", str(tmp_path))
    for source in load_settings().sources:
        reach = served.vendors.get(source.vendor)
        if reach and source.connection:
            told = connection_json(
                base_url=reach["base_url"], secret=reach["token"], user=reach.get("user", "")
            )
            monkeypatch.setenv(f"AIRFLOW_CONN_{source.connection.upper()}", told)


def test_the_command_shows_a_table_and_fails_where_something_does(connected, monkeypatch):
    good = CliRunner().invoke(command, ["check", "hubspot", "posthog", "--json"])
    assert good.exit_code == 0
    rows = orjson.loads(good.output)
    assert {row["source"] for row in rows} == {"hubspot", "posthog"}
    assert all(row["works"] for row in rows)
    monkeypatch.delenv("AIRFLOW_CONN_STRIPE_DEFAULT")
    bad = CliRunner().invoke(command, ["check", "stripe"])
    assert bad.exit_code == 1
    assert "AIRFLOW_CONN_STRIPE_DEFAULT" in bad.output
