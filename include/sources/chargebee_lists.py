"""Chargebee's lists: pages of wrapped records, spans of time, and what its refusals mean."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from include.errors import FixConfig, HealthError, RetryLater
from include.sources.http.answers import Body
from include.sources.http.client import Params
from include.sources.http.refusals import NOT_NOW_S, Refused

Rows = Sequence[msgspec.Raw]
# Limits count by the minute: what a 429 without Retry-After means.
MINUTE_S = 60.0
# Somebody else works on the same record or site; named in the body, under several statuses.
BUSY = frozenset({"lock_timeout", "internal_temporary_error", "api_request_limit_exceeded"})


def next_offset(params: Params, body: Body) -> Params | None:
    """Return the following question: `next_offset` as it came, with the same filters and order."""
    offset = body["next_offset"]
    return None if offset is None else {**params, "offset": offset}


def rows_decoder(resource: str) -> Callable[[bytes], Body]:
    """Return a decoder of pages that leaves the `resource` of each row as its bytes.

    Rows bring other resources along, as a subscription its customer: those are dropped. A row
    without the resource becomes null, which landing sets aside.
    """
    fields: list[tuple[str, Any, Any] | tuple[str, Any]] = [
        ("list", list[dict[str, msgspec.Raw] | None]),
        ("next_offset", str | None, None),
    ]
    decoder = msgspec.json.Decoder(msgspec.defstruct("Page", fields))
    nothing = msgspec.Raw(b"null")

    def decode(body: bytes) -> Body:
        page: Any = decoder.decode(body)
        rows = [(row or {}).get(resource, nothing) for row in page.list]
        return {"rows": rows, "next_offset": page.next_offset}

    return decode


def spans(field: str, first: int, last: int, count: int) -> Iterator[Params]:
    """Yield filters that together let everything through, each thing once.

    The time from first to last is cut into `count` spans of whole seconds; two more are open. A
    span includes both its ends, `before` and `after` exclude theirs.
    """
    yield {f"{field}[before]": first}
    length = max(1, -(-(last - first + 1) // count))
    for start in range(first, last + 1, length):
        yield {f"{field}[between]": f"[{start},{min(start + length - 1, last)}]"}
    yield {f"{field}[after]": last}


def refuse(refused: Refused) -> HealthError | None:
    """Return what Chargebee means by an answer, where the common table does not know it."""
    document = refused.document if isinstance(refused.document, dict) else {}
    code, place = document.get("api_error_code"), refused.place
    if code == "configuration_incompatible":
        return FixConfig(
            f"{place}: the site's product catalog does not know this; it is of another version."
        )
    if refused.status == 405:
        return FixConfig(f"{place} answered 405: the site is closed, or its name is wrong.")
    if refused.status == 400 and document.get("param") == "offset":
        message = f"{place}: the place in the list is not known any more; it must be read anew."
        return RetryLater(message, wait_s=NOT_NOW_S)
    if refused.status == 429 and "Retry-After" not in refused.headers:
        return RetryLater(f"{place} answered 429: too many requests.", wait_s=MINUTE_S)
    if refused.status < 500 and refused.status != 429 and code in BUSY:
        return RetryLater(f"{place} answered {refused.status}: {code}.")
    return None
