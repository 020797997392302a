"""The verb `tell_late`: operators hear of a day that is not published when it is due."""

from datetime import date

from sqlalchemy import Connection

from include.pipeline.alerts import Courier
from include.pipeline.job import Counts, Job
from include.plays.late_day import write_late
from include.reports.freshness import DueDay, due_day, how_it_stands, newest_day
from include.warehouse.database import query, transaction


def tell_late(job: Job, courier: Courier) -> Counts:
    """Send operators one message about the day that is late, once a day and outcome.

    Asked every hour, it tells of a day in the hour in which it became due, or as soon after as it
    is asked again; quiet hours are for owners and do not hold it. It is noted in the ledger of
    digests when it was sent, so one that could not be sent is tried again while the day is late,
    and one whose run is killed in between is sent again.
    late: outcomes whose due day is missing; told: those of this message; nobody: those that nobody
    was told of, for health.yaml names neither alerts.operators nor alerts.fallback.
    """
    day = due_day(job.settings, courier.now())
    with transaction(job.engine) as connection:
        missed = _missed(connection, job, day)
        known = set(connection.scalars(query("alerts/told_late"), {"as_of": day.as_of}))
        news = {outcome: newest for outcome, newest in missed.items() if outcome not in known}
        stands = how_it_stands(connection, day.as_of) if news else ""
    recipient = job.settings.alerts.late_to
    if not news or recipient is None:
        return {"late": len(missed), "told": 0, "nobody": len(news)}
    courier.send(write_late(recipient, day.as_of, day.words, stands, news))
    with transaction(job.engine) as connection:
        sent = {"as_of": day.as_of, "recipient": recipient, "sent_at": courier.now()}
        rows = [sent | {"outcome": outcome, "sentence": day.words} for outcome in news]
        connection.execute(query("alerts/note_late"), rows)
    return {"late": len(missed), "told": len(news), "nobody": 0}


def _missed(connection: Connection, job: Job, day: DueDay) -> dict[str, date | None]:
    """Return the outcomes without the day, with the newest one each has; none before the first run.

    An installation that has never run owes nobody a day.
    """
    if connection.scalar(query("runs/newest_day")) is None:
        return {}
    newest = {
        outcome: newest_day(connection, cards) for outcome, cards in job.deck.outcomes.items()
    }
    return {outcome: known for outcome, known in newest.items() if day.is_missed(known)}
