"""What people handed in: which account they mean, and the manual inputs that follow."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from include.warehouse.database import query

Called = Mapping[str, Sequence[tuple[str, str]]]


def place_entries(connection: Connection) -> int:
    """Bring core.manual_input in line with the entries; return how many rows changed.

    Every entry is looked at again, so one whose account came into the CRM later counts from then
    on, and one that became ambiguous no longer does.
    """
    if not connection.execute(query("inputs/has_entries")).scalar_one():
        return 0
    connection.execute(query("inputs/place"))
    removed = connection.execute(query("inputs/remove")).rowcount
    return removed + connection.execute(query("inputs/write")).rowcount


def accounts_called(connection: Connection, calls: Iterable[str]) -> Called:
    """Return for each call the CRM ids and names of the accounts that it may mean.

    One: that is the one. Several: nobody guesses. A call that means none is not in the result.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in connection.execute(query("inputs/called"), {"calls": sorted(set(calls))}):
        found[row.called].append((row.crm_id, row.name or ""))
    return dict(found)


def list_accounts(connection: Connection) -> list[tuple[str, str]]:
    """Return the CRM id and the name of every live account, by name."""
    return [(row.crm_id, row.name or "") for row in connection.execute(query("inputs/accounts"))]


def list_measures(connection: Connection) -> list[dict[str, Any]]:
    """Return what was entered, a row a source and measure; nobodys: entries without an account."""
    return [row._asdict() for row in connection.execute(query("inputs/measures"))]
