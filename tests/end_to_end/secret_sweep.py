"""Look for given texts in all that a run leaves behind: every file, every column of a database."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, text

OWN_PLACES = ("secrets.json", "postgres/password", "airflow/passwords.json")  # where they live
COLUMNS = text("""
    select table_schema, table_name, column_name
    from information_schema.columns
    inner join information_schema.tables using (table_schema, table_name)
    where
        table_schema not in ('pg_catalog', 'information_schema')
        and table_type = 'BASE TABLE'
        and data_type in (
            'text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY'
        )
""")


def in_files(folder: Path, marks: Mapping[str, str]) -> list[str]:
    """Return "name of the mark in file" for each that stands in a file below the folder."""
    paths = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.relative_to(folder).as_posix() not in OWN_PLACES
        and "postgres/data" not in path.as_posix()  # read by columns
    ]
    assert paths, f"nothing in {folder}"
    return [
        f"{name} in {path.relative_to(folder)}"
        for path in paths
        for name, mark in marks.items()
        if _found(mark, path.read_bytes())
    ]


def in_database(engine: Engine, marks: Mapping[str, str]) -> list[str]:
    """Return "name of the mark in schema.table.column" for each that stands in a column."""
    with engine.begin() as connection:
        columns = connection.execute(COLUMNS).all()
        assert len(columns) > 20, "this is no whole database"
        return [
            f"{name} in {'.'.join(column)}"
            for column in columns
            for name in _in_column(connection, tuple(column), marks)
        ]


def _in_column(
    connection: Connection, column: tuple[Any, ...], marks: Mapping[str, str]
) -> Iterator[str]:
    schema, table, name = column
    whole = f'select cast("{name}" as text) from "{schema}"."{table}" where "{name}" is not null'
    content = "\n".join(connection.execute(text(whole)).scalars()).encode()
    return (mark_name for mark_name, mark in marks.items() if _found(mark, content))


def _found(mark: str, content: bytes) -> bool:
    """Whether it stands there in plain, as JSON, or in hexadecimal as bytea is shown."""
    plain = mark.encode()
    return any(form in content for form in (plain, orjson.dumps(mark)[1:-1], plain.hex().encode()))
