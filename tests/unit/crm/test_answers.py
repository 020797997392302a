from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.crm.hubspot.answers import judge
from include.crm.parcels import UNKNOWN_RECORD, Parcel, Row, compare
from include.crm.plan import Change
from include.crm.write import MOST_SPLITS, settle
from include.errors import FixConfig, RetryLater


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def rows(count):
    return tuple(
        Row(n, Change(n, f"9{n:03}", {}, {"cs_health_score": str(n)})) for n in range(1, count + 1)
    )


def ids(found):
    return [row.write_id for row in found]


def result(row):
    return {"id": row.change.record_id, "properties": {}}


def error(category="VALIDATION_ERROR", message="no", **context):
    return {"status": "error", "category": category, "message": message, "context": context}


def test_a_200_acknowledges_its_results_in_any_order():
    sent = rows(3)
    body = {"status": "COMPLETE", "results": [result(row) for row in reversed(sent)]}
    assert ids(judge(Parcel(sent), Answer(200, body)).acknowledged) == [1, 2, 3]


def test_rows_missing_in_a_200_are_records_the_crm_does_not_know():
    sent = rows(3)
    verdict = judge(Parcel(sent), Answer(200, {"results": [result(sent[0]), result(sent[2])]}))
    assert ids(verdict.acknowledged) == [1, 3]
    assert verdict.rejected == [(sent[1], UNKNOWN_RECORD)]


def test_a_result_for_another_record_is_a_stranger_and_no_acknowledgement():
    sent = rows(1)
    verdict = judge(Parcel(sent), Answer(200, {"results": [{"id": "777"}]}))
    assert verdict.acknowledged == []
    assert verdict.rejected == [(sent[0], UNKNOWN_RECORD)]
    assert verdict.strangers == ["777"]


@pytest.mark.parametrize("context", [{"ids": ["9002"]}, {"objectWriteTraceId": ["2"]}])
def test_a_207_names_the_failed_row_by_record_or_by_trace(context):
    sent = rows(3)
    body = {
        "results": [result(sent[0]), result(sent[2])],
        "errors": [error(message="a rule of Sales", **context)],
    }
    verdict = judge(Parcel(sent), Answer(207, body))
    assert ids(verdict.acknowledged) == [1, 3]
    assert verdict.rejected == [(sent[1], "VALIDATION_ERROR: a rule of Sales")]


def test_an_error_without_a_name_still_gives_its_words():
    sent = rows(1)
    verdict = judge(Parcel(sent), Answer(207, {"results": [], "errors": [error(message="why")]}))
    assert verdict.rejected == [(sent[0], "VALIDATION_ERROR: why")]


def test_a_row_in_conflict_is_written_again_after_two_seconds_and_then_given_up():
    sent = rows(2)
    body = {"results": [result(sent[0])], "errors": [error("CONFLICT", ids=["9002"])]}
    verdict = judge(Parcel(sent), Answer(207, body))
    assert verdict.again == [Parcel((sent[1],), tries=1)]
    assert verdict.wait_s == 2.0
    last = judge(Parcel((sent[1],), tries=2), Answer(207, {**body, "results": []}))
    assert last.again == []
    assert ids(row for row, _ in last.missed) == [2]


@pytest.mark.parametrize("status", [409, 423])
def test_a_locked_batch_waits_twice_and_is_then_halved(status):
    parcel, waits = Parcel(rows(4)), []
    for _ in range(2):
        verdict = judge(parcel, Answer(status, {}))
        waits.append(verdict.wait_s)
        (parcel,) = verdict.again
    assert waits == [2.0, 4.0]
    assert [len(half.rows) for half in judge(parcel, Answer(status, {})).again] == [2, 2]


@pytest.mark.parametrize(
    ("policy", "headers", "wait_s"),
    [
        ("SECONDLY", {}, 1.0),
        ("TEN_SECONDLY_ROLLING", {}, 10.0),
        ("TEN_SECONDLY_ROLLING", {"Retry-After": "3"}, 3.0),
        ("", {}, 10.0),
    ],
)
def test_a_429_sends_the_same_rows_after_the_policy_s_wait(policy, headers, wait_s):
    parcel = Parcel(rows(2))
    verdict = judge(parcel, Answer(429, {"policyName": policy}, headers))
    assert verdict.again == [replace(parcel, refusals=1)]
    assert verdict.wait_s == wait_s


