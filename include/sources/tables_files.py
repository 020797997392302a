"""Tables in folders of Parquet or CSV files, read by DuckDB in bounded memory."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from include.errors import FixConfig

BLOCK = 5_000  # rows
MEMORY = "256MB"  # above it sorting goes on in temporary files
READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".gz": "read_csv", ".tsv": "read_csv"}
# Files of one export need not have the same columns in the same order. CSV is read as text, so
# that a value of the wrong type is one record's fault and not the file's.
OPTIONS = {
    "read_parquet": "union_by_name = true",
    "read_csv": "union_by_name = true, all_varchar = true, header = true",
}


@dataclass(frozen=True, slots=True)
class Folder:
    """Files below a folder. place: for messages."""

    path: Path
    place: str

    def check(self, pattern: str) -> str:
        """Return the files that match a pattern, as a table; FixConfig where there is none."""
        if not self.path.is_dir():
            raise FixConfig(f"{self.place}: there is no folder {self.path}.")
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            raise FixConfig(f"{self.place}: `files` must lie below the folder.")
        found = sorted(path for path in self.path.glob(pattern) if path.is_file())
        if not found:
            raise FixConfig(f"{self.place}: no file in {self.path} matches {pattern}.")
        readers = {READERS.get(path.suffix.lower()) for path in found}
        if len(readers) != 1 or (reader := readers.pop()) is None:
            raise FixConfig(f"{self.place}: {pattern} must match Parquet or CSV files, one kind.")
        names = ", ".join(_text(str(path)) for path in found)
        return f"{reader}([{names}], {OPTIONS[reader]})"

    def quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def value(self, name: str) -> str:
        """Return how a statement asks for a value."""
        return f"${name}"

    def number(self, column: str) -> str:
        """Read a column of text as numbers; what is none is NULL."""
        return f"try_cast({column} as double)"

    @contextmanager
    def session(self) -> Iterator["FileSession"]:
        with tempfile.TemporaryDirectory(prefix="health-files-") as spill:
            connection = duckdb.connect(config={
                "memory_limit": MEMORY, "temp_directory": spill, "threads": 2,
                "preserve_insertion_order": False,
            })  # fmt: skip
            try:
                connection.execute("set timezone = 'UTC'")
                yield FileSession(connection, self.place)
            finally:
                connection.close()


@dataclass(frozen=True, slots=True)
class FileSession:
    connection: duckdb.DuckDBPyConnection
    place: str

    def columns(self, statement: str) -> list[str]:
        with telling(self.place):
            return [column[0] for column in self.connection.execute(statement).description or []]

    def rows(self, statement: str, **values: object) -> Iterator[Sequence[Sequence[Any]]]:
        with telling(self.place):
            self.connection.execute(statement, values or None)
            while block := self.connection.fetchmany(BLOCK):
                yield block


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def telling(place: str) -> Iterator[None]:
    """Say which kind of refusal it was: DuckDB's own words may hold values."""
    try:
        yield
    except duckdb.Error as error:
        raise FixConfig(
            f"{place}: the files cannot be read ({type(error).__name__}); are they whole, and all "
            "of one form?"
        ) from None
