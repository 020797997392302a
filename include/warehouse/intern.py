"""Texts of many rows, each text once: the server sends a number a row, and what it stands for.

The number is PostgreSQL's 64-bit hash, so a row costs eight bytes however long its text is; two
different texts among a few thousand share one with a chance of less than 2**-40.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.warehouse.database import query


@dataclass(frozen=True, slots=True)
class Coded:
    """A text a row. codes: positions in words, -1 for none."""

    codes: NDArray[np.intp]
    words: Sequence[str]

    @classmethod
    def none(cls, rows: int) -> Self:
        return cls(np.full(rows, -1, np.intp), ())

    def of(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Coded":
        """Those of some rows, in their order."""
        return Coded(self.codes[rows], self.words)


def intern(
    connection: Connection, hashes: NDArray[np.int64], name: str, binds: Mapping[str, Any]
) -> Coded:
    """Return the texts of rows by their hashes; 0 is none.

    name: of a statement that gives `hash` and `word` of at least those texts, each once. A hash
    that it does not give (somebody changed the row in between) is none.
    """
    if not hashes.any():
        return Coded.none(len(hashes))
    rows = connection.execute(query(name), dict(binds)).all()
    known = np.array([row.hash for row in rows], np.int64)
    order = np.argsort(known)
    places = np.minimum(np.searchsorted(known, hashes, sorter=order), max(len(rows) - 1, 0))
    if not len(rows):
        return Coded.none(len(hashes))
    found = order[places]
    is_there = (known[found] == hashes) & (hashes != 0)
    return Coded(np.where(is_there, found, -1), [row.word for row in rows])
