from sandbox.vendors.chargebee import Settings
from tests.sandbox.stripe.conftest import epoch

NOTICE = {"cancel_at_period_end": True, "canceled_at": "2026-11-12T10:00:00"}
ENDED = {"status": "canceled", "canceled_at": "2026-11-01", "ended_at": "2026-11-10T08:05:00"}
UNPAID = {"status": "open", "amount_paid_minor": 0, "paid_at": None}
FAILED = UNPAID | {"attempt_count": 1, "next_attempt_at": "2026-11-13T09:05:00"}
BY_TRANSFER = {"collection_method": "send_invoice", "attempt_count": 0}


def subscription(serve, **changes):
    with serve(customers=[{}], subscriptions=[changes]) as site:
        return site.get("/subscriptions/sub_Kite")["subscription"]


def invoice(serve, **changes):
    with serve(customers=[{}], subscriptions=[{}], invoices=[changes]) as site:
        return site.get("/invoices/in_Kite1")["invoice"]


def test_a_customer_has_its_custom_fields_on_top_and_the_rest_as_free_json(serve):
    metadata = {"hubspot_company_id": "9100000001", "tier": "gold"}
    with serve(customers=[{"metadata": metadata}]) as site:
        customer = site.get("/customers/cus_Kite")["customer"]
    assert customer["cf_hubspot_company_id"] == "9100000001"
    assert customer["meta_data"] == {"tier": "gold"}
    assert customer["preferred_currency_code"] == "EUR"
    assert customer["resource_version"] == customer["updated_at"] * 1000


def test_a_subscription_sells_seats_of_an_item_price(serve):
    sold = subscription(serve)
    assert sold["status"] == "active"
    (item,) = sold["subscription_items"]
    assert (item["item_price_id"], item["item_type"]) == ("Growth-EUR-Monthly", "plan")
    assert (item["quantity"], item["unit_price"], item["amount"]) == (40, 1000, 40_000)
    assert sold["mrr"] == 40_000
    assert (sold["billing_period"], sold["billing_period_unit"]) == (1, "month")
    assert sold["next_billing_at"] == sold["current_term_end"] == epoch("2026-12-10T08:05:00")
    assert "cancelled_at" not in sold
    assert (sold["has_scheduled_advance_invoices"], sold["decommissioned"]) == (False, False)


def test_one_that_will_end_has_its_end_in_the_future(serve):
    sold = subscription(serve, **NOTICE)
    assert sold["status"] == "non_renewing"
    assert sold["cancelled_at"] == sold["current_term_end"] > epoch("2026-11-20T03:00:00")
    assert sold["cancel_schedule_created_at"] == epoch("2026-11-12T10:00:00")
    assert "next_billing_at" not in sold


def test_one_that_ended_has_no_revenue(serve):
    sold = subscription(serve, **ENDED)
    assert (sold["status"], sold["mrr"]) == ("cancelled", 0)
    assert sold["cancelled_at"] == epoch("2026-11-10T08:05:00")


def test_future_trial_and_pause_have_words_of_their_own(serve):
    assert subscription(serve, status="trialing")["status"] == "in_trial"
    assert "pause_date" in subscription(serve, status="paused")
    later = subscription(serve, started_at="2026-12-01T00:00:00")
    assert (later["status"], later["start_date"]) == ("future", epoch("2026-12-01"))
    assert "started_at" not in later


def test_prices_are_in_hundredths_whatever_the_currency_has(serve):
    for currency, amount in (("jpy", 40_000), ("eur", 40_000), ("kwd", 4_000)):
        billed = invoice(serve, currency=currency)
        assert (billed["total"], billed["currency_code"]) == (amount, currency.upper())


def test_sites_with_many_decimals_give_major_units_beside(serve):
    settings = Settings(multi_decimal=True)
    with serve(customers=[{}], subscriptions=[{}], invoices=[{}], settings=settings) as site:
        (item,) = site.get("/subscriptions/sub_Kite")["subscription"]["subscription_items"]
        (line,) = site.get("/invoices/in_Kite1")["invoice"]["line_items"]
    assert (item["unit_price_in_decimal"], item["amount_in_decimal"]) == ("10.00", "400.00")
    assert (line["quantity_in_decimal"], line["amount_in_decimal"]) == ("40", "400.00")


