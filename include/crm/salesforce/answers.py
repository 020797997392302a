"""Read Salesforce's answers to a batch of writes, row by row. Pure.

Facts: sObject Collections, Bulk API 2.0 results, REST status codes and row errors, checked Nov
2026. A 200 holds one result a row, in the order asked, and may have refused them all; a field that
is not there, or a body that is malformed, refuses the whole call with 400.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from include.crm.desk import Answer, Shown
from include.crm.parcels import (
    LOCKED_WAIT_S,
    MOST_TRIES,
    UNKNOWN_RECORD,
    Parcel,
    Row,
    Verdict,
    compare,
    split,
    try_again,
    wait,
)
from include.crm.salesforce.lines import Results
from include.errors import FixConfig, RejectData, RetryLater

Document = Mapping[str, Any]
MOST_REFUSALS = 6
SHORT_ID = 15  # characters of an id; three more only check it
# Of a row: somebody else was writing it, or the org had trouble of its own.
MAY_PASS = frozenset(
    ("UNABLE_TO_LOCK_ROW", "REQUEST_RUNNING_TOO_LONG", "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION")
)
GONE = frozenset(("ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID"))
OURS_TO_FIX = frozenset(("INVALID_FIELD", "INVALID_TYPE"))


def judge(parcel: Parcel, answer: Answer, *, may_split: bool) -> Verdict:
    """may_split False: a refused call is rejected whole, because halving has cost enough.

    RejectData where a 200 does not hold one result a row: nobody knows what was written. FixConfig:
    this user may not write at all.
    """
    if answer.status == 200:
        return by_row(parcel, results_of(parcel, answer.body))
    code, words = first_error(answer.body)
    if code == "REQUEST_LIMIT_EXCEEDED":
        return over_limit(parcel, words)
    if answer.status == 403:
        raise FixConfig(f"Salesforce does not let this user write accounts ({code}: {words}).")
    if code in OURS_TO_FIX:
        return _ours(parcel, f"{code}: {words}")
    return split(parcel, f"{code}: {words}", may_split=may_split)


def by_row(parcel: Parcel, results: Sequence[Document]) -> Verdict:
    """Settle each row by its own result; the errors of a row are those of its first one."""
    verdict = Verdict()
    locked: list[tuple[Row, str]] = []
    for row, result in zip(parcel.rows, results, strict=True):
        if result.get("success") is True:
            verdict.acknowledged.append(row)
        else:
            _refuse(verdict, locked, row, *_error_of(result))
    try_again(verdict, locked, parcel.tries)
    return verdict


def by_job(parcel: Parcel, results: Results, shown: Shown) -> Verdict:
    """Settle each row by what an ended job says of it.

    shown: what the CRM shows of the records that it does not name. What has to be written again
    goes by collections, whose answers are certain.
    """
    verdict, unnamed = Verdict(), []
    locked: list[tuple[Row, str]] = []
    for row in parcel.rows:
        if row.change.record_id in results.written:
            verdict.acknowledged.append(row)
        elif (said := results.refused.get(row.change.record_id)) is not None:
            code, _, words = said.partition(":")
            _refuse(verdict, locked, row, code, words.removesuffix("--").rstrip(" :"))
        else:
            unnamed.append(row)
    try_again(verdict, locked, parcel.tries)
    rest = compare(replace(parcel, rows=tuple(unnamed)), shown)
    verdict.acknowledged += rest.acknowledged
    left = tuple(row for row, _ in rest.missed)
    verdict.again += [Parcel(left, parcel.tries + 1)] if left else []
    return verdict


def _refuse(
    verdict: Verdict, locked: list[tuple[Row, str]], row: Row, code: str, words: str
) -> None:
    if code in MAY_PASS:
        locked.append((row, f"{code}: {words}"))
    else:
        said = f"{UNKNOWN_RECORD} ({code})" if code in GONE else f"{code}: {words}"
        verdict.rejected.append((row, said[:300]))


def results_of(parcel: Parcel, body: Any) -> Sequence[Document]:  # noqa: ANN401 - any JSON
    """Return one result a row; RejectData where there is another number, or order, of them."""
    if not isinstance(body, list) or len(body) != len(parcel.rows):
        raise RejectData("Salesforce answered a batch of updates without one result a record.")
    for row, result in zip(parcel.rows, body, strict=True):
        named = str(result.get("id") or row.change.record_id)
        if named[:SHORT_ID] != row.change.record_id[:SHORT_ID]:
            raise RejectData("Salesforce answered a batch of updates in another order.")
    return body


def first_error(body: Any) -> tuple[str, str]:  # noqa: ANN401 - any JSON document
    """Return code and message of a refused call: a list of errors, or one."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return "", "an answer without words"
    return str(first.get("errorCode", "")), " ".join(str(first.get("message", "")).split())[:300]


def _error_of(result: Document) -> tuple[str, str]:
    errors = result.get("errors") or [{}]
    code = str(errors[0].get("statusCode") or errors[0].get("errorCode") or "")
    return code, " ".join(str(errors[0].get("message", "")).split())


def _ours(parcel: Parcel, words: str) -> Verdict:
    """A field that was made just now may need some seconds until it is there."""
    if parcel.tries + 1 < MOST_TRIES:
        return wait(parcel)
    stop = FixConfig(
        f"Salesforce refuses our own fields ({words}). Somebody removed one, or its field-level"
        " security: `health crm provision` says which, and makes it."
    )
    return Verdict(missed=[(row, words) for row in parcel.rows], stop=stop)


def over_limit(parcel: Parcel, words: str) -> Verdict:
    """Too many calls at a time pass within seconds, those of the day within hours. None wrote."""
    is_passing = "concurrent" in words.lower()
    if is_passing and parcel.refusals < MOST_REFUSALS:
        again = replace(parcel, refusals=parcel.refusals + 1)
        return Verdict(again=[again], wait_s=LOCKED_WAIT_S * 2**parcel.refusals)
    stop = RetryLater(
        "Salesforce keeps refusing calls: too many at a time."
        if is_passing
        else "The org's calls of 24 hours are used up. What is missing is sent by the next run."
    )
    missed: list[tuple[Row, str]] = [(row, words) for row in parcel.rows]
    return Verdict(missed=missed, stop=stop)
