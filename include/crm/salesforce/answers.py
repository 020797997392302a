"""Read Salesforce's answers to a batch of writes, row by row. Pure.

Facts: sObject Collections, REST status codes and row errors, checked Nov 2026. A 200 holds one
result a row, in the order asked, and may have refused them all; a field that is not there, or a
body that is malformed, refuses the whole call with 400.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from include.crm.desk import Answer
from include.crm.parcels import (
    LOCKED_WAIT_S,
    MOST_TRIES,
    UNKNOWN_RECORD,
    Parcel,
    Row,
    Verdict,
    split,
    try_again,
    wait,
)
from include.errors import FixConfig, RejectData, RetryLater

Document = Mapping[str, Any]
MOST_REFUSALS = 6
# Of a row: somebody else was writing it, or the org had trouble of its own.
MAY_PASS = frozenset(
    ("UNABLE_TO_LOCK_ROW", "REQUEST_RUNNING_TOO_LONG", "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION")
)
GONE = frozenset(("ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID"))
OURS_TO_FIX = frozenset(("INVALID_FIELD", "INVALID_TYPE"))


def judge(parcel: Parcel, answer: Answer, *, may_split: bool) -> Verdict:
    """may_split False: a refused call is rejected whole, because halving has cost enough.

    RejectData where a 200 does not hold one result a row: nobody knows what was written.
    """
    if answer.status == 200:
        return by_row(parcel, results_of(parcel, answer.body))
    code, words = first_error(answer.body)
    if answer.status == 403 and code == "REQUEST_LIMIT_EXCEEDED":
        return _over_limit(parcel, words)
    if code in OURS_TO_FIX:
        return _ours(parcel, f"{code}: {words}")
    return split(parcel, f"{code}: {words}", may_split=may_split)


def by_row(parcel: Parcel, results: Sequence[Document]) -> Verdict:
    """Settle each row by its own result; the errors of a row are those of its first one."""
    verdict, locked = Verdict(), []
    for row, result in zip(parcel.rows, results, strict=True):
        if result.get("success") is True:
            verdict.acknowledged.append(row)
            continue
        code, words = _error_of(result)
        if code in MAY_PASS:
            locked.append((row, f"{code}: {words}"))
        else:
            said = f"{UNKNOWN_RECORD} ({code})" if code in GONE else f"{code}: {words}"
            verdict.rejected.append((row, said[:300]))
    try_again(verdict, locked, parcel.tries)
    return verdict


def results_of(parcel: Parcel, body: Any) -> Sequence[Document]:  # noqa: ANN401 - any JSON
    """Return one result a row; RejectData where there is another number of them."""
    if isinstance(body, list) and len(body) == len(parcel.rows):
        return body
    raise RejectData("Salesforce answered a batch of updates without one result a record.")


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


def _over_limit(parcel: Parcel, words: str) -> Verdict:
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
