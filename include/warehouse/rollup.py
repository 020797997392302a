"""From facts to additive series by day, for a range of accounts at a time."""

from sqlalchemy import Engine

from include.settings import Settings
from include.warehouse.database import query, run_script, transaction

# One statement a fact; each fills the temporary table `fresh` with (name, account_id, day, value).
SERIES = ("usage", "seats", "tickets", "ratings", "invoices", "touches", "pulses")


def roll_up(
    engine: Engine, settings: Settings, *, first_account: int, last_account: int
) -> dict[str, int]:
    """Bring the series of these accounts (both ends included) in line with the facts.

    Rows that are right already are not touched, so a second run writes nothing.
    """
    shard = {"first_account": first_account, "last_account": last_account}
    with transaction(engine) as connection:
        run_script(connection, "series/fresh")
        for name in SERIES:
            connection.execute(query(f"series/{name}"), {**shard, "time_zone": settings.time_zone})
        connection.execute(query("series/known_from"), {**shard, "time_zone": settings.time_zone})
        connection.exec_driver_sql("analyze fresh")
        removed = connection.execute(query("series/remove_stale"), shard).rowcount
        written = connection.execute(query("series/write_fresh")).rowcount
        connection.execute(query("series/remove_unknown"), shard)
        connection.execute(query("series/write_known"))
    return {"written": written, "removed": removed}


def account_range(engine: Engine) -> tuple[int, int]:
    """Return the lowest and highest account_id there is; (1, 0) where there is no account."""
    with transaction(engine) as connection:
        row = connection.execute(query("series/account_range")).one()
    return (row.first, row.last)
