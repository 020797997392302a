"""The endpoints that read what happened to a ticket: its audits and its comments."""

from typing import Any

from sandbox.vendors import zendesk_audits as audits
from sandbox.vendors.zendesk_history import Update, history
from sandbox.vendors.zendesk_http import Call, record_not_found
from sandbox.vendors.zendesk_pages import Key, Listing
from sandbox.vendors.zendesk_rows import Desk, Row


def _age(update: Update) -> tuple[Any, ...]:
    return update.second, update.id


ORDERS: dict[str, Key] = {"created_at": _age}


class Threads:
    """Handlers: each takes a call and gives a body."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def comments(self, call: Call) -> Row:
        """Oldest first: the first one is the ticket's description."""
        updates = [update for update in self._updates(call) if update.words is not None]
        return Listing("comments", updates, audits.comment, ORDERS).page(call)

    def audits(self, call: Call) -> Row:
        """Oldest first, of archived tickets too; deleted ones have none."""
        return Listing("audits", self._updates(call), audits.audit, ORDERS).page(call)

    def audit(self, call: Call) -> Row:
        wanted = call.record_id("audit_id")
        for update in self._updates(call):
            if update.id == wanted:
                return {"audit": audits.audit(update)}
        raise record_not_found()

    def _updates(self, call: Call) -> list[Update]:
        ticket = self._desk.ticket_by_id.get(call.record_id())
        if ticket is None or ticket["status"] == "deleted":
            raise record_not_found()
        return history(ticket)
