"""What a database or DuckDB is asked for: our columns of a table, what is new, whole days."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from include.sources.tables_cursor import Value
from include.sources.tables_rows import Columns

Blocks = Iterator[Sequence[Sequence[Any]]]


class Session(Protocol):
    """Everything that is read in one go, as of one moment where that can be had."""

    def columns(self, statement: str) -> list[str]: ...

    def rows(self, statement: str, **values: object) -> Blocks: ...


class Tables(Protocol):
    """A database or a folder of files."""

    def check(self, entered: str) -> str:
        """Return what stands after FROM for a query or a pattern of files; FixConfig if neither."""
        ...

    def quoted(self, name: str) -> str: ...

    def value(self, name: str) -> str: ...

    def number(self, column: str) -> str: ...

    def session(self) -> AbstractContextManager[Session]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """source: what stands after FROM. since: the value of the cursor to go on from; None: all."""

    tables: Tables
    source: str
    columns: Columns
    since: Value | None

    @property
    def since_value(self) -> dict[str, Value]:
        return {} if self.since is None else {"since": self.since}

    def all_columns(self) -> str:
        """Ask for nothing but the names of the columns."""
        return _select("*", self.source, " where 1 = 0")

    def new_rows(self) -> str:
        """Ask for our columns of what is new, and for the cursor behind them."""
        return _select(self._wanted(), self.source, self._is_new())

    def first_day(self) -> str:
        """Ask for the first day that has any new row."""
        return _select(f"min({self._day()})", self.source, self._is_new())

    def days(self, *, has_first: bool) -> str:
        """Ask for our columns by day; of the days from :first on, or of all."""
        where = f" where {self._day()} >= {self.tables.value('first')}" if has_first else ""
        return _select(self._wanted(), self.source, f"{where} order by {self._day()}")

    def _day(self) -> str:
        return self._column(self.columns.their("day") or "")

    def _column(self, name: str) -> str:
        return f"q.{self.tables.quoted(name)}"

    def _wanted(self) -> str:
        cursor = [] if self.columns.cursor is None else [self.columns.cursor]
        return ", ".join(map(self._column, [*self.columns.theirs, *cursor]))

    def _is_new(self) -> str:
        """From `since` on, and of what nobody knows when it changed."""
        if self.since is None or self.columns.cursor is None:
            return ""
        column = self._column(self.columns.cursor)
        compared = self.tables.number(column) if isinstance(self.since, int | float) else column
        return f" where ({compared} >= {self.tables.value('since')} or {column} is null)"


def _select(wanted: str, source: str, rest: str) -> str:
    # Names are quoted, values are bound; the source was checked to do nothing but read.
    return f"select {wanted} from {source} q{rest}"  # noqa: S608
