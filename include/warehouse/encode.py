"""Columns as PostgreSQL's binary COPY format, made by numpy a block of rows at a time.

The format: a header; for each row the number of its fields, and for each field its size in bytes
(-1 is null) and the bytes, big-endian; a trailer. See "COPY, Binary Format" in PostgreSQL's manual.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from include.warehouse.columns import CODED, EPOCHS, Column

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
JSONB = b"\x01"  # the only format there is
BLOCK_ROWS = 8192
ITEMS = {
    "int2": ">i2", "int4": ">i4", "int8": ">i8", "float8": ">f8", "bool": "u1", "date": ">i4",
    "timestamptz": ">i8", "float8[]": ">f8", "int2[]": ">i2",
}  # fmt: skip
ITEM_OIDS = {"float8[]": 701, "int2[]": 21}  # of pg_type, the same in every PostgreSQL
Places = NDArray[np.int64]
Selection = slice | NDArray[np.intp]


class Part(Protocol):
    """Some neighbouring fields of a row."""

    def load(self, rows: Selection, count: int) -> int | Places:
        """Take `count` rows (at most BLOCK_ROWS); return the size of each one's part in bytes."""

    def put(self, out: NDArray[np.uint8], starts: Places) -> None:
        """Write the rows taken, each at its place in `out`."""


def encode(
    columns: Mapping[str, Column], chosen: NDArray[np.intp] | None = None
) -> Iterator[memoryview]:
    """Yield a whole binary COPY of these columns: of the chosen rows in that order, else of all.

    Raises ValueError where columns differ in length or a value does not fit its column.
    """
    sizes = {name: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) != 1:
        raise ValueError(f"columns must have one length: {sizes}")
    for name, column in columns.items():
        column.check(name)
    parts = list(_parts(list(columns.values())))
    count = sizes.popitem()[1] if chosen is None else len(chosen)
    yield memoryview(HEADER)
    for start in range(0, count, BLOCK_ROWS):
        rows = slice(start, min(start + BLOCK_ROWS, count))
        yield _encode_block(parts, rows if chosen is None else chosen[rows], rows.stop - start)
    yield memoryview(TRAILER)


def _encode_block(parts: Sequence[Part], rows: Selection, count: int) -> memoryview:
    """Write every part of every row where the one before it ends."""
    sizes = [part.load(rows, count) for part in parts]
    row_sizes = np.zeros(count, dtype=np.int64)
    for size in sizes:
        row_sizes += size
    starts = np.cumsum(row_sizes) - row_sizes
    out = np.empty(row_sizes.sum(), dtype=np.uint8)
    for part, size in zip(parts, sizes, strict=True):
        part.put(out, starts)
        starts += size
    return out.data


def _parts(columns: list[Column]) -> Iterator[Part]:
    """Group fields that have a value in every row of one size, and put each other one alone."""
    fixed: list[Column] = []
    fields = len(columns)  # stands at the start of each row, so in its first part
    for column in columns:
        if column.kind not in CODED and column.is_null is None:
            fixed.append(column)
            continue
        if fixed or fields:
            yield Fixed(fixed, fields)
        fixed, fields = [], 0
        yield Text(column) if column.kind in CODED else Nullable(column)
    if fixed:
        yield Fixed(fixed, fields)


def _layout(column: Column) -> np.dtype[Any]:
    """Return how a field that is not null lies in memory."""
    item = ITEMS[column.kind]
    if column.kind not in ITEM_OIDS:
        return np.dtype([("size", ">i4"), ("item", item)])
    head = [(name, ">i4") for name in ("size", "dimensions", "has_null", "oid")]
    width = column.values.shape[1]
    if width == 0:
        return np.dtype(head)
    items = np.dtype([("size", ">i4"), ("item", item)])
    return np.dtype([*head, ("length", ">i4"), ("lowest", ">i4"), ("items", items, (width,))])


