"""What people ask about plans: the open ones, one account's, a manager's week. Reads only."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection

from include.errors import FixConfig
from include.plays.review import Team, by_manager
from include.reports import Published
from include.warehouse.database import query

Row = Mapping[str, Any]
WEEK = 7


def open_plans(connection: Connection, day: Published, outcome: str) -> list[Row]:
    """Return the open plans of an outcome on a published day, lowest score first.

    arr: in the reporting currency. overdue, due: steps that are not done and whose day is over, or
    is within the next seven days.
    """
    binds = day.binds | {"outcome": outcome, "ahead": WEEK, "account_id": None}
    return [dict(row) for row in connection.execute(query("reports/plays/plans"), binds).mappings()]


def teams(plans: list[Row], manager_of: Mapping[str, str], manager: str | None) -> list[Team]:
    """Return open plans by manager; manager: only this one's, by e-mail address."""
    found = by_manager(plans, manager_of)
    if manager is None:
        return found
    asked = manager.casefold()
    known = sorted(set(manager_of.values()))
    if asked not in known:
        near = get_close_matches(asked, known, 1)
        hint = f"did you mean {near[0]}?" if near else "plays.managers of health.yaml names them."
        raise FixConfig(f"{manager} is nobody's manager; {hint}")
    return [team for team in found if team.manager == asked]


def plans_of(connection: Connection, account_id: int) -> list[Row]:
    """Return all plans of one account with their steps, newest first."""
    rows = connection.execute(query("reports/plays/of_account"), {"account_id": account_id})
    plans = [dict(row) for row in rows.mappings()]
    numbers = [plan["play_id"] for plan in plans]
    steps: dict[int, list[Row]] = {number: [] for number in numbers}
    found = connection.execute(query("reports/plays/steps"), {"play_ids": numbers}).mappings()
    for step in found:
        steps[step["play_id"]].append(dict(step))
    return [{**plan, "steps": steps[plan["play_id"]]} for plan in plans]
