"""What Salesforce means by a refusal, by its code.

Codes: Salesforce REST API status codes and limits, checked Nov 2026. An error is a list of objects
with errorCode and message; what is no JSON was said by something in front of the API.
"""

import re

from include.errors import FixConfig, HealthError, RetryLater
from include.sources.http.refusals import NOT_NOW_S, Refused

# Calls count for 24 hours each, so a spent day comes back by and by.
DAY_IS_SPENT_S = 6 * 3600.0
BUSY_S = 5.0  # too many long calls at the same time
EDGE = frozenset((400, 403, 404, 405, 406, 409, 410, 420))
NO_COLUMN = re.compile(
    r"No such column '([\w.]{1,100})' on (?:entity|sobject of type) '?(\w{1,100})"
)
CONFIG = {
    "MALFORMED_QUERY": "it does not understand the query; compare the API version",
    "INVALID_FIELD": "it has no such field, or hides it from this user",
    "INVALID_TYPE": "it has no such object, or hides it from this user",
    "API_DISABLED_FOR_ORG": "the org's edition, or the user's profile, has no access to the API",
    "API_CURRENTLY_DISABLED": "the API is switched off for the org",
    "INSUFFICIENT_ACCESS": "the user lacks a permission; docs/sources.md lists the needed ones",
    "UNSUPPORTED_API_VERSION": "it has no such API version; set api_version to one that it has",
}


class LostCursor(RetryLater):
    """The place in a list is gone: the query must be asked anew. Asking again is of no use."""

    def __init__(self, message: str) -> None:
        super().__init__(message, wait_s=NOT_NOW_S)


class QueryTimeout(RetryLater):
    """The query takes too long: a narrower one may not. Asking again is of no use."""

    def __init__(self, message: str) -> None:
        super().__init__(message, wait_s=NOT_NOW_S)


def refused_call(refused: Refused) -> HealthError | None:
    """Return the error for an answer; None: what the common table says of its status."""
    code, said = code_and_words(refused.document)
    where = f"{refused.place} answered {refused.status}"
    if code in CONFIG:
        return FixConfig(f"{where} {code}: {_named(said) or CONFIG[code]}.")
    if refused.document is None and refused.status in EDGE:
        return RetryLater(f"{where} with no JSON: something in front of the API refused.")
    return _passing(code, said, where)


def _passing(code: str, said: str, where: str) -> RetryLater | None:
    match code:
        case "REQUEST_LIMIT_EXCEEDED" if "concurrent" in said.lower():
            return RetryLater(f"{where}: too many long calls at a time.", wait_s=BUSY_S)
        case "REQUEST_LIMIT_EXCEEDED":
            message = f"{where}: the org's calls of 24 hours are used up."
            return RetryLater(message, wait_s=DAY_IS_SPENT_S)
        case "INVALID_QUERY_LOCATOR":
            return LostCursor(f"{where}: the place in the list is gone.")
        case "QUERY_TIMEOUT":
            return QueryTimeout(f"{where}: the query takes too long.")
    return None


def code_and_words(document: object) -> tuple[str, str]:
    """Return errorCode and message of the first error; both empty where there is none."""
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return "", ""
    return str(first.get("errorCode") or ""), str(first.get("message") or "")


def _named(said: str) -> str:
    found = NO_COLUMN.search(said)
    if not found:
        return ""
    return f"{found[2]} has no field {found[1]}, or field-level security hides it from this user"
