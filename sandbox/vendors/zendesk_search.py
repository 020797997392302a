"""Zendesk's search over tickets, users, organisations and groups: pages, export and count.

Pages end at the 1,000th result, although links and `count` go on behind it; the export has no such
end, but a cursor that lives for an hour (search reference and public issue threads, checked Nov
2026). What was written is found at once, where Zendesk takes minutes.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson

from sandbox.vendors import zendesk_render as render
from sandbox.vendors.zendesk_facts import facts_of, records
from sandbox.vendors.zendesk_http import Call, Refused, invalid_attribute, invalid_pagination
from sandbox.vendors.zendesk_query import RANKS, Term, finder, invalid_search, terms_of
from sandbox.vendors.zendesk_reads import api_of
from sandbox.vendors.zendesk_rows import Desk, Row

MOST_RESULTS, MOST_PER_PAGE, MOST_PER_EXPORT_PAGE = 1_000, 100, 1_000
CURSOR_LIVES_S = 3_600
SHOWS: dict[str, Callable[[Row, str], Row]] = {
    "ticket": render.ticket,
    "user": render.user,
    "organization": render.organization,
    "group": render.group,
}
ORDERS: dict[str, Callable[[Row], Any]] = {
    "created_at": lambda row: row["created_at"],
    "updated_at": lambda row: row.get("updated_at") or row["created_at"],
    "priority": lambda row: _rank("priority", row),
    "status": lambda row: _rank("status", row),
    "ticket_type": lambda row: row.get("type") or "",
}
TOO_MANY = "Requested response size was greater than Search Response Limits"


class Search:
    """Handlers: each takes a call and gives a body."""

    def __init__(self, desk: Desk, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._now = now

    def pages(self, call: Call) -> Row:
        """The newest first, unless `sort_by` and `sort_order` say otherwise."""
        size = min(call.number("per_page") or MOST_PER_PAGE, MOST_PER_PAGE)
        page = max(call.number("page") or 1, 1)
        if size < 1:
            raise invalid_attribute("per_page", "must be positive")
        if page * size > MOST_RESULTS:
            raise invalid_search(TOO_MANY)
        found = self._found(call)
        order = ORDERS.get(call.text("sort_by") or "", ORDERS["created_at"])
        found.sort(key=lambda one: (order(one[1]), one[1]["id"]), reverse=_is_down(call))
        shown = found[(page - 1) * size : page * size]
        return {
            "results": [_result(kind, row, call) for kind, row in shown],
            "facets": None,
            "next_page": call.link(page=page + 1) if page * size < len(found) else None,
            "previous_page": call.link(page=page - 1) if page > 1 else None,
            "count": len(found),
        }

    def count(self, call: Call) -> Row:
        return {"count": len(self._found(call))}

    def export(self, call: Call) -> Row:
        """One kind (`filter[type]`) in the order of creation; where it goes on is the cursor.

        Zendesk documents a type in the query as an error; a public client sends the filter's own
        there too, so only another one is refused.
        """
        kind = call.text("filter[type]")
        if kind not in SHOWS:
            raise invalid_attribute("filter[type]", f"must be one of {', '.join(SHOWS)}")
        terms = terms_of(call.text("query") or "")
        if any(term.name == "type" and term.value != kind for term in terms):
            raise invalid_search("type goes into filter[type]")
        size = call.number("page[size]")
        size = MOST_PER_PAGE if size is None else size
        if not 1 <= size <= MOST_PER_EXPORT_PAGE:
            detail = f"page[size] must be between 1 and {MOST_PER_EXPORT_PAGE}"
            raise invalid_pagination("InvalidPaginationParameter", detail)
        found = self._matching([Term(is_negated=False, name="type", sign=":", value=kind), *terms])
        rows = sorted((row["created_at"], row["id"], row) for _, row in found)
        given = call.text("page[after]")
        if given:
            rows = [row for row in rows if row[:2] > self._place(given)]
        shown = rows[:size]
        cursor = self._cursor(shown[-1][:2]) if shown else None
        return {
            "results": [_result(kind, row, call) for *_, row in shown],
            "facets": None,
            "meta": {
                "has_more": len(rows) > size,
                "after_cursor": cursor,
                "before_cursor": None,
            },
            "links": {"prev": None, "next": call.page_link("after", cursor) if cursor else None},
        }

    def _found(self, call: Call) -> list[tuple[str, Row]]:
        query = call.text("query")
        if query is None:
            raise invalid_search("query cannot be blank")
        return self._matching(terms_of(query))

    def _matching(self, terms: list[Term]) -> list[tuple[str, Row]]:
        is_found = finder(terms, self._now())
        return [
            (kind, row)
            for kind, row in records(self._desk)
            if is_found(facts_of(kind, row, self._desk))
        ]

    def _cursor(self, place: tuple[str, int]) -> str:
        told = {"v": place, "at": int(self._now().timestamp())}
        return base64.b64encode(orjson.dumps(told)).decode()

    def _place(self, cursor: str) -> tuple[str, int]:
        """400 for a cursor that is an hour old, or that no export gave."""
        try:
            told = orjson.loads(base64.b64decode(cursor, validate=True))
            created_at, record_id = told["v"]
            age = self._now().timestamp() - told["at"]
        except (binascii.Error, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise _bad_cursor("is not valid") from error
        if age > CURSOR_LIVES_S or not isinstance(record_id, int):
            raise _bad_cursor("has expired")
        return str(created_at), record_id


def _bad_cursor(why: str) -> Refused:
    return invalid_pagination("InvalidPaginationParameter", f"The cursor {why}")


def _result(kind: str, row: Row, call: Call) -> Row:
    return {**SHOWS[kind](row, api_of(call)), "result_type": kind}


def _is_down(call: Call) -> bool:
    return call.text("sort_order") != "asc"


def _rank(name: str, row: Row) -> int:
    """-1 for what has none."""
    value = row.get(name)
    return RANKS[name].index(value) if value in RANKS[name] else -1
