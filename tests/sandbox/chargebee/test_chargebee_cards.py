"""Cards, and what names them; lists below one resource."""

from tests.sandbox.chargebee.conftest import GONE, OLDER

BY_CARD = {"collection_method": "charge_automatically"}
SENT = {"invoice_no": 103, "invoice_id": "in_Sent", "collection_method": "send_invoice"}


def test_who_was_billed_by_card_has_one_that_its_payments_name(serve):
    with serve(customers=[{}], subscriptions=[{}], invoices=[BY_CARD]) as it:
        (customer,) = it.rows("/customers", "customer")
        (source,) = it.rows("/payment_sources", "payment_source")
        (invoice,) = it.rows("/invoices", "invoice")
        assert source == {
            "id": customer["primary_payment_source_id"],
            "customer_id": "cus_Kite",
            "type": "card",
            "reference_id": customer["payment_method"]["reference_id"],
            "status": "valid",
            "gateway": "chargebee",
            "gateway_account_id": "gw_Test",
            "card": source["card"],
            "created_at": invoice["date"],
            "updated_at": invoice["date"],
            "resource_version": invoice["date"] * 1000,
            "object": "payment_source",
            "deleted": False,
        }
        assert (source["card"]["last4"], customer["card_status"]) == ("1111", "valid")
        assert it.get(f"/payment_sources/{source['id']}") == {"payment_source": source}
        paid = it.rows("/transactions", "transaction")
        assert {one["payment_source_id"] for one in paid} == {source["id"]}
        of = ("customer_id[is]", "cus_Kite")
        assert it.ids("/payment_sources", "payment_source", of) == [source["id"]]


def test_who_pays_by_transfer_has_no_card(serve):
    with serve(customers=[{}], subscriptions=[{}], invoices=[SENT]) as it:
        assert it.get("/payment_sources") == {"list": []}
        (customer,) = it.rows("/customers", "customer")
        assert customer["card_status"] == "no_card"
        assert "primary_payment_source_id" not in customer
        assert all(
            "payment_source_id" not in one for one in it.rows("/transactions", "transaction")
        )


def test_a_card_goes_with_its_customer(serve):
    whose = {"customer_no": GONE["customer_no"]}
    with serve(customers=[GONE], subscriptions=[whose], invoices=[BY_CARD | OLDER | whose]) as it:
        assert it.get("/payment_sources") == {"list": []}
        (source,) = it.rows("/payment_sources", "payment_source", include_deleted="true")
        assert (source["deleted"], source["customer_id"]) == (True, "cus_Gone")
        assert source["updated_at"] > source["created_at"]
        assert it.refused(f"/payment_sources/{source['id']}")[0] == 404


def test_lists_below_one_resource_are_the_sites_own_filtered(site):
    for parent, part, field in (
        ("customers/cus_Kite", "subscriptions", "customer_id"),
        ("customers/cus_Kite", "invoices", "customer_id"),
        ("customers/cus_Kite", "transactions", "customer_id"),
        ("subscriptions/sub_Kite", "invoices", "subscription_id"),
    ):
        own = (f"{field}[is]", parent.split("/")[1])
        found = site.get(f"/{parent}/{part}", limit=100)
        assert found == site.get(f"/{part}", own, limit=100)
        assert found["list"]
    assert site.refused("/customers/cus_Gone/invoices")[0] == 404
    first = site.get("/customers/cus_Kite/invoices", limit=1)
    rest = site.get("/customers/cus_Kite/invoices", limit=1, offset=first["next_offset"])
    assert [page["list"][0]["invoice"]["id"] for page in (first, rest)] == ["in_Kite1", "in_Kite0"]


def test_an_invoice_lists_its_own_payments(site):
    rows = site.rows("/invoices/in_Kite0/payments", "transaction")
    assert [one["id"] for one in rows] == [
        one["txn_id"] for one in site.get("/invoices/in_Kite0")["invoice"]["linked_payments"][::-1]
    ]
    assert rows
    assert site.refused("/invoices/none/payments")[0] == 404