def test_the_daily_limit_ends_the_run_with_nothing_left_in_doubt():
    verdict = judge(Parcel(rows(2)), Answer(429, {"policyName": "DAILY"}))
    assert isinstance(verdict.stop, RetryLater)
    assert ids(row for row, _ in verdict.missed) == [1, 2]
    assert verdict.again == []


def test_refusals_do_not_go_on_for_ever():
    parcel, answers = Parcel(rows(1)), 0
    while parcel:
        verdict = judge(parcel, Answer(429, {"policyName": "SECONDLY"}))
        answers += 1
        parcel = verdict.again[0] if verdict.again else None
    assert answers == 7
    assert isinstance(verdict.stop, RetryLater)


def test_a_wait_that_is_too_long_is_left_to_the_scheduler():
    verdict = judge(Parcel(rows(1)), Answer(429, {}, {"retry-after": "600"}))
    assert verdict.stop.wait_s == 600.0


@pytest.mark.parametrize("code", ["PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE"])
def test_a_property_of_ours_that_stays_unknown_is_a_matter_of_configuration(code):
    body = {"category": "VALIDATION_ERROR", "message": "no such thing", "errors": [{"code": code}]}
    verdict = judge(Parcel(rows(2)), Answer(400, body))
    assert (len(verdict.again[0].rows), verdict.wait_s) == (2, 2.0)
    verdict = judge(Parcel(rows(2), tries=2), Answer(400, body))
    assert isinstance(verdict.stop, FixConfig)
    assert len(verdict.missed) == 2


def crm(guilty, asked):
    """A CRM that refuses a whole batch when one of its rows is bad."""

    def exchange(parcel, may_split):
        asked.append(parcel)
        if guilty & set(ids(parcel.rows)):
            body = {"category": "VALIDATION_ERROR", "message": "bad value"}
            return judge(parcel, Answer(400, body), may_split=may_split)
        return judge(parcel, Answer(200, {"results": [result(row) for row in parcel.rows]}))

    return exchange


@given(st.integers(1, 100).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(1, n)))))
def test_every_row_is_settled_once_and_no_good_row_is_rejected_while_halving_is_allowed(case):
    count, guilty = case
    asked: list[Parcel] = []
    verdicts = list(settle(rows(count), crm(guilty, asked)))
    good = [n for verdict in verdicts for n in ids(verdict.acknowledged)]
    bad = [n for verdict in verdicts for n in ids(row for row, _ in verdict.rejected)]
    assert sorted(good + bad) == list(range(1, count + 1))
    assert guilty <= set(bad)
    assert len(asked) <= 2 * MOST_SPLITS + 1


@given(st.sets(st.integers(1, 100), max_size=5))
def test_halving_finds_exactly_the_guilty_rows(guilty):
    verdicts = list(settle(rows(100), crm(guilty, [])))
    bad = [n for verdict in verdicts for n in ids(row for row, _ in verdict.rejected)]
    assert sorted(bad) == sorted(guilty)


def test_one_bad_row_of_a_hundred_costs_fifteen_calls_at_most():
    for guilty in range(1, 101):
        asked: list[Parcel] = []
        list(settle(rows(100), crm({guilty}, asked)))
        assert 1 < len(asked) <= 15


def test_lost_answers_are_settled_by_what_the_crm_shows():
    sent = rows(3)
    shown = {
        "9001": {"cs_health_score": "1.0"},
        "9002": {"cs_health_score": "99"},
    }
    verdict = compare(Parcel(sent), shown)
    assert ids(verdict.acknowledged) == [1]
    assert ids(row for row, _ in verdict.missed) == [2, 3]


def test_a_cleared_property_is_found_empty():
    row = Row(1, Change(1, "9001", {"cs_health_score": "5"}, {"cs_health_score": ""}))
    assert ids(compare(Parcel((row,)), {"9001": {"cs_health_score": None}}).acknowledged) == [1]
    assert ids(compare(Parcel((row,)), {"9001": {"cs_health_score": ""}}).acknowledged) == [1]


def test_a_cleared_property_of_an_unknown_record_is_not_taken_for_written():
    row = Row(1, Change(1, "9001", {"cs_health_score": "5"}, {"cs_health_score": ""}))
    assert compare(Parcel((row,)), {}).acknowledged == []
