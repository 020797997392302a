"""What happened to tickets, as streams: the service-level clocks, and (minimal) their updates."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sandbox.vendors.zendesk_rows import Row, epoch, iso

FIRST_METRIC_EVENT, FIRST_TICKET_EVENT = 926_000_000_000, 910_000_000_000
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


class TicketEvent(NamedTuple):
    second: int
    id: int
    ticket: Row
    status: str
    previous_status: str | None


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


def ticket_events(tickets: list[Row]) -> list[TicketEvent]:
    """Creation and last solve of each ticket, oldest first."""
    events = []
    for ticket in tickets:
        first_id = FIRST_TICKET_EVENT + ticket["id"] * IDS_PER_TICKET
        created = epoch(ticket["created_at"])
        events.append(TicketEvent(created, first_id, ticket, "new", None))
        if ticket["solved_at"]:
            solved = epoch(ticket["solved_at"])
            events.append(TicketEvent(solved, first_id + 1, ticket, "solved", "open"))
    return sorted(events, key=lambda event: event[:2])


def show_ticket_event(event: TicketEvent) -> Row:
    ticket = event.ticket
    is_creation = event.previous_status is None
    change: Row = {"id": event.id * 10, "via": "Web form", "via_reference_id": None}
    change |= {"event_type": "Create" if is_creation else "Change", "status": event.status}
    if not is_creation:
        change["previous_value"] = event.previous_status
    return {
        "id": event.id,
        "ticket_id": ticket["id"],
        "timestamp": event.second,
        "created_at": _text(event.second),
        "updater_id": ticket["requester_id"] if is_creation else ticket["assignee_id"],
        "via": "Web form",
        "system": {},
        "metadata": {},
        "child_events": [change],
        "event_type": "Audit",
    }


def _text(second: int) -> str:
    return iso(datetime.fromtimestamp(second, UTC))


def as_items(events: list[Any]) -> list[tuple[int, int, Any]]:
    """Events as an export's items."""
    return [(event.second, event.id, event) for event in events]
