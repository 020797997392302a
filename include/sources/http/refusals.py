"""Which of our errors a status becomes, in one table, and how long the vendor wants us to wait."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson
import requests

from include.errors import FixConfig, HealthError, RetryLater
from include.sources.http.answers import Place

DAY_S = 86_400.0
SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
MEANINGS: dict[int, tuple[type[HealthError], str]] = {
    400: (FixConfig, "it does not accept the request; compare the versions in docs/sources.md"),
    401: (FixConfig, "the credential is wrong, expired or revoked; renew it in the connection"),
    402: (FixConfig, "the vendor's plan does not cover this"),
    403: (FixConfig, "the credential lacks a permission; docs/sources.md lists the needed ones"),
    404: (FixConfig, "there is nothing at this path; check the connection's base URL and ids"),
    405: (FixConfig, "the path does not take this method; check the connection's base URL"),
    408: (RetryLater, "it gave up waiting"),
    409: (RetryLater, "something else is changing the same thing"),
    410: (FixConfig, "the vendor has taken this path out of service"),
    413: (FixConfig, "the request is too large"),
    422: (FixConfig, "it refuses a value of the request"),
    423: (RetryLater, "the record is locked"),
    425: (RetryLater, "it wants to be asked later"),
    429: (RetryLater, "too many requests"),
    477: (RetryLater, "the account is being moved"),
    530: (RetryLater, "its edge found no server; if this stays, the token may be malformed"),
}
# HubSpot names the limit in the body of a 429. Checked Nov 2026; DAILY is in _wait_of.
HUBSPOT_WAITS: Mapping[str, float] = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}
# Zendesk's rule for a 429 without a usable Retry-After, since its limits count by the minute.
ZENDESK_WAIT_S = 60.0
# Stripe says by a header that repeating within seconds is useless, whatever the status.
NOT_NOW_S = 300.0


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that was not asked for. document: its body if it is JSON, else None."""

    status: int
    headers: Mapping[str, str]
    document: Any
    body: bytes
    place: Place


# What one vendor means by an answer; None: what the common table says.
Refuse = Callable[[Refused], HealthError | None]


def refusal(
    response: requests.Response, body: bytes, place: Place, refuse: Refuse | None = None
) -> HealthError:
    """Return the error for a status that was not asked for; redirects are never followed."""
    status = response.status_code
    if refuse:
        told = refuse(Refused(status, response.headers, _json(body), body, place))
        if told is not None:
            return told
    if _is_lost_place(body):
        message = f"{place}: the record that marked the place in the list was deleted meanwhile."
        return RetryLater(message, wait_s=NOT_NOW_S)
    kind, words = MEANINGS.get(status) or _meaning_of_others(status)
    if status != 401 and _is_broken_json(body):
        kind, words = RetryLater, "its reason came as JSON that is cut short or broken"
    retried = response.headers.get("Stripe-Should-Retry")
    if retried == "true":
        kind = RetryLater
    message = f"{place} answered {status}: {words}."
    if kind is not RetryLater:
        return kind(message)
    if _policy(body) == "DAILY":
        message = f"{place} answered {status}: the day's quota of requests is used up."
    wait_s = NOT_NOW_S if retried == "false" else _wait_of(response, body, place.vendor)
    return RetryLater(message, wait_s=wait_s)


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """Return the vendor's own clock from its Date header; None where it is missing or no date."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
    except ValueError:
        return None


def until_midnight(now: datetime | None) -> float:
    """Return the seconds to midnight UTC; a whole day where the vendor's clock is not told.

    The portal's own time zone, by which HubSpot's day ends, stands in no answer.
    """
    if now is None:
        return DAY_S
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - now).total_seconds()


def _meaning_of_others(status: int) -> tuple[type[HealthError], str]:
    if status >= 500:
        return RetryLater, "the vendor has trouble of its own"
    if 300 <= status < 400:
        return FixConfig, "it points elsewhere; set the base URL to where the API is now"
    return FixConfig, "this job has no use for such an answer"


def _wait_of(response: requests.Response, body: bytes, vendor: str) -> float | None:
    """Return the seconds to wait before asking again; None: neither header nor rule says."""
    asked = _asked_wait(response.headers)
    if response.status_code != 429:
        return asked
    if vendor == "zendesk":
        return asked or ZENDESK_WAIT_S
    if vendor == "hubspot":
        policy = _policy(body)
        return (
            until_midnight(date_of(response.headers))
            if policy == "DAILY"
            else asked or HUBSPOT_WAITS.get(policy)
        )
    return asked


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """Return what Retry-After says: seconds, or a date, which is held against the Date header.

    Parts of a second are not in the standard; some gateways send them.
    """
    text = headers.get("Retry-After", "").strip()
    if SECONDS.fullmatch(text):
        return float(text)
    until, now = date_of({"Date": text}), date_of(headers)
    if until is None or now is None:
        return None
    return max(0.0, (until - now).total_seconds())


def _policy(body: bytes) -> str:
    return str(_document(body).get("policyName", ""))


def _is_lost_place(body: bytes) -> bool:
    """Stripe, by the error's code and parameter: only reading the list anew gets past this."""
    error = _document(body).get("error")
    told = {"code": "resource_missing", "param": "starting_after"}
    return isinstance(error, dict) and all(error.get(key) == told[key] for key in told)


def _document(body: bytes) -> dict[str, Any]:
    """Return an error body if it is an object: lists, text and HTML occur as well."""
    document = _json(body)
    return document if isinstance(document, dict) else {}


def _is_broken_json(body: bytes) -> bool:
    return body.lstrip()[:1] in (b"{", b"[") and _json(body) is None


def _json(body: bytes) -> Any:  # noqa: ANN401 - any JSON document
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
