"""The schema, forward only: Alembic revisions that run the files in `include/sql/schema/`."""

from pathlib import Path

from sqlalchemy import Connection, Engine, text

from include.errors import FixConfig
from include.warehouse.database import SQL, place_of, transaction

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = "select pg_advisory_xact_lock(hashtext('health db upgrade'))"
OLDEST_POSTGRES = 16  # the facts ask pg_input_is_valid() whether a vendor's text is a value


def upgrade(engine: Engine, revision: str = "head") -> str:
    """Bring the health store up to `revision` and return the one it is at; doing it again is free.

    Two processes that upgrade at once take turns. All or nothing: one transaction. Raises FixConfig
    where the server is too old, or the store was made by a newer version of this program.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with transaction(engine) as connection:
        _check_server(engine, connection)
        connection.execute(text(LOCK))
        _check_store(engine, connection)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        return str(current_revision(connection))


def current_revision(connection: Connection) -> str | None:
    """Return the revision the store is at; None: it has no schema yet."""
    from alembic.runtime.migration import MigrationContext

    options = {"version_table": "health_schema", "version_table_schema": "public"}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def revisions() -> list[str]:
    """Return every revision this program knows, oldest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def _check_server(engine: Engine, connection: Connection) -> None:
    number = int(connection.execute(text("show server_version_num")).scalar_one())
    if number < OLDEST_POSTGRES * 10_000:
        raise FixConfig(
            f"{place_of(engine)} is PostgreSQL {number // 10_000}, the health store needs "
            f"{OLDEST_POSTGRES} or later. Name another one in HEALTH_DATABASE_URL, or none at all."
        )


def _check_store(engine: Engine, connection: Connection) -> None:
    found = current_revision(connection)
    if found is not None and found not in revisions():
        raise FixConfig(
            f"{place_of(engine)} is at revision {found}, which this version does not know: a newer "
            "one made it. Update the program."
        )


def run_files(*names: str) -> None:
    """Run schema files inside an Alembic revision, in the order given."""
    from alembic import op

    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    for name in names:
        driver.execute((SQL / "schema" / f"{name}.sql").read_bytes())
