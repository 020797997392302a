"""The weekly review: open plans by the manager whose people own the accounts. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Team:
    """The open plans of one manager's people, worst first; manager None: nobody is named.

    overdue, due: steps. at_stake: the ARR of the accounts, each once; without those unknown.
    """

    manager: str | None
    plans: tuple[Row, ...]
    overdue: int
    due: int
    at_stake: float


def by_manager(plans: Iterable[Row], manager_of: Mapping[str, str]) -> list[Team]:
    """Group plans, kept in their order; the team with most overdue steps first, nobody's last.

    plans: rows with owner_email, account_id, arr, overdue and due. manager_of: by the owner's
    e-mail address in lower case. Managers are people, too: their own accounts are theirs.
    """
    managers = set(manager_of.values())
    teams: dict[str | None, list[Row]] = {}
    for plan in plans:
        owner = (plan["owner_email"] or "").casefold()
        manager = owner if owner in managers else manager_of.get(owner)
        teams.setdefault(manager, []).append(plan)
    found = [_team(manager, own) for manager, own in teams.items()]
    return sorted(found, key=lambda team: (team.manager is None, -team.overdue, team.manager or ""))


def _team(manager: str | None, plans: list[Row]) -> Team:
    at_stake = {plan["account_id"]: float(plan["arr"] or 0) for plan in plans}
    return Team(
        manager=manager,
        plans=tuple(plans),
        overdue=sum(plan["overdue"] for plan in plans),
        due=sum(plan["due"] for plan in plans),
        at_stake=sum(at_stake.values()),
    )
