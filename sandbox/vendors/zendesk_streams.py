"""The incremental exports of one desk; what is costly to sort is sorted once, when first asked."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial

from sandbox.vendors import zendesk_events as events
from sandbox.vendors import zendesk_render as render
from sandbox.vendors.zendesk_audits import ticket_event
from sandbox.vendors.zendesk_exports import (
    Export,
    Item,
    in_support_scope,
    settled,
    start_time_of,
)
from sandbox.vendors.zendesk_history import history
from sandbox.vendors.zendesk_http import Call
from sandbox.vendors.zendesk_made import OfTickets
from sandbox.vendors.zendesk_pages import Listing
from sandbox.vendors.zendesk_reads import api_of, ticket_shower
from sandbox.vendors.zendesk_rows import Desk, Row, epoch


class Streams:
    """Handlers: each takes a call and gives a page."""

    def __init__(self, desk: Desk, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._clock = now
        self._ticket_items = OfTickets(desk, self._sorted_tickets)
        self._metric_items = OfTickets(desk, self._metric_events)
        self._update_items = OfTickets(desk, self._updates)

    def tickets_by_cursor(self, call: Call) -> Row:
        return self._tickets(call).by_cursor(call, self._now())

    def tickets_by_time(self, call: Call) -> Row:
        return self._tickets(call).by_time(call, self._now())

    def users_by_cursor(self, call: Call) -> Row:
        return self._users(call).by_cursor(call, self._now())

    def users_by_time(self, call: Call) -> Row:
        return self._users(call).by_time(call, self._now())

    def organizations(self, call: Call) -> Row:
        """Deleted ones too; they go by the time of their deletion."""
        api = api_of(call)
        items = sorted(
            (epoch(max(row["updated_at"], row["deleted_at"] or "")), row["id"], row)
            for row in self._desk.organizations.values()
        )
        show = lambda row: render.exported_organization(row, api)  # noqa: E731
        return Export("organizations", items, show).by_time(call, self._now())

    def metric_events(self, call: Call) -> Row:
        """By time; or in pages of at most 100, where the client asks for a page size.

        Public connectors try their access with the present second, and take a 400 for a failure.
        """
        name, show = "ticket_metric_events", events.show_metric_event
        if not any(key.startswith("page[") for key, _ in call.query):
            export = Export(name, self._metric_items(), show, takes_now=True)
            return export.by_time(call, self._now())
        start_time = start_time_of(call, self._now(), takes_now=True)
        items = settled(self._metric_items(), self._now(), since=start_time)
        orders = {"time": lambda event: (event.second, event.id)}
        return Listing(name, [event for _, _, event in items], show, orders).page(call)

    def ticket_events(self, call: Call) -> Row:
        """With the words of comments where the client includes `comment_events`."""
        items = self._update_items() if in_support_scope(call) else []
        show = partial(ticket_event, with_comments="comment_events" in call.names("include"))
        return Export("ticket_events", items, show).by_time(call, self._now())

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _tickets(self, call: Call) -> Export:
        """Deleted and archived ones too."""
        items = self._ticket_items() if in_support_scope(call) else []
        if call.flag("exclude_deleted"):
            items = [item for item in items if item[2]["status"] != "deleted"]
        return Export("tickets", items, ticket_shower(call))

    def _users(self, call: Call) -> Export:
        api = api_of(call)
        return Export("users", self._user_items, lambda row: render.user(row, api))

    def _sorted_tickets(self) -> list[Item]:
        items = [(row["generated"], row["id"], row) for row in self._desk.tickets]
        return sorted(items, key=lambda item: item[:2])

    @cached_property
    def _user_items(self) -> list[Item]:
        everybody = [*self._desk.users, *self._desk.former_users]
        items = [(epoch(row["updated_at"]), row["id"], row) for row in everybody]
        return sorted(items, key=lambda item: item[:2])

    def _metric_events(self) -> list[Item]:
        return events.as_items(events.metric_events(self._desk.tickets))

    def _updates(self) -> list[Item]:
        updates = [update for ticket in self._desk.tickets for update in history(ticket)]
        return events.as_items(sorted(updates, key=lambda update: update[:2]))
