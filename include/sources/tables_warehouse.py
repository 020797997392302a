"""A warehouse as a source: facts from queries over SQLAlchemy, or from Parquet and CSV files.

Each fact of health.yaml is a stream. Rows become records by our names of columns; usage is added up
to account-days on the way. Nothing is written there, and no more than a block of rows (of usage: a
day) is held here. Columns, cursors and limits: docs/sources.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from include.settings import Credentials
from include.sources.base import Gone, Pages, deliver, id_of, in_blocks, only
from include.sources.findings import Finding, tried
from include.sources.tables_cursor import (
    Newest,
    Overlap,
    Value,
    believed,
    from_state,
    start_of,
    to_state,
)
from include.sources.tables_files import Folder
from include.sources.tables_rows import Columns, Record, columns_of, key_of, record_of
from include.sources.tables_sql import open_database
from include.sources.tables_statements import Asked, Blocks, Session, Tables
from include.sources.tables_usage import day_of, usage_days
from include.vendor_settings import Warehouse
from include.vendor_settings.warehouse import COLUMNS, Fact
from include.warehouse.page import Page, State

RECORDS_A_PAGE = 1_000
USAGE_KEY = key_of("usage_day")
MARK = {"gone": True}
TEST = "$.gone == true"
GONE: dict[str, Gone] = {
    "usage_day": Gone(TEST, {"events": 0, "users": [], "features": []} | MARK, key=USAGE_KEY),
    "tickets": Gone(TEST, {"status": "deleted"} | MARK, key=key_of("tickets")),
    "subscriptions": Gone(
        TEST, {"status": "canceled"} | MARK, at="ended_at", key=key_of("subscriptions")
    ),
    "invoices": Gone(TEST, {"status": "void"} | MARK, key=key_of("invoices")),
    "touches": Gone(TEST, {"is_held": False} | MARK, key=key_of("touches")),
}
NO_COLUMNS = Columns((), (), None)


def open_warehouse(
    settings: Warehouse, credentials: Credentials, *, root: Path, time_zone: str
) -> "WarehouseSource":
    """root: from where a relative folder is taken. The credentials' base_url: SQLAlchemy's."""
    return WarehouseSource(settings, credentials, root, ZoneInfo(time_zone))


@dataclass(frozen=True, slots=True)
class WarehouseSource:
    """time_zone: the organisation's, in which a time with a zone falls on a day of usage."""

    settings: Warehouse
    credentials: Credentials
    root: Path
    time_zone: ZoneInfo
    vendor = "warehouse"

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def streams(self) -> tuple[Fact, ...]:
        return tuple(self.settings.facts)

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        fact = next(fact for fact in self.streams if fact == stream)
        return deliver(self._pages(fact, state or {}, as_of), f"{self.name}.{stream}")

    def _pages(self, fact: Fact, state: State, as_of: date) -> Pages:
        """The state is the newest value of the cursor; of another cursor than now it is void."""
        place = self._place(fact)
        tables, table = self._tables(place), self.settings.facts[fact]
        before = from_state(state.get("newest")) if state.get("cursor") == table.cursor else None
        overlap = Overlap(table.overlap_minutes, table.overlap_numbers)
        since = None if before is None else start_of(before, overlap)
        newest = Newest(place, before)
        with tables.session() as session:
            asked = self._asked(session, tables, fact, since)
            records = (
                self._usage_days(session, asked, newest, place)
                if fact == "usage_day"
                else _records(session, asked, newest, key_of(fact))
            )
            for block in in_blocks(records, RECORDS_A_PAGE):
                yield Page(block, key=key_of(fact))
        last = believed(newest.value, as_of, before)
        following = {} if last is None else {"newest": to_state(last)}
        yield Page([], {"cursor": table.cursor, **following}, key=key_of(fact))

    def check(self, now: datetime) -> Iterator[Finding]:  # noqa: ARG002 - no clock is asked
        """Yield what each query or pattern of files gives: its columns; no row is read."""
        entered = tried("credential", self._enter)
        yield entered
        if entered.works:
            yield Finding("limit", "none but what the database sets for this user")
            for fact in self.streams:
                yield tried(f"stream {fact}", partial(self._look, fact))

    @property
    def gone(self) -> Mapping[str, Gone]:
        """What nobody lists any more; a survey's answer and a measure stay what was said."""
        return {fact: GONE[fact] for fact in self.streams if fact in GONE}

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:
        """Read everything: a query may be of any kind, so no cheaper walk is known."""
        for page in self.pages(stream, state=None, as_of=as_of):
            named = (record for record in page.records if all(record[key] for key in page.key))
            yield [id_of(record, page.key) for record in named]

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:
        return only(self.pages(stream, state=None, as_of=as_of), ids)

    def _enter(self) -> str:
        with self._tables(f"source {self.name}").session() as session:
            session.columns("select 1 as reached")
        return "files need none" if self.settings.folder else "the database lets us in"

    def _look(self, fact: Fact) -> str:
        tables = self._tables(self._place(fact))
        with tables.session() as session:
            asked = self._asked(session, tables, fact, None)
        others = [name for name in COLUMNS[fact][1] if name not in asked.columns.ours]
        return (
            "all columns are there" if not others else f"can be read, without {', '.join(others)}"
        )

    def _asked(self, session: Session, tables: Tables, fact: Fact, since: Value | None) -> Asked:
        """Return what is asked of a fact's table, whose columns are looked at first."""
        table = self.settings.facts[fact]
        asked = Asked(tables, tables.check(table.query or table.files or ""), NO_COLUMNS, since)
        there = session.columns(asked.all_columns())
        return replace(asked, columns=columns_of(fact, table, there, self._place(fact)))

    def _place(self, fact: Fact) -> str:
        return f"health.yaml, source {self.name}, {fact}"

    def _tables(self, place: str) -> Tables:
        if self.settings.folder is not None:
            return Folder(self.root / self.settings.folder, place)
        return open_database(self.credentials, place)

    def _usage_days(
        self, session: Session, asked: Asked, newest: Newest, place: str
    ) -> Iterator[Record]:
        """Add up every day that has a new row from all of its rows, and those after it as well."""
        values = {}
        if asked.since is not None:
            (((first,),),) = session.rows(asked.first_day(), **asked.since_value)
            if first is None:
                return iter(())
            values["first"] = begin_of(first, self.time_zone)
        blocks = session.rows(asked.days(has_first=bool(values)), **values)
        return usage_days(asked.columns.ours, _seen(blocks, asked, newest), self.time_zone, place)


def _records(
    session: Session, asked: Asked, newest: Newest, key: tuple[str, ...]
) -> Iterator[Record]:
    blocks = session.rows(asked.new_rows(), **asked.since_value)
    for block in _seen(blocks, asked, newest):
        yield from (record_of(asked.columns.ours, row, key) for row in block)


def _seen(blocks: Blocks, asked: Asked, newest: Newest) -> Blocks:
    """Yield the blocks, and take note of the newest value of the cursor, which stands last."""
    for block in blocks:
        if asked.columns.cursor is not None:
            newest.see_all(row[-1] for row in block)
        yield block


def begin_of(first: Any, zone: ZoneInfo) -> Any:  # noqa: ANN401 - any value of a database
    """Return from where on the whole day of a value comes, in the same kind of value."""
    day = day_of(first, zone)
    if day is None:
        return first
    if isinstance(first, datetime):
        return datetime.combine(day, time(), zone if first.tzinfo else None)
    return day.isoformat() if isinstance(first, str) else day
