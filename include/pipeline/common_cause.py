"""A measure that moves for most accounts on one day is held at its last reading and reported.

Between reading and scoring every measure's move of the day is held against the days before. One
that is held is read once more, as unknown and carried forward from the day before; so readings,
scores and receipts say how old it is, and whoever computes them again comes to the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row

from include.pipeline.cards import basis_of, register
from include.pipeline.job import Counts, Job, Run, open_run, stage
from include.pipeline.reading import read_span
from include.pipeline.spans import Span
from include.scoring.common_cause import Judged, Move, judge, moves_of
from include.scoring.scorecard import Scorecard
from include.settings import CommonCause
from include.warehouse.copy import copy_out
from include.warehouse.database import query, transaction
from include.warehouse.revisions import EPOCH, newest_rows

MOST_ACCOUNTS = 20_000  # looked at on the day itself: a share is then right to within 1 in 100
MOST_BEFORE = 2_000  # looked at on days before the first one that was watched
DAY = timedelta(days=1)
USUAL, HELD, LET_THROUGH, REPORTED = "usual", "held", "let_through", "reported"
NOT_COMPARED = "not_compared"
STILL = "still"  # held by an earlier try, which may have ended before it read the day again


@dataclass(frozen=True, slots=True)
class Subject:
    """A card's live day."""

    card: Scorecard
    scorecard_id: int
    as_of: date
    run_no: int
    limits: CommonCause


def watch(job: Job, run_id: str, as_of: str) -> Counts:
    """Judge every measure's move of a live day, and hold those that are a common cause.

    Running it again changes nothing: what is held stays held until a person releases it.
    """
    run = open_run(job, run_id, as_of)
    to_hold = []
    with stage(job, run, "watch") as counts:
        counts |= {"measures": 0, HELD: 0, LET_THROUGH: 0, REPORTED: 0}
        is_live = basis_of(job, run) == "live"
        for card in job.deck.all if is_live else ():
            verdicts = _watch(job, run, card)
            counts["measures"] += len(verdicts)
            for word in (HELD, LET_THROUGH, REPORTED):
                counts[word] += verdicts.count(word)
            to_hold += [card] * (HELD in verdicts or STILL in verdicts)
    for card in to_hold:
        kin = job.deck.beside(card)
        span = Span(card, run.as_of, run.as_of, "live", kin=kin)
        read_span(job, run, span, verb="hold")
    return counts


def _watch(job: Job, run: Run, card: Scorecard) -> list[str]:
    """Enter the move of each measure that is not held yet, and return what was made of each."""
    with transaction(job.engine) as connection:
        subject = Subject(
            card, register(connection, card), run.as_of, run.run_no, job.settings.common_cause
        )
        past = _past(connection, subject)
        today = dict(_moves(connection, subject, run.as_of, MOST_ACCOUNTS)).get(run.as_of)
        if today is None:
            return []
        verdicts = []
        before = _verdicts(connection, subject)
        for name, move in zip(card.measure_names, today, strict=True):
            if (run.as_of, name) in before and before[run.as_of, name].verdict == HELD:
                verdicts.append(STILL)
                continue
            judged = judge(move, past.get(name, ()), subject.limits)
            verdicts.append(_verdict(subject, name, judged, before))
            _enter(connection, subject, (run.as_of, name), judged, verdicts[-1])
    return verdicts


Before = dict[tuple[date, str], Row[Any]]


def _verdict(subject: Subject, name: str, judged: Judged, before: Before) -> str:
    yesterday = before.get((subject.as_of - DAY, name))
    if yesterday is not None and yesterday.verdict == HELD and yesterday.released_as:
        return NOT_COMPARED
    if not judged.is_common:
        return USUAL
    days = 0
    while (day := before.get((subject.as_of - (days + 1) * DAY, name))) and day.verdict == HELD:
        days += 1
    if not subject.limits.hold_days:
        return REPORTED
    return HELD if days < subject.limits.hold_days else LET_THROUGH


def _verdicts(connection: Connection, subject: Subject) -> Before:
    """Return by day and measure what was no usual move, as far back as a hold can last."""
    binds = {
        "scorecard_id": subject.scorecard_id, "last_day": subject.as_of,
        "first_day": subject.as_of - (subject.limits.hold_days + 1) * DAY,
    }  # fmt: skip
    rows = connection.execute(query("common_cause/verdicts"), binds)
    return {(row.as_of, row.measure): row for row in rows}


def _past(connection: Connection, subject: Subject) -> dict[str, list[Move]]:
    """Return by measure the usual moves of the days before.

    Where too few were watched they are made up for once, from the readings stored of those days.
    """
    first = subject.as_of - subject.limits.look_back_days * DAY
    binds = {
        "scorecard_id": subject.scorecard_id, "first_day": first,
        "last_day": subject.as_of - DAY,
    }  # fmt: skip
    rows = connection.execute(query("common_cause/past"), binds).all()
    watched = {row.as_of for row in rows}
    if len(watched) < subject.limits.min_days:
        for day, moves in _moves(connection, subject, first, MOST_BEFORE):
            if first <= day < subject.as_of and day not in watched:
                for name, move in zip(subject.card.measure_names, moves, strict=True):
                    judged = judge(move, (), subject.limits)
                    _enter(connection, subject, (day, name), judged, USUAL)
        rows = connection.execute(query("common_cause/past"), binds).all()
    found: dict[str, list[Move]] = {}
    for row in rows:
        move = Move(row.accounts, row.up, row.down, row.shift)
        found.setdefault(row.measure, []).append(move)
    return found


def _moves(
    connection: Connection, subject: Subject, first: date, most: int
) -> Iterator[tuple[date, list[Move]]]:
    """Yield the moves of the days from `first` on whose day before was read, too."""
    accounts = connection.execute(query("common_cause/count_accounts")).scalar_one()
    binds = {
        "scorecard_id": subject.scorecard_id, "first_day": first - DAY, "last_day": subject.as_of,
        "step": max(1, -(-accounts // most)),
    }  # fmt: skip
    rows = copy_out(
        connection, query("common_cause/readings"), binds,
        {"account_id": "int4", "as_of": "date", "rank": "int4", "readings": "float8[]"},
    )  # fmt: skip
    if not len(rows["rank"]):
        return
    _, newest = newest_rows(rows["account_id"], rows["as_of"], rows["rank"])
    ids, days, readings = (rows[name][newest] for name in ("account_id", "as_of", "readings"))
    for day in np.unique(days).tolist():
        one, other = np.flatnonzero(days == day - 1), np.flatnonzero(days == day)
        _, here, there = np.intersect1d(
            ids[one], ids[other], assume_unique=True, return_indices=True
        )
        if len(here):
            moves = moves_of(readings[one[here]], readings[other[there]])
            yield EPOCH + timedelta(days=day), moves


def _enter(
    connection: Connection, subject: Subject, at: tuple[date, str], judged: Judged, verdict: str
) -> None:
    """at: day and measure."""
    (day, name), move = at, judged.move
    binds = {
        "as_of": day, "scorecard_id": subject.scorecard_id, "measure": name,
        "run_no": subject.run_no, "accounts": move.accounts, "up": move.up, "down": move.down,
        "shift": move.shift, "usual_share": judged.usual_share,
        "usual_shift": judged.usual_shift, "verdict": verdict,
    }  # fmt: skip
    connection.execute(query("common_cause/enter"), binds)
