"""Times as HubSpot's versions 1 and 2 write them."""

from datetime import UTC, datetime


def ms(text):
    """Epoch milliseconds of a time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
