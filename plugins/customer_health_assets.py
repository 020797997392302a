"""What other DAGs can follow: the day that was published, as an asset with events."""

from typing import Any

from airflow.sdk import Asset, AssetAlias

PUBLISHED_DAY = Asset("customer_health/published_day")
# A day that is held, or that no card scores, publishes nothing: by an alias no event comes then.
PUBLICATION = AssetAlias("customer_health/publication")


def announced(outlet_events: Any, as_of: str, counts: dict[str, int]) -> dict[str, int]:  # noqa: ANN401 - Airflow's accessor
    """Add the event of a published day where something was published; return what was counted.

    The event's extra: as_of, YYYY-MM-DD.
    """
    if counts.get("cards_published"):
        outlet_events[PUBLICATION].add(PUBLISHED_DAY, extra={"as_of": as_of})
    return counts
