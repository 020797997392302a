"""What Amplitude means by a refusal. Forms: its documentation, checked Nov 2026."""

from include.errors import FixConfig, HealthError, RetryLater
from include.sources.http.refusals import Refused

WAIT_S = 30.0  # after a 429, which names no time


class TooMuch(HealthError):
    """The hours asked for are more than one export can hold or make in time."""


def refusal_of(refused: Refused) -> HealthError | None:
    """Return what Amplitude means by a refusal: too large an export is 400, or 504."""
    if refused.status in (400, 504):
        return TooMuch(
            f"{refused.place} answered {refused.status}: too many events for one export."
        )
    if refused.status in (401, 403):
        return FixConfig(
            f"{refused.place} answered {refused.status}: the API key or secret key is wrong, or "
            "the project is in another region than the base URL."
        )
    if refused.status == 429:
        told = refused.headers.get("Retry-After", "").strip()
        wait_s = max(WAIT_S, float(told) if told.isdecimal() else 0)
        return RetryLater(f"{refused.place} answered 429: too many requests.", wait_s=wait_s)
    return None
