"""Plans in the store: what stands, what a day adds to it. Every call is part of a transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from include.errors import FixConfig
from include.plays.matching import Opened, Plan, State
from include.plays.playbook import Playbook
from include.warehouse.database import query

BATCH = 10_000  # rows that are in memory at once


def standings(connection: Connection, binds: Mapping[str, Any]) -> Iterable[Row[Any]]:
    """Return the scored accounts of a day, fetched in batches."""
    return connection.execute(
        query("plays/standings"), binds, execution_options={"yield_per": BATCH}
    )


def standing_plans(connection: Connection, outcome: str) -> list[Plan]:
    """Return the open plans of an outcome, and of each account and playbook the last closed one."""
    rows = connection.execute(query("plays/standing_plans"), {"outcome": outcome})
    found = []
    for row in rows:
        playbook = stored_playbook(row.body)
        found.append(
            Plan(
                row.play_id, row.account_id, row.playbook, row.play_group, playbook.priority,
                playbook.closes, row.opened_on, row.recovered_since, row.closed_on,
            )
        )  # fmt: skip
    return found


@cache
def stored_playbook(body: str) -> Playbook:
    """Read a playbook as the store has it."""
    return Playbook.model_validate_json(body)


def enter_plans(
    connection: Connection, opened: Sequence[Opened], *, outcome: str, as_of: date, run_no: int
) -> dict[tuple[int, str], int]:
    """Write plans; return the number of each by account and group."""
    numbers = {one.playbook.name: _enter(connection, one.playbook) for one in opened}
    plans = [
        {
            "account_id": one.standing.account_id, "playbook_id": numbers[one.playbook.name],
            "play_group": one.playbook.group, "why": one.why, "score": one.standing.score,
            "band": one.standing.band,
        }
        for one in opened
    ]  # fmt: skip
    binds = {"plans": json.dumps(plans), "outcome": outcome, "as_of": as_of, "run_no": run_no}
    rows = connection.execute(query("plays/open"), binds)
    return {(row.account_id, row.play_group): row.play_id for row in rows}


def _enter(connection: Connection, playbook: Playbook) -> int:
    """Return the store's number of a playbook; FixConfig where the version said something else."""
    binds = {
        "name": playbook.name, "version": playbook.version, "digest": playbook.digest,
        "body": playbook.body,
    }  # fmt: skip
    row = connection.execute(query("plays/enter_playbook"), binds).one()
    if row.digest != playbook.digest:
        raise FixConfig(
            f"{playbook.label} has opened plans and said something else then. Undo the change and "
            f"make it in a copy, {playbook.name}.v{playbook.version + 1}.yaml."
        )
    return int(row.playbook_id)


def enter_steps(connection: Connection, steps: Sequence[Mapping[str, Any]]) -> None:
    """Write the steps of plans that were just opened."""
    connection.execute(query("plays/write_steps"), {"steps": json.dumps(steps)})


def close(connection: Connection, closed: Mapping[int, State], as_of: date) -> None:
    """Enter how plans ended, by their numbers."""
    binds = {"play_ids": list(closed), "states": list(closed.values()), "as_of": as_of}
    connection.execute(query("plays/close"), binds)


def follow(connection: Connection, recovering: Mapping[int, date | None]) -> None:
    """Enter since when plans' accounts have recovered, by the plans' numbers."""
    binds = {"play_ids": list(recovering), "since": list(recovering.values())}
    connection.execute(query("plays/follow"), binds)
