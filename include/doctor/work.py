"""The work itself: how old what people see is, what the sources brought, what waits."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from include import reports
from include.doctor.found import Found
from include.errors import FixConfig
from include.pipeline.named_values import values_of_nobody
from include.reports.freshness import due_day, how_it_stands, newest_day, stale
from include.scoring.deck import Deck
from include.settings import Settings
from include.warehouse.database import query

LONGEST_RUN_H = 24


def published(
    connection: Connection, deck: Deck, *, today: date, max_age_days: int
) -> Iterator[Found]:
    """Say of each outcome which day people see, and how old it is. today: the organisation's."""
    for outcome, cards in deck.outcomes.items():
        what = f"published day of {outcome}"
        try:
            newest = reports.published_day(connection, cards, None).as_of
        except FixConfig as error:
            yield Found(what, "bad", str(error))
            continue
        words = stale(newest, today=today, max_age_days=max_age_days)
        days = (today - newest).days
        age = f"{newest}, {days} {'day' if days == 1 else 'days'} old"
        yield Found(what, "bad" if words else "good", words or age)


def due(
    connection: Connection, settings: Settings, deck: Deck, *, now: datetime
) -> Iterator[Found]:
    """Say of each outcome whether the day that is due by now has been published. now: aware."""
    day = due_day(settings, now)
    for outcome, cards in deck.outcomes.items():
        newest, what = newest_day(connection, cards), f"due day of {outcome}"
        if newest is None:  # `published` says so
            continue
        if day.is_missed(newest):
            yield Found(what, "bad", f"{day.words} {how_it_stands(connection, day.as_of)}")
        else:
            yield Found(what, "good", f"{newest}")


def last_run(connection: Connection, now: datetime) -> Iterator[Found]:
    """Say how the newest daily run ended. now: aware."""
    row = connection.execute(query("doctor/last_run")).one_or_none()
    if row is None:
        yield Found("last run", "bad", "there is none yet. `make run` makes one.")
        return
    told = f"run {row.run_no} for {row.as_of}"
    if row.state == "failed":
        words = f"{told} failed. {row.error} Mend it, then clear the red task (docs/runbook.md)."
        yield Found("last run", "bad", words)
    elif row.state == "success":
        yield Found("last run", "good", f"{told} ended well")
    else:
        hours = (now - row.started_at).total_seconds() / 3600
        is_long = hours > LONGEST_RUN_H
        words = f"{told} is at work since {hours:,.1f} h"
        if is_long:
            words += ". Its scheduler may be gone: look there, then run the day again."
        yield Found("last run", "bad" if is_long else "good", words)


def sources(
    connection: Connection, settings: Settings, *, now: datetime, max_age_days: int
) -> Iterator[Found]:
    """Say of each source when it was last read to the end; people's files come as they like."""
    names = [source.name for source in settings.sources if source.role != "inputs"]
    for row in connection.execute(query("doctor/sources"), {"sources": names}):
        what = f"source {row.source}"
        if row.landed_at is None:
            yield Found(what, "bad", "it was never read to the end. Look at the red extract task.")
            continue
        days = (now - row.landed_at).total_seconds() / 86_400
        words = f"last read to the end {days:,.1f} days ago"
        if days > max_age_days:
            words += (
                f" (checks.max_age_days: {max_age_days}). Ask `health sources check {row.source}`."
            )
        yield Found(what, "bad" if days > max_age_days else "good", words)


def values(connection: Connection, settings: Settings, deck: Deck) -> Iterator[Found]:
    """Say which values of attributes cards and playbooks name although no account has them."""
    what = "values of attributes"
    said = values_of_nobody(connection, settings, deck)
    if not said:
        yield Found(what, "good", "what cards and playbooks name is there")
    for words in said:
        yield Found(what, "look", f"{words} Whatever asks for it applies to nobody.")


# What waits, by the column of doctor/waiting.sql: what it is called, and what to do about it.
WAITING = {
    "sent": ("CRM writes without an answer", "The next push asks the CRM and settles them."),
    "rejected": (
        "CRM writes that were refused",
        "`answer` in health.crm_write says why; they are tried again after a week.",
    ),
    "undoing": ("CRM undos cut off", "Type the same `health crm undo` again: it goes on."),
    "kept": ("landings kept unfinished", "The next run of the day goes on with them."),
    "quarantined": (
        "records in quarantine",
        "`health checks` says why; they come back when the vendor sends a mended version.",
    ),
}


def waiting(connection: Connection) -> Iterator[Found]:
    """Say what waits for another run, another system or a person."""
    row: Any = connection.execute(query("doctor/waiting")).mappings().one()
    for column, (what, advice) in WAITING.items():
        count = row[column]
        words = f"{count:,}. {advice}" if count else "none"
        yield Found(what, "look" if count else "good", words)