def _prepare(cells: NDArray[Any], column: Column) -> None:
    """Write what is the same in every row."""
    cells["size"] = cells.dtype.itemsize - 4
    if column.kind in ITEM_OIDS:
        width = column.values.shape[1]
        cells["dimensions"], cells["has_null"] = int(width > 0), 0
        cells["oid"] = ITEM_OIDS[column.kind]
        if width:
            cells["length"], cells["lowest"] = width, 1
            cells["items"]["size"] = np.dtype(ITEMS[column.kind]).itemsize


def _fill(cells: NDArray[Any], column: Column, rows: Selection) -> None:
    """Write the values of these rows."""
    values = column.values[rows]
    if column.kind in EPOCHS:
        values = values.astype(np.int64) - EPOCHS[column.kind]
    if column.kind not in ITEM_OIDS:
        cells["item"] = values
    elif column.values.shape[1]:
        cells["items"]["item"] = values


class Fixed:
    """Fields that take the same room in every row; at the start of a row with their number."""

    def __init__(self, columns: Sequence[Column], fields: int) -> None:
        names = {f"field_{number}": column for number, column in enumerate(columns)}
        head = [("fields", ">i2")] if fields else []
        layout = np.dtype([*head, *((name, _layout(column)) for name, column in names.items())])
        self.columns = names
        self.cells = np.zeros(BLOCK_ROWS, layout)
        if fields:
            self.cells["fields"] = fields
        for name, column in names.items():
            _prepare(self.cells[name], column)

    def load(self, rows: Selection, count: int) -> int:
        self.taken = self.cells[:count]
        for name, column in self.columns.items():
            _fill(self.taken[name], column, rows)
        return self.cells.itemsize

    def put(self, out: NDArray[np.uint8], starts: Places) -> None:
        _scatter(out, starts, self.taken)


class Nullable:
    """One field that is null in some rows."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.cells = np.zeros(BLOCK_ROWS, _layout(column))
        _prepare(self.cells, column)

    def load(self, rows: Selection, count: int) -> Places:
        assert self.column.is_null is not None
        self.taken = self.cells[:count]
        _fill(self.taken, self.column, rows)
        self.is_null = self.column.is_null[rows]
        return np.where(self.is_null, 4, self.cells.itemsize)

    def put(self, out: NDArray[np.uint8], starts: Places) -> None:
        known = np.flatnonzero(~self.is_null)
        _scatter(out, starts[known], self.taken[known])
        _scatter_sizes(out, starts[self.is_null], -1)


class Text:
    """One field of text, null or not; jsonb is the same behind the number of its format."""

    def __init__(self, column: Column) -> None:
        self.column = column
        head = JSONB if column.kind == "jsonb" else b""
        encoded = [head + word.encode() for word in column.words or [""]]
        self.bytes = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        self.lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
        self.starts = np.cumsum(self.lengths) - self.lengths

    def load(self, rows: Selection, count: int) -> Places:
        codes = self.column.values[rows]
        is_null = self.column.is_null
        self.is_null = np.zeros(count, dtype=bool) if is_null is None else is_null[rows]
        self.codes = np.where(self.is_null, 0, codes)
        self.sizes = np.where(self.is_null, 0, self.lengths[self.codes])
        return self.sizes + 4

    def put(self, out: NDArray[np.uint8], starts: Places) -> None:
        _scatter_sizes(out, starts, np.where(self.is_null, -1, self.sizes))
        ends = np.cumsum(self.sizes)
        within = np.arange(ends[-1]) - np.repeat(ends - self.sizes, self.sizes)
        source = np.repeat(self.starts[self.codes], self.sizes) + within
        out[np.repeat(starts + 4, self.sizes) + within] = self.bytes[source]


def _scatter_sizes(out: NDArray[np.uint8], starts: Places, sizes: int | Places) -> None:
    cells = np.empty(len(starts), dtype=[("size", ">i4")])
    cells["size"] = sizes
    _scatter(out, starts, cells)


def _scatter(out: NDArray[np.uint8], starts: Places, cells: NDArray[Any]) -> None:
    """Copy each cell to its place: `out` is seen as cells that overlap, one from every byte on."""
    if len(cells):
        cell = f"V{cells.itemsize}"
        places = np.ndarray((len(out) - cells.itemsize + 1,), cell, buffer=out.data, strides=(1,))
        places[starts] = cells.view(cell)
