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


@pytest.mark.parametrize(
    "name",
    ["brand", "group", "group_membership", "organization_field", "ticket_field", "ticket_form"],
)
def test_what_a_short_list_has_is_also_shown_by_its_id(desk, name):
    for row in desk.get(f"/{name}s")[f"{name}s"]:
        assert desk.get(f"/{name}s/{row['id']}.json") == {name: row}
    assert desk.refused(f"/{name}s/1")[0] == 404


def test_a_user_has_tickets_an_organization_and_an_identity(desk):
    requested = desk.get("/users/7000000011/tickets/requested")["tickets"]
    assert [row["id"] for row in requested] == [8801, 8802]
    assigned = desk.get("/users/9001/tickets/assigned")["tickets"]
    assert [row["id"] for row in assigned] == [8802, 8805]
    assert desk.get("/users/7000000011/tickets/ccd")["tickets"] == []
    (home,) = desk.get("/users/7000000011/organizations")["organizations"]
    assert home["id"] == 4_400_001
    (identity,) = desk.get("/users/7000000011/identities")["identities"]
    assert identity["value"] == "ana@kite.co"
    assert desk.refused("/users/1/identities")[0] == 404


@pytest.mark.parametrize(("path", "name"), EMPTY.items())
def test_lists_of_what_this_desk_has_none_of_are_empty_pages(desk, path, name):
    assert desk.get(path)[name] == []
    assert desk.get(path, **{"page[size]": 5})["meta"]["has_more"] is False
    assert desk.get(path, sort="created_at", **{"page[size]": 5})[name] == []
