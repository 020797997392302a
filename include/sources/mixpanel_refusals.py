"""What Mixpanel means by a refusal. Forms: its documentation, checked Nov 2026."""

from include.errors import FixConfig, HealthError, RetryLater
from include.sources.http.refusals import Refused

WAIT_S = 60.0  # after a 429 that names no time


class LaterThanToday(FixConfig):
    """The window ends on a day that has not begun by the project's clock."""


def refusal_of(refused: Refused) -> HealthError | None:
    """Return what Mixpanel means by a refusal: its credentials are wrong with status 400."""
    said = refused.body[:2000].lower()
    if refused.status == 400 and b"later than today" in said:
        return LaterThanToday(
            f"{refused.place} answered 400: the last day asked for has not begun in the project; "
            "compare project_time_zone in health.yaml with Mixpanel's project settings."
        )
    if refused.status in (401, 403) or (refused.status == 400 and b"authenticate" in said):
        return FixConfig(
            f"{refused.place} answered {refused.status}: the service account or secret is wrong, "
            "does not belong to the project, or the project is in another region than the base URL."
        )
    if refused.status == 429:
        told = refused.headers.get("Retry-After", "").strip()
        return RetryLater(
            f"{refused.place} answered 429: the project's limit of exports is used up.",
            wait_s=float(told) if told.isdecimal() else WAIT_S,
        )
    return None
