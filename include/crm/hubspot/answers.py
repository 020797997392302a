"""Read HubSpot's answers to a batch of writes, row by row. Pure.

Facts: HubSpot CRM objects guide, error handling guide and public issue threads, checked Nov 2026. A
200 may hold fewer results than rows; a 207 names failed rows in `errors[].context`; one bad value
commonly makes the whole batch a 400 with nothing written, so the batch is halved until the guilty
row stands alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from include.crm.desk import Answer
from include.crm.parcels import (
    LONGEST_WAIT_S,
    MOST_TRIES,
    UNKNOWN_RECORD,
    Parcel,
    Verdict,
    split,
    try_again,
    wait,
)
from include.errors import FixConfig, RetryLater

MOST_REFUSALS = 6  # 429s in a row
POLICY_WAIT_S = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}
OURS_TO_FIX = {"PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE"}

Document = dict[str, Any]


def judge(parcel: Parcel, answer: Answer, *, may_split: bool = True) -> Verdict:
    """may_split False: a refused batch is rejected whole, because halving has cost enough."""
    body: Document = answer.body if isinstance(answer.body, dict) else {}
    if answer.status == 429:
        return _refused(parcel, body, answer.headers)
    if answer.status in (409, 423):
        return _locked(parcel, body, may_split=may_split)
    if answer.status in (400, 404):
        return _halved(parcel, body, may_split=may_split)
    return _by_row(parcel, body)


def in_words(body: Document) -> str:
    """The vendor's category and message, on one line of at most 300 characters."""
    said = [str(body[key]) for key in ("category", "message") if body.get(key)]
    return " ".join(": ".join(said).split())[:300] or "an answer without words"


def _by_row(parcel: Parcel, body: Document) -> Verdict:
    answered = {str(result.get("id")) for result in body.get("results", ())}
    said, unnamed = _errors_by_row(body.get("errors", ()))
    verdict, locked = Verdict(), []
    for row in parcel.rows:
        record_id = row.change.record_id
        error = said.get(record_id) or said.get(str(row.write_id))
        if record_id in answered:
            verdict.acknowledged.append(row)
        elif error is not None and error.get("category") == "CONFLICT":
            locked.append((row, in_words(error)))
        elif error is not None and error.get("category") != "OBJECT_NOT_FOUND":
            verdict.rejected.append((row, in_words(error)))
        else:
            verdict.rejected.append((row, unnamed or UNKNOWN_RECORD))
    verdict.strangers = sorted(answered - {row.change.record_id for row in parcel.rows})
    try_again(verdict, locked, parcel.tries)
    return verdict


def _errors_by_row(errors: Sequence[Document]) -> tuple[dict[str, Document], str]:
    """Errors by record id and by trace id, and the words of those that name no row."""
    said: dict[str, Document] = {}
    unnamed = ""
    for error in errors:
        context = error.get("context") or {}
        named = [str(name) for key in ("ids", "id", "objectWriteTraceId")
                 for name in _listed(context.get(key))]  # fmt: skip
        said.update(dict.fromkeys(named, error))
        unnamed = unnamed or ("" if named else in_words(error))
    return said, unnamed


def _listed(value: object) -> Sequence[object]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _locked(parcel: Parcel, body: Document, *, may_split: bool) -> Verdict:
    """Somebody else is writing one of these records: wait, then look for it by halving."""
    if parcel.tries + 1 < MOST_TRIES:
        return wait(parcel)
    verdict = split(parcel, in_words(body), may_split=may_split)
    verdict.missed, verdict.rejected = verdict.rejected, []
    return verdict


def _halved(parcel: Parcel, body: Document, *, may_split: bool) -> Verdict:
    """A property of ours that HubSpot does not know may be so new that it needs some seconds."""
    codes = {str(error.get("code")) for error in body.get("errors") or ()}
    if not codes & OURS_TO_FIX:
        return split(parcel, in_words(body), may_split=may_split)
    if parcel.tries + 1 < MOST_TRIES:
        return wait(parcel)
    words = in_words(body)
    stop = FixConfig(
        f"HubSpot refuses our own properties ({words}). Somebody removed or changed one while"
        " the job ran: run it again, and it says which, or creates it."
    )
    return Verdict(missed=[(row, words) for row in parcel.rows], stop=stop)


def _refused(parcel: Parcel, body: Document, headers: Mapping[str, str]) -> Verdict:
    """429: nothing was written. DAILY lasts until the portal's midnight, so it ends the run."""
    policy = str(body.get("policyName", ""))
    wait_s = _retry_after_s(headers) or POLICY_WAIT_S.get(policy, 10.0)
    if policy != "DAILY" and parcel.refusals < MOST_REFUSALS and wait_s <= LONGEST_WAIT_S:
        return Verdict(again=[replace(parcel, refusals=parcel.refusals + 1)], wait_s=wait_s)
    words = f"429 {policy}".strip()
    if policy == "DAILY":
        stop = RetryLater(
            "HubSpot's daily limit of calls is used up; it starts anew at midnight in the portal's"
            " time zone. What is missing is sent by the next run."
        )
    else:
        stop = RetryLater(f"HubSpot keeps refusing calls ({words}).", wait_s=wait_s)
    return Verdict(missed=[(row, words) for row in parcel.rows], stop=stop)


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds; 0 where the header is missing or is no number."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(text) if text.strip().isdecimal() else 0.0
