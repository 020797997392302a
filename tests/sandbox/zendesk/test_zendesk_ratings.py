"""Satisfaction ratings and their filters (vendor documentation, checked Nov 2026)."""

import pytest

PATH = "/satisfaction_ratings"


def ids(page):
    return [row["id"] for row in page["satisfaction_ratings"]]


def test_a_rating_names_its_ticket_and_people(desk):
    rating = desk.get(f"{PATH}/612")["satisfaction_rating"]
    ticket = desk.get("/tickets/8801")["ticket"]
    assert rating["ticket_id"] == 8801
    assert rating["requester_id"] == ticket["requester_id"]
    assert rating["assignee_id"] == ticket["assignee_id"]
    assert (rating["score"], rating["comment"]) == ("good", "fast help")
    assert rating["created_at"] == "2026-11-13T10:00:00Z"


@pytest.mark.parametrize(
    ("score", "found"),
    [
        ("offered", [613]),
        ("unoffered", []),
        ("received", [612, 614]),
        ("received_with_comment", [612]),
        ("received_without_comment", [614]),
        ("good", [612]),
        ("good_without_comment", []),
        ("bad", [614]),
    ],
)
def test_scores_filter_and_an_offer_is_no_answer(desk, score, found):
    assert ids(desk.get(PATH, score=score)) == found


def test_an_unknown_score_is_refused(desk):
    assert desk.refused(PATH, score="great")[0] == 400


def test_times_filter_with_both_ends_included(desk, at):
    changed = at("2026-11-14T10:00:00")
    assert ids(desk.get(PATH, start_time=changed)) == [612, 613, 614]
    assert ids(desk.get(PATH, start_time=changed + 1)) == []
    assert ids(desk.get(PATH, end_time=changed)) == [612, 613, 614]
    assert ids(desk.get(PATH, end_time=changed - 1)) == []


def test_ratings_come_in_the_order_of_their_offers_where_a_connector_asks_for_it(serve):
    rows = [
        {"rating_no": 1, "created_at": "2026-11-13"},
        {"rating_no": 2, "created_at": "2026-11-12"},
    ]
    with serve(tickets=[{}], ratings=rows) as desk:
        assert ids(desk.get(PATH, sort="created_at", **{"page[size]": 100})) == [2, 1]
        assert ids(desk.get(PATH, **{"page[size]": 100})) == [1, 2]


def test_both_paginations_work_and_next_links_hold_the_filter(desk, at):
    start = at("2026-11-01")
    by_offset = desk.get(PATH, start_time=start, per_page=2)
    assert by_offset["count"] == 3
    assert by_offset["next_page"].count("start_time=") == 1
    by_cursor = desk.get(PATH, start_time=start, **{"page[size]": 2})
    assert by_cursor["links"]["next"].count("start_time=") == 1
    assert ids(desk.ask(by_cursor["links"]["next"]).json()) == [614]
    assert ids(desk.ask(by_offset["next_page"]).json()) == [614]
