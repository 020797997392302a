"""Counted events on disk, sorted into buckets of accounts, so that few accounts fill the memory.

The events of a window come in the order of time, each account's all over it. They are kept block by
block, in each block those of a bucket together with the names that they need; a bucket is put
together again from the pieces that all blocks have of it, each of which says where the one before
it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from struct import Struct
from tempfile import TemporaryFile
from typing import Any, Generic, TypeVar
from zlib import crc32

import numpy as np
import numpy.typing as npt
import orjson

ROW = np.dtype([("cell", "<u4"), ("user", "<u4"), ("name", "<u4"), ("mark", "<i8")])
NAMED = ("cell", "user", "name")  # the columns that are numbers of something named
BUCKETS = 128
NO_PIECE = -1
HEAD = Struct("<qqq")  # of a piece: where the one before is, bytes of its names, rows
T = TypeVar("T")


class Numbered(dict[T, int], Generic[T]):
    """Numbers what it is asked for, from 0 in the order of asking."""

    def __missing__(self, name: T) -> int:
        number = self[name] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class Block:
    """Events, one row each. names: of each of the NAMED columns, by number.

    A cell's name is its account key, day and part.
    """

    rows: npt.NDArray[Any]
    names: Mapping[str, list[Any]]


class Spill:
    """Close it, which removes its file."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._newest = [NO_PIECE] * BUCKETS  # where each bucket's is in the file
        self._rows = [0] * BUCKETS

    def close(self) -> None:
        self._file.close()

    @property
    def is_empty(self) -> bool:
        return not any(self._rows)

    def put(self, block: Block) -> None:
        keys = (account.encode() for account, _, _ in block.names["cell"])
        by_cell = np.fromiter((crc32(key) % BUCKETS for key in keys), np.uint8)
        buckets = by_cell[block.rows["cell"]]
        order = np.argsort(buckets, kind="stable")
        ends = np.searchsorted(buckets[order], np.arange(BUCKETS), "right")
        renumbered = _Renumbered(block)
        for bucket, places in enumerate(np.split(order, ends[:-1])):
            if len(places):
                self._rows[bucket] += len(places)
                self._newest[bucket] = self._write(renumbered.part(places), self._newest[bucket])

    def take(self, most_rows: int) -> Iterator[Block]:
        """Yield all rows, some buckets at a time: those of a cell are never apart.

        A block has more rows than `most_rows` only where one bucket has.
        """
        together: list[int] = []
        for bucket, rows in enumerate(self._rows):
            if together and sum(self._rows[one] for one in together) + rows > most_rows:
                yield self._joined(together)
                together = []
            if rows:
                together.append(bucket)
        if together:
            yield self._joined(together)

    def _joined(self, buckets: Iterable[int]) -> Block:
        """Put all pieces of these buckets together; a name that several have gets one number."""
        numbered: dict[str, Numbered[Any]] = {column: Numbered() for column in NAMED}
        pieces = []
        for piece in chain.from_iterable(map(self._pieces, buckets)):
            for column, known in numbered.items():
                anew = np.array([known[name] for name in piece.names[column]], "u4")
                piece.rows[column] = anew[piece.rows[column]]
            pieces.append(piece.rows)
        names = {column: list(known) for column, known in numbered.items()}
        return Block(np.concatenate(pieces), names)

    def _pieces(self, bucket: int) -> Iterator[Block]:
        at = self._newest[bucket]
        while at != NO_PIECE:
            self._file.seek(at)
            at, size, count = HEAD.unpack(self._file.read(HEAD.size))
            names = orjson.loads(self._file.read(size))
            rows = np.frombuffer(self._file.read(count * ROW.itemsize), ROW).copy()
            yield Block(rows, {**names, "cell": [*map(tuple, names["cell"])]})

    def _write(self, piece: Block, before: int) -> int:
        at, names = self._file.tell(), orjson.dumps(piece.names)
        self._file.write(HEAD.pack(before, len(names), len(piece.rows)))
        self._file.write(names)
        self._file.write(piece.rows.tobytes())
        return at


class _Renumbered:
    """Takes some rows out of a block, and of its names only those that they have."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._is_used = {column: np.zeros(len(block.names[column]), bool) for column in NAMED}
        self._anew = {column: np.empty(len(block.names[column]), "u4") for column in NAMED}

    def part(self, places: npt.NDArray[Any]) -> Block:
        rows, names = self._block.rows[places], {}
        for column in NAMED:
            is_used, anew, known = self._is_used[column], self._anew[column], rows[column]
            is_used[known] = True
            used = np.flatnonzero(is_used)
            is_used[used] = False
            anew[used] = np.arange(len(used))
            rows[column] = anew[known]
            names[column] = [self._block.names[column][number] for number in used.tolist()]
        return Block(rows, names)
