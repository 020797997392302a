"""The endpoints that read what happened to a ticket: its audits and its comments."""

import base64
import binascii
from bisect import bisect_left, bisect_right
from typing import Any

from sandbox.vendors import zendesk_audits as audits
from sandbox.vendors.zendesk_history import Update, history
from sandbox.vendors.zendesk_http import Call, invalid_attribute, record_not_found
from sandbox.vendors.zendesk_made import OfTickets
from sandbox.vendors.zendesk_pages import Key, Listing
from sandbox.vendors.zendesk_rows import Desk, Row

BEFORE, AFTER = "before", "after"
AUDITS_PER_PAGE, MOST_AUDITS_PER_PAGE = 100, 1_000


def _age(update: Update) -> tuple[Any, ...]:
    return update.second, update.id


def _cursor(way: str, update: Update) -> str:
    return base64.b64encode(f"{way}|{update.second}|{update.id}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[str, tuple[int, int]]:
    """400 for a text that no page gave as a cursor."""
    try:
        way, second, update_id = base64.b64decode(cursor, validate=True).decode().split("|")
        return way, (int(second), int(update_id))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise invalid_attribute("cursor", "is not valid") from error


ORDERS: dict[str, Key] = {"created_at": _age}


class Threads:
    """Handlers: each takes a call and gives a body."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._all = OfTickets(desk, self._all_updates)

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

    def all_audits(self, call: Call) -> Row:
        """A page of the newest audits of all tickets that are not archived, or the page before or
        after a cursor; an empty page has no addresses."""
        size = min(call.number("limit") or AUDITS_PER_PAGE, MOST_AUDITS_PER_PAGE)
        if size < 1:
            raise invalid_attribute("limit", "must be positive")
        updates, cursor = self._all(), call.text("cursor")
        if cursor is None:
            page = updates[-size:]
        else:
            way, place = _read_cursor(cursor)
            start = bisect_right(updates, place, key=_age)
            before = updates[: bisect_left(updates, place, key=_age)][-size:]
            page = updates[start : start + size] if way == AFTER else before
        before_cursor = _cursor(BEFORE, page[0]) if page else None
        after_cursor = _cursor(AFTER, page[-1]) if page else None
        shown = page[::-1] if call.text("sort_order") == "desc" else page
        return {
            "audits": [audits.audit(update) for update in shown],
            "before_cursor": before_cursor,
            "before_url": call.link(cursor=before_cursor) if before_cursor else None,
            "after_cursor": after_cursor,
            "after_url": call.link(cursor=after_cursor) if after_cursor else None,
        }

    def _all_updates(self) -> list[Update]:
        tickets = self._desk.listed_tickets()
        return sorted((one for row in tickets for one in history(row)), key=_age)

    def _updates(self, call: Call) -> list[Update]:
        ticket = self._desk.ticket_by_id.get(call.record_id())
        if ticket is None or ticket["status"] == "deleted":
            raise record_not_found()
        return history(ticket)
