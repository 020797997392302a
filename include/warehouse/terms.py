"""When an account was a customer, what became of its money, and its last score."""

from datetime import date

from sqlalchemy import Connection, Engine

from include.settings import Settings
from include.warehouse.database import query, run_script, transaction


def write_terms(connection: Connection, settings: Settings) -> int:
    """Bring core.term in line with subscriptions and life cycle stages; return the rows written.

    Runs in conform, after links and attributes; a second run writes nothing.
    """
    binds = {
        "gap_days": settings.term_gap_days,
        "customer_stages": list(settings.crm_source.customer_stages),
    }
    return connection.execute(query("terms/write"), binds).rowcount


def settle(engine: Engine, settings: Settings, *, as_of: date) -> dict[str, int]:
    """Enter the outcomes up to a day (included), and freeze the last scores of ended terms.

    The day is that of the newest daily run where as_of lies before it: what billing says later
    decides what a deal is evidence for. What was entered is never overwritten: what changed is a
    new revision. A second run, or one for an earlier day, writes nothing. Counts revisions of
    outcomes and frozen snapshots.
    """
    with transaction(engine) as connection:
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('health settle'))")
        run_script(connection, "outcomes/fresh")
        newest = connection.execute(query("runs/newest_day")).scalar_one()
        day = max(as_of, newest or as_of)
        binds = {"as_of": day, "gap_days": settings.term_gap_days}
        for name in ("levels", "billing", "deals", "add_evidence", "add_deals"):
            connection.execute(query(f"outcomes/{name}"), binds)
            connection.exec_driver_sql("analyze level, found, deal")
        outcomes = connection.execute(query("outcomes/write"), binds).rowcount
        frozen = connection.execute(query("outcomes/freeze"), {"as_of": day}).rowcount
    return {"outcomes": outcomes, "frozen": frozen}
