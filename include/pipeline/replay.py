"""A card over what other cards read: stored live readings are taken over where they say the same.

What was known on a past day, only a live row tells. A newer scorecard therefore takes a measure's
reading from the live row of any other card that has the same reading spec, and computes it from the
facts where there is none. A day on which the card itself ran live is computed from the facts whole:
beside its own live row that shows what late data changed.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Row

from include.pipeline.spans import Span, number
from include.scoring.carry import read_ages
from include.scoring.deck import label_of
from include.scoring.reading_spec import Reading
from include.scoring.scorecard import Scorecard
from include.warehouse import histories
from include.warehouse.database import query
from include.warehouse.histories import Accounts, Floats, Limits
from include.warehouse.revisions import Days, Ids

READING: TypeAdapter[Reading] = TypeAdapter(Reading)


@dataclass(frozen=True, slots=True)
class Known:
    """What another card read live. places: (position of a measure in our card, in that one).

    measures: their names.
    """

    scorecard_id: int
    measures: tuple[str, ...]
    places: list[tuple[int, int]]


class _Limits(TypedDict):
    first_account: int
    last_account: int
    first_day: date
    last_day: date


def take_over(
    connection: Connection, span: Span, block: Accounts, grid: tuple[Ids, Days, Floats]
) -> NDArray[np.bool_] | None:
    """Put live readings of other cards over computed ones, and return where; None: nowhere.

    grid: (accounts, days, readings by account, day and measure); the readings are written over.
    The card registered last comes first.
    """
    limits: _Limits = {**block, "first_day": span.first, "last_day": span.last}
    cards = connection.execute(query("snapshots/live_cards"), dict(limits)).all()
    others = [_same(span.card, row) for row in cards if _label(row) != label_of(span.card)]
    if not any(other.places for other in others):
        return None
    accounts, days, readings = grid
    is_taken = np.zeros(readings.shape, np.bool_)
    is_own = np.zeros(readings.shape[:2], np.bool_)
    for own in [row for row in cards if _label(row) == label_of(span.card)]:
        keys = histories.load_live_days(connection, scorecard_id=own.scorecard_id, **limits)
        line, column, _ = _inside(accounts, days, *keys)
        is_own[line, column] = True
    for other in others:
        account_ids, as_of, values = _read_by(connection, other, limits)
        line, column, row = _inside(accounts, days, account_ids, as_of)
        for ours, theirs in other.places:
            free = ~is_own[line, column] & ~is_taken[line, column, ours]
            at = (line[free], column[free], ours)
            readings[at] = values[row[free], theirs]
            is_taken[at] = True
    return is_taken if is_taken.any() else None


def _read_by(connection: Connection, other: Known, limits: _Limits) -> tuple[Ids, Days, Floats]:
    """Return what another card read live; unknown where an earlier reading filled a gap.

    A measure that was held for a common cause keeps the reading it was held at: that is what was
    taken for true of everybody then.
    """
    asked: Limits = {**limits, "scorecard_id": other.scorecard_id}
    accounts, days, values = histories.load_readings(
        connection, basis="live", measures=len(other.measures), **asked
    )
    carried = histories.load_carried(connection, accounts, days, basis="live", **asked)
    rows = np.flatnonzero(carried.codes >= 0)
    ages = read_ages(carried.codes[rows], carried.words, other.measures)
    is_gap = (ages > 0) & ~_held(connection, other, asked, days[rows])
    values[rows] = np.where(is_gap, np.nan, values[rows])
    return accounts, days, values


def _held(connection: Connection, other: Known, asked: Limits, days: Days) -> NDArray[np.bool_]:
    """(row, measure) where the other card's measure was held on the row's day."""
    held = np.zeros((len(days), len(other.measures)), np.bool_)
    for row in connection.execute(query("common_cause/held_between"), dict(asked)):
        held[days == number(row.as_of), other.measures.index(row.measure)] = True
    return held


def digest_of(measure: dict[str, Any]) -> str | None:
    """Return one text for all measures that read the same; None for what cannot be read any more.

    measure: as a scorecard's body in the store has it. Spelt-out defaults do not matter; the curve
    does only where it decides which account of a family is the worst.
    """
    try:
        reading = READING.validate_python(measure["reading"])
    except ValidationError:
        return None
    family = measure.get("family", "own")
    said = [reading.model_dump(mode="json", exclude_defaults=True), family]
    if family == "worst":
        said.append(measure.get("curve") or measure["levels"])
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _same(card: Scorecard, other: Row[Any]) -> Known:
    """Find the measures of another card that read the same as ours."""
    body = json.loads(other.body)
    theirs = [measure for part in body["categories"] for measure in part["measures"]]
    at = {digest_of(measure): place for place, measure in enumerate(theirs)}
    digests = [digest_of(measure.model_dump(mode="json")) for measure in card.measures]
    places = [(place, at[one]) for place, one in enumerate(digests) if one and one in at]
    return Known(
        other.scorecard_id,
        tuple(measure["name"] for measure in theirs),
        places,
    )


def _label(row: Row[Any]) -> str:
    return f"{row.name}.v{row.version}"


def _inside(
    accounts: Ids, days: Days, account_ids: Ids, as_of: Days
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return line and column in the grid of the rows that are in it, and which rows those are."""
    rows = np.flatnonzero(np.isin(account_ids, accounts))
    line = np.searchsorted(accounts, account_ids[rows])
    return line, (as_of[rows] - days[0]).astype(np.intp), rows
