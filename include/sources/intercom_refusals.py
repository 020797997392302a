"""What Intercom means by a refusal, and what its answers tell of the rate limit.

10,000 requests a minute and app, counted in windows of ten seconds; a 429 has no Retry-After, the
window's end stands in X-RateLimit-Reset (rate limiting page and public issues, checked Nov 2026).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from include.errors import HealthError, RetryLater
from include.sources.base import NotShown
from include.sources.http.rate import Told
from include.sources.http.refusals import Refused, date_of

CALLS, SECONDS = 1_666, 10.0
# A scroll that nobody asks is over after a minute; only then a new one may start.
SCROLL_WAIT_S = 61.0
LONGEST_WINDOW_S = 60.0
NOT_HERE = ("api_plan_restricted", "intercom_version_invalid")


class NotHere(NotShown):
    """The workspace's plan, or its API, has no such records."""


class ScrollLost(HealthError):
    """The scroll cannot go on; a new start reads all anew."""


def refusal_of(refused: Refused) -> HealthError | None:
    code, place = code_of(refused.document), refused.place
    if refused.status == 429:
        message = f"{place} answered 429: too many requests."
        return RetryLater(message, wait_s=until_reset(refused.headers))
    if code == "scroll_exists":
        message = f"{place}: another scroll over this workspace's companies is open."
        return RetryLater(message, wait_s=SCROLL_WAIT_S)
    if code in NOT_HERE:
        return NotHere(f"{place} answered {refused.status}: this workspace's plan has none.")
    return None


def refusal_in_scroll(refused: Refused) -> HealthError | None:
    """Nothing but the rate limit and the credential leaves a scroll as it was."""
    if refused.status in (401, 403, 429):
        return refusal_of(refused)
    return ScrollLost(f"{refused.place} answered {refused.status}.")


def until_reset(headers: Mapping[str, str]) -> float:
    """Return the seconds to the end of the window by the vendor's own clock, and one more."""
    reset_s = _reset_s(headers)
    return SECONDS + 1 if reset_s is None else reset_s + 1


def learned(headers: Mapping[str, str]) -> Iterable[Told]:
    """Return the limit that an answer tells."""
    calls, left = (headers.get(f"X-RateLimit-{name}", "") for name in ("Limit", "Remaining"))
    if calls.isdecimal() and left.isdecimal() and int(calls) > 0:
        yield Told(calls=int(calls), left=int(left), resets_s=_reset_s(headers))


def _reset_s(headers: Mapping[str, str]) -> float | None:
    """None where the two clocks of an answer do not fit together."""
    reset, now = headers.get("X-RateLimit-Reset", ""), date_of(headers)
    if not reset.isdecimal() or now is None:
        return None
    seconds = int(reset) - now.timestamp()
    return seconds if 0 <= seconds <= LONGEST_WINDOW_S else None


def code_of(document: Any) -> str:  # noqa: ANN401 - any JSON document
    """Return the first error's code of an `error.list`; "" where there is none."""
    errors = document.get("errors") if isinstance(document, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("code", "")) if isinstance(first, dict) else ""
