"""Records, lists and their two paginations (vendor documentation, checked Nov 2026)."""

import base64

import pytest

# fmt: off
ORGANIZATION_ATTRIBUTES = [
    "created_at", "details", "domain_names", "external_id", "group_id", "id", "name", "notes",
    "organization_fields", "shared_comments", "shared_tickets", "tags", "updated_at", "url",
]
# fmt: on


def many_tickets(count):
    return [{"ticket_no": number} for number in range(1, count + 1)]


def test_an_organization_has_every_attribute_and_an_integer_id(desk):
    organization = desk.get("/organizations/4400001")["organization"]
    assert sorted(organization) == ORGANIZATION_ATTRIBUTES
    assert organization["id"] == 4_400_001
    assert organization["external_id"] == "50001"
    assert organization["domain_names"] == ["kite.co"]
    assert organization["organization_fields"] == {"segment": "enterprise"}
    assert organization["created_at"] == "2026-01-05T00:00:00Z"


def test_dot_json_is_optional_on_every_path(desk):
    for path in ("/organizations/4400001", "/tickets", "/organizations/count", "/users/me"):
        plain, suffixed = desk.get(path), desk.get(f"{path}.json")
        assert plain.keys() == suffixed.keys()
        assert plain


def test_links_go_to_the_address_that_was_called_and_keep_its_suffix(serve):
    with serve(tickets=many_tickets(3)) as desk:
        link = desk.get("/tickets.json", per_page=2)["next_page"]
        assert link == f"{desk.url}/api/v2/tickets.json?per_page=2&page=2"


def test_links_go_to_the_vendors_own_host_where_something_in_front_ends_tls(serve):
    with serve(tickets=many_tickets(3)) as desk:
        front = {"Host": "kite.zendesk.com", "X-Forwarded-Proto": "https"}
        page = desk.ask("/tickets", params={"per_page": 2}, headers=front).json()
        root = "https://kite.zendesk.com/api/v2"
        assert page["next_page"] == f"{root}/tickets?per_page=2&page=2"
        assert page["tickets"][0]["url"] == f"{root}/tickets/1.json"


def test_deleted_organizations_are_in_no_list_and_cannot_be_read(desk):
    assert [row["id"] for row in desk.get("/organizations")["organizations"]] == [
        4_400_001,
        4_400_002,
    ]
    assert desk.get("/organizations/count")["count"]["value"] == 2
    status, body = desk.refused("/organizations/4400003")
    assert status == 404
    assert body == {"error": "RecordNotFound", "description": "Not found"}


@pytest.mark.parametrize("record", ["/tickets/8899", "/users/1", "/tickets/nonsense"])
def test_a_record_that_is_not_there_is_a_404_of_its_own(desk, record):
    assert desk.refused(record) == (404, {"error": "RecordNotFound", "description": "Not found"})


def test_an_unknown_path_is_another_404(desk):
    body = {"error": "InvalidEndpoint", "description": "Not found"}
    assert desk.refused("/nothing/here") == (404, body)
    assert desk.ask("/tickets", "DELETE").json() == body


def test_organizations_are_found_by_key_or_whole_name(desk):
    by_key = desk.get("/organizations/search", external_id="50001")
    by_name = desk.get("/organizations/search.json", name="kite & CO")
    assert [row["id"] for row in by_key["organizations"]] == [4_400_001]
    assert by_key["organizations"] == by_name["organizations"]
    assert by_key["count"] == 1
    assert desk.get("/organizations/search", external_id="50003")["organizations"] == []


def test_several_organizations_come_at_once_by_id_or_by_key(desk):
    by_id = desk.get("/organizations/show_many", ids="4400002,4400001,4400003,7")
    by_key = desk.get("/organizations/show_many", external_ids="50001,50003")
    assert [row["id"] for row in by_id["organizations"]] == [4_400_001, 4_400_002]
    assert [row["id"] for row in by_key["organizations"]] == [4_400_001]
    too_many = ",".join(str(number) for number in range(101))
    assert desk.refused("/organizations/show_many", ids=too_many)[0] == 400


def test_users_are_agents_and_requesters_with_their_organization(desk):
    users = {row["email"]: row for row in desk.get("/users")["users"]}
    assert users["ana@kite.co"]["organization_id"] == 4_400_001
    assert users["ana@kite.co"]["role"] == "end-user"
    assert users["ana@kite.co"]["active"] is True
    assert users["who@else.example"]["organization_id"] is None
    agents = desk.get("/users", **{"role[]": ["agent", "admin"]})["users"]
    assert {row["role"] for row in agents} == {"agent", "admin"}
    assert desk.get("/users/me")["user"]["role"] == "admin"


def test_the_users_of_an_organization_are_those_that_name_it(desk):
    everybody = desk.get("/users")["users"]
    for number in (4_400_001, 4_400_002):
        found = desk.get(f"/organizations/{number}/users")["users"]
        assert found == [row for row in everybody if row["organization_id"] == number]
    assert any(row["organization_id"] == 4_400_001 for row in everybody)


def test_memberships_tie_users_to_their_default_organization(desk):
    (membership,) = desk.get("/organization_memberships")["organization_memberships"]
    assert membership["default"] is True
    assert membership["organization_id"] == 4_400_001
    ana = desk.get("/users/search", query="email:ana@kite.co")["users"][0]
    assert membership["user_id"] == ana["id"]


