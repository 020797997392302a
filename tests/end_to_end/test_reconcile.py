"""What we have against what the vendor has: found, told, and mended without deleting anything."""

from datetime import date

import orjson
import pytest
from click.testing import CliRunner
from pydantic import TypeAdapter
from sqlalchemy import text

from include.cli.reconcile import reconcile as command
from include.errors import RetryLater
from include.pipeline import ingest
from include.pipeline.job import Job
from include.pipeline.reconciled import reconcile
from include.settings import Credentials, load_settings
from include.stack.environment import connection_json
from include.vendor_settings import Source, Warehouse
from include.warehouse.landing import land
from include.warehouse.page import Page
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.database import conftest as database

server, migrated, store = database.server, database.migrated, database.store
START, END = date(2026, 8, 10), date(2026, 9, 20)
VENDORS = ("hubspot", "salesforce", "zendesk", "intercom", "stripe", "chargebee", "posthog",
           "mixpanel", "amplitude")  # fmt: skip
COUNTED = ("posthog", "mixpanel", "amplitude")
# A stream of each whose records may vanish, and what names a record.
CAN_GO = {
    "hubspot": ("companies", ("id",)),
    "zendesk": ("tickets", ("id",)),
    "stripe": ("customers", ("id",)),
    "salesforce": ("contacts", ("Id",)),
    "intercom": ("contacts", ("id",)),
    "chargebee": ("customers", ("id",)),
    "posthog": ("usage_day", ("account_key", "day")),
    "mixpanel": ("usage_day", ("account_key", "day", "part")),
    "amplitude": ("usage_day", ("account_key", "day", "part")),
}


