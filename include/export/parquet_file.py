"""A table as Parquet, by DuckDB: typed columns, unknown is null, moments in UTC, zstd.

The rows go through a file of their own beside it, from which DuckDB reads a piece at a time: it has
no way to take rows one by one that is both fast and bounded.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from include.export.csv_file import plain
from include.export.rows import Column, Table, Value

MEMORY = "256MB"
TYPES = {
    "boolean": "boolean", "integer": "integer", "bigint": "bigint", "float": "double",
    "text": "varchar", "date": "date", "moment": "timestamptz",
}  # fmt: skip
COPY = """
copy (
    from read_csv(
        ?, header = false, columns = {columns}, delim = ',', quote = '"', escape = '"',
        nullstr = '', allow_quoted_nulls = false, auto_detect = false, parallel = false
    )
) to {path} (format parquet, compression zstd, kv_metadata {about})
"""


def write_parquet(table: Table, path: Path, about: Mapping[str, str]) -> int:
    """Write all rows; return how many there were. about: texts kept in the file, by name."""
    import duckdb

    columns = ", ".join(f"{_quoted(one.name)}: {_quoted(_type(one))}" for one in table.columns)
    told = {**about, **{f"column.{one.name}": one.about for one in table.columns if one.about}}
    kept = ", ".join(f"{_quoted(name)}: {_quoted(words)}" for name, words in told.items())
    statement = COPY.format(columns=f"{{{columns}}}", path=_quoted(str(path)), about=f"{{{kept}}}")
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=path.name, encoding="utf-8", newline=""
    ) as between:
        rows = _write_between(table, between)
        try:
            with duckdb.connect(config={"memory_limit": MEMORY, "threads": 1}) as engine:
                engine.execute("set enable_progress_bar = false")  # it goes to standard output
                engine.execute(statement, [between.name])
        except duckdb.IOException:
            raise OSError("the disk is full or the folder went away") from None
    return rows


def _write_between(table: Table, file: IO[str]) -> int:
    """Write lines in which each text is quoted, so that an empty one is not unknown."""
    rows = 0
    for row in table.rows:
        file.write(",".join(map(_cell, row)) + "\n")
        rows += 1
    file.flush()
    return rows


def _cell(value: Value) -> str:
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else plain(value)


def _type(column: Column) -> str:
    if column.type == "decimal":
        return f"decimal({column.digits}, {column.decimals})"
    return TYPES[column.type]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
