"""Records that come along where a client names them in `include`: beside the answer, each once.

They are those that the answer's records point at. Names that nothing here answers to are ignored,
as Zendesk does; `metric_sets`, `comment_count` and `comment_events` stand inside the records and
are made with them (side-loading guide, checked Nov 2026).
"""

import re
from collections.abc import Callable, Iterable, Iterator

from sandbox.vendors import zendesk_render as render
from sandbox.vendors.zendesk_door import Handler
from sandbox.vendors.zendesk_http import Call, Reply
from sandbox.vendors.zendesk_reads import api_of
from sandbox.vendors.zendesk_rows import GROUP_ID, Desk, Row

# What is included: the attributes that point at it.
POINTERS = {
    "users": ("requester_id", "submitter_id", "assignee_id", "author_id", "user_id"),
    "organizations": ("organization_id",),
    "groups": ("group_id", "default_group_id"),
    "identities": ("id",),
}


def loading(handler: Handler, desk: Desk) -> Handler:
    """The handler, with what its clients include."""

    def handle(call: Call) -> Row | Reply:
        answer = handler(call)
        wanted = POINTERS.keys() & set(re.findall(r"\w+", call.text("include") or ""))
        if not wanted or isinstance(answer, Reply):
            return answer
        return {**_related(answer, wanted, desk, api_of(call)), **answer}

    return handle


def _related(answer: Row, wanted: Iterable[str], desk: Desk, api: str) -> Row:
    shows: dict[str, Callable[[set[int]], list[Row]]] = {
        "users": lambda ids: [render.user(row, api) for row in _known(ids, desk.user_by_id)],
        "organizations": lambda ids: [
            render.organization(row, api)
            for row in _known(ids, desk.organizations)
            if row["deleted_at"] is None
        ],
        "groups": lambda ids: [
            render.group({"id": one, "created_at": desk.users[0]["created_at"]}, api)
            for one in sorted(ids & {GROUP_ID})
        ],
        "identities": lambda ids: [
            render.identity(row, api) for row in _known(ids, desk.user_by_id) if row["email"]
        ],
    }
    records = list(_records(answer))
    return {name: shows[name](_pointed_at(records, POINTERS[name])) for name in sorted(wanted)}


def _records(answer: Row) -> Iterator[Row]:
    for value in answer.values():
        rows = value if isinstance(value, list) else [value]
        yield from (row for row in rows if isinstance(row, dict) and "id" in row)


def _pointed_at(records: list[Row], names: tuple[str, ...]) -> set[int]:
    return {row[name] for row in records for name in names if row.get(name) is not None}


def _known(ids: set[int], rows: dict[int, Row]) -> list[Row]:
    return [rows[one] for one in sorted(ids & rows.keys())]
