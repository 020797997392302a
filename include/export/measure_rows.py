"""Rows of measures with why each unknown one is: the words of `health explain`, account by account.

The store tells what is unknown; the cause is told from what is known of the account now, so it is
added to the rows as they come, block by block.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from include.export.rows import Column, Table, Value
from include.reports.causes import Known, known_of
from include.scoring.context import stored_context
from include.scoring.policy_words import why_no_target
from include.scoring.scorecard import Scorecard
from include.scoring.unknown import unknown_when
from include.scoring.why import why_unknown

BLOCK = 5_000  # rows whose accounts are looked at together
TOLD_FROM = ("scorecard_id", "place", "basis", "context")  # the last columns of the statement
WHEN = Column("unknown_when", "text", "Rule by which the reading is unknown; NULL: it is known")
BECAUSE = Column(
    "unknown_because", "text",
    "Why it is unknown for this account, or its target is; NULL: both are known",
)  # fmt: skip
Row = Sequence[Value]


def with_causes(
    connection: Connection, table: Table, cards: Mapping[int, Scorecard], *, block: int = BLOCK
) -> Table:
    """Return the table with `unknown_when` and `unknown_because` for what they are told from.

    table: of export/measures.sql. cards: by scorecard_id. block: rows that are told of at once.
    """
    columns = (*table.columns[: -len(TOLD_FROM)], WHEN, BECAUSE)
    return Table(columns, _told(connection, table, cards, block))


def _told(
    connection: Connection, table: Table, cards: Mapping[int, Scorecard], block: int
) -> Iterator[Row]:
    place = {column.name: n for n, column in enumerate(table.columns)}
    while rows := list(islice(table.rows, block)):
        told = [_Told(row, place, cards) for row in rows]
        known = _known(connection, told)
        for one in told:
            yield (*one.row[: -len(TOLD_FROM)], *one.words(known))


class _Told:
    """One row, and what its words are told from."""

    def __init__(self, row: Row, place: Mapping[str, int], cards: Mapping[int, Scorecard]) -> None:
        found: dict[str, Any] = {name: row[at] for name, at in place.items()}
        self.row, self.account, self.context = row, found["account_id"], found["context"]
        self.group = found["scorecard_id"], found["day"], found["basis"]
        self.card = cards[found["scorecard_id"]]
        self.measure = self.card.measures[found["place"] - 1]
        self.is_unknown, self.state = found["reading"] is None, found["state"]
        self.asks = self.is_unknown and self.measure.family == "own"

    def words(self, known: Mapping[tuple[Any, ...], Known]) -> tuple[str | None, str | None]:
        if not self.is_unknown:
            return None, self._no_target()
        at = known[self.group].of(self.account) if self.asks else None
        return unknown_when(self.measure), why_unknown(self.measure, at)

    def _no_target(self) -> str | None:
        if self.state not in ("unknown", "neutral"):
            return None
        context = None if self.context is None else json.loads(self.context)
        return why_no_target(self.measure, stored_context(context))


def _known(connection: Connection, told: Sequence[_Told]) -> dict[tuple[Any, ...], Known]:
    """Return what is known of the accounts that ask, by scorecard, day and basis."""
    asking = defaultdict(list)
    for one in told:
        if one.asks:
            asking[one.group].append(one)
    return {
        group: known_of(
            connection, own[0].card, group[1:], sorted({one.account for one in own}),
            list({one.measure.name: one.measure.reading for one in own}.values()),
        )
        for group, own in asking.items()
    }  # fmt: skip
