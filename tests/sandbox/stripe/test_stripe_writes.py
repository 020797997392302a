"""Tagging Stripe's customers: metadata, idempotency keys, and the event a write leaves."""

import pytest

from sandbox.state import Journal

SCORE = ("metadata[health_score]", "72")
KITE = {"hubspot_company_id": "9100000001"}


def test_metadata_is_merged_and_can_be_read_back(till):
    answer = till.tag("cus_Kite", SCORE, ("metadata[band]", "green"))
    assert answer.status_code == 200
    tagged = {**KITE, "health_score": "72", "band": "green"}
    assert answer.json()["metadata"] == tagged
    assert till.get("/customers/cus_Kite")["metadata"] == tagged
    assert till.get("/customers")["data"][0]["metadata"] == tagged


def test_an_empty_value_removes_the_key_and_empty_metadata_removes_all(till):
    till.tag("cus_Kite", SCORE)
    assert till.tag("cus_Kite", ("metadata[health_score]", "")).json()["metadata"] == KITE
    assert till.tag("cus_Kite", ("metadata", "")).json()["metadata"] == {}


def test_texts_can_be_set_and_taken_away(till):
    changed = till.tag("cus_Kite", ("description", "pilot"), ("name", "Kite")).json()
    assert (changed["description"], changed["name"]) == ("pilot", "Kite")
    assert till.tag("cus_Kite", ("description", "")).json()["description"] is None


def test_a_write_can_expand_its_answer(till):
    answer = till.tag("cus_Kite", SCORE, ("expand[]", "subscriptions")).json()
    assert [row["id"] for row in answer["subscriptions"]["data"]] == ["sub_Kite"]


def test_a_write_leaves_an_event_with_what_was_before(till):
    till.tag("cus_Kite", SCORE)
    answer = till.tag("cus_Kite", ("metadata[health_score]", "75"), ("name", "K"), key="run-7")
    second, first = till.get("/events", type="customer.updated")["data"]
    assert first["data"]["previous_attributes"] == {"metadata": {"health_score": None}}
    assert second["data"]["previous_attributes"] == {
        "metadata": {"health_score": "72"},
        "name": "Kite & Co",
    }
    assert second["data"]["object"]["metadata"]["health_score"] == "75"
    assert second["request"] == {
        "id": answer.headers["Request-Id"],
        "idempotency_key": "run-7",
    }
    assert second["created"] >= first["created"]


@pytest.mark.parametrize("customer", ["cus_No", "cus_Gone"])
def test_customers_that_are_not_there_cannot_be_tagged(account, customer):
    answer = account.tag(customer, SCORE)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "resource_missing"


@pytest.mark.parametrize(
    ("pair", "status"),
    [
        (("metadata[" + "k" * 40 + "]", "1"), 200),
        (("metadata[" + "k" * 41 + "]", "1"), 400),
        (("metadata[k]", "v" * 500), 200),
        (("metadata[k]", "v" * 501), 400),
        (("metadata[]", "v"), 400),
        (("metadata", "v"), 400),
        (("health_score", "72"), 400),
    ],
)
def test_metadata_has_bounds(till, pair, status):
    assert till.tag("cus_Kite", pair).status_code == status


def test_metadata_holds_fifty_keys(till):
    fill = [(f"metadata[k{n}]", "1") for n in range(49)]
    assert len(till.tag("cus_Kite", *fill).json()["metadata"]) == 50
    full = till.tag("cus_Kite", SCORE)
    assert (full.status_code, full.json()["error"]["param"]) == (400, "metadata")
    assert till.tag("cus_Kite", ("metadata[k0]", ""), SCORE).status_code == 200


def test_the_same_key_gives_the_first_answer_again(till):
    first = till.tag("cus_Kite", SCORE, key="run-7")
    till.tag("cus_Kite", ("metadata[health_score]", "80"))
    again = till.tag("cus_Kite", SCORE, key="run-7")
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert "Idempotent-Replayed" not in first.headers
    assert till.get("/customers/cus_Kite")["metadata"]["health_score"] == "80"
    assert len(till.get("/events", type="customer.updated")["data"]) == 2


def test_a_key_stands_for_one_request_only(serve):
    reed = {"customer_no": 2, "customer_id": "cus_Reed"}
    with serve(customers=[{}, reed]) as till:
        till.tag("cus_Kite", SCORE, key="run-7")
        other = till.tag("cus_Kite", ("metadata[health_score]", "80"), key="run-7")
        elsewhere = till.tag("cus_Reed", SCORE, key="run-7")
        long = till.tag("cus_Reed", SCORE, key="k" * 256)
    for answer in (other, elsewhere, long):
        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "idempotency_error"
    assert "Try using a key other than 'run-7'" in other.json()["error"]["message"]


def test_a_refused_write_does_not_use_up_its_key(till):
    assert till.tag("cus_Kite", ("metadata[k]", "v" * 501), key="run-7").status_code == 400
    assert till.tag("cus_Kite", SCORE, key="run-7").status_code == 200


def test_an_account_built_again_from_its_journal_has_every_write(serve):
    journal = Journal()
    with serve(customers=[{}], journal=journal) as till:
        first = till.tag("cus_Kite", SCORE, key="run-7").json()
        events = till.get("/events", type="customer.updated")
    with serve(customers=[{}], journal=journal) as till:
        assert till.get("/customers/cus_Kite") == first
        assert till.get("/events", type="customer.updated") == events
        again = till.tag("cus_Kite", SCORE, key="run-7")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first
