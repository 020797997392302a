"""The service-level clocks of tickets, as a stream of events."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sandbox.vendors.zendesk_rows import Row, epoch, iso

FIRST_METRIC_EVENT = 926_000_000_000
IDS_PER_TICKET = 20
CLOCKS = ("reply_time", "resolution_time", "requester_wait_time")


class MetricEvent(NamedTuple):
    """`minutes` is how long the clock ran, on `update_status` only."""

    second: int
    id: int
    ticket_id: int
    metric: str
    instance_id: int
    type: str
    minutes: int | None


def metric_events(tickets: list[Row]) -> list[MetricEvent]:
    """Oldest first."""
    events = []
    for ticket in tickets:
        first_id = FIRST_METRIC_EVENT + ticket["id"] * IDS_PER_TICKET
        for place, (second, *facts) in enumerate(_clock_steps(ticket)):
            events.append(MetricEvent(second, first_id + place, ticket["id"], *facts))
    return sorted(events)


def _clock_steps(ticket: Row) -> Iterator[tuple[int, str, int, str, int | None]]:
    created = epoch(ticket["created_at"])
    for metric in CLOCKS:
        yield created, metric, 0, "measure", None
        yield created, metric, 1, "activate", None
    for metric, stopped in _stops(ticket, created):
        minutes = (stopped - created) // 60
        yield stopped, metric, 1, "fulfill", None
        yield stopped, metric, 1, "update_status", minutes


def _stops(ticket: Row, created: int) -> Iterator[tuple[str, int]]:
    if ticket["first_reply_minutes"] is not None:
        yield CLOCKS[0], created + int(ticket["first_reply_minutes"] * 60)
    if ticket["solved_at"]:
        for metric in CLOCKS[1:]:
            yield metric, epoch(ticket["solved_at"])


def show_metric_event(event: MetricEvent) -> Row:
    shown: Row = {
        "id": event.id,
        "ticket_id": event.ticket_id,
        "metric": event.metric,
        "instance_id": event.instance_id,
        "type": event.type,
        "time": _text(event.second),
    }
    if event.minutes is not None:
        shown["status"] = {"calendar": event.minutes, "business": event.minutes}
    return shown


def _text(second: int) -> str:
    return iso(datetime.fromtimestamp(second, UTC))


def as_items(events: list[Any]) -> list[tuple[int, int, Any]]:
    """Events as an export's items."""
    return [(event.second, event.id, event) for event in events]
