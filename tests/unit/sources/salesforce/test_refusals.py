"""What becomes of answers that are none: lost places, queries that take too long, refusals."""

import pytest

from include.errors import FixConfig, RejectData, RetryLater
from tests.unit.sources.conftest import Reply
from tests.unit.sources.salesforce.conftest import (
    USER,
    answering,
    described,
    found,
    page_of,
    read,
    refused,
    user,
)


def test_a_lost_cursor_starts_the_query_again(org, opened):
    answering(org, Reply(found(user("1"), following="a")), Reply(found(user("1"), user("2"))))
    org.answers["GET /query/a"] = refused("INVALID_QUERY_LOCATOR", "invalid query locator")
    records, _ = read(opened(), "users")
    assert {record["Id"] for record in records} == {"1", "2"}


def test_cursors_that_are_lost_again_and_again_end_the_run(org, opened):
    answering(org, Reply(found(user("1"), following="a")))
    org.answers["GET /query/a"] = refused("INVALID_QUERY_LOCATOR")
    with pytest.raises(RetryLater, match="the place in the list is gone"):
        read(opened(), "users")


def test_a_query_that_takes_too_long_is_asked_in_halves(org, opened):
    answering(
        org,
        refused("QUERY_TIMEOUT", "Your query request was running for too long."),
        Reply(found(user("1"))),
        Reply(found(user("2"))),
    )
    records, _ = read(opened(), "users")
    assert [record["Id"] for record in records] == ["1", "2"]
    first, second = (soql.partition(" WHERE ")[2] for soql in org.queries()[-2:])
    assert first.rpartition("< ")[2] == second.partition(">= ")[2].partition(" ")[0]


def test_a_query_that_never_ends_in_time_gives_up(org, opened):
    answering(org, refused("QUERY_TIMEOUT"))
    with pytest.raises(RetryLater, match="takes too long"):
        read(opened(), "users")


def test_where_the_newest_stamp_takes_too_long_the_clock_of_the_org_stands_in(org, opened):
    org.serve("User", *USER, records=[user("1")])
    org.answers["GET /"] = Reply({}, headers={"Date": "Fri, 20 Nov 2026 10:00:00 GMT"})
    org.answers["GET /query"] = lambda asked: (
        refused("QUERY_TIMEOUT") if "LIMIT 1" in asked.soql else page_of(asked, [user("1")])
    )
    records, state = read(opened(), "users")
    assert len(records) == 1
    assert "SystemModstamp < 2026-11-20T10:00:01Z" in org.queries()[-1]
    assert state["since"] == 1795168800


def test_a_page_that_leads_back_ends_the_run(org, opened):
    answering(org, Reply(found(user("1"), following="a")))
    org.answers["GET /query/a"] = found(user("2"), following="a")
    with pytest.raises(RetryLater, match="led back"):
        read(opened(), "users")


def test_a_page_on_another_host_is_not_asked(org, opened):
    page = found(user("1"), following="a") | {"nextRecordsUrl": "https://evil.example/x"}
    answering(org, Reply(page))
    with pytest.raises(RejectData, match="another host"):
        read(opened(), "users")


def test_an_answer_without_its_end_mark_is_no_answer(org, opened):
    answering(org, Reply({"records": []}))
    with pytest.raises(RejectData, match="form"):
        read(opened(), "users")


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (
            refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403),
            RetryLater,
            "24 hours are used up",
        ),
        (
            refused("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API) Limit", 403),
            RetryLater,
            "long calls at a time",
        ),
        (refused("MALFORMED_QUERY", "unexpected token"), FixConfig, "MALFORMED_QUERY"),
        (
            refused("INVALID_FIELD", "No such column 'Email' on entity 'User'. If you"),
            FixConfig,
            "User has no field Email",
        ),
        (refused("INVALID_FIELD", "something else"), FixConfig, "hides it from this user"),
        (refused("API_DISABLED_FOR_ORG", "", 403), FixConfig, "no access to the API"),
        (refused("SERVER_UNAVAILABLE", "", 503), RetryLater, "trouble of its own"),
        (Reply(b"<html>Down for maintenance</html>", status=403), RetryLater, "in front of"),
        (Reply(b"", status=420), RetryLater, "in front of"),
        (Reply({"error": "x"}, status=404), FixConfig, "404"),
    ],
)
def test_a_refusal_says_what_it_means(org, opened, reply, kind, words):
    answering(org, reply)
    with pytest.raises(kind, match=words):
        read(opened(), "users")


def test_the_day_is_spent_for_hours_but_a_crowd_for_seconds(org, opened):
    answering(org, refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403))
    with pytest.raises(RetryLater) as caught:
        read(opened(), "users")
    assert caught.value.wait_s > 3600
    crowd = refused("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", 403)
    answering(org, crowd, Reply(found(user("1"))))
    assert len(read(opened(), "users")[0]) == 1


def test_a_run_stops_at_its_share_of_the_calls_of_the_day(org, opened):
    told = {"Sforce-Limit-Info": "api-usage=801/1000 (per-app-api-usage=1/9(appName=x))"}
    org.answers["GET /sobjects/User/describe"] = Reply(described(*USER), headers=told)
    with pytest.raises(RetryLater, match="limit of 800 requests"):
        read(opened(budget_share=0.8), "users")
    org.serve("User", *USER, records=[user("1")])
    org.answers["GET /sobjects/User/describe"] = Reply(described(*USER), headers=told)
    assert len(read(opened(budget_share=0.9), "users")[0]) == 1
