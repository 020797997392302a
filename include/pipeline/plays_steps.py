"""The steps of plans that open: texts filled in, people found, days counted."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection

from include.plays.due import due_on
from include.plays.matching import Opened
from include.plays.roles import Person, person_for
from include.plays.texts import Values, fill
from include.reports import why
from include.settings import Settings
from include.warehouse.database import query

Step = dict[str, Any]


def steps_of(
    connection: Connection,
    settings: Settings,
    as_of: date,
    scorecard_ids: Sequence[int],
    opened: Sequence[Opened],
) -> list[list[Step]]:
    """Return for each plan its steps, as health.play_step has them but for the plan's number."""
    accounts = [one.standing.account_id for one in opened]
    known = _by_account(connection, as_of, accounts)
    reasons = why.reasons(connection, scorecard_ids, as_of, accounts)
    next_steps = why.next_steps(connection, scorecard_ids, as_of, accounts)
    people = people_by_address(connection, settings.crm_source.name)
    found = []
    for one in opened:
        account = one.standing.account_id
        row = known[account]
        values = Values(
            name=row.name or row.crm_id, score=one.standing.score,
            reason=reasons.get(account), next_step=next_steps.get(account),
            renewal_date=row.renewal_date,
        )  # fmt: skip
        owner = Person(row.owner_id, row.owner_name, row.owner_email)
        find = partial(person_for, account_owner=owner, plays=settings.plays, people=people)
        found.append(_steps(one, values, find, as_of))
    return found


def people_by_address(connection: Connection, source: str) -> dict[str, Person]:
    """Return the CRM's users by e-mail address in lower case; of two, the one with the lower id."""
    rows = connection.execute(query("plays/owners"), {"source": source})
    return {
        row.owner_email.casefold(): Person(row.owner_id, row.owner_name, row.owner_email)
        for row in rows
    }


def _steps(one: Opened, values: Values, find: Callable[[str], Person], as_of: date) -> list[Step]:
    people = [find(step.owner) for step in one.playbook.steps]
    return [
        {
            "place": place, "title": fill(step.title, values), "body": fill(step.text, values),
            "role": step.owner, "owner_id": person.owner_id, "owner_name": person.name,
            "owner_email": person.email, "due_on": due_on(step, as_of).isoformat(),
        }
        for place, (step, person) in enumerate(zip(one.playbook.steps, people, strict=True), 1)
    ]  # fmt: skip


def _by_account(connection: Connection, as_of: date, accounts: Sequence[int]) -> dict[int, Any]:
    binds = {"as_of": as_of, "accounts": list(accounts)}
    return {row.account_id: row for row in connection.execute(query("plays/accounts"), binds)}
