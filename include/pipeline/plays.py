"""The verb `plan`: what accounts need next, by playbooks, after the scores of a day are out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from include.pipeline import plays_store as store
from include.pipeline.cards import basis_of, register
from include.pipeline.job import Counts, Job, Run, open_run, stage
from include.pipeline.playbooks import read_playbooks
from include.pipeline.plays_steps import steps_of
from include.pipeline.spans import count_in
from include.plays.matching import Decisions, Opened, Standing, decide
from include.plays.playbook import Playbook
from include.scoring.flags import flags_raised
from include.scoring.scorecard import Scorecard
from include.warehouse.database import query, transaction

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Day:
    """The published scores of an outcome on a run's day, by its live cards."""

    job: Job
    run: Run
    outcome: str
    cards: dict[int, Scorecard]


def plan(job: Job, run_id: str, as_of: str) -> Counts:
    """Open the plans that playbooks ask for on a live, published day, and close those that end.

    All or nothing for an outcome; doing it again changes nothing. `held` counts the outcomes whose
    day is not live or not published: their plans stay as they are.
    opened, recovered, replaced, left: plans; kept: those that stay open; waiting: those that
    opens_a_day puts off; nobody: steps whose role found no person.
    """
    run = open_run(job, run_id, as_of)
    playbooks = read_playbooks(job.settings, job.deck)
    with stage(job, run, "plan") as counts:
        for outcome, cards in job.deck.outcomes.items():
            own = [one for one in playbooks if one.outcome == outcome]
            if basis_of(job, run) != "live":
                count_in(counts, {"held": 1})
                continue
            with transaction(job.engine) as connection:
                connection.execute(query("plays/lock"))
                numbered = {register(connection, card): card for card in cards}
                day = Day(job, run, outcome, numbered)
                count_in(counts, _plan(connection, day, own))
    return counts


def _plan(connection: Connection, day: Day, playbooks: Sequence[Playbook]) -> Counts:
    binds = {"as_of": day.run.as_of, "scorecard_ids": list(day.cards)}
    if not connection.scalar(query("crm/is_published"), binds):
        return {"held": 1}
    plans = store.standing_plans(connection, day.outcome)
    if not playbooks and all(one.closed_on for one in plans):
        return {}
    found = decide(_standings(connection, day, playbooks), playbooks, plans, day.run.as_of)
    counts = _tally(found)
    store.close(connection, found.closed, day.run.as_of)
    store.follow(connection, found.recovering)
    for start in range(0, len(found.opened), CHUNK):
        count_in(counts, _open(connection, day, found.opened[start : start + CHUNK]))
    return counts


def _tally(found: Decisions) -> Counts:
    counts = {"opened": len(found.opened), "kept": found.kept, "waiting": found.waiting}
    for state in found.closed.values():
        counts[state] = counts.get(state, 0) + 1
    return counts


def _open(connection: Connection, day: Day, opened: Sequence[Opened]) -> Counts:
    numbers = store.enter_plans(
        connection, opened, outcome=day.outcome, as_of=day.run.as_of, run_no=day.run.run_no
    )
    steps = steps_of(connection, day.job.settings, day.run.as_of, list(day.cards), opened)
    rows = [
        {**step, "play_id": numbers[one.standing.account_id, one.playbook.group]}
        for one, own in zip(opened, steps, strict=True)
        for step in own
    ]
    store.enter_steps(connection, rows)
    nobody = sum(row["owner_name"] is None and row["owner_email"] is None for row in rows)
    return {"steps": len(rows), "nobody": nobody}


def _standings(
    connection: Connection, day: Day, playbooks: Sequence[Playbook]
) -> Iterator[Standing]:
    attributes = sorted({name for one in playbooks for name in one.when.attribute})
    binds = {
        "as_of": day.run.as_of, "scorecard_ids": list(day.cards), "attributes": attributes,
    }  # fmt: skip
    rows = store.standings(connection, binds)
    flags: dict[tuple[int, int], frozenset[str]] = {}
    for row in rows:
        card, key = day.cards[row.scorecard_id], (row.scorecard_id, row.fired)
        if key not in flags:
            flags[key] = _flags(row.fired, card)
        yield _standing(row, card, flags[key])


def _flags(fired: int, card: Scorecard) -> frozenset[str]:
    import numpy as np

    [raised] = flags_raised(np.array([fired], np.uint64), card)
    return frozenset(flag.name for flag in raised)


def _standing(row: Any, card: Scorecard, flags: frozenset[str]) -> Standing:  # noqa: ANN401 - a row
    names = card.measure_names
    return Standing(
        account_id=row.account_id,
        score=row.score,
        band=row.band,
        change={7: row.change_7d, 30: row.change_30d, 90: row.change_90d},
        drivers=tuple(names[place] for place in row.drivers if place >= 0),
        flags=flags,
        attributes=row.attributes or {},
        arr=row.arr,
    )
