"""How invoices were paid comes with them, and later only what events touched."""

from datetime import timedelta

import pytest

from include.errors import FixConfig
from include.settings import Credentials
from include.sources import open_source
from include.vendor_settings import Stripe
from tests.unit.sources.conftest import END, QUICK, Reply

from .test_stripe import LATER, paths, read

YESTERDAY = {"since": 1_799_000_000, "walked": (END - timedelta(days=1)).isoformat()}


def opened_at(vendor):
    settings = Stripe(vendor="stripe", name="stripe", connection="c")
    return open_source(settings, Credentials(vendor.url, "sk"), wire=QUICK)


def test_every_invoice_that_asks_for_money_comes_with_its_payments(opened, world):
    source, invoices = opened("stripe"), world["invoices"]
    asking = invoices[(invoices["amount_minor"] > 0) & invoices["finalized_at"].notna()]
    parts, _ = read(source, "invoice_payments")
    assert {part["invoice"] for part in parts} == set(asking["invoice_id"])
    paid = {part["invoice"] for part in parts if part["status"] == "paid"}
    assert paid == set(asking[asking["status"] == "paid"]["invoice_id"])
    charges, _ = read(source, "charges")
    assert {charge["status"] for charge in charges} == {"succeeded", "failed"}
    named = {part["payment"]["payment_intent"] for part in parts}
    assert {charge["payment_intent"] for charge in charges} <= named
    refunds, _ = read(source, "refunds")
    assert {one["charge"] for one in refunds} <= {one["id"] for one in charges}


def test_a_later_run_asks_for_the_payments_of_touched_invoices(opened_own, sandbox):
    source = opened_own("stripe", full_walk_days=30)
    before, state = read(source, "invoice_payments")
    sandbox.advance(LATER)
    sandbox.reset_requests()
    changed, _ = read(source, "invoice_payments", state, LATER)
    assert 0 < len(changed) < len(before) + len(changed)
    invoices = {part["invoice"] for part in changed}
    assert paths(sandbox)["/v1/invoice_payments"] == len(invoices)


def test_a_later_run_fetches_failed_charges_once(opened_own, sandbox):
    source = opened_own("stripe", full_walk_days=30)
    _, state = read(source, "charges")
    sandbox.advance(LATER)
    sandbox.reset_requests()
    changed, _ = read(source, "charges", state, LATER)
    assert changed
    assert paths(sandbox)["/v1/charges/{id}"] == len({one["id"] for one in changed})
    assert "/v1/charges" not in paths(sandbox)


@pytest.mark.parametrize(("wanted", "count"), [(True, 6), (False, 3)])
def test_payments_are_read_unless_settings_say_no(vendor, wanted, count):
    settings = Stripe(vendor="stripe", name="stripe", connection="c", payments=wanted)
    assert len(open_source(settings, Credentials(vendor.url, "sk"), wire=QUICK).streams) == count


def test_the_payments_of_an_invoice_are_found_by_the_events_of_both(vendor):
    events = [
        {"data": {"object": {"id": "in_1", "object": "invoice"}}, "created": 1},
        {"data": {"object": {"id": "inpay_2", "object": "invoice_payment", "invoice": "in_2"}},
         "created": 1},
    ]  # fmt: skip
    vendor.answer(
        Reply({"data": [{"created": 1_800_000_000}], "has_more": False}),
        Reply({"data": events, "has_more": False}),
        Reply({"data": [{"id": "inpay_1"}], "has_more": False}),
    )
    read(opened_at(vendor), "invoice_payments", YESTERDAY)
    asked = sorted(one.query["invoice"] for one in vendor.asked if "invoice" in one.query)
    assert asked == [["in_1"], ["in_2"]]


def test_a_deleted_draft_has_no_payments_and_stops_nothing(vendor):
    """As it is after a draft was updated and deleted within one run's events."""
    missing = {"code": "resource_missing", "param": "invoice", "type": "invalid_request_error"}
    events = [
        {"data": {"object": {"id": name, "object": "invoice"}}, "created": 1}
        for name in ("in_1", "in_2")
    ]
    vendor.answer(
        Reply({"data": [{"created": 1_800_000_000}], "has_more": False}),
        Reply({"data": events, "has_more": False}),
        Reply({"error": missing}, status=400),
        Reply({"data": [{"id": "inpay_2"}], "has_more": False}),
    )
    parts, _ = read(opened_at(vendor), "invoice_payments", YESTERDAY)
    assert parts == [{"id": "inpay_2"}]


def test_another_parameter_that_is_refused_still_stops_the_stream(vendor):
    refused = {"code": "parameter_unknown", "param": "invoice", "type": "invalid_request_error"}
    event = {"data": {"object": {"id": "in_1", "object": "invoice"}}, "created": 1}
    vendor.answer(
        Reply({"data": [{"created": 1_800_000_000}], "has_more": False}),
        Reply({"data": [event], "has_more": False}),
        Reply({"error": refused}, status=400),
    )
    with pytest.raises(FixConfig, match="does not accept the request"):
        read(opened_at(vendor), "invoice_payments", YESTERDAY)
