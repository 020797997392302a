"""Columns of a table in memory: numpy arrays that know which PostgreSQL type they become."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Kind = Literal[
    "int2", "int4", "int8", "float8", "bool", "date", "timestamptz", "text", "jsonb", "float8[]",
    "int2[]",
]  # fmt: skip
CODED = ("text", "jsonb")
INTEGERS = {"int2": 2, "int4": 4, "int8": 8, "date": 4, "timestamptz": 8, "int2[]": 2}  # bytes
EPOCH_DAYS = 10_957  # from 1970-01-01 to 2000-01-01, where PostgreSQL's days and moments begin
EPOCHS = {"date": EPOCH_DAYS, "timestamptz": EPOCH_DAYS * 86_400_000_000}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    values: one number a row; for date days and for timestamptz microseconds since 1970-01-01 UTC;
    for text and jsonb the position in `words`; for arrays a matrix with one line a row.
    is_null: true where the row has no value at all. NaN is a value, unless `floats` made it null.
    """

    kind: Kind
    values: NDArray[Any]
    is_null: NDArray[np.bool_] | None = None
    words: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.values)

    def check(self, name: str) -> None:
        """Raise ValueError where a value does not fit the type: nothing is rounded or wrapped."""
        dimensions = 2 if self.kind.endswith("[]") else 1
        if self.values.ndim != dimensions:
            raise ValueError(f"{name}: {self.kind} needs {dimensions} dimensions")
        if self.kind == "bool" and self.values.dtype != np.bool_:
            raise ValueError(f"{name}: {self.values.dtype} is not bool")
        if self.kind in CODED or self.kind in INTEGERS:
            self._check_integers(name)

    def _check_integers(self, name: str) -> None:
        if self.values.dtype.kind not in "iu":
            raise ValueError(f"{name}: {self.values.dtype} is no whole number")
        known = self.values if self.is_null is None else self.values[~self.is_null]
        if known.size == 0:
            return
        low, high = 0, len(self.words) - 1
        if self.kind not in CODED:
            epoch, limit = EPOCHS.get(self.kind, 0), 2 ** (8 * INTEGERS[self.kind] - 1)
            low, high = epoch - limit, limit - 1
        for value in (int(known.min()), int(known.max())):
            if not low <= value <= high:
                raise ValueError(f"{name}: {value} does not fit {self.kind}")


def numbers(kind: Kind, values: ArrayLike, *, is_null: ArrayLike | None = None) -> Column:
    """Return a column of any kind but text and jsonb."""
    mask = None if is_null is None else np.asarray(is_null, dtype=bool)
    return Column(kind, np.asarray(values), mask)


def floats(values: ArrayLike) -> Column:
    """Return a float8 column in which NaN becomes null: unknown, not a number."""
    known = np.asarray(values, dtype=np.float64)
    is_null = np.isnan(known)
    return Column("float8", known, is_null if is_null.any() else None)


def texts(values: Sequence[str | None]) -> Column:
    """Return a text column from its values; None is null."""
    is_null = np.fromiter((value is None for value in values), dtype=bool, count=len(values))
    words = ["" if value is None else value for value in values]
    return Column("text", np.arange(len(words)), is_null if is_null.any() else None, words)


def coded(
    codes: ArrayLike, words: Sequence[str], kind: Literal["text", "jsonb"] = "text"
) -> Column:
    """Return a column of text from positions in a list of words; a negative code is null."""
    positions = np.asarray(codes)
    is_null = positions < 0
    return Column(kind, positions, is_null if is_null.any() else None, words)
