"""The verbs `alert` and `deliver`: what owners are told when scores adjust, and telling it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection

from include.errors import RejectData
from include.pipeline.cards import basis_of, register
from include.pipeline.job import Counts, Job, Run, open_run, stage
from include.pipeline.plays_store import stored_playbook
from include.pipeline.spans import count_in
from include.plays.digest import Adjusted, Digest, Event, events_of, is_quiet, write_digest
from include.scoring.deck import bands_of
from include.scoring.flags import flags_raised
from include.scoring.scorecard import Scorecard
from include.warehouse.database import query, transaction


class Courier(Protocol):
    """Who carries digests to people, and knows what time it is."""

    def now(self) -> datetime:
        """Return the present moment, with a time zone."""
        ...

    def send(self, digest: Digest) -> None:
        """Send one digest, or raise; RejectData where only this recipient cannot be reached."""
        ...


def alert(job: Job, run_id: str, as_of: str) -> Counts:
    """Enter what owners should be told of a live, published day; nothing is sent yet.

    Doing it again changes nothing. nobody: events of accounts whose owner has no address, where
    health.yaml names no fallback.
    """
    run = open_run(job, run_id, as_of)
    with stage(job, run, "alert") as counts:
        for outcome, cards in job.deck.outcomes.items():
            if basis_of(job, run) != "live":
                count_in(counts, {"held": 1})
                continue
            with transaction(job.engine) as connection:
                count_in(counts, _alert(connection, job, run, outcome, cards))
    return counts


def deliver(job: Job, courier: Courier) -> Counts:
    """Send what waits, one digest an owner and day, outside of quiet hours.

    Each digest is noted when it was sent: one whose sending is killed in between is sent again.
    RejectData: recipients could not be reached; theirs wait, all others have theirs.
    """
    alerts, zone = job.settings.alerts, ZoneInfo(job.settings.time_zone)
    now = courier.now().astimezone(zone)
    if is_quiet(now.hour, alerts.quiet_from, alerts.quiet_until):
        return {"quiet": 1}
    binds = {"time_zone": job.settings.time_zone, "today": now.date()}
    with transaction(job.engine) as connection:
        found = connection.execute(query("alerts/waiting"), binds).mappings()
        rows = [dict(row) for row in found]
    digests, told, unreached = 0, 0, Counter[str]()
    for recipient, group in groupby(rows, key=lambda row: row["recipient"]):
        own = list(group)
        try:
            courier.send(write_digest(recipient, own))
        except RejectData as error:
            unreached[str(error)] += 1
            continue
        with transaction(job.engine) as connection:
            sent = {"alert_ids": [row["alert_id"] for row in own], "sent_at": now}
            connection.execute(query("alerts/mark_sent"), sent)
        digests, told = digests + 1, told + len(own)
    if unreached:
        said = " ".join(f"{count:,} x {words}" for words, count in unreached.most_common(3))
        raise RejectData(
            f"{unreached.total():,} recipients were not reached; {digests:,} were told. {said}"
        )
    return {"digests": digests, "told": told}


def _alert(
    connection: Connection, job: Job, run: Run, outcome: str, cards: Sequence[Scorecard]
) -> Counts:
    rules = job.settings.alerts
    numbered = {register(connection, card): card for card in cards}
    day = {"as_of": run.as_of, "scorecard_ids": list(numbered)}
    earlier = day | {"as_of": run.as_of - timedelta(days=1)}
    before = connection.execute(query("reports/published"), earlier).one_or_none()
    if not connection.scalar(query("crm/is_published"), day) or before is None:
        return {"held": 1}
    bands = [band.name for band in bands_of(cards)]
    since = run.as_of - timedelta(days=rules.again_after_days)
    rows = connection.execute(query("alerts/told"), {"outcome": outcome, "since": since})
    told = {(row.account_id, row.kind, row.detail) for row in rows}
    asked = day | {"before": before.as_of, "outcome": outcome, "points": rules.points}
    counts = {"events": 0, "nobody": 0}
    for row in connection.execute(query("alerts/adjusted"), asked).all():
        recipient = (row.email or rules.fallback or "").casefold()
        found = events_of(_adjusted(row, numbered), bands, rules.points, told)
        counts["events" if recipient else "nobody"] += len(found)
        if recipient and found:
            entries = list(_entries(found, outcome, recipient, run))
            connection.execute(query("alerts/enter"), entries)
    return counts


def _entries(
    found: Sequence[Event], outcome: str, recipient: str, run: Run
) -> Iterator[dict[str, Any]]:
    for event in found:
        yield {
            "account_id": event.account_id, "outcome": outcome, "as_of": run.as_of,
            "kind": event.kind, "detail": event.detail, "sentence": event.sentence,
            "recipient": recipient, "run_no": run.run_no,
        }  # fmt: skip


def _adjusted(row: Any, cards: dict[int, Scorecard]) -> Adjusted:  # noqa: ANN401 - a row
    return Adjusted(
        account_id=row.account_id,
        score=row.score,
        band=row.band,
        band_then=row.band_then,
        move=row.change_7d,
        flags=_flags(row.fired, cards[row.scorecard_id]),
        flags_then=_flags(row.fired_then or 0, cards.get(row.scorecard_id_then)),
        plans=tuple(stored_playbook(body).title for body in row.bodies or ()),
    )


def _flags(fired: int, card: Scorecard | None) -> frozenset[str]:
    if card is None:
        return frozenset()
    [raised] = flags_raised(np.array([fired], np.uint64), card)
    return frozenset(flag.name for flag in raised)
