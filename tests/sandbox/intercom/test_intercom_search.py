"""Lists and searches (API description 2.16 and public connectors, checked Nov 2026)."""

import pytest

MANY = {
    "tickets": [
        {"ticket_no": n, "updated_at": f"2026-11-12T08:{n % 60:02}:00", "requester_no": None}
        for n in range(1, 321)
    ]
}
FROM_THE_BEGINNING = ("updated_at", ">", 0)


def test_a_conversation_has_statistics_a_rating_and_a_priority(client, at):
    shown = client.get("/conversations/8801")
    assert (shown["state"], shown["open"], shown["priority"]) == ("closed", False, "high")
    told = shown["statistics"]
    assert (told["time_to_admin_reply"], told["count_reopens"]) == (35 * 60, 1)
    assert told["last_close_at"] == at("2026-11-12T08:14:04")
    assert shown["conversation_rating"]["rating"] in (4, 5)
    assert isinstance(shown["conversation_rating"]["teammate"]["id"], str)
    assert shown["conversation_rating"]["updated_at"] == shown["updated_at"]
    kinds = [part["part_type"] for part in shown["conversation_parts"]["conversation_parts"]]
    assert kinds == ["comment", "close"]
    assert shown["contacts"]["contacts"][0]["external_id"] == "1001"


def test_messages_come_as_plain_text_where_a_client_wants_it(client):
    def bodies(**asked):
        shown = client.get("/conversations/8801", **asked)
        parts = shown["conversation_parts"]["conversation_parts"]
        return [shown["source"]["body"], *(part["body"] for part in parts)]

    assert bodies() == ["<p>Export fails</p>", "<p>We are looking into it.</p>", None]
    plain = bodies(display_as="plaintext")
    assert plain == ["Export fails", "We are looking into it.", None]


def test_a_new_conversation_has_no_statistics_and_an_unanswered_rating_no_number(client):
    new, asked = client.get("/conversations/8803"), client.get("/conversations/8802")
    assert (new["statistics"], new["conversation_rating"]) == (None, None)
    assert (asked["state"], asked["priority"]) == ("snoozed", "none")
    assert asked["conversation_rating"]["rating"] is None


def test_a_conversation_names_its_company_only_where_the_contact_does_not_tell(client):
    companies = [client.get(f"/conversations/{n}")["company"] for n in (8801, 8802, 8803)]
    assert companies[0] is None
    assert companies[1]["name"] == "Reed"
    assert companies[2] is None


def test_deleted_conversations_are_in_a_list_of_their_own(client, at):
    assert client.refused("/conversations/8804") == (404, "conversation_not_found")
    found = client.get("/conversations/deleted")
    assert found["conversations"] == [
        {
            "type": "conversation",
            "id": "8804",
            "metrics_retained": False,
            "deleted_at": at("2026-11-15"),
        }
    ]
    assert found["pages"]["next"] is None


def test_an_incident_is_a_ticket_with_the_conversations_id(client):
    (ticket,) = client.find("tickets", FROM_THE_BEGINNING)["tickets"]
    assert (ticket["id"], ticket["category"]) == ("8803", "Customer")
    assert ticket["ticket_state"]["category"] == "in_progress"
    assert "snoozed_until" not in ticket
    attributes = ticket["ticket_type"]["ticket_type_attributes"]["data"]
    assert [one["name"] for one in attributes] == list(ticket["ticket_attributes"])
    old = client.ask("/tickets/8803", headers={"Intercom-Version": "2.10"}).json()
    assert old["ticket_state"] == "in_progress"
    assert client.get("/conversations/8803")["ticket"]["id"] == ticket["id"]
    assert client.refused("/tickets/8801") == (404, "ticket_not_found")


@pytest.mark.parametrize("kind", ["search", "list"])
def test_cursors_lead_through_everything_once(serve, kind):
    with serve(**MANY) as client:
        seen, cursor, sizes = [], None, []
        while True:
            page = (
                client.find(
                    "conversations",
                    FROM_THE_BEGINNING,
                    pagination={"per_page": 150, "starting_after": cursor},
                    sort={"field": "updated_at", "order": "ascending"},
                )
                if kind == "search"
                else client.get("/conversations", per_page=150, starting_after=cursor)
            )
            seen += [row["id"] for row in page["conversations"]]
            sizes.append(len(page["conversations"]))
            assert page["total_count"] == 320
            assert page["pages"]["page"] == len(sizes)
            if "next" not in page["pages"]:
                break
            assert page["pages"]["next"]["per_page"] == 150
            cursor = page["pages"]["next"]["starting_after"]
        assert sizes == [150, 150, 20]
        assert len(set(seen)) == 320
        assert page["pages"]["total_pages"] == 3


def test_pages_have_their_usual_and_their_largest_size(serve):
    with serve(**MANY) as client:
        assert len(client.find("conversations", FROM_THE_BEGINNING)["conversations"]) == 20
        assert client.get("/contacts")["pages"]["per_page"] == 50
        assert client.refused("/conversations?per_page=151")[1] == "parameter_invalid"
        assert client.refused("/conversations?starting_after=x")[1] == "parameter_invalid"


