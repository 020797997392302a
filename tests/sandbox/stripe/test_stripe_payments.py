"""How invoices were paid: attempts as charges, an intent for each invoice, what went to it."""

import pytest

from .conftest import epoch, make_world, served

LATE = {
    "created_at": "2026-11-04T08:00:00", "finalized_at": "2026-11-04T09:00:00",
    "attempt_count": 2, "paid_at": "2026-11-07T09:00:00",
}  # fmt: skip
FAILING = {
    "invoice_no": 102, "invoice_id": "in_Kite2", "status": "open", "paid_at": None,
    "amount_paid_minor": 0, "attempt_count": 1,
}  # fmt: skip
VOID = {**FAILING, "invoice_no": 103, "invoice_id": "in_Kite3", "status": "void"}
DRAFT = {**FAILING, "invoice_no": 104, "invoice_id": "in_Kite4", "status": "draft"}
DRAFT |= {"finalized_at": None, "attempt_count": 0}
FREE = {"invoice_no": 105, "invoice_id": "in_Kite5", "amount_minor": 0, "amount_paid_minor": 0}


@pytest.fixture(scope="module")
def account():
    rows = {
        "customers": [{}],
        "subscriptions": [{}],
        "invoices": [LATE, FAILING, VOID, DRAFT, FREE],
    }
    with served(make_world(**rows)) as it:
        yield it


def test_each_attempt_is_a_charge_newest_first(account):
    rows = account.get("/charges", ("created[lt]", epoch("2026-11-08")))["data"]
    shown = [(row["status"], row["paid"], row["amount"], row["created"]) for row in rows]
    assert shown == [
        ("succeeded", True, 40_000, epoch("2026-11-07T09:00:00")),
        ("failed", False, 40_000, epoch("2026-11-04T09:00:00")),
    ]
    failed = rows[1]
    assert failed["failure_code"] in ("card_declined", "expired_card")
    assert failed["outcome"]["type"] == "issuer_declined"
    assert "invoice" not in failed  # since 2025-03-31


def test_the_invoice_payment_says_which_intent_paid_which_invoice(account):
    [part] = account.get("/invoice_payments", invoice="in_Kite1")["data"]
    assert (part["status"], part["amount_paid"], part["invoice"]) == ("paid", 40_000, "in_Kite1")
    assert part["status_transitions"]["paid_at"] == epoch("2026-11-07T09:00:00")
    intent = part["payment"]["payment_intent"]
    charges = account.get("/charges", payment_intent=intent)["data"]
    assert [row["payment_intent"] for row in charges] == [intent, intent]
    assert account.get(f"/payment_intents/{intent}")["latest_charge"] == charges[0]["id"]
    asked = (("payment[type]", "payment_intent"), ("payment[payment_intent]", intent))
    assert account.ids("/invoice_payments", *asked) == [part["id"]]


def test_what_is_not_paid_is_asked_for_until_it_is_voided(account):
    statuses = {
        row["invoice"]: (row["status"], row["amount_paid"], row["amount_requested"])
        for row in account.get("/invoice_payments")["data"]
    }
    assert statuses == {
        "in_Kite1": ("paid", 40_000, 40_000),
        "in_Kite2": ("open", None, 40_000),
        "in_Kite3": ("canceled", None, 40_000),
    }
    assert len(account.get("/invoice_payments", status="open")["data"]) == 1


def test_an_intent_whose_charge_failed_wants_another_way_to_pay(account):
    [part] = account.get("/invoice_payments", invoice="in_Kite2")["data"]
    intent = account.get(f"/payment_intents/{part['payment']['payment_intent']}")
    assert (intent["status"], intent["amount_received"]) == ("requires_payment_method", 0)
    assert intent["last_payment_error"]["charge"] == intent["latest_charge"]


def test_payments_expand_to_what_they_name(account):
    paths = [("expand[]", "data.invoice"), ("expand[]", "data.payment.payment_intent")]
    rows = account.get("/invoice_payments", *paths, invoice="in_Kite1")["data"]
    assert rows[0]["invoice"]["object"] == "invoice"
    assert rows[0]["payment"]["payment_intent"]["object"] == "payment_intent"
    [charge, _] = account.get("/charges", ("expand[]", "data.customer"), limit=2)["data"]
    assert charge["customer"]["id"] == "cus_Kite"


def test_every_step_of_paying_is_an_event(account):
    told = [row["type"] for row in account.get("/events", limit=100)["data"]]
    assert told.count("charge.failed") == 3
    assert told.count("charge.succeeded") == told.count("invoice_payment.paid") == 1
    [event] = account.get("/events", type="invoice_payment.paid")["data"]
    assert event["data"]["object"]["invoice"] == "in_Kite1"


def test_payments_of_an_unknown_invoice_are_refused(account):
    status, error = account.refused("/invoice_payments", invoice="in_None")
    assert (status, error["code"]) == (400, "resource_missing")
    status, error = account.refused("/charges/ch_None")
    assert (status, error["message"]) == (404, "No such charge: 'ch_None'")


def test_a_refund_takes_a_part_of_its_charge_and_leaves_the_invoice_paid(serve):
    paid = LATE | {"invoice_no": 103, "created_at": "2026-10-04", "finalized_at": "2026-10-04"}
    paid |= {"attempt_count": 1, "paid_at": "2026-11-01T09:00:00"}
    with serve(customers=[{}], subscriptions=[{}], invoices=[paid]) as account:
        [refund] = account.get("/refunds")["data"]
        charge = account.get(f"/charges/{refund['charge']}", ("expand[]", "refunds"))
        told = [row["type"] for row in account.get("/events", type="charge.*")["data"]]
        [part] = account.get("/invoice_payments")["data"]
    assert (refund["amount"], refund["created"]) == (4_000, epoch("2026-11-06T09:00:00"))
    assert refund["destination_details"]["card"]["type"] == "refund"
    assert refund["payment_method"] == charge["payment_method"]
    assert (charge["amount_refunded"], charge["refunded"]) == (4_000, False)
    assert [one["id"] for one in charge["refunds"]["data"]] == [refund["id"]]
    assert told == ["charge.refunded", "charge.succeeded"]
    assert part["status"] == "paid"


def test_payments_and_refunds_say_by_which_card(account):
    """Required of every charge, intent and refund since the versions of 2026, null or not."""
    charge, refused = account.get("/charges", ("created[lt]", epoch("2026-11-08")))["data"]
    card, refused_card = (row["payment_method_details"]["card"] for row in (charge, refused))
    assert (card["amount_authorized"], refused_card["amount_authorized"]) == (40_000, None)
    wanted = {"checks", "funding", "network", "regulated_status", "three_d_secure", "wallet"}
    assert wanted <= set(card)
    assert not {"destination", "dispute", "order"} & set(charge)
    intent = account.get(f"/payment_intents/{charge['payment_intent']}")
    assert {"allowed_payment_method_types", "managed_payments", "payment_record"} <= set(intent)


def test_an_invoice_in_an_event_has_lines_of_the_version_of_then(account):
    [event, *_] = account.get("/events", type="invoice.paid")["data"]
    [line] = event["data"]["object"]["lines"]["data"]
    assert (line["type"], line["proration"], "parent" in line) == ("subscription", False, False)
