"""What people ask about links: what is matched, what is not, what is in doubt, what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from include.errors import FixConfig
from include.warehouse.database import query

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Matching:
    """The state of all links. Rows as the files in include/sql/identity/report say.

    since: the run with which all is compared; None where there is no earlier one. currency: of the
    revenue that is at stake.
    """

    day: date
    linked_at: datetime
    currency: str | None
    since: Row | None
    shares: list[Row]
    held: list[Row]
    changes: list[Row]
    ambiguous: list[Row]
    conflicts: list[Row]
    unmatched: list[Row]
    refused: list[Row]


def matching(connection: Connection, *, since_run: int | None, top: int) -> Matching:
    """Report on the links as they are now, the `top` cases of each kind with the most at stake.

    since_run: None compares with the newest run of an earlier day. FixConfig where nothing was
    ever linked, or that run linked nothing.
    """
    linking = connection.execute(query("identity/report/linking")).one_or_none()
    if linking is None:
        raise FixConfig("Nothing has been linked yet; `make run` does.")
    since = connection.execute(query("identity/report/since"), {"run_no": since_run}).mappings()
    earlier = since.one_or_none()
    if earlier is None and since_run is not None:
        raise FixConfig(f"Run {since_run} linked nothing; `health runs` lists the runs there are.")
    connection.execute(query("identity/report/stake"))
    connection.exec_driver_sql("analyze stake")
    binds = {
        "top": top,
        "run_no": earlier["run_no"] if earlier else None,
        "moment": earlier["moment"] if earlier else None,
        "as_of": linking.day,
    }

    def rows(name: str) -> list[Row]:
        found = connection.execute(query(f"identity/report/{name}"), binds)
        return [dict(row) for row in found.mappings()]

    doubts = rows("doubts")
    return Matching(
        day=linking.day,
        linked_at=linking.linked_at,
        currency=linking.currency,
        since=dict(earlier) if earlier else None,
        shares=rows("shares"),
        held=rows("held"),
        changes=rows("changes") if earlier else [],
        ambiguous=[row for row in doubts if row["kind"] == "ambiguous"],
        conflicts=[row for row in doubts if row["kind"] == "conflict"],
        unmatched=rows("unmatched"),
        refused=rows("refused"),
    )


def held_roles(connection: Connection, as_of: date) -> list[Row]:
    """Return the roles whose readings are unknown on a live day because their links got lost."""
    found = connection.execute(query("identity/report/held"), {"as_of": as_of})
    return [dict(row) for row in found.mappings()]


def accept_shares(connection: Connection, run_no: int, *, who: str, why: str) -> int:
    """Take a run's lower shares for right; return how many roles that releases.

    Later days are compared with that day and what follows. FixConfig where the run has no shares.
    """
    binds = {"run_no": run_no, "who": who, "why": why}
    if not connection.execute(query("identity/report/accept"), binds).rowcount:
        raise FixConfig(f"Run {run_no} is no daily run that got as far as checking its links.")
    return connection.execute(query("identity/report/release"), binds).rowcount
