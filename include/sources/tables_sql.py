"""Tables by a query over SQLAlchemy: read-only, by a cursor on the server, a block at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from include.errors import FixConfig, RetryLater
from include.settings import Credentials
from include.sources.tables_query import only_reads

BLOCK = 5_000  # rows
# How a session is kept from writing; PostgreSQL is told with each transaction.
READ_ONLY = {
    "sqlite": "pragma query_only = on",
    "mysql": "set session transaction read only",
    "mariadb": "set session transaction read only",
}
# Classes of SQLSTATE that name what the query says, never a value: syntax, privileges, names.
ABOUT_THE_QUERY = ("42",)
PASSING = ("08", "53", "57", "40", "55P03")


@dataclass(frozen=True, slots=True)
class Database:
    """A database that is read. place: for messages; they name no host."""

    engine: Engine
    place: str

    def check(self, query: str) -> str:
        """Return a query as it may stand in another one; FixConfig where it may write."""
        name = self.engine.url.get_backend_name()
        return f"({_literally(only_reads(query, name, self.place))}\n)"

    def quoted(self, name: str) -> str:
        return _literally(self.engine.dialect.identifier_preparer.quote(name))

    def value(self, name: str) -> str:
        """Return how a statement asks for a value."""
        return f":{name}"

    def number(self, column: str) -> str:
        return column

    @contextmanager
    def session(self) -> Iterator["Session"]:
        """Lend a session in which everything is read as of one moment, where the database can."""
        options: dict[str, Any] = {"stream_results": True, "max_row_buffer": BLOCK}
        if self.engine.url.get_backend_name() == "postgresql":
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        try:
            with telling(self.place), self.engine.connect() as connection:
                yield Session(connection.execution_options(**options), self.place)
        finally:
            self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Session:
    connection: Connection
    place: str

    def columns(self, statement: str) -> list[str]:
        """Return the names of a statement's columns."""
        with telling(self.place):
            return list(self.connection.execute(text(statement)).keys())

    def rows(self, statement: str, **values: object) -> Iterator[Sequence[Sequence[Any]]]:
        """Yield the rows of a statement in blocks; values: for its :names."""
        with telling(self.place):
            result = self.connection.execute(text(statement), values)
            yield from result.partitions(BLOCK)


def open_database(credentials: Credentials, place: str) -> Database:
    """Return a database by its SQLAlchemy URL, to which user and password are added.

    FixConfig where there is no such URL, or no driver for it is installed.
    """
    try:
        url = make_url(credentials.base_url)
        url = url.set(
            username=credentials.user or url.username,
            password=credentials.secret or url.password,
        )
        engine = create_engine(_only_read(url), hide_parameters=True, **_patience(url))
    except (NoSuchModuleError, ImportError):
        raise FixConfig(
            f"{place}: no driver for {url.drivername} is installed; install the package that "
            "SQLAlchemy's documentation names for that database."
        ) from None
    except ArgumentError:
        raise FixConfig(
            f"{place}: the host of its connection is no SQLAlchemy URL, such as "
            "postgresql+psycopg://host:5432/database."
        ) from None
    statement = READ_ONLY.get(url.get_backend_name())
    if statement:
        event.listen(engine, "connect", lambda raw, _: raw.cursor().execute(statement))
    return Database(engine, place)


def _literally(statement: str) -> str:
    """Keep SQLAlchemy from taking what follows a colon for a value."""
    return statement.replace(":", "\\:")


def _only_read(url: URL) -> URL:
    """SQLite makes a file that is not there, unless it is told otherwise."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return url
    return url.set(database=f"file:{quote(url.database)}", query={"mode": "ro", "uri": "true"})


def _patience(url: URL) -> dict[str, Any]:
    is_postgres = url.get_backend_name() == "postgresql"
    return {"connect_args": {"connect_timeout": 10}} if is_postgres else {}


@contextmanager
def telling(place: str) -> Iterator[None]:
    """Say what a database's refusal asks for, without values, hosts or the query."""
    try:
        yield
    except DBAPIError as error:
        state = str(getattr(error.orig, "sqlstate", None) or "")
        if state.startswith(ABOUT_THE_QUERY):
            said = getattr(getattr(error.orig, "diag", None), "message_primary", None) or state
            raise FixConfig(f"{place}: the database refuses the query: {said}.") from None
        kind = type(error.orig).__name__
        if error.connection_invalidated or state.startswith(PASSING) or not state:
            raise _unreached(place, error, kind) from None
        raise FixConfig(f"{place}: the database refuses the query ({kind}, {state}).") from None
    except SQLAlchemyError as error:
        raise FixConfig(f"{place}: {type(error).__name__} of SQLAlchemy.") from None


def _unreached(place: str, error: DBAPIError, kind: str) -> FixConfig | RetryLater:
    """Tell a wrong password or a missing file or table, which nothing but words give away."""
    words = str(error.orig).lower()
    for sign in ("authentication failed", "access denied", "no password", "does not exist"):
        if sign in words:
            return FixConfig(f"{place}: the database refuses the connection: {sign}.")
    for sign in ("unable to open", "no such table", "no such column", "syntax error", "readonly"):
        if sign in words:
            return FixConfig(f"{place}: the database refuses the query: {sign}.")
    return RetryLater(f"{place}: the database did not answer ({kind}).")
