"""The endpoints of contacts, conversations and tickets: lists, searches, single records."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from sandbox.vendors import intercom_render as render
from sandbox.vendors import intercom_threads as threads
from sandbox.vendors import intercom_tickets as tickets
from sandbox.vendors.intercom_companies import Companies, known_contact
from sandbox.vendors.intercom_fields import CONTACTS, CONVERSATIONS, TICKETS
from sandbox.vendors.intercom_http import (
    Call,
    Refused,
    invalid,
    missing,
    no_version,
    not_found,
    whole,
)
from sandbox.vendors.intercom_pages import (
    MOST_PER_PAGE,
    Asked,
    Ordered,
    cursor_page,
    numbered_page,
)
from sandbox.vendors.intercom_rows import Row, Workspace
from sandbox.vendors.intercom_search import Kind, compiled, id_key

Version = tuple[int, int]
KEPT_ANSWERS = 512
ORDERS = ("ascending", "descending")


@dataclass(frozen=True, slots=True)
class Searchable:
    """envelope: the answer's `type` and the name of its rows; usual: rows a page."""

    kind: Kind
    rows: Callable[[], list[Row]]
    show: Callable[[Row, Version], Row]
    envelope: tuple[str, str]
    usual: int


class Answers:
    """What searches found, so that each page of one does not look through all rows again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Ordered] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: bytes, make: Callable[[], Ordered]) -> Ordered:
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = make()
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > KEPT_ANSWERS:
                    self._kept.popitem(last=False)
        return found


class Reads:
    """Handlers by kind of record; each takes a call and gives a body."""

    def __init__(self, workspace: Workspace, companies: Companies) -> None:
        self._workspace = workspace
        self._companies = companies
        self._answers = Answers()
        self._contacts = Searchable(
            CONTACTS,
            lambda: workspace.contacts,
            lambda row, _: render.contact(row),
            ("list", "data"),
            50,
        )
        self._conversations = Searchable(
            CONVERSATIONS,
            lambda: workspace.conversations,
            self._conversation,
            ("conversation.list", "conversations"),
            20,
        )
        self._tickets = Searchable(
            TICKETS,
            lambda: workspace.tickets,
            lambda row, version: threads.in_version(tickets.ticket(row), version),
            ("ticket.list", "tickets"),
            20,
        )

    # people at customers

    def contacts(self, call: Call) -> Row:
        return self._list(self._contacts, call)

    def find_contacts(self, call: Call) -> Row:
        return self._search(self._contacts, call)

    def contact(self, call: Call) -> Row:
        return render.contact(known_contact(self._workspace, call))

    def contact_by_key(self, call: Call) -> Row:
        wanted = call.ids["external_id"]
        rows = (row for row in self._workspace.contacts if row["external_id"] == wanted)
        row = next(rows, None)
        if row is None:
            raise not_found("User Not Found")
        return render.contact(row)

    # conversations and tickets

    def conversations(self, call: Call) -> Row:
        return self._list(self._conversations, call)

    def find_conversations(self, call: Call) -> Row:
        return self._search(self._conversations, call)

    def conversation(self, call: Call) -> Row:
        row = self._workspace.conversation_by_id.get(call.ids["id"])
        if row is None:
            raise not_found("Conversation Not Found", "conversation_not_found")
        parts = {"conversation_parts": threads.parts(row)}
        shown = self._conversation(row, call.version) | parts
        return threads.in_plain_text(shown) if call.text("display_as") == "plaintext" else shown

    def deleted_conversations(self, call: Call) -> Row:
        if call.version < (2, 16):
            raise no_version("Requested resource is not available in current API version.")
        rows, is_rising = self._workspace.deleted, call.text("order") == "asc"
        rows, pages = numbered_page(rows[::-1] if is_rising else rows, call, usual=20)
        shown = [
            {
                "type": "conversation",
                "id": str(row["ticket_no"]),
                "metrics_retained": False,
                "deleted_at": row["updated_at"],
            }
            for row in rows
        ]
        total = len(self._workspace.deleted)
        return {
            "type": "conversations.list",
            "conversations": shown,
            "pages": pages,
            "total_count": total,
        }

    def find_tickets(self, call: Call) -> Row:
        return self._search(self._tickets, call)

    def ticket(self, call: Call) -> Row:
        row = self._workspace.conversation_by_id.get(call.ids["id"])
        if row is None or not row["is_ticket"]:
            raise not_found("Ticket Not Found", "ticket_not_found")
        return threads.in_version(tickets.ticket(row), call.version)

    def _conversation(self, row: Row, version: Version) -> Row:
        company = self._workspace.companies.get(row["company_id"])
        shown = threads.conversation(row, self._companies.shown(company) if company else None)
        return threads.in_version(shown, version)

    # lists and searches

    def _list(self, what: Searchable, call: Call) -> Row:
        """In the order of the ids."""
        found = self._answers.find(
            what.envelope[1].encode(),
            lambda: Ordered.by(what.rows(), lambda row: id_key(row["id"])),
        )
        return self._shown(what, found, Asked.of_query(call, what.usual), call)

    def _search(self, what: Searchable, call: Call) -> Row:
        body = call.json()
        if "query" not in body:
            raise missing("query not specified")
        sort, asked = _sort(body, what.kind), _asked(body, what.usual)
        key = orjson.dumps([what.envelope, body["query"], sort])
        found = self._answers.find(key, lambda: _found(body["query"], what, sort))
        return self._shown(what, found, asked, call)

    def _shown(self, what: Searchable, found: Ordered, asked: Asked, call: Call) -> Row:
        rows, pages, total = cursor_page(found, asked)
        kind, name = what.envelope
        shown = [what.show(row, call.version) for row in rows]
        return {"type": kind, name: shown, "total_count": total, "pages": pages}


def _asked(body: Row, usual: int) -> Asked:
    given = body.get("pagination") or {}
    if not isinstance(given, dict):
        raise invalid("pagination must be an object")
    size = whole(given.get("per_page") or usual, "per_page", MOST_PER_PAGE)
    return Asked(size, given.get("starting_after") or None)


def _sort(body: Row, kind: Kind) -> tuple[str, str]:
    """The newest first, unless the client says otherwise."""
    given: Any = body.get("sort") or {}
    field, order = given.get("field") or "created_at", given.get("order") or "descending"
    if field not in kind.fields:
        raise invalid(f"{field} is not a valid sort field")
    if order not in ORDERS:
        told = f"Invalid sort order '{order}'. Must be one of: {', '.join(ORDERS)}"
        raise Refused(400, "invalid_sort_order", told)
    return field, order


def _found(query: object, what: Searchable, sort: tuple[str, str]) -> Ordered:
    """Rows without a value come first; the id decides between equal ones."""
    matches, read = compiled(query, what.kind), what.kind.fields[sort[0]].read

    def key(row: Row) -> tuple[Any, ...]:
        value = read(row)
        return value is not None, value if value is not None else 0, id_key(row["id"])

    rows = [row for row in what.rows() if matches(row)]
    if sort[1] == "ascending":
        return Ordered.by(rows, key)
    ordered = sorted(rows, key=key, reverse=True)
    return Ordered(ordered, list(range(len(ordered))))
