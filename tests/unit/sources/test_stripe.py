from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from include.settings import Credentials
from include.sources import open_source
from include.vendor_settings import Stripe
from tests.unit.sources.conftest import END, QUICK, Reply

LATER = END + timedelta(days=20)


def read(source, stream, state=None, as_of=END):
    pages = list(source.pages(stream, state=state, as_of=as_of))
    return [record for page in pages for record in page.records], pages[-1].state


def paths(sandbox):
    return {row["path"]: row["count"] for row in sandbox.requests() if row["vendor"] == "stripe"}


def test_all_of_the_world_comes_canceled_and_deleted_ones_too(opened, world):
    source = opened("stripe")
    customers, _ = read(source, "customers")
    assert {one["id"] for one in customers} == set(world["customers"]["customer_id"])
    deleted = {one["id"] for one in customers if one.get("deleted")}
    gone = world["customers"]["deleted_at"].notna()
    assert deleted == set(world["customers"]["customer_id"][gone])
    subscriptions, _ = read(source, "subscriptions")
    assert {one["id"] for one in subscriptions} == set(world["subscriptions"]["subscription_id"])
    invoices, _ = read(source, "invoices")
    assert {one["id"] for one in invoices} == set(world["invoices"]["invoice_id"])


def test_a_later_run_fetches_what_the_events_touched_and_walks_nothing(opened_own, sandbox):
    source = opened_own("stripe", full_walk_days=30)
    _, state = read(source, "invoices")
    sandbox.advance(LATER)
    sandbox.reset_requests()
    changed, following = read(source, "invoices", state, LATER)
    assert changed
    assert "/v1/invoices" not in paths(sandbox)
    assert (
        paths(sandbox)["/v1/invoices/{id}"] == len({one["id"] for one in changed}) == len(changed)
    )
    assert following["since"] > state["since"]
    assert following["walked"] == state["walked"]


def test_an_invoice_to_come_has_no_id_and_stops_no_run(opened_own, sandbox):
    """The event of a renewal a week ahead shows an invoice that is not made yet."""
    source = opened_own("stripe", full_walk_days=30)
    _, state = read(source, "invoices")
    sandbox.advance(LATER)
    told = source.client.get("/v1/events", {"type": "invoice.upcoming", "limit": 100})["data"]
    assert told
    assert not any("id" in event["data"]["object"] for event in told)
    changed, _ = read(source, "invoices", state, LATER)
    assert changed
    assert all(invoice["id"].startswith("in_") for invoice in changed)


def test_everything_is_walked_again_when_the_walk_is_due(opened, served):
    source = opened("stripe", full_walk_days=7)
    everything, state = read(source, "subscriptions")
    again, following = read(source, "subscriptions", state, END + timedelta(days=7))
    assert len(again) == len(everything)
    assert following["walked"] == (END + timedelta(days=7)).isoformat()


def test_events_are_not_relied_on_when_they_may_be_gone(opened_own, sandbox):
    """A job that was down for weeks, then run for the day after its last one."""
    source = opened_own("stripe", full_walk_days=30)
    _, state = read(source, "invoices")
    sandbox.advance(END + timedelta(days=35))
    sandbox.reset_requests()
    read(source, "invoices", state, END + timedelta(days=1))
    assert "/v1/invoices" in paths(sandbox)


def test_too_many_touched_objects_are_walked(opened_own, sandbox):
    source = replace(opened_own("stripe", full_walk_days=30), most_touched=2)
    _, state = read(source, "invoices")
    sandbox.advance(LATER)
    sandbox.reset_requests()
    read(source, "invoices", state, LATER)
    assert "/v1/invoices/{id}" not in paths(sandbox)
    assert "/v1/invoices" in paths(sandbox)


def test_without_any_event_the_next_run_walks_again(vendor):
    vendor.answer(Reply({"object": "list", "data": [], "has_more": False}))
    settings = Stripe(vendor="stripe", name="stripe", connection="c")
    source = open_source(settings, Credentials(vendor.url, "sk"), wire=QUICK)
    _, state = read(source, "invoices")
    assert state == {"since": None, "walked": END.isoformat()}
    read(source, "invoices", state, END)
    assert [asked.path for asked in vendor.asked] == ["/v1/events", "/v1/invoices"] * 2


def test_the_api_version_is_pinned(vendor):
    vendor.answer(Reply({"object": "list", "data": [], "has_more": False}))
    settings = Stripe(vendor="stripe", name="stripe", connection="c")
    read(open_source(settings, Credentials(vendor.url, "sk"), wire=QUICK), "customers")
    assert {asked.headers["stripe-version"] for asked in vendor.asked} == {"2026-10-28.endive"}


def test_lines_beyond_the_tenth_are_fetched(vendor):
    lines = {"object": "list", "data": [{"id": "il_1"}], "has_more": True}
    invoice = {"id": "in_1", "lines": lines}
    vendor.answer(
        Reply({"data": [], "has_more": False}),
        Reply({"data": [invoice], "has_more": False}),
        Reply({"data": [{"id": "il_1"}, {"id": "il_2"}], "has_more": True}),
        Reply({"data": [{"id": "il_3"}], "has_more": False}),
    )
    settings = Stripe(vendor="stripe", name="stripe", connection="c")
    source = open_source(settings, Credentials(vendor.url, "sk"), wire=QUICK)
    (found,), _ = read(source, "invoices")
    assert [line["id"] for line in found["lines"]["data"]] == ["il_1", "il_2", "il_3"]
    assert found["lines"]["has_more"] is False
    assert vendor.asked[3].path == "/v1/invoices/in_1/lines"
    assert vendor.asked[3].query["starting_after"] == ["il_2"]


def test_a_customer_that_was_written_to_comes_back_once(opened_own, sandbox, world):
    source, reach = opened_own("stripe", full_walk_days=30), sandbox.vendors["stripe"]
    _, state = read(source, "customers")
    one = world["customers"][world["customers"]["deleted_at"].isna()]["customer_id"].iloc[0]
    for value in ("1", "2"):
        requests.request(
            "POST",
            f"{reach['base_url']}/v1/customers/{one}",
            data={"metadata[note]": value},
            headers={"Authorization": f"Bearer {reach['token']}"},
        ).raise_for_status()
    changed, _ = read(source, "customers", state)
    found = [record for record in changed if record["id"] == one]
    assert [record["metadata"]["note"] for record in found] == ["2"]


@pytest.mark.parametrize("stream", ["customers", "invoices"])
def test_a_draft_that_was_deleted_is_passed_over(vendor, stream):
    event = {"id": "evt_1", "created": 1_790_000_000, "data": {"object": {"id": "x_1"}}}
    vendor.answer(
        Reply({"data": [event], "has_more": False}),
        Reply({"data": [event], "has_more": False}),
        Reply({"error": {"code": "resource_missing"}}, status=404),
    )
    settings = Stripe(vendor="stripe", name="stripe", connection="c")
    source = open_source(settings, Credentials(vendor.url, "sk"), wire=QUICK)
    state = {"since": 1_789_900_000, "walked": END.isoformat()}
    assert read(source, stream, state)[0] == []
    assert vendor.asked[2].path == f"/v1/{stream}/x_1"
