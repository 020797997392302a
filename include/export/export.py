"""One export: the days that are meant, then a table from the store into a file, as one moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from include.errors import FixConfig
from include.export.about import About
from include.export.csv_file import write_csv
from include.export.days import Asked, Day, find_days
from include.export.kinds import KINDS, Kind
from include.export.measure_rows import with_causes
from include.export.parquet_file import write_parquet
from include.export.rows import BATCH, Table, comments, stream
from include.export.score_columns import Row
from include.export.score_sheet import ScoredBy
from include.export.whole_file import whole_file
from include.export.xlsx_file import write_xlsx
from include.pipeline.job import Job
from include.pipeline.stored_cards import StoredCard, stored_card
from include.warehouse.database import query, transaction

FORMATS = ("parquet", "csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. stale: what to say of old scores; None: they are not. now: aware."""

    kind: Kind
    outcome: str
    asked: Asked
    format: str
    out: Path
    stale: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Exported:
    """first, last: published days; of what is told as it is now, the newest one."""

    out: str
    format: str
    what: str
    outcome: str
    rows: int
    first: date
    last: date


def kind_of(name: str) -> Kind:
    """Return what can be exported under a name; FixConfig where nothing can."""
    if name not in KINDS:
        near = get_close_matches(name, KINDS, n=1)
        hint = f"did you mean {near[0]}? Valid" if near else "valid"
        raise FixConfig(f"There is no {name!r} to export; {hint} here: {', '.join(KINDS)}.")
    return KINDS[name]


def format_of(out: Path, named: str | None) -> str:
    """Return the format that was named, or that the file's name ends with; FixConfig if neither."""
    found = (named or out.suffix.removeprefix(".")).lower()
    if found not in FORMATS:
        raise FixConfig(
            f"{found or out.name!r} is no format of an export; say --format, one of "
            f"{', '.join(FORMATS)}."
        )
    return found


def export(job: Job, wish: Wish) -> Exported:
    """Write the file, whole or not at all; everything in it is of one moment of the store.

    Raises FixConfig where there is no such day, or the file cannot be written or cannot hold it.
    """
    with transaction(job.engine) as connection:
        connection.execute(query("verify/one_moment"))
        days = find_days(connection, wish.outcome, wish.asked, wish.kind)
        cards = _cards_of(job, connection, days)
        about = About(wish.kind, wish.outcome, days, cards, wish.stale, wish.now)
        with whole_file(wish.out) as path:
            table = _table(connection, wish, days, cards)
            rows = _write(connection, wish, (table, about), path)
    return Exported(
        str(wish.out), wish.format, wish.kind.name, wish.outcome, rows, days[0].as_of,
        days[-1].as_of,
    )  # fmt: skip


def _cards_of(job: Job, connection: Connection, days: list[Day]) -> list[StoredCard]:
    ids = sorted({number for day in days for number in day.scorecard_ids})
    rows = connection.execute(query("export/cards"), {"scorecard_ids": ids}).mappings()
    return [stored_card(job, dict(row)) for row in rows]


def _table(connection: Connection, wish: Wish, days: list[Day], cards: list[StoredCard]) -> Table:
    kind = wish.kind
    binds: dict[str, Any] = {"outcome": wish.outcome}
    if kind.span != "now":
        binds |= {"first": days[0].as_of, "last": days[-1].as_of}
    if kind.name == "sync":
        binds = {}
    about = comments(connection, kind.view) | kind.adds
    table = stream(connection, f"export/{kind.name}", binds, about)
    if kind.name != "measures":
        return table
    return with_causes(connection, table, {one.scorecard_id: one.card for one in cards})


def _write(connection: Connection, wish: Wish, told: tuple[Table, About], path: Path) -> int:
    table, about = told
    if wish.format == "csv":
        return write_csv(table, path)
    if wish.format == "parquet":
        return write_parquet(table, path, about.lines())
    scored = _scored(connection, about) if wish.kind.name == "accounts" else ()
    return write_xlsx(table, path, about, scored)


def _scored(connection: Connection, about: About) -> list[ScoredBy]:
    """Return by scorecard the rows that formulas are made of."""
    [day] = about.days
    binds = {"outcome": about.outcome, "as_of": day.as_of}
    found = []
    for one in about.cards:
        points, scores = (
            partial(_streamed, connection, name, binds | {"scorecard_id": one.scorecard_id})
            for name in ("export/workbook_points", "export/workbook")
        )
        found.append(ScoredBy(one.card, points, scores))
    return found


def _streamed(connection: Connection, name: str, binds: Mapping[str, Any]) -> Iterator[Row]:
    options = {"stream_results": True, "yield_per": BATCH}
    for row in connection.execute(query(name), binds, execution_options=options).mappings():
        yield {**row}
