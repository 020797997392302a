"""Incremental exports with their traps (vendor documentation, checked Nov 2026)."""

import base64

import pytest

TICKETS, CURSOR = "/incremental/tickets.json", "/incremental/tickets/cursor.json"


def spread(count, second="2026-11-18T00:00:00"):
    """Tickets that the export selects by one and the same second."""
    return [{"ticket_no": number, "generated_at": second} for number in range(1, count + 1)]


def ids(page, name="tickets"):
    return [row["id"] for row in page[name]]


def test_the_cursor_export_is_followed_to_the_end_of_the_stream(serve, at):
    with serve(tickets=spread(25)) as desk:
        page = desk.get(CURSOR, start_time=at("2026-11-01"), per_page=10)
        seen = ids(page)
        while not page["end_of_stream"]:
            page = desk.ask(page["after_url"]).json()
            seen += ids(page)
        assert seen == list(range(1, 26))
        assert (page["before_cursor"], page["before_url"]) == (None, None)


def test_the_last_cursor_is_kept_for_the_next_run(serve, at):
    with serve(tickets=spread(3)) as desk:
        page = desk.get(CURSOR, start_time=at("2026-11-01"))
        assert page["end_of_stream"] is True
        assert base64.b64decode(page["after_cursor"]) == f"{at('2026-11-18')}.0||3".encode()
        assert page["after_url"].startswith(f"{desk.url}/api/v2{CURSOR}?cursor=")
        again = desk.get(CURSOR, cursor=page["after_cursor"])
        assert ids(again) == []
        assert again["after_cursor"] == page["after_cursor"]
        assert again["end_of_stream"] is True


def test_an_export_of_nothing_still_has_a_next_address(serve, at):
    with serve(tickets=[]) as desk:
        page = desk.get(CURSOR, start_time=at("2026-11-01"))
        assert ids(page) == []
        assert ids(desk.ask(page["after_url"]).json()) == []
        by_time = desk.get(TICKETS, start_time=at("2026-11-01"))
        assert (by_time["count"], by_time["end_of_stream"]) == (0, True)
        assert by_time["next_page"].endswith(f"start_time={at('2026-11-01')}")


def test_tickets_are_selected_by_generated_time_and_not_by_update(desk, at):
    page = desk.get(CURSOR, start_time=at("2026-11-18T05:00:00"))
    assert ids(page) == [8804]
    assert page["tickets"][0]["updated_at"] == "2026-03-01T00:00:00Z"
    assert page["tickets"][0]["generated_timestamp"] == at("2026-11-18T05:00:00")


def test_the_first_second_is_included(desk, at):
    assert 8802 in ids(desk.get(CURSOR, start_time=at("2026-11-18")))
    assert 8802 not in ids(desk.get(CURSOR, start_time=at("2026-11-18T00:00:01")))


def test_exports_hold_deleted_tickets_with_scrubbed_words_unless_told_not_to(desk, at):
    page = desk.get(CURSOR, start_time=at("2026-01-01"))
    deleted = next(row for row in page["tickets"] if row["status"] == "deleted")
    assert deleted["id"] == 8803
    assert deleted["subject"] == "SCRUBBED"
    without = desk.get(CURSOR, start_time=at("2026-01-01"), exclude_deleted="true")
    assert set(ids(page)) - set(ids(without)) == {8803}


def test_metric_sets_come_inside_the_tickets_that_ask_for_them(desk, at):
    page = desk.get(CURSOR, start_time=at("2026-01-01"), include="metric_sets")
    ticket = next(row for row in page["tickets"] if row["id"] == 8801)
    assert ticket["metric_set"] == desk.get("/tickets/8801/metrics")["ticket_metric"]
    plain = desk.get(CURSOR, start_time=at("2026-01-01"))
    assert not any("metric_set" in row for row in plain["tickets"])


def test_the_next_address_keeps_the_options_but_not_the_start_time(serve, at):
    with serve(tickets=spread(3)) as desk:
        page = desk.get(CURSOR, start_time=at("2026-01-01"), per_page=2, include="metric_sets")
        assert "start_time" not in page["after_url"]
        rest = desk.ask(page["after_url"]).json()
        assert ids(rest) == [3]
        assert "metric_set" in rest["tickets"][0]


def test_the_scope_is_agents_work_unless_asked_otherwise(desk, at):
    start = at("2026-01-01")
    usual = ids(desk.get(CURSOR, start_time=start))
    assert usual
    assert ids(desk.get(CURSOR, start_time=start, support_type_scope="all")) == usual
    assert ids(desk.get(CURSOR, start_time=start, support_type_scope="ai_agent")) == []
    assert desk.refused(CURSOR, start_time=start, support_type_scope="robots")[0] == 400


def test_a_page_has_at_most_1000_records(serve, at):
    with serve(tickets=spread(1001)) as desk:
        page = desk.get(CURSOR, start_time=at("2026-01-01"), per_page=5000)
        assert len(page["tickets"]) == 1000
        assert page["end_of_stream"] is False


