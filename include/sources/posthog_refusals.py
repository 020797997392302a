"""What PostHog means by a refusal: a query that is too much in one piece.

A query may run for ten seconds. One that ran into that is 504, one that was refused beforehand is
512 or 400 with the estimate in its detail, one that takes too much memory is 513 (query endpoint
and public sources, checked Nov 2026).
"""

from include.errors import FixConfig, HealthError, RetryLater
from include.sources.http.refusals import Refused

QUERY = "/query/"
ESTIMATED = "execution time"  # in the detail of a 400


class TooMuch(HealthError):
    """The query is too much in one piece, or PostHog is too busy for it; less of it may pass."""

    def __init__(self, place: object, status: int) -> None:
        super().__init__(f"{place} answered {status}: the query takes too long.")
        self.may_pass = status == 504

    def of_a_day(self) -> HealthError:
        """Return what it means where there is no smaller piece."""
        if self.may_pass:
            return RetryLater(str(self))
        return FixConfig(f"{self} It asks for one day; have PostHog raise the project's limits.")


def refusal_of(refused: Refused) -> TooMuch | None:
    """Return what a refused query means, where the common table does not know it."""
    if not refused.place.path.endswith(QUERY):
        return None
    document = refused.document if isinstance(refused.document, dict) else {}
    is_estimated = refused.status == 400 and ESTIMATED in str(document.get("detail", "")).lower()
    if is_estimated or refused.status in (504, 512, 513):
        return TooMuch(refused.place, refused.status)
    return None
