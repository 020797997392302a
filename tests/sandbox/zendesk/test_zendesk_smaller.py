"""What connectors read besides records: settings, deleted tickets, empty lists."""

import pytest

from sandbox.vendors.zendesk_smaller import EMPTY


def test_every_answer_of_a_ticket_has_its_field_and_every_field_its_form(desk):
    fields = {row["id"]: row for row in desk.get("/ticket_fields")["ticket_fields"]}
    (form,) = desk.get("/ticket_forms")["ticket_forms"]
    ticket = desk.get("/tickets/8801")["ticket"]
    (answer,) = ticket["custom_fields"]
    options = {option["value"] for option in fields[answer["id"]]["custom_field_options"]}
    assert answer["value"] in options
    assert (form["id"], form["ticket_field_ids"]) == (ticket["ticket_form_id"], [*fields])
    assert desk.get("/brands")["brands"][0]["id"] == ticket["brand_id"]


def test_tickets_are_shown_by_ids_and_deleted_ones_in_a_list_of_their_own(desk):
    shown = desk.get("/tickets/show_many", ids="8801,8803,1")["tickets"]
    assert [row["id"] for row in shown] == [8801]
    assert [row["id"] for row in desk.get("/deleted_tickets")["deleted_tickets"]] == [8803]


@pytest.mark.parametrize(("path", "name"), EMPTY.items())
def test_lists_of_what_this_desk_has_none_of_are_empty_pages(desk, path, name):
    assert desk.get(path)[name] == []
    assert desk.get(path, **{"page[size]": 5})["meta"]["has_more"] is False
    assert desk.get(path, sort="created_at", **{"page[size]": 5})[name] == []