def test_seconds_of_conversations_are_included_at_both_ends(client, at):
    moment = at("2026-11-14T10:00:00")
    for operator in (">", "<", "="):
        found = client.find("conversations", ("updated_at", operator, moment))["conversations"]
        assert "8801" in {row["id"] for row in found}, operator
    after = client.find("conversations", ("updated_at", ">", moment + 1))["conversations"]
    assert "8801" not in {row["id"] for row in after}


def test_contacts_are_matched_by_whole_days_of_the_workspace(serve, at):
    """08:00 UTC is midnight in Los Angeles in winter."""
    people = [{"person_no": 1, "updated_at": "2026-11-17T07:59:00"},
              {"person_no": 2, "updated_at": "2026-11-17T08:01:00"},
              {"person_no": 3, "updated_at": "2026-11-18T08:01:00"}]  # fmt: skip
    with serve(people=people) as client:
        assert client.get("/me")["app"]["timezone"] == "America/Los_Angeles"
        noon = at("2026-11-17T20:00:00")

        def found(*operators):
            filters = [("updated_at", operator, noon) for operator in operators]
            rows = client.find("contacts", *filters, operator="OR")["data"]
            return sorted(int(row["external_id"]) for row in rows)

        assert (found(">"), found("="), found("<")) == ([3], [2], [1])
        assert found(">", "=") == [2, 3]
        for operator in (">=", "<=", "!=", "IN", "NIN"):
            query = {"field": "updated_at", "operator": operator, "value": noon}
            refused = client.refused("/contacts/search", "POST", json={"query": query})
            assert refused == (400, "parameter_invalid"), operator


def test_contacts_are_sorted_by_the_full_stamp(serve):
    people = [{"person_no": n, "updated_at": f"2026-11-17T1{n}:00:00"} for n in (3, 1, 2)]
    with serve(people=people) as client:
        for order, wanted in (("ascending", ["1", "2", "3"]), ("descending", ["3", "2", "1"])):
            rows = client.find(
                "contacts", FROM_THE_BEGINNING, sort={"field": "updated_at", "order": order}
            )["data"]
            assert [row["external_id"] for row in rows] == wanted
        body = {"query": {"field": "role", "operator": "=", "value": "user"}}
        wrong = client.refused("/contacts/search", "POST", json=body | {"sort": {"order": "desc"}})
        assert wrong == (400, "invalid_sort_order")


@pytest.mark.parametrize(
    "query",
    [
        {"field": "mood", "operator": "=", "value": "good"},
        {"field": "created_at", "operator": ">", "value": "foobar"},
        {"field": "created_at", "operator": ">=", "value": 1},
        {"operator": "AND", "value": [{"field": "open", "operator": "=", "value": True}] * 16},
        {"operator": "XOR", "value": []},
        {"operator": "AND", "value": [{"operator": "OR", "value": [
            {"operator": "AND", "value": [{"field": "id", "operator": "=", "value": "1"}]}]}]},
        [],
    ],
)  # fmt: skip
def test_a_query_that_intercom_would_not_take_is_refused(client, query):
    refused = client.refused("/conversations/search", "POST", json={"query": query})
    assert refused == (400, "parameter_invalid")
    assert client.refused("/conversations/search", "POST", json={})[1] == "parameter_not_found"


def test_the_query_of_a_public_connector_is_understood(client):
    """Groups in groups, ids compared with an empty text, stamps as fractions."""
    id_group = {
        "operator": "OR",
        "value": [{"field": "id", "operator": o, "value": ""} for o in "=>"],
    }
    stamp_group = {
        "operator": "OR",
        "value": [{"field": "updated_at", "operator": o, "value": 1_600_000_000.5} for o in ">="],
    }
    body = {
        "query": {"operator": "AND", "value": [id_group, stamp_group]},
        "sort": {"field": "id", "order": "ascending"},
    }
    rows = client.post("/conversations/search", body)["conversations"]
    assert [row["id"] for row in rows] == ["8801", "8802", "8803"]


def test_contacts_are_found_by_id_address_and_key(client):
    ana = client.get("/contacts/find_by_external_id/1001")
    assert ana["email_domain"] == "kite.co"
    assert client.get(f"/contacts/{ana['id']}") == ana
    assert client.find("contacts", ("email", "=", "ana@kite.co"))["data"] == [ana]
    assert client.find("contacts", ("id", "IN", [ana["id"], "x"]))["data"] == [ana]
    assert client.refused("/contacts/x") == (404, "not_found")
    lead = client.find("contacts", ("role", "=", "lead"))["data"]
    assert [row["email"] for row in lead] == ["x@mail.com"]


def test_admins_teams_and_counts_are_there(client):
    admins = client.get("/admins")["admins"]
    assert len(admins) == 3
    assert client.get(f"/admins/{admins[1]['id']}") == admins[1]
    assert client.refused("/admins/1") == (404, "admin_not_found")
    team = client.get("/teams")["teams"][0]
    assert client.get(f"/teams/{team['id']}") == team
    counts = client.get("/counts")
    assert (counts["company"]["count"], counts["user"]["count"], counts["lead"]["count"]) == (
        2,
        2,
        1,
    )
    assert client.get("/tags") == {"type": "list", "data": []}
