"""What an export says of itself: of which day, by which cards, how it was made, how old it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from include.export.days import Day
from include.export.kinds import Kind
from include.pipeline.stored_cards import StoredCard
from include.scoring.deck import label_of


@dataclass(frozen=True, slots=True)
class About:
    """days: oldest first. stale: what to say of old scores; None: they are not. made_at: aware."""

    kind: Kind
    outcome: str
    days: Sequence[Day]
    cards: Sequence[StoredCard]
    stale: str | None
    made_at: datetime

    def lines(self) -> dict[str, str]:
        """Return what there is to say, by what it is about."""
        first, last = self.days[0], self.days[-1]
        span = str(last.as_of) if len(self.days) == 1 else (
            f"{first.as_of} to {last.as_of}, {len(self.days)} published days"
        )  # fmt: skip
        days = "the newest published day" if self.kind.span == "now" else "as of"
        said = {
            "what": f"{self.kind.name}, outcome {self.outcome}",
            days: span,
            "published at": _moment(last.published_at),
            **{f"scorecard {label_of(one.card)}": f"digest {one.digest}" for one in self.cards},
            "made at": _moment(self.made_at),
            "made by": f"health export {_version()}",
        }
        return ({"OLD": self.stale} if self.stale else {}) | said


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("customer-health-job")
    except PackageNotFoundError:
        return "of a clone"
