"""What people ask the store: accounts, one account's day, runs. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection

from include.errors import FixConfig
from include.scoring.scorecard import Scorecard
from include.warehouse.database import query

Row = Mapping[str, Any]
FAR = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Published:
    """The newest day whose scores passed their checks."""

    as_of: date
    run_no: int
    scorecard_id: int


def published_day(connection: Connection, card: Scorecard, as_of: date | None) -> Published:
    """Return the newest published day up to `as_of` (any day, if None); FixConfig without one."""
    binds = {"name": card.name, "version": card.version, "as_of": as_of or FAR}
    row = connection.execute(query("reports/published"), binds).one_or_none()
    if row is None:
        raise FixConfig(
            f"No day of {card.name} v{card.version} is published yet. Run `make run`, or look at "
            "`health runs` for what failed."
        )
    return Published(row.as_of, row.run_no, row.scorecard_id)


def accounts_on(
    connection: Connection, day: Published, *, band: str | None = None, limit: int = 10
) -> list[dict[str, Any]]:
    """Return accounts of a published day, worst score first, unknown last."""
    binds = {
        "scorecard_id": day.scorecard_id, "as_of": day.as_of, "band": band, "limit": limit,
    }  # fmt: skip
    return [dict(row) for row in connection.execute(query("reports/accounts"), binds).mappings()]


def find_account(connection: Connection, entered: str) -> Row:
    """Return the one account that somebody means by an id or a name; FixConfig otherwise."""
    rows = connection.execute(query("reports/find_account"), {"entered": entered}).mappings().all()
    exact = [row for row in rows if row["exact"]]
    found = exact or rows
    if len(found) == 1:
        return dict(found[0])
    if not found:
        raise FixConfig(
            f"No account is called {entered!r}; {_nearest(connection, entered)}`health accounts` "
            "lists them."
        )
    names = "; ".join(f"{row['crm_id']} {row['name']}" for row in found[:8])
    raise FixConfig(f"{entered!r} may be several accounts; name one by its CRM id: {names}.")


def _nearest(connection: Connection, entered: str) -> str:
    names = connection.scalars(query("reports/like_names"), {"entered": entered}).all()
    near = get_close_matches(entered.casefold(), [str(name).casefold() for name in names], n=1)
    shown = [name for name in names if near and str(name).casefold() == near[0]]
    return f"did you mean {shown[0]!r}? " if shown else ""


ACCOUNTING = (
    "source", "stream", "received", "duplicates", "unchanged", "landed", "rejected", "quarantined",
)  # fmt: skip
LINKS = ("source", "object", "linked", "unmatched")


def accounting(connection: Connection, run_no: int) -> list[Row]:
    """Return per stream where a run's records went.

    received = duplicates + unchanged + landed + rejected; quarantined counts newest versions that
    the checks set aside, whenever they landed.
    """
    run = connection.execute(query("reports/run"), {"run_no": run_no}).one()
    return _rows(connection, "reports/accounting", {"run_id": run.run_id})


def links(connection: Connection) -> list[Row]:
    """Return per source and kind of object how many belong to an account and how many do not."""
    return _rows(connection, "identity/counts", {})


def bands(connection: Connection, day: Published) -> list[Row]:
    """Return accounts and ARR by band on a published day; bands without accounts are left out."""
    binds = {"scorecard_id": day.scorecard_id, "as_of": day.as_of}
    return _rows(connection, "reports/bands", binds)


def check_results(connection: Connection, run_no: int) -> list[Row]:
    """Return every check of a run, failed ones first."""
    return _rows(connection, "reports/check_results", {"run_no": run_no})


def runs(connection: Connection, limit: int) -> list[Row]:
    """Return runs, newest first."""
    return _rows(connection, "reports/runs", {"limit": limit})


def _rows(connection: Connection, name: str, binds: Mapping[str, Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query(name), binds).mappings()]
