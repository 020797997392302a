"""Dashboard queries, users and cohorts (AMPLITUDE.md part 4)."""

import json

DAYS = {"start": "20261118", "end": "20261119"}


def segments(amplitude, event, **params):
    return amplitude.get("/2/events/segmentation", e=json.dumps(event), **DAYS, **params)["data"]


def test_segmentation_counts_users_or_events_by_day(amplitude):
    users = segments(amplitude, {"event_type": "_active"})
    assert users["series"] == [[3, 2]]
    assert users["xValues"] == ["2026-11-18", "2026-11-19"]
    assert segments(amplitude, {"event_type": "page_viewed"}, m="totals")["series"] == [[4, 1]]


def test_a_split_by_group_has_the_largest_values_first(amplitude):
    event = {"event_type": "_active", "group_by": [{"type": "group", "value": "account"}]}
    split = segments(amplitude, event, m="uniques")
    assert split["seriesLabels"] == [[0, "t-kite"], [0, "t-reed"]]
    assert split["series"] == [[2, 1], [1, 1]]
    assert len(segments(amplitude, event, limit="1")["series"]) == 1


def test_impossible_queries_are_refused(amplitude):
    for params in ({}, {"e": "x"}, {"e": '{"event_type":"_active"}', "m": "median"}):
        answer = amplitude.ask("/api/2/events/segmentation", params={**DAYS, **params})
        assert answer.status_code == 400
        assert answer.json()["error"]["http_code"] == 400
    assert amplitude.ask("/api/2/users", params={"start": "soon"}).status_code == 400


def test_active_and_new_users_by_day(amplitude):
    assert amplitude.get("/2/users", **DAYS)["data"]["series"] == [[3, 2]]
    assert amplitude.get("/2/users", m="new", **DAYS)["data"]["series"] == [[3, 0]]
    assert len(amplitude.get("/2/sessions/average", **DAYS)["data"]["series"][0]) == 2


def test_events_are_listed_with_their_totals_of_a_week(amplitude):
    rows = amplitude.get("/2/events/list")["data"]
    assert {row["name"]: row["totals"] for row in rows} == {"page_viewed": 5, "report_exported": 2}


def test_a_user_is_found_and_shown_with_the_newest_events(amplitude):
    found = amplitude.get("/2/usersearch", user="user_11")
    assert found["type"] == "match_user_or_device_id"
    assert found["matches"][0]["amplitude_id"] == 90000000011
    assert amplitude.get("/2/usersearch", user="user_1")["type"] == "user_id_prefix_match"
    assert amplitude.get("/2/usersearch", user="nobody")["matches"] == []
    shown = amplitude.get("/2/useractivity", user="90000000011", limit="2")
    assert [event["event_time"][:10] for event in shown["events"]] == ["2026-11-19", "2026-11-18"]
    assert shown["userData"]["num_events"] == 3
    assert amplitude.ask("/api/2/useractivity", params={"user": "7"}).status_code == 404


def test_a_cohort_is_asked_for_and_fetched_as_a_file(amplitude):
    cohorts = amplitude.get("/3/cohorts")["cohorts"]
    assert {row["id"]: row["size"] for row in cohorts} == {"xk28days": 3, "xk7daysx": 3}
    name = amplitude.get("/5/cohorts/request/xk7daysx")["request_id"]
    assert amplitude.get(f"/5/cohorts/request-status/{name}")["async_status"] == "JOB COMPLETED"
    lines = amplitude.ask(f"/api/5/cohorts/request/{name}/file").text.splitlines()
    assert lines[:2] == ["amplitude_id,user_id", "90000000011,user_11"]
    assert amplitude.ask("/api/5/cohorts/request/none").status_code == 404
