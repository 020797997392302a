"""An org as the source asks it: what objects have, how many records there are, and all of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from include.errors import RetryLater
from include.sources.base import rows_of
from include.sources.http.refusals import date_of
from include.sources.http.side_by_side import Growing, side_by_side
from include.sources.salesforce_bulk import bulk_rows
from include.sources.salesforce_calls import Calls
from include.sources.salesforce_csv import Row
from include.sources.salesforce_refusals import LostCursor, QueryTimeout
from include.sources.salesforce_soql import Query, second_of

RESTARTS = 3  # of a query whose place in the list was lost
PAGE = 2000  # records, at most
WIDTH = 8  # windows at a time; the org bears 25 long calls at once, of everybody
# Counting to cut windows costs calls of the day: so many windows a thread are enough.
PARTS_A_THREAD = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an object, as the user of the connection may see it.

    type: describe's word. is_formula: computed from other records too, so its change may move no
    stamp. words: the entries of a picklist.
    """

    name: str
    type: str
    is_formula: bool
    words: tuple[str, ...]


class Org:
    """bulk_above: with more records than that a bulk job is made, if the org makes one."""

    def __init__(self, calls: Calls, *, bulk_above: int, bulk_patience_s: float) -> None:
        self.calls = calls
        self._bulk_above = bulk_above
        self._bulk_patience_s = bulk_patience_s

    def columns(self, entity: str) -> dict[str, Column] | None:
        """Return an object's fields that this user sees, by name; None: it has no such object."""
        path = f"/sobjects/{entity}/describe"
        answer = self.calls.call("GET", path, accept=(200, 404))
        if answer.status == 404:
            return None
        columns = (_column(row) for row in rows_of(answer.body, "fields", path))
        return {column.name: column for column in columns}

    def newest(self, query: Query, *, everything: bool) -> int | None:
        """Return the largest stamp of the object's records, in epoch seconds; None: no records.

        Where the org cannot find it in time, its own clock says which one none can exceed.
        """
        try:
            body = self.calls.get(_resource(everything), {"q": query.newest})
        except QueryTimeout:
            now = date_of(self.calls.call("GET", "/").headers)
            if now is None:
                raise
            return int(now.timestamp())
        stamps = [row.get(query.stamp) for row in rows_of(body, "records", query.entity)]
        return second_of(stamps[0]) if stamps and stamps[0] else None

    def count(self, query: Query, *, everything: bool) -> int:
        body = self.calls.get(_resource(everything), {"q": query.counting})
        return int(body["totalSize"])

    def rows(
        self, query: Query, columns: dict[str, Column], *, everything: bool
    ) -> Iterator[list[Any]]:
        """Yield the records of a query, without order; some may come twice after a restart.

        everything: deleted and archived ones too, where the query does not leave them out.
        """
        count = self._count(query, everything=everything)
        if count is None or count > self._bulk_above:
            types = {name: columns[name].type for name in query.fields}
            found = bulk_rows(
                self.calls, query.text, types,
                everything=everything, patience_s=self._bulk_patience_s,
            )  # fmt: skip
            if found is not None:
                yield from found
                return
        if count is None or count <= PAGE:
            yield from self._narrowing(query, everything=everything)
        else:
            yield from self._in_windows(query, count, everything=everything)

    def _count(self, query: Query, *, everything: bool) -> int | None:
        """None: too many to be counted in time, or the query is too long to be asked so."""
        if not query.fits_in_uri:
            return None
        try:
            return self.count(query, everything=everything)
        except QueryTimeout:
            return None

    def _in_windows(self, query: Query, count: int, *, everything: bool) -> Iterator[list[Any]]:
        """List a query in windows of its stamp, side by side: one page only names the next."""
        most = max(PAGE, count // (WIDTH * PARTS_A_THREAD))
        parts: Growing[list[Any]] = Growing([])

        def part(query: Query, count: int) -> Iterator[list[Any]]:
            halves = list(query.halves()) if count > most else []
            few = self._count(halves[0], everything=everything) if halves else None
            if few is None:
                yield from self._narrowing(query, everything=everything)
                return
            # What changes meanwhile leaves the window: no half is fuller than this says.
            for half, number in zip(halves, (few, count - few), strict=True):
                if number > 0:
                    parts.add(partial(part, half, number))

        parts.add(partial(part, query, count))
        yield from side_by_side(parts, width=WIDTH, depth=1)

    def _narrowing(self, query: Query, *, everything: bool) -> Iterator[list[Any]]:
        """List a query; where that takes the org too long, list the halves of its window."""
        try:
            yield from self._restarting(query, everything=everything)
        except QueryTimeout:
            halves = list(query.halves())
            if not halves:
                raise
            for half in halves:
                yield from self._narrowing(half, everything=everything)

    def _restarting(self, query: Query, *, everything: bool) -> Iterator[list[Any]]:
        for _ in range(RESTARTS):
            try:
                yield from self._listed(query, everything=everything)
            except LostCursor:
                continue
            return
        yield from self._listed(query, everything=everything)

    def _listed(self, query: Query, *, everything: bool) -> Iterator[list[Any]]:
        """Follow nextRecordsUrl until `done`: pages may be shorter than asked for, or empty."""
        path, params = _resource(everything), {"q": query.text}
        read: set[str] = set()
        while True:
            body = self.calls.get(path, params)
            yield [plain(row) for row in rows_of(body, "records", query.entity)]
            if body["done"]:
                return
            path, params = str(body["nextRecordsUrl"]), {}
            if path in read:
                raise RetryLater(
                    f"salesforce: a page of {query.entity} led back to one that was read already."
                )
            read.add(path)


def plain(row: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a record without `attributes`, which says its type and address."""
    if not isinstance(row, dict):
        return row
    return {name: value for name, value in row.items() if name != "attributes"}


def deleted(query: Query) -> Query:
    """Return the query for what lies in the recycle bin: for 15 days, whenever it changed last."""
    return replace(query, start=None, end=None, conditions=("IsDeleted = true", *query.conditions))


def _resource(everything: bool) -> str:  # noqa: FBT001 - the name says it
    return "/queryAll" if everything else "/query"


def _column(row: Row) -> Column:
    words = tuple(str(entry["value"]) for entry in row.get("picklistValues") or ())
    return Column(str(row["name"]), str(row["type"]), bool(row.get("calculated")), words)
