"""Compare what the CRM shows with what it accepted from us: fields that somebody edited since."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from include.crm.values import is_same
from include.crm.write import Book
from include.errors import RejectData
from include.warehouse.database import query, transaction

LARGEST_SAMPLE = 1_000  # records of one run
FEW = 5  # differing records of a sample that may always be: people edit while we write


@dataclass(slots=True)
class Compared:
    """Records compared, and those of them with a field that shows another value than ours."""

    checked: int = 0
    drifted: int = 0


def check_sample(book: Book, names: Collection[str], *, written: int, share: float) -> Compared:
    """Read a share of what this run wrote back; RejectData where the CRM does not keep it."""
    most = min(LARGEST_SAMPLE, -(-int(written * share * 1_000) // 1_000))
    found = _compare(book, names, run_no=book.run_no, most=most)
    if found.drifted > max(FEW, found.checked // 20):
        raise RejectData(
            f"{found.drifted:,} of {found.checked:,} records that were read back do not show what"
            f" {book.desk.vendor} had just accepted: a workflow, a rule or another program writes"
            " into our fields. `health crm status` lists them."
        )
    return found


def check_others(book: Book, names: Collection[str], *, calls: int) -> Compared:
    """Compare the records whose comparison is longest ago, as many as so many calls can read."""
    return _compare(book, names, run_no=None, most=calls * book.desk.page)


def _compare(book: Book, names: Collection[str], *, run_no: int | None, most: int) -> Compared:
    found = Compared()
    for rows in _due(book, run_no, most):
        shown = book.desk.read([row.record_id for row in rows], names)
        differing = [entry for row in rows for entry in _differing(row, shown, names)]
        found.checked += len(rows)
        found.drifted += len({entry["record_id"] for entry in differing})
        _enter(book, [row.record_id for row in rows], differing)
    return found


def _due(book: Book, run_no: int | None, most: int) -> Iterator[Sequence[Row[Any]]]:
    wanted = {"source": book.source, "run_no": run_no, "most": most}
    with transaction(book.engine) as connection:
        rows = connection.execute(query("crm/next_to_check"), wanted).all() if most else []
    for start in range(0, len(rows), book.desk.page):
        yield rows[start : start + book.desk.page]


def _differing(
    row: Row[Any], shown: dict[str, dict[str, str | None]], names: Collection[str]
) -> Iterator[dict[str, object]]:
    """Yield the fields of a record that show another value; a record that is gone has none."""
    now = shown.get(row.record_id)
    if now is None:
        return
    for name, ours in row.acknowledged.items():
        theirs = now.get(name)
        if name in names and not is_same(theirs, ours):
            yield {
                "record_id": row.record_id, "account_id": row.account_id, "field": name,
                "ours": ours, "theirs": theirs or "",
            }  # fmt: skip


def _enter(book: Book, record_ids: list[str], differing: list[dict[str, object]]) -> None:
    binds = {"source": book.source, "record_ids": record_ids, "rows": json.dumps(differing)}
    with transaction(book.engine) as connection:
        connection.execute(query("crm/write_drift"), {**binds, "run_no": book.run_no})
        connection.execute(query("crm/resolve_drift"), binds)
        connection.execute(query("crm/mark_checked"), binds)
