"""Great Expectations, run on one connection of ours. The only module that imports it.

Importing it costs seconds, so that happens inside `open_library`, once a stage. It reads temporary
tables that only our connection can see, gets no URL and no password, and is asked for counts only:
no value of a row ever leaves the database.
"""

import contextlib
import logging
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text
from sqlalchemy.pool import StaticPool

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult

DATABASE_ERROR = re.compile(r"psycopg\.(errors\.)?\w+")
# Counts, no values; and the query for single rows is ours (failing.py).
RESULT = {
    "result_format": "BASIC",
    "partial_unexpected_count": 0,
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the library said of one expectation.

    checked, failed: rows; None for an expectation on the table as a whole, which has an `observed`.
    trouble: why it could not be evaluated at all.
    """

    is_success: bool
    checked: int | None = None
    failed: int | None = None
    observed: str | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """The library at work on one connection. When `context` goes, it closes the connection.

    context: an EphemeralDataContext; its types leave out half of what we call.
    """

    context: Any
    connection: Connection


def open_library(connection: Connection) -> Library:
    """Import the library and let it work on `connection`, which must be in autocommit."""
    gx, types = _import_quietly()
    ours = connection.connection.dbapi_connection
    in_memory = types.DataContextConfig(
        store_backend_defaults=types.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=types.ProgressBarsConfig(globally=False),
    )
    context: Any = gx.get_context(mode="ephemeral", project_config=in_memory)
    with blaming_database(connection):
        context.data_sources.add_postgres(
            "store",
            connection_string="postgresql+psycopg://nobody@store/checks",
            kwargs={"creator": lambda: ours, "poolclass": StaticPool, "pool_reset_on_return": None},
        )
    return Library(context, connection)


def _import_quietly() -> tuple[Any, Any]:
    """Import without the library's hundreds of log lines and its use of deprecated modules."""
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations as gx
        from great_expectations.data_context.types import base
    return gx, base


def evaluate(
    library: Library, table: str, expected: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[Outcome]:
    """Evaluate expectations (name, arguments) on one table, in one pass, in the order given.

    A database that went away meanwhile is an error of the database, not a failed expectation.
    """
    import great_expectations as gx

    suite = gx.ExpectationSuite(
        name=table,
        expectations=[
            getattr(gx.expectations, name)(**kwargs, meta={"row": row})
            for row, (name, kwargs) in enumerate(expected)
        ],
    )
    context = library.context
    with blaming_database(library.connection):
        asset = context.data_sources.get("store").add_table_asset(table, table_name=table)
        definition = gx.ValidationDefinition(
            name=table,
            data=asset.add_batch_definition_whole_table("whole"),
            suite=context.suites.add(suite),
        )
        answer = context.validation_definitions.add(definition).run(result_format=RESULT)
    outcomes = {
        result.expectation_config.meta["row"]: _outcome(result) for result in answer.results
    }
    if any(outcome.trouble for outcome in outcomes.values()):
        library.connection.execute(text("select 1"))
    return [outcomes[row] for row in range(len(expected))]


@contextlib.contextmanager
def blaming_database(connection: Connection) -> Iterator[None]:
    """Raise the database's own error where it is the reason for one of the library's."""
    try:
        yield
    except ConnectionError:
        connection.execute(text("select 1"))
        raise


def _outcome(result: "ExpectationValidationResult") -> Outcome:
    found, success = result.result, bool(result.success)
    trouble = _trouble(result.exception_info)
    if trouble:
        return Outcome(is_success=False, trouble=trouble)
    if "unexpected_count" in found:
        failed = int(found["unexpected_count"] or 0)
        return Outcome(success, checked=int(found["element_count"]), failed=failed)
    observed = found["observed_value"]
    if isinstance(observed, int):
        return Outcome(success, observed=f"{observed:,} rows")
    columns = f"{len(observed)} columns" if success else " ".join(observed)
    return Outcome(success, observed=columns)


def _trouble(info: Mapping[str, Any] | None) -> str | None:
    """Return why the library gave up, without any value: of a database's error only its name."""
    entries = [info] if info and "raised_exception" in info else (info or {}).values()
    for entry in entries:
        if entry["raised_exception"]:
            message = str(entry["exception_message"])
            of_database = DATABASE_ERROR.search(message)
            return of_database[0] if of_database else message.strip().splitlines()[0][:200]
    return None
