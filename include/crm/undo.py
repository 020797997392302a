"""Take back what a run wrote: every field as it was before, but for those that changed since."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Row

from include.crm import ledger
from include.crm.desk import Desk, Shown
from include.crm.plan import Change
from include.crm.values import is_same
from include.crm.write import Book, Tally, deliver, settle_earlier
from include.errors import FixConfig
from include.warehouse.database import query, transaction


@dataclass(frozen=True, slots=True)
class Undone:
    """restored: records that show again what they showed before. already: that did so anyway.

    skipped: fields that somebody, or a later run, has changed since. failed: records that the CRM
    did not take.
    """

    records: int
    restored: int
    already: int
    skipped: int
    failed: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A field that is not restored. theirs: what it shows now; None: the record is gone."""

    record_id: str
    field: str
    ours: str
    theirs: str | None


def undo(engine: Engine, desk: Desk, source: str, *, run_no: int, by: str) -> Undone:
    """Restore what the records of a run showed before it; the scores of its day stay unsent.

    by: who wants it. Repeatable: a second time finds what the first left over. FixConfig: the run
    wrote nothing, or there is none.
    """
    with ledger.only_push(engine, source):
        settle_earlier(Book(engine, desk, source, run_no))
        if not _written(engine, source, run_no, after="", most=1):
            raise FixConfig(
                f"Run {run_no} wrote nothing into {source}; `health crm status` lists the runs that"
                " did."
            )
        undo_id = _begin(engine, source, run_no, by)
        book = Book(engine, desk, source, run_no, undo_id)
        found = _restore(book)
        with transaction(engine) as connection:
            connection.execute(query("crm/end_undo"), {"undo_id": undo_id})
    return found


def _restore(book: Book) -> Undone:
    sent, records, already, skipped = Tally(), 0, 0, 0
    for rows in _pages(book):
        shown = book.desk.read([row.record_id for row in rows], _names(rows))
        split = [take_apart(row, shown) for row in rows]
        changes = [change for change, _ in split if change is not None]
        left = [one for _, skips in split for one in skips]
        records += len(rows)
        already += sum(change is None and not skips for change, skips in split)
        skipped += len(left)
        _enter_skipped(book, left)
        if changes:
            sent.take_in(deliver(book, changes))
    return Undone(records, sent.acknowledged, already, skipped, sent.rejected + sent.missed)


def take_apart(row: Row[Any], shown: Shown) -> tuple[Change | None, list[Skipped]]:
    """Return what brings a record back, and its fields that must stay as they are. Pure."""
    now = shown.get(row.record_id)
    if now is None:
        gone = [Skipped(row.record_id, name, ours, None) for name, ours in row.after.items()]
        return None, gone
    ours = [name for name, value in row.after.items() if is_same(now.get(name), value)]
    back = {name: row.before[name] for name in ours if not is_same(now.get(name), row.before[name])}
    skipped = [
        Skipped(row.record_id, name, value, now.get(name) or "")
        for name, value in row.after.items()
        if name not in ours and not is_same(now.get(name), row.before[name])
    ]
    if not back:
        return None, skipped
    old = {name: row.after[name] for name in back}
    return Change(row.account_id, row.record_id, old, back), skipped


def _pages(book: Book) -> Iterator[Sequence[Row[Any]]]:
    after = ""
    size = book.desk.batch_for(0)
    while rows := _written(book.engine, book.source, book.run_no, after=after, most=size):
        yield rows
        after = rows[-1].record_id


def _written(
    engine: Engine, source: str, run_no: int, *, after: str, most: int
) -> Sequence[Row[Any]]:
    wanted = {"source": source, "run_no": run_no, "after_record": after, "most": most}
    with transaction(engine) as connection:
        return connection.execute(query("crm/written_by_run"), wanted).all()


def _names(rows: Sequence[Row[Any]]) -> set[str]:
    return {name for row in rows for name in row.after}


def _begin(engine: Engine, source: str, run_no: int, by: str) -> int:
    wanted = {"source": source, "run_no": run_no, "undone_by": by}
    with transaction(engine) as connection:
        return int(connection.execute(query("crm/begin_undo"), wanted).scalar_one())


def _enter_skipped(book: Book, skipped: Sequence[Skipped]) -> None:
    rows = [
        {"record_id": one.record_id, "field": one.field, "ours": one.ours, "theirs": one.theirs}
        for one in skipped
    ]
    if rows:
        wanted = {"undo_id": book.undo_id, "rows": json.dumps(rows)}
        with transaction(book.engine) as connection:
            connection.execute(query("crm/skip_undo"), wanted)
