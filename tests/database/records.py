"""What records of several vendors have in common."""

from datetime import UTC, datetime


def epoch(moment: str | None) -> int | None:
    """Write a moment of UTC as Stripe does, in seconds since 1970; None stays None."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()) if moment else None
