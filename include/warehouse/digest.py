"""One number of 64 bits for the content of a row, by which a re-run sees what changed.

Two contents that differ in one value have different digests; those that differ in more share one
with a chance of 2**-64. Equal content has one digest on every machine and in any company of rows:
0.0 and -0.0 are equal, all NaN are, null is a value of its own.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from include.warehouse.columns import CODED, Column

BLOCK_ROWS = 8192
SEED = np.uint64(0x9E37_79B9_7F4A_7C15)
# The three steps of the mixer known as splitmix64: shift, multiplier; each can be undone.
STEPS = (
    (np.uint64(30), np.uint64(0xBF58_476D_1CE4_E5B9)),
    (np.uint64(27), np.uint64(0x94D0_49BB_1331_11EB)),
    (np.uint64(31), np.uint64(1)),
)
NULL = np.uint64(0x7FF8_0000_DEAD_BEEF)  # the bits of a NaN that no arithmetic makes
Words = NDArray[np.uint64]


def digest_rows(columns: Sequence[Column], *, late: Sequence[Column] = ()) -> NDArray[np.int64]:
    """Return the digest of each row of these columns, in the order of the columns.

    late: columns that a table got later. A row in which all of them are null or 0 has the digest
    that it had without them.
    """
    digests = _digest(columns)
    if late:
        at_rest = np.logical_and.reduce([_is_at_rest(column) for column in late])
        if not at_rest.all():
            both = digests.copy()
            _mix(both, _digest(late), np.empty_like(both))
            digests = np.where(at_rest, digests, both)
    return digests.view(np.int64)


def _is_at_rest(column: Column) -> NDArray[np.bool_]:
    """Return which rows are null, or 0 where the column holds numbers."""
    is_null = np.zeros(len(column), np.bool_) if column.is_null is None else column.is_null
    return is_null if column.kind in CODED else is_null | (column.values == 0)


def _digest(columns: Sequence[Column]) -> Words:
    digests = np.full(len(columns[0]), SEED)
    dictionaries = [_digest_texts(column.words) for column in columns]
    for start in range(0, len(digests), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        room = np.empty_like(digests[rows])
        for column, dictionary in zip(columns, dictionaries, strict=True):
            for words in _words(column, dictionary, rows):
                _mix(digests[rows], words, room)
    return digests


def _mix(digests: Words, words: Words, room: Words) -> None:
    """Let each word change its row's digest; for one word, no two digests become the same."""
    digests ^= words
    for shift, multiplier in STEPS:
        np.right_shift(digests, shift, out=room)
        digests ^= room
        digests *= multiplier


def _digest_texts(texts: Sequence[str]) -> Words:
    found = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts or [""])
    return np.frombuffer(b"".join(found), dtype="<u8").astype(np.uint64)


def _words(column: Column, dictionary: Words, rows: slice) -> Iterator[Words]:
    """Yield the rows' values as words: one array a column, for a matrix one for each of its own."""
    values = column.values[rows]
    for part in values.T if values.ndim == 2 else [values]:
        words = dictionary[part] if column.kind in CODED else _to_words(column.kind, part)
        yield words if column.is_null is None else np.where(column.is_null[rows], NULL, words)


def _to_words(kind: str, values: NDArray[Any]) -> Words:
    if not kind.startswith("float8"):
        return values.astype(np.int64).view(np.uint64)
    same = values.astype(np.float64) + 0.0  # -0.0 becomes 0.0
    same[np.isnan(same)] = np.nan
    return same.view(np.uint64)
