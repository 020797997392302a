"""What comes along where a client includes it (side-loading guide, checked Nov 2026)."""

import pytest

ANA, CLEO = 7_000_000_011, 9_003
RELATED = "users,organizations,groups"


def by_id(rows):
    return {row["id"]: row for row in rows}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/tickets", "tickets"),
        ("/tickets/show_many?ids=8801,8805", "tickets"),
        ("/incremental/tickets/cursor.json?start_time=0", "tickets"),
        ("/incremental/tickets.json?start_time=0", "tickets"),
        ("/search.json?query=type:ticket", "results"),
    ],
)
def test_everybody_and_everything_that_tickets_point_at_comes_once(desk, path, name):
    answer = desk.get(path, include=RELATED)
    users = by_id(answer["users"])
    assert len(users) == len(answer["users"])
    assert users.keys() == {
        ticket[who] for ticket in answer[name] for who in ("requester_id", "assignee_id")
    }
    assert users[ANA] == desk.get(f"/users/{ANA}")["user"]
    assert answer["organizations"] == [desk.get("/organizations/4400001")["organization"]]
    assert answer["groups"] == desk.get("/groups")["groups"]
    plain = desk.get(path)
    assert answer[name] == plain[name]
    assert not {"users", "organizations", "groups"} & plain.keys()


def test_one_ticket_brings_its_own_people(desk):
    answer = desk.get("/tickets/8801", include="users")
    assert by_id(answer["users"]).keys() == {ANA, CLEO}
    assert answer["ticket"] == desk.get("/tickets/8801")["ticket"]


def test_search_names_the_kind_around_what_it_includes(desk):
    answer = desk.get("/search", query="type:ticket 8801", include="tickets(users,groups)")
    assert by_id(answer["users"]).keys() == {ANA, CLEO}
    assert len(answer["groups"]) == 1


def test_audits_comments_and_memberships_bring_theirs(desk):
    for path in ("/tickets/8801/audits", "/tickets/8801/comments"):
        assert by_id(desk.get(path, include="users")["users"]).keys() == {ANA, CLEO}
    answer = desk.get("/organization_memberships", include=RELATED)
    assert by_id(answer["users"]).keys() == {ANA}
    assert by_id(answer["organizations"]).keys() == {4_400_001}


def test_the_next_page_includes_as_the_first_did(desk):
    path = "/incremental/tickets/cursor.json"
    page = desk.get(path, start_time=0, per_page=2, include="users")
    assert "users" in desk.ask(page["after_url"]).json()


def test_users_bring_their_identities(desk):
    answer = desk.get("/incremental/users/cursor.json", start_time=0, include="identities")
    ana = desk.get(f"/users/{ANA}")["user"]
    (identity,) = [row for row in answer["identities"] if row["user_id"] == ANA]
    assert (identity["type"], identity["value"]) == ("email", "ana@kite.co")
    assert identity["updated_at"] == ana["updated_at"]
    known = {row["id"] for row in answer["users"] if row["email"]}
    assert {row["user_id"] for row in answer["identities"]} == known


def test_the_number_of_comments_stands_in_the_ticket(desk):
    ticket = desk.get("/tickets/8801", include="comment_count,users")["ticket"]
    assert ticket["comment_count"] == len(desk.get("/tickets/8801/comments")["comments"]) == 5


def test_what_nothing_answers_to_is_ignored(desk):
    assert desk.get("/tickets", include="weather") == desk.get("/tickets")