def test_ticket_lists_leave_out_deleted_and_archived_tickets(desk):
    listed = [row["id"] for row in desk.get("/tickets")["tickets"]]
    assert listed == [8801, 8802, 8805]
    assert desk.get("/tickets/8804")["ticket"]["status"] == "closed"
    assert desk.refused("/tickets/8803")[0] == 404


def test_a_ticket_has_no_solve_time_of_its_own_and_repeats_its_fields(desk):
    ticket = desk.get("/tickets/8801")["ticket"]
    assert "solved_at" not in ticket
    assert ticket["fields"] == ticket["custom_fields"] != []
    assert ticket["via"]["channel"] == "web"
    assert ticket["satisfaction_rating"] == {"score": "good", "id": 612, "comment": "fast help"}


def test_an_unknown_sender_has_no_organization(desk):
    ticket = desk.get("/tickets/8805")["ticket"]
    assert ticket["organization_id"] is None
    assert ticket["priority"] is None
    sender = desk.get(f"/users/{ticket['requester_id']}")["user"]
    assert sender["organization_id"] is None


def test_metrics_of_a_ticket_say_when_it_was_last_solved(desk):
    solved = desk.get("/tickets/8801/metrics")["ticket_metric"]
    assert solved["solved_at"] == "2026-11-12T08:14:04Z"
    assert (solved["reopens"], solved["replies"]) == (1, 4)
    assert solved["reply_time_in_minutes"] == {"calendar": 35, "business": 35}
    assert solved["full_resolution_time_in_minutes"]["calendar"] == 2834
    assert solved["first_resolution_time_in_minutes"]["calendar"] == 1500  # before it was reopened
    unsolved = desk.get("/tickets/8802/metrics")["ticket_metric"]
    assert unsolved["solved_at"] is None
    assert unsolved["reply_time_in_minutes"] == {"calendar": None, "business": None}
    assert desk.get(f"/ticket_metrics/{solved['id']}")["ticket_metric"] == solved


def test_the_list_of_metrics_has_the_newest_ticket_first(desk):
    metrics = desk.get("/ticket_metrics")["ticket_metrics"]
    assert [row["ticket_id"] for row in metrics] == [8805, 8802, 8801]


def test_cursor_pages_end_by_has_more_and_not_by_their_links(serve):
    with serve(tickets=many_tickets(200)) as desk:
        first = desk.get("/tickets", **{"page[size]": 100})
        assert first["meta"]["has_more"] is True
        second = desk.ask(first["links"]["next"]).json()
        seen = [row["id"] for row in first["tickets"] + second["tickets"]]
        assert seen == list(range(1, 201))
        assert second["meta"]["has_more"] is False
        behind = desk.ask(second["links"]["next"]).json()
        assert behind["tickets"] == []
        assert behind["meta"] == {"has_more": False, "after_cursor": None, "before_cursor": None}
        assert behind["links"] == {"prev": None, "next": None}
        back = desk.ask(second["links"]["prev"]).json()
        assert back["tickets"] == first["tickets"]


def test_a_cursor_is_opaque_and_bound_to_its_order(serve):
    with serve(tickets=many_tickets(5)) as desk:
        down = desk.get("/tickets", sort="-id", **{"page[size]": 2})
        assert [row["id"] for row in down["tickets"]] == [5, 4]
        after = down["meta"]["after_cursor"]
        more = desk.get("/tickets", sort="-id", **{"page[size]": 2, "page[after]": after})
        assert [row["id"] for row in more["tickets"]] == [3, 2]
        made_up = base64.b64encode(b'{"o":"id","v":["x"]}').decode()
        for cursor in (after, made_up, "nonsense"):
            status, body = desk.refused("/tickets", **{"page[size]": 2, "page[after]": cursor})
            assert (status, body["errors"][0]["code"]) == (400, "InvalidPaginationParameter")


@pytest.mark.parametrize("params", [{"page[size]": 101}, {"page[size]": 5, "sort": "created_at"}])
def test_cursor_pages_have_at_most_100_rows_and_few_orders(desk, params):
    status, body = desk.refused("/tickets", **params)
    assert (status, body["errors"][0]["code"]) == (400, "InvalidPaginationParameter")


def test_offset_pages_count_and_link_until_the_last(serve):
    with serve(tickets=many_tickets(250)) as desk:
        page, seen = desk.get("/tickets"), []
        assert page["previous_page"] is None
        while True:
            assert page["count"] == 250
            seen += [row["id"] for row in page["tickets"]]
            if page["next_page"] is None:
                break
            page = desk.ask(page["next_page"]).json()
        assert seen == list(range(1, 251))
        assert len(desk.get("/tickets", per_page=500)["tickets"]) == 100


def test_offset_pages_end_at_the_10_000th_record(serve):
    with serve(tickets=many_tickets(10_001)) as desk:
        last = desk.get("/tickets", page=100)
        assert last["tickets"][-1]["id"] == 10_000
        status, body = desk.refused(last["next_page"])
        assert (status, body["errors"][0]["code"]) == (400, "InvalidPaginationDepth")
        assert desk.refused("/tickets", page=1001, per_page=10)[0] == 400


def test_a_number_that_is_none_is_named_in_an_error_object(desk):
    status, body = desk.refused("/tickets", page="two")
    assert status == 400
    assert body["error"]["title"] == "Invalid attribute"
    assert "page must be an integer" in body["error"]["message"]
