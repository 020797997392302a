"""What is left of a record of somebody else's once a person in it was forgotten."""

from include.warehouse.redaction import Forgotten, digest_of

SALT = b"salt" * 8
JANE = "jane@kite.example"


def forgotten(vendor, stream):
    return Forgotten(
        vendor, stream, SALT, frozenset({digest_of(SALT, JANE)}), people=frozenset({"77"})
    )


def test_who_called_is_gone_from_a_ticket_of_theirs():
    ticket = {
        "id": 1, "requester_id": 77, "status": "open",
        "via": {"channel": "voice", "source": {
            "from": {"formatted_phone": "+1 (555) 123", "phone": "+1555123", "name": "Jane Doe"},
            "to": {"name": "Support", "formatted_phone": "+1 (555) 999"}, "rel": "voicemail",
        }},
    }  # fmt: skip
    source = {
        "from": {"formatted_phone": None, "phone": None, "name": None},
        "to": {"name": "Support", "formatted_phone": None}, "rel": "voicemail",
    }  # fmt: skip
    left = forgotten("zendesk", "tickets").in_record(ticket, "1")
    assert left == {**ticket, "via": {"channel": "voice", "source": source}}


def test_a_ticket_of_somebody_else_keeps_who_called():
    ticket = {"id": 2, "requester_id": 78, "via": {"source": {"from": {"name": "Bea"}}}}
    assert forgotten("zendesk", "tickets").in_record(ticket, "2") is ticket


def test_the_name_of_a_firm_that_pays_stays():
    left = forgotten("stripe", "customers").in_record({"email": JANE, "name": "Kite"}, "cus_1")
    assert left["name"] == "Kite"
    assert left["email"] != JANE


def test_an_input_of_somebody_else_that_names_the_address_keeps_its_comment():
    entry = {"who": "bea", "value": 4, "comment": f"ask {JANE} again"}
    left = forgotten("inputs", "rows").in_record(entry, "a")
    assert left["comment"].startswith("ask forgotten-")
    assert left["comment"].endswith("@kite.example again")
    own = forgotten("inputs", "rows").in_record({**entry, "who": JANE}, "a")
    assert own["comment"] is None