@pytest.fixture(scope="module")
def served():
    with running(simulate(accounts=14, seed=3, start=START, end=END), limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def job(store):
    settings = load_settings()
    known = {one.vendor: one for one in settings.sources}
    sources = []
    for vendor in VENDORS:
        plain = {"vendor": vendor, "name": vendor, "connection": "sandbox"}
        one = known.get(vendor) or TypeAdapter(Source).validate_python(plain)
        short = {"history_days": 40} if vendor in COUNTED else {}
        sources.append(one.model_copy(update=short))
    return Job(store, settings.model_copy(update={"sources": tuple(sources)}), ())


def credentials(served, vendor):
    reach = served.vendors[vendor]
    return Credentials(
        reach["base_url"], reach["token"], reach.get("user", ""), reach.get("extra", {})
    )


def extracted(job, served, vendor):
    ingest.extract(job, "run-1", END.isoformat(), vendor, credentials(served, vendor))


def compared(job, served, vendor, *, repairs=False):
    found = reconcile(job, vendor, credentials(served, vendor), END, repairs=repairs)
    return {one.stream: one for one in found}


def run(store, statement, **values):
    with store.begin() as connection:
        return connection.execute(text(statement), values)


def newest(store, record_id):
    statement = "select payload from raw.record where record_id = :id order by batch_id desc"
    return [row.payload for row in run(store, statement, id=record_id)]


def lose(store, count):
    """Take some records of each stream out of the store, as no part of the job would."""
    run(
        store,
        "delete from raw.record where ctid in (select ctid from (select ctid, row_number() over "
        "(partition by stream_id order by record_id) as n from raw.record) as r where n <= :count)",
        count=count,
    )


def make_up(store, vendor, stream, key):
    """Land a record that the vendor never had: to us it is one that has vanished there."""
    (payload,) = run(
        store,
        "select payload from raw.record join raw.stream using (stream_id) "
        "where stream = :stream order by payload ->> 'day' desc limit 1",
        stream=stream,
    ).scalars()
    made = {**payload, key[0]: 987654321 if isinstance(payload[key[0]], int) else "987654321"}
    land(
        store, run_id="run-1", as_of=END, source=vendor, vendor=vendor, stream=stream,
        pages=[Page([made], key=key)],
    )  # fmt: skip
    return "|".join(str(made[field]) for field in key)


@pytest.mark.parametrize("vendor", VENDORS)
def test_right_after_a_run_nothing_differs(job, served, vendor):
    extracted(job, served, vendor)
    found = compared(job, served, vendor)
    assert all(one.is_equal for one in found.values()), found
    assert any(one.here == one.there > 10 for one in found.values())


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_we_lost_is_found_and_fetched_as_it_was(job, served, store, vendor):
    extracted(job, served, vendor)
    before = dict(run(store, "select stream_id || '|' || record_id, payload from raw.record").all())
    lose(store, 3)
    lost = {name: one.missing for name, one in compared(job, served, vendor).items()}
    assert any(lost.values())
    assert max(map(len, lost.values())) <= 3
    repaired = compared(job, served, vendor, repairs=True)
    assert {name: one.repaired for name, one in repaired.items()} == {
        name: len(ids) for name, ids in lost.items()
    }
    assert all(one.is_equal for one in compared(job, served, vendor).values())
    after = dict(run(store, "select stream_id || '|' || record_id, payload from raw.record").all())
    assert after == {name: before[name] for name in after}  # the others were archived there


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_gone_there_is_marked_and_keeps_its_history(job, served, store, vendor):
    extracted(job, served, vendor)
    stream, key = CAN_GO[vendor]
    made = make_up(store, vendor, stream, key)
    assert compared(job, served, vendor)[stream].gone == [made]
    assert compared(job, served, vendor, repairs=True)[stream].repaired == 1
    assert compared(job, served, vendor)[stream].is_equal
    marked, first = newest(store, made)
    assert {**first, **marked} == marked != first


REFUSED = {
    "intercom": ("tickets", "/tickets/search", 403,
                 {"type": "error.list", "errors": [{"code": "api_plan_restricted"}]}),
    "salesforce": ("contact_roles", "/services/data/v66.0/sobjects/AccountContactRelation/describe",
                   404, [{"errorCode": "NOT_FOUND"}]),
}  # fmt: skip


@pytest.mark.parametrize("vendor", REFUSED)
def test_a_stream_that_is_not_shown_any_more_is_not_taken_for_deleted(job, served, store, vendor):
    """A plan or a permission that went says nothing of the records."""
    stream, path, code, body = REFUSED[vendor]
    extracted(job, served, vendor)
    before = run(store, "select count(*) from raw.record").scalar_one()
    fault = {"vendor": vendor, "path": path, "fault": "status", "code": code, "body": body}
    served.faults = [{**fault, "times": -1}]
    try:
        found = compared(job, served, vendor, repairs=True)
    finally:
        served.faults = []
    assert found[stream].here > 0
    assert found[stream].not_shown
    assert not found[stream].is_equal
    assert all(one.is_equal for name, one in found.items() if name != stream)
    assert run(store, "select count(*) from raw.record").scalar_one() == before


def test_what_was_deleted_in_a_warehouse_is_marked(store, tmp_path):
    """A table tells of no deletion; only reading all of it does."""
    file = tmp_path / "tickets.csv"
    file.write_text("ticket_id,account_key,created_at\n1,kite,2026-09-01\n2,kite,2026-09-02\n")
    dwh = Warehouse(
        name="dwh", vendor="warehouse", role="support", folder=tmp_path,
        facts={"tickets": {"files": "*.csv"}},
    )  # fmt: skip
    job = Job(store, load_settings().model_copy(update={"sources": (dwh,)}), ())
    none = Credentials("", "")
    ingest.extract(job, "run-1", END.isoformat(), "dwh", none)
    file.write_text("ticket_id,account_key,created_at\n2,kite,2026-09-02\n")
    (found,) = reconcile(job, "dwh", none, END, repairs=True)
    assert (found.gone, found.missing, found.repaired) == (["1"], [], 1)
    assert [one["status"] for one in newest(store, "1")[:1]] == ["deleted"]
    assert next(reconcile(job, "dwh", none, END)).is_equal


def test_a_landing_that_waits_to_be_gone_on_with_comes_first(job, served, store):
    def pages():
        yield Page([{"id": 1}], resume={"behind": 1})
        raise RetryLater("the day is used up")

    with pytest.raises(RetryLater):
        land(
            store, run_id="run-1", as_of=END, source="stripe", vendor="stripe", stream="customers",
            pages=pages(),
        )  # fmt: skip
    with pytest.raises(RetryLater, match=r"stripe\.customers: a landing ended early"):
        compared(job, served, "stripe")


def test_where_the_next_run_goes_on_is_not_moved(job, served, store):
    extracted(job, served, "stripe")
    states = "select distinct on (stream_id) state from raw.batch order by stream_id, batch_id desc"
    before = run(store, states).all()
    lose(store, 2)
    compared(job, served, "stripe", repairs=True)
    assert run(store, states).all() == before


def test_the_command_tells_and_says_by_its_code(job, served, store, monkeypatch, tmp_path):
    extracted(job, served, "stripe")
    reach = served.vendors["stripe"]
    told = connection_json(base_url=reach["base_url"], secret=reach["token"])
    monkeypatch.setenv("AIRFLOW_CONN_STRIPE_DEFAULT", told)
    monkeypatch.setenv("HEALTH_STATE", str(tmp_path))
    monkeypatch.setenv("HEALTH_DATABASE_URL", store.url.render_as_string(hide_password=False))
    asked = ["stripe", "--as-of", END.isoformat()]
    assert CliRunner().invoke(command, asked).exit_code == 0
    lose(store, 1)
    told = CliRunner().invoke(command, [*asked, "--json"])
    assert told.exit_code == 1
    missing = {one["stream"]: len(one["missing"]) for one in orjson.loads(told.output)["streams"]}
    assert missing["customers"] == 1
    shown = CliRunner().invoke(command, [*asked, "--repair"])
    assert shown.exit_code == 0
    assert "customers, missing here: cus_" in shown.output
    assert CliRunner().invoke(command, asked).exit_code == 0