@pytest.mark.parametrize("path", [CURSOR, TICKETS, "/incremental/organizations.json"])
def test_a_start_time_within_the_last_minute_is_refused(desk, at, path):
    status, body = desk.refused(path, start_time=at("2026-11-20T02:59:30"))
    assert (status, body["error"]) == (400, "StartTimeTooRecent")
    assert "older than 60 seconds" in body["description"]
    assert desk.refused(path)[0] == 400
    assert desk.refused(path, start_time="yesterday")[0] == 400


def test_a_start_time_may_have_a_fraction_as_connectors_send_it(desk, at):
    second = at("2026-11-18T05:00:00")
    assert ids(desk.get(CURSOR, start_time=f"{second}.0")) == [8804]
    assert desk.refused(CURSOR, start_time="inf")[0] == 400


def test_the_last_minute_is_left_for_the_next_run(serve, at):
    recent = {"ticket_no": 2, "generated_at": "2026-11-20T02:59:50"}
    settled = {"ticket_no": 1, "generated_at": "2026-11-20T02:58:00"}
    with serve(tickets=[settled, recent]) as desk:
        page = desk.get(CURSOR, start_time=at("2026-01-01"))
        assert ids(page) == [1]
        assert page["end_of_stream"] is True


def test_a_made_up_cursor_is_refused(desk):
    assert desk.refused(CURSOR, cursor="not-a-cursor")[0] == 400


def test_by_time_the_boundary_second_comes_twice(serve, at):
    seconds = ["2026-11-18T00:00:00", "2026-11-18T00:00:05", "2026-11-18T00:00:05"]
    tickets = [{"ticket_no": n, "generated_at": s} for n, s in enumerate(seconds, start=1)]
    with serve(tickets=tickets) as desk:
        page = desk.get(TICKETS, start_time=at("2026-01-01"), per_page=2)
        assert ids(page) == [1, 2]
        assert (page["count"], page["end_of_stream"]) == (2, False)
        assert page["end_time"] == at("2026-11-18T00:00:05")
        rest = desk.ask(page["next_page"]).json()
        assert ids(rest) == [2, 3]
        assert rest["end_of_stream"] is True
        assert rest["next_page"].endswith(f"start_time={at('2026-11-18T00:00:05')}")


def test_by_time_a_page_full_of_one_second_never_ends(serve, at):
    with serve(tickets=spread(5)) as desk:
        page = desk.get(TICKETS, start_time=at("2026-11-18"), per_page=2)
        for _ in range(3):
            assert ids(page) == [1, 2]
            assert page["end_of_stream"] is False
            page = desk.ask(page["next_page"]).json()


def test_deleted_organizations_are_exported_with_the_time_of_their_deletion(desk, at):
    page = desk.get("/incremental/organizations.json", start_time=at("2026-05-01"))
    (gone,) = page["organizations"]
    assert gone["deleted_at"] == "2026-06-01T00:00:00Z"
    everything = desk.get("/incremental/organizations", start_time=0)
    assert ids(everything, "organizations") == [4_400_001, 4_400_002, 4_400_003]
    assert everything["organizations"][0]["deleted_at"] is None


def test_users_are_exported_by_cursor_and_by_time(desk):
    by_cursor = desk.get("/incremental/users/cursor.json", start_time=0)
    by_time = desk.get("/incremental/users", start_time=0)
    assert by_cursor["users"] == by_time["users"]
    assert "ana@kite.co" in {row["email"] for row in by_cursor["users"]}


def test_metric_events_tell_the_clocks_oldest_first(desk, at):
    page = desk.get("/incremental/ticket_metric_events", start_time=0)
    events = [row for row in page["ticket_metric_events"] if row["ticket_id"] == 8801]
    assert [row["time"] for row in events] == sorted(row["time"] for row in events)
    kinds = {(row["metric"], row["type"]) for row in events}
    assert ("reply_time", "activate") in kinds
    assert ("resolution_time", "fulfill") in kinds
    ran = [row for row in events if row["type"] == "update_status"]
    assert {"calendar": 35, "business": 35} in [row["status"] for row in ran]
    assert len({row["id"] for row in page["ticket_metric_events"]}) == page["count"]


def test_metric_events_take_the_present_second_and_have_nothing_of_it_yet(desk, at):
    page = desk.get("/incremental/ticket_metric_events", start_time=at("2026-11-20T03:00:00"))
    assert (page["ticket_metric_events"], page["end_of_stream"]) == ([], True)


def test_metric_events_also_come_in_cursor_pages(desk):
    path = "/incremental/ticket_metric_events"
    whole = desk.get(path, start_time=0)["ticket_metric_events"]
    page = desk.get(path, start_time=0, **{"page[size]": 5})
    seen = page["ticket_metric_events"]
    while page["meta"]["has_more"]:
        page = desk.ask(page["links"]["next"]).json()
        seen += page["ticket_metric_events"]
    assert seen == whole
    assert desk.refused(path, start_time=0, **{"page[size]": 101})[0] == 400
