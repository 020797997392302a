"""The lists beside the query endpoint: group types, groups, persons, events (deprecated there)."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import duckdb
import orjson

from sandbox.vendors.posthog_http import invalid, not_found
from sandbox.vendors.posthog_store import OTHER_KEY, OTHER_TYPES, Project

Row = dict[str, Any]

PAGE = 100
MOST_EVENTS = 10_000
MOST_OFFSET = 50_000  # of the events list (vendor documentation, checked Nov 2026)
USUAL_SPAN, LONGEST_SPAN = timedelta(days=1), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Call:
    """One GET: `url` without the query, and the query's parameters."""

    url: str
    query: dict[str, str]

    def number(self, name: str, default: int, most: int) -> int:
        given = self.query.get(name) or str(default)
        if not given.isdecimal() or int(given) > most:
            raise invalid(f"{name} must be a whole number up to {most}", attr=name)
        return int(given)

    def link(self, **changes: str | int) -> str:
        return f"{self.url}?{urlencode({**self.query, **changes})}"


class Lists:
    """Handlers: each takes a call and gives a body."""

    def __init__(
        self, store: duckdb.DuckDBPyConnection, project: Project, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._project = project
        self._now = now

    def group_types(self, _call: Call) -> list[Row]:
        """The order of the types differs from project to project."""
        names = [*OTHER_TYPES[: self._project.company_index], "company"]
        return [
            {
                "group_type": name,
                "group_type_index": index,
                "name_singular": None,
                "name_plural": None,
                "detail_dashboard": None,
                "default_columns": None,
                "created_at": None,
            }
            for index, name in enumerate(names)
        ]

    def groups(self, call: Call) -> Row:
        """The newest first; `next` holds an opaque cursor."""
        index = call.query.get("group_type_index")
        if index is None or not index.isdecimal():
            raise invalid("This field is required.", code="required", attr="group_type_index")
        start = _read_cursor(call.query.get("cursor"))
        rows = self._groups(int(index), call.query.get("search") or "")
        end = start + PAGE
        return {
            "next": call.link(cursor=_cursor(end)) if end < len(rows) else None,
            "previous": call.link(cursor=_cursor(max(start - PAGE, 0))) if start else None,
            "results": rows[start:end],
        }

    def find_group(self, call: Call) -> Row:
        index, key = call.query.get("group_type_index", ""), call.query.get("group_key")
        rows = self._groups(int(index), "") if index.isdecimal() else []
        row = next((row for row in rows if row["group_key"] == key), None)
        if row is None:
            raise not_found()
        return row

    def _groups(self, index: int, search: str) -> list[Row]:
        if index != self._project.company_index:
            others = [OTHER_KEY] if index < self._project.company_index else []
            return [_group(index, key, "{}", self._now()) for key in others]
        sql = (
            "SELECT key, properties, created_at FROM groups"
            " WHERE contains(lower(key || properties), lower(?)) ORDER BY created_at DESC, key"
        )
        return [_group(index, *row) for row in self._rows(sql, search)]

    def persons(self, call: Call) -> Row:
        """In pages of `limit`; `next` counts on by offset."""
        limit, offset = call.number("limit", PAGE, 1000), call.number("offset", 0, 10**9)
        sql = (
            "SELECT p.id, p.properties, p.created_at, r.person_no FROM persons p"
            " JOIN person_rows r USING (id) WHERE ($1 = '' OR"
            " lower(json_extract_string(p.properties, 'email')) = lower($1))"
            " AND ($2 = '' OR $2 = 'user_' || r.person_no) ORDER BY p.created_at DESC, p.id"
            " LIMIT $3 OFFSET $4"
        )
        email, distinct_id = (call.query.get(key, "") for key in ("email", "distinct_id"))
        rows = self._rows(sql, email, distinct_id, limit + 1, offset)
        return {
            "next": call.link(limit=limit, offset=offset + limit) if len(rows) > limit else None,
            "previous": call.link(limit=limit, offset=max(offset - limit, 0)) if offset else None,
            "results": [_person(*row) for row in rows[:limit]],
        }

    def person(self, person_id: str) -> Row:
        sql = (
            "SELECT p.id, p.properties, p.created_at, r.person_no FROM persons p"
            " JOIN person_rows r USING (id) WHERE p.id = ?"
        )
        rows = self._rows(sql, person_id)
        if not rows:
            raise not_found()
        return _person(*rows[0])

    def events(self, call: Call) -> Row:
        """The newest first, of the last day unless `after` says otherwise; less than a year."""
        limit = max(call.number("limit", PAGE, MOST_EVENTS), 1)
        offset = call.number("offset", 0, MOST_OFFSET)
        before = _moment(call, "before", self._now())
        after = _moment(call, "after", before - USUAL_SPAN)
        if before - after > LONGEST_SPAN:
            raise invalid("The time between after and before must be under a year", attr="after")
        is_up = call.query.get("orderBy", "").replace(" ", "") == '["timestamp"]'
        sql = (
            "SELECT uuid, distinct_id, properties, event, timestamp FROM events"
            " WHERE timestamp > $1 AND timestamp < $2 AND ($3 = '' OR event = $3)"
            " ORDER BY CASE WHEN $6 THEN epoch(timestamp) ELSE -epoch(timestamp) END, uuid"
            " LIMIT $4 OFFSET $5"
        )
        name = call.query.get("event", "")
        rows = self._rows(sql, _naive(after), _naive(before), name, limit + 1, offset, is_up)
        shown = [_event(row) for row in rows[:limit]]
        side = "after" if is_up else "before"
        more = call.link(**{side: shown[-1]["timestamp"]}) if len(rows) > limit else None
        return {"next": more, "results": shown}

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._store.cursor() as cursor:
            return cursor.execute(sql, list(values)).fetchall()


def _group(index: int, key: str, properties: str, created_at: datetime) -> Row:
    return {
        "group_type_index": index,
        "group_key": key,
        "group_properties": orjson.loads(properties),
        "created_at": iso(created_at),
    }


def _person(person_id: str, properties: str, created_at: datetime, person_no: int) -> Row:
    facts = orjson.loads(properties)
    distinct_id = f"user_{person_no}"
    return {
        "id": person_id,
        "uuid": person_id,
        "name": facts.get("email") or distinct_id,
        "distinct_ids": [distinct_id],
        "properties": facts,
        "created_at": iso(created_at),
    }


def _event(row: tuple[Any, ...]) -> Row:
    uuid, distinct_id, properties, event, at = row
    return {
        "id": str(uuid),
        "distinct_id": distinct_id,
        "properties": orjson.loads(properties),
        "event": event,
        "timestamp": iso(at),
        "person": {"distinct_ids": [distinct_id], "is_identified": True, "properties": {}},
        "elements": [],
        "elements_chain": "",
    }


def iso(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _moment(call: Call, name: str, default: datetime) -> datetime:
    given = call.query.get(name)
    if not given:
        return default
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise invalid(f"{name} must be an ISO time", attr=name) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"o={start}".encode()).decode()


def _read_cursor(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("o="))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise not_found("Invalid cursor") from error
