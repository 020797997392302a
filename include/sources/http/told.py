"""What the headers of each vendor's answers tell of its rate limits: pure functions for `Rate`.

Forms: the vendors' pages on rate limits, checked Nov 2026. Headers' names come in any case. What is
missing or no number is not told.
"""

import re
from collections.abc import Iterator, Mapping

from include.sources.http.rate import Learn, Told
from include.sources.http.refusals import DAY_S, date_of, until_midnight

Headers = Mapping[str, str]
PAIR = re.compile(r"(\w+)=(\d+)")


def hubspot(headers: Headers) -> Iterator[Told]:
    """Tell the burst and, for private apps and keys, the day, which is the whole portal's.

    Searches have a limit of their own and tell nothing. A day ends at the portal's midnight, which
    no answer tells: that of UTC stands in for it.
    """
    interval_ms = _number(headers, "X-HubSpot-RateLimit-Interval-Milliseconds")
    yield Told(
        calls=_number(headers, "X-HubSpot-RateLimit-Max"),
        seconds=None if interval_ms is None else interval_ms / 1000,
        left=_number(headers, "X-HubSpot-RateLimit-Remaining"),
    )
    yield Told(
        "day",
        calls=_number(headers, "X-HubSpot-RateLimit-Daily"),
        seconds=DAY_S,
        left=_number(headers, "X-HubSpot-RateLimit-Daily-Remaining"),
        resets_s=until_midnight(date_of(headers)),
    )


def zendesk(headers: Headers) -> Iterator[Told]:
    """Tell the account's minute, and that of the incremental exports (window `exports`)."""
    yield Told(
        calls=_number(headers, "X-Rate-Limit", "ratelimit-limit"),
        left=_number(headers, "X-Rate-Limit-Remaining", "ratelimit-remaining"),
        resets_s=_number(headers, "ratelimit-reset"),
    )
    of_exports = headers.get("Zendesk-RateLimit-incremental-exports", "")
    said = {name: int(value) for name, value in PAIR.findall(of_exports)}
    yield Told(
        "exports", said.get("total"), left=said.get("remaining"), resets_s=said.get("resets")
    )


def intercom(headers: Headers) -> Iterator[Told]:
    """Tell the window that ends at X-RateLimit-Reset, epoch seconds, held against Date."""
    reset, now = _number(headers, "X-RateLimit-Reset"), date_of(headers)
    yield Told(
        calls=_number(headers, "X-RateLimit-Limit"),
        left=_number(headers, "X-RateLimit-Remaining"),
        resets_s=None if reset is None or now is None else max(0.0, reset - now.timestamp()),
    )


def salesforce(share: float) -> Learn:
    """Return what tells the calls of the last 24 hours, of which we stop at a share, 0 to 1.

    All of the organisation's programs share them, and without them nobody works.
    """

    def learn(headers: Headers) -> Iterator[Told]:
        used = re.search(r"(?<!-)api-usage=(\d+)/(\d+)", headers.get("Sforce-Limit-Info", ""))
        if used:
            ours = int(share * int(used[2]))
            yield Told("day", ours, DAY_S, left=max(0, ours - int(used[1])))

    return learn


def _number(headers: Headers, *names: str) -> int | None:
    """Return the first of these headers that is a whole number."""
    found = (headers.get(name, "").strip() for name in names)
    return next((int(text) for text in found if text.isdecimal()), None)