def test_a_paid_invoice_names_its_payment(serve):
    paid = invoice(serve)
    assert (paid["status"], paid["amount_due"], paid["amount_paid"]) == ("paid", 0, 40_000)
    assert paid["paid_at"] == paid["updated_at"] == epoch("2026-11-10T09:05:00")
    (payment,) = paid["linked_payments"]
    assert payment["txn_status"] == "success"
    assert "dunning_status" not in paid


def test_a_card_that_fails_is_tried_again_until_it_is_exhausted(serve):
    trying = invoice(serve, **FAILED)
    assert (trying["status"], trying["dunning_status"]) == ("payment_due", "in_progress")
    assert trying["next_retry_at"] == epoch("2026-11-13T09:05:00")
    assert [one["txn_status"] for one in trying["dunning_attempts"]] == ["failure"]
    lost = {"attempt_count": 4, "next_attempt_at": None, "created_at": "2026-10-20T08:05:00"}
    exhausted = invoice(serve, **UNPAID | lost | {"finalized_at": "2026-10-20T09:05:00"})
    assert (exhausted["status"], exhausted["dunning_status"]) == ("not_paid", "exhausted")
    assert exhausted["amount_due"] == 40_000
    cured = invoice(serve, attempt_count=2, paid_at="2026-11-13T09:05:00")
    assert (cured["status"], cured["dunning_status"]) == ("paid", "success")


def test_an_invoice_by_transfer_is_posted_until_it_is_due(serve):
    for due, status in (("2026-12-10", "posted"), ("2026-11-15", "payment_due")):
        assert invoice(serve, **UNPAID | BY_TRANSFER | {"due_at": due})["status"] == status


def test_what_is_written_off_counts_as_paid_and_has_a_credit_note(serve):
    rows = {**UNPAID, "status": "uncollectible", "attempt_count": 4}
    rows |= {"created_at": "2026-10-01T08:05:00", "finalized_at": "2026-10-01T09:05:00"}
    with serve(customers=[{}], subscriptions=[{}], invoices=[rows]) as site:
        lost = site.get("/invoices/in_Kite1")["invoice"]
        (note,) = site.rows("/credit_notes", "credit_note")
    assert (lost["status"], lost["write_off_amount"]) == ("paid", 40_000)
    assert (lost["amount_due"], lost["amount_paid"]) == (0, 0)
    assert lost["adjustment_credit_notes"][0]["cn_id"] == note["id"]
    assert (note["type"], note["total"]) == ("adjustment", 40_000)


def test_drafts_are_pending_and_voided_ones_say_when(serve):
    assert invoice(serve, **UNPAID | {"status": "draft"})["status"] == "pending"
    voided = invoice(serve, **UNPAID | {"status": "void", "created_at": "2026-10-01T08:05:00"})
    assert (voided["status"], voided["amount_due"]) == ("voided", 0)
    assert voided["voided_at"] == epoch("2026-10-31T08:05:00")


def test_seats_added_within_a_term_are_marked_as_a_part(serve):
    (whole,) = invoice(serve)["line_items"]
    assert (whole["entity_type"], whole["quantity"]) == ("plan_item_price", 40)
    assert "proration_mode" not in whole
    (added,) = invoice(serve, billing_reason="subscription_update")["line_items"]
    assert added["proration_mode"] == "delta"


def test_long_invoices_are_cut_and_the_rest_can_be_asked_for(serve):
    settings = Settings(seats_a_line=3, lines_a_page=5)
    with serve(customers=[{}], subscriptions=[{}], invoices=[{}], settings=settings) as site:
        (listed,) = site.rows("/invoices", "invoice")
        assert len(listed["line_items"]) == 5
        lines, offset = [], '["0"]'
        while offset:
            asked = {"line_items_offset": offset, "line_items_limit": 6}
            part = site.get("/invoices/in_Kite1", **asked)["invoice"]
            lines += part["line_items"]
            offset = part.get("line_items_next_offset")
        assert site.refused("/invoices/in_Kite1", line_items_limit=301)[0] == 400
    assert len({line["id"] for line in lines}) == len(lines) == 14
    assert sum(line["quantity"] for line in lines) == 40
    assert sum(line["amount"] for line in lines) == listed["total"]
