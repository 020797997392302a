"""Stored rows beside what scoring their readings again gives: which differ, and in what.

A row is scored again from its readings, its context and the scorecard, and from nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from include.canonical import canonical
from include.scoring.context import Context, circumstances_of, read_context
from include.scoring.score import Bools, Scores, score
from include.scoring.scorecard import Scorecard
from include.scoring.verify import (
    OTHER_WORD,
    Unlike,
    as_stored,
    compare,
    name_unlike,
    unlike,
)
from include.warehouse import stored
from include.warehouse.stored import WHOLE, Kind, Rows, Words


@dataclass(frozen=True, slots=True)
class Texts:
    """What codes in rows stand for: contexts of snapshots, ages of readings carried forward."""

    contexts: Words
    ages: Words


@dataclass(frozen=True)
class Compared:
    """Rows of readings and of snapshots, of the same accounts in the same order."""

    kind: Kind
    card: Scorecard
    readings: Rows
    snapshots: Rows
    texts: Texts

    @cached_property
    def contexts(self) -> list[Context | None]:
        """What each text of a context says; None: nothing that a score could stand on."""
        return [read_context(word) for word in self.texts.contexts]

    @cached_property
    def again(self) -> Scores:
        said = [one or Context() for one in self.contexts]
        at = circumstances_of(self.snapshots["context"], said)
        return score(self.readings["readings"], self.card, at)

    @cached_property
    def differs(self) -> dict[str, Bools]:
        """Return for each column which rows differ."""
        readings, snapshots, again = self.readings, self.snapshots, self.again
        is_whole = snapshots["form"] == WHOLE
        restored = _restored(snapshots, readings, again, is_whole)
        digests = stored.snapshot_digests(restored, self.texts.contexts, self.kind)
        return compare(snapshots, again, has_receipt=is_whole) | {
            "readings": unlike(snapshots["readings"], readings["readings"]) & is_whole,
            "context": _at_none(snapshots["context"], self.contexts),
            "carried": _ages(snapshots["context"], self.contexts)
            != _texts_of(readings["carried"], self.texts.ages),
            "direction": snapshots["direction"] == OTHER_WORD,
            "digest": digests != snapshots["digest"],
            "digest of the readings": stored.reading_digests(readings, self.texts.ages)
            != readings["digest"],
        }

    def named(self, row: int) -> list[Unlike]:
        """Name all that differs in a row."""
        return [
            one
            for name, rows in self.differs.items()
            if rows[row]
            for one in self._named(name, row)
        ]

    def _named(self, name: str, row: int) -> list[Unlike]:
        if name in SENTENCES:
            return [Unlike(name, *SENTENCES[name])]
        beside: Mapping[str, NDArray[np.float64]] = (
            self.readings if name == "readings" else {name: as_stored(self.again, name)}
        )
        return name_unlike(name, self.snapshots[name][row], beside[name][row], self.card)


# What is said where values themselves would tell a person nothing: as stored, as it should be.
SENTENCES = {
    "digest": ("of other content", "of the whole row, its trend included"),
    "digest of the readings": ("of other readings", "of the readings stored"),
    "direction": ("no direction there is", None),
    "context": ("nothing that a score could stand on", None),
    "carried": ("other ages than beside the readings", "the ages beside the readings"),
}


def _restored(snapshots: Rows, readings: Rows, again: Scores, is_whole: Bools) -> Rows:
    """Give thinned rows the receipt they had: computed again, since its digest is still there."""
    if is_whole.all():
        return snapshots
    lost = {"readings": readings["readings"], "points": again.points, "drivers": again.drivers}
    restored = {
        name: np.where(is_whole[:, None], snapshots[name], column) for name, column in lost.items()
    }
    return snapshots | restored


def _at_none(codes: NDArray[np.intp], contexts: Sequence[Context | None]) -> Bools:
    """Return which rows have a text that says nothing a score could stand on."""
    return np.array([*(one is None for one in contexts), False])[codes]


def _ages(codes: NDArray[np.intp], contexts: Sequence[Context | None]) -> NDArray[np.object_]:
    """Return what each row's context says of readings carried forward."""
    return _texts_of(codes, [canonical(dict(one.carried)) if one else "" for one in contexts])


def _texts_of(codes: NDArray[np.intp], words: Words) -> NDArray[np.object_]:
    return np.array([*words, "{}"], np.object_)[codes]
