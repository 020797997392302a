"""What people ask the store: accounts, one account's day, runs. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
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
    """A day whose scores passed their checks. cards: of one outcome, by scorecard_id."""

    as_of: date
    run_no: int
    cards: Mapping[int, Scorecard]

    @property
    def binds(self) -> dict[str, Any]:
        return {"as_of": self.as_of, "scorecard_ids": list(self.cards)}


def published_day(
    connection: Connection, cards: Sequence[Scorecard], as_of: date | None
) -> Published:
    """Return the newest day up to `as_of` (None: any day) on which an outcome's cards published.

    cards: those of the outcome, or a single one. Raises FixConfig where there is no such day.
    """
    known = numbered(connection, cards)
    binds = {"scorecard_ids": list(known), "as_of": as_of or FAR}
    row = connection.execute(query("reports/published"), binds).one_or_none()
    if row is None:
        names = " and ".join(f"{card.name} v{card.version}" for card in cards)
        until = f"up to {as_of} is published" if as_of else "is published yet"
        raise FixConfig(
            f"No day of {names} {until}. Run `make run`, or look at `health runs` for what failed."
        )
    return Published(row.as_of, row.run_no, known)


def numbered(connection: Connection, cards: Sequence[Scorecard]) -> dict[int, Scorecard]:
    """Return cards by the number that the store has given them; those never used are left out."""
    binds = {
        "names": [card.name for card in cards], "versions": [card.version for card in cards],
    }  # fmt: skip
    rows = connection.execute(query("reports/card_ids"), binds)
    return {row.scorecard_id: cards[row.place - 1] for row in rows}


def scored_by(
    connection: Connection, scorecard_ids: Iterable[int], as_of: date, accounts: Sequence[int]
) -> dict[int, int]:
    """Return by account the scorecard_id, of an outcome's, whose score stands for it on a day.

    Accounts without a score are left out.
    """
    binds = {
        "scorecard_ids": list(scorecard_ids), "as_of": as_of, "accounts": list(accounts),
    }  # fmt: skip
    rows = connection.execute(query("reports/cards_on"), binds)
    return {row.account_id: row.scorecard_id for row in rows}


def accounts_on(
    connection: Connection, day: Published, *, band: str | None = None, limit: int = 10
) -> list[dict[str, Any]]:
    """Return accounts of a published day, worst score first, unknown last."""
    binds = day.binds | {"band": band, "limit": limit}
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
    return _rows(connection, "reports/bands", day.binds)


def shadow(connection: Connection, card: Scorecard, day: Published) -> Row:
    """Return how many accounts a shadow scored on a published day, and in how many other bands.

    accounts: scored; compared: of these, those of the live cards; other_band: of those.
    """
    [number] = numbered(connection, [card]) or [None]
    return _rows(connection, "reports/shadow", day.binds | {"shadow_id": number})[0]


def check_results(connection: Connection, run_no: int) -> list[Row]:
    """Return every check of a run, failed ones first."""
    return _rows(connection, "reports/check_results", {"run_no": run_no})


def runs(connection: Connection, limit: int) -> list[Row]:
    """Return runs, newest first."""
    return _rows(connection, "reports/runs", {"limit": limit})


def _rows(connection: Connection, name: str, binds: Mapping[str, Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query(name), binds).mappings()]
