"""The schema, forward only: Alembic revisions that run the files in `include/sql/schema/`."""

from pathlib import Path

from sqlalchemy import Engine, text

from include.warehouse.database import SQL, transaction

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = "select pg_advisory_xact_lock(hashtext('health db upgrade'))"


def upgrade(engine: Engine, revision: str = "head") -> str:
    """Bring the health store up to `revision` and return the one it is at; doing it again is free.

    Two processes that upgrade at once take turns. All or nothing: one transaction.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with transaction(engine) as connection:
        connection.execute(text(LOCK))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        context = MigrationContext.configure(connection, opts={"version_table": "health_schema"})
        return str(context.get_current_revision())


def run_files(*names: str) -> None:
    """Run schema files inside an Alembic revision, in the order given."""
    from alembic import op

    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    for name in names:
        driver.execute((SQL / "schema" / f"{name}.sql").read_bytes())
