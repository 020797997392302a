"""Salesforce's answers, row by row; its bulk jobs' CSV; its fields and values."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.crm.catalogue import FIELDS
from include.crm.parcels import MOST_TRIES, UNKNOWN_RECORD, Parcel, Row
from include.crm.plan import Change
from include.crm.salesforce.answers import by_job, judge
from include.crm.salesforce.definitions import (
    name_of,
    problem_of,
    to_json,
    to_metadata,
    to_text,
)
from include.crm.salesforce.desk import batch_for, calls_for
from include.crm.salesforce.lines import Results, results_in, to_csv
from include.errors import FixConfig, RejectData, RetryLater

WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def rows(count):
    return tuple(Row(n, Change(n, f"001{n:015}", {}, {"S__c": str(n)})) for n in range(count))


def yes(row):
    return {"id": row.change.record_id, "success": True, "errors": []}


def no(code):
    return {"success": False, "errors": [{"statusCode": code, "message": "no", "fields": []}]}


def refusal(code, message="no"):
    return [{"errorCode": code, "message": message}]


def test_each_row_is_settled_by_its_own_result():
    one, two, three, four = sent = rows(4)
    body = [yes(one), no("STRING_TOO_LONG"), no("UNABLE_TO_LOCK_ROW"), no("ENTITY_IS_DELETED")]
    verdict = judge(Parcel(sent), Answer(200, body), may_split=True)
    assert verdict.acknowledged == [one]
    said = [(two, "STRING_TOO_LONG: no"), (four, f"{UNKNOWN_RECORD} (ENTITY_IS_DELETED)")]
    assert verdict.rejected == said
    assert verdict.again == [Parcel((three,), tries=1)]
    assert verdict.wait_s == 2


def test_a_row_that_stays_locked_is_missed_in_the_end():
    (one,) = sent = rows(1)
    parcel = Parcel(sent, tries=MOST_TRIES - 1)
    verdict = judge(parcel, Answer(200, [no("UNABLE_TO_LOCK_ROW")]), may_split=True)
    assert verdict.missed == [(one, "UNABLE_TO_LOCK_ROW: no")]


@pytest.mark.parametrize("body", [[], {}, None, [{"id": "x", "success": True}]])
def test_answers_that_are_not_one_a_row_in_order_settle_nothing(body):
    with pytest.raises(RejectData):
        judge(Parcel(rows(1)), Answer(200, body), may_split=True)


def test_an_id_of_15_characters_is_the_same_one():
    (one,) = sent = rows(1)
    body = [{"id": one.change.record_id[:15], "success": True}]
    assert judge(Parcel(sent), Answer(200, body), may_split=True).acknowledged == [one]


def test_a_refused_call_is_halved():
    sent = rows(4)
    verdict = judge(Parcel(sent), Answer(400, refusal("JSON_PARSER_ERROR")), may_split=True)
    assert [parcel.rows for parcel in verdict.again] == [sent[:2], sent[2:]]


def test_an_unknown_field_is_waited_for_and_then_ours_to_fix():
    sent = rows(2)
    answer = Answer(400, refusal("INVALID_FIELD", "No such column 'S__c'"))
    assert judge(Parcel(sent), answer, may_split=True).again == [Parcel(sent, tries=1)]
    last = judge(Parcel(sent, tries=MOST_TRIES - 1), answer, may_split=True)
    assert isinstance(last.stop, FixConfig)
    assert len(last.missed) == 2


def test_limits_of_a_moment_pass_and_those_of_a_day_do_not():
    sent = rows(1)
    moment = Answer(403, refusal("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests exceeded"))
    assert judge(Parcel(sent), moment, may_split=True).again == [Parcel(sent, refusals=1)]
    day = Answer(403, refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
    spent = judge(Parcel(sent), day, may_split=True)
    assert isinstance(spent.stop, RetryLater)
    assert (len(spent.missed), spent.again) == (1, [])


def test_a_job_s_records_are_settled_by_its_lists_and_the_rest_by_what_the_crm_shows():
    one, two, three, four, five = sent = rows(5)
    refused = {
        two.change.record_id: "STRING_TOO_LONG:data value too large:S__c --",
        three.change.record_id: "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access:--",
    }
    shown = {four.change.record_id: {"S__c": "3"}, five.change.record_id: {"S__c": ""}}
    results = Results({one.change.record_id}, refused)
    verdict = by_job(Parcel(sent), results, shown)
    assert verdict.acknowledged == [one, four]
    assert verdict.rejected == [(two, "STRING_TOO_LONG: data value too large:S__c")]
    assert verdict.again == [Parcel((three,), tries=1), Parcel((five,), tries=1)]


def test_a_job_that_names_nobody_and_wrote_nothing_settles_nothing():
    sent = rows(3)
    verdict = by_job(Parcel(sent), Results(set(), {}), {})
    assert (verdict.acknowledged, verdict.rejected, verdict.missed) == ([], [], [])
    assert verdict.again == [Parcel(sent, tries=1)]


def test_an_upload_clears_what_is_empty_and_leaves_what_is_not_named():
    change = Change(1, "001A", {}, {"A__c": "", "C__c": 'a "b", c'})
    other = Change(2, "001B", {}, {"B__c": "7"})
    lines = to_csv([Row(1, change), Row(2, other)]).decode().splitlines()
    assert lines == ["Id,A__c,B__c,C__c", '001A,#N/A,,"a ""b"", c"', "001B,,7,"]


@given(st.dictionaries(st.sampled_from(["A__c", "B__c", "C__c"]), WORDS, min_size=1))
def test_any_text_comes_through_an_upload_as_it_is(values):
    content = to_csv([Row(1, Change(1, "001A", {}, values))]).decode()
    (line,) = csv.DictReader(io.StringIO(content, newline=""))
    assert line == {"Id": "001A", **values}


def test_results_are_known_by_the_id_that_was_sent():
    text = '"sf__Id","sf__Error","Id","S__c"\n"","STRING_TOO_LONG:too\nlong:S__c --","001A","7"\n'
    found = list(results_in(io.BytesIO(text.encode())))
    assert found == [("001A", "STRING_TOO_LONG:too\nlong:S__c --")]


@pytest.mark.parametrize("text", ['"sf__Id","Id"\n"001', '"sf__Id"\n"001"\n'])
def test_broken_results_are_no_results(text):
    with pytest.raises(RetryLater):
        list(results_in(io.BytesIO(text.encode())))


def test_no_body_names_nobody():
    assert list(results_in(io.BytesIO(b""))) == []


def test_fields_are_called_as_salesforce_writes_them():
    assert name_of("cs_health_score") == "CS_Health_Score__c"
    assert name_of("cs_health_change_30d") == "CS_Health_Change_30d__c"


@pytest.mark.parametrize("ours", FIELDS, ids=lambda one: one.key)
def test_every_field_can_be_known_as_ours(ours):
    made = to_metadata(ours)
    assert made["description"] == ours.description
    assert not made["required"]


def test_a_formula_or_another_type_stands_in_our_way():
    score = FIELDS[0]
    assert problem_of(score, {"type": "double", "calculated": False}) == ""
    assert "is a formula" in problem_of(score, {"type": "double", "calculated": True})
    assert "of type string, not double" in problem_of(score, {"type": "string"})


@pytest.mark.parametrize(
    ("value", "type_", "sent"),
    [
        ("", "double", None),
        ("72.5", "double", 72.5),
        ("72.5", "string", "72.5"),
        ("", "date", None),
    ],
)
def test_values_travel_in_their_type(value, type_, sent):
    assert to_json(value, type_) == sent


@pytest.mark.parametrize(
    ("read", "text"), [(None, ""), (72.0, "72"), (1234567.5, "1234567.5"), ("red", "red")]
)
def test_values_are_read_as_text(read, text):
    assert to_text(read) == text


def test_many_changes_take_few_calls():
    assert (batch_for(10_000, 10_000), batch_for(10_001, 10_000)) == (200, 10_000)
    assert calls_for(10_000, 10_000) == 50
    assert calls_for(30_001, 10_000) == 4 * 3
