"""Old receipts become weekly: what a score was stays for ever, how it came about once a week.

A receipt is a snapshot's points, readings and drivers. Kept are Sundays, what was sent to the CRM,
and the last day of a term. The readings themselves stay in health.reading, so that even a thinned
score can be taken apart.
"""

from datetime import date, timedelta

from include.pipeline.job import Counts, Job, open_run, stage
from include.pipeline.retention import drop_versions_before
from include.warehouse.database import query, transaction


def thin(job: Job, run_id: str, as_of: str) -> Counts:
    """Thin receipts and drop superseded records that have come of age; nothing unless asked for."""
    run = open_run(job, run_id, as_of)
    days, raw_days = job.settings.receipts.thin_after_days, job.settings.retention.raw_days
    with stage(job, run, "thin") as counts:
        if days is not None:
            counts.update(thin_before(job, run.as_of - timedelta(days=days)))
        if raw_days is not None:
            counts.update(drop_versions_before(job, run.as_of - timedelta(days=raw_days)))
    return counts


def thin_before(job: Job, before: date, *, every: bool = False, dry_run: bool = False) -> Counts:
    """Thin the receipts of days before a day, one transaction a day, oldest first.

    every: look also at days that were thinned before: history may have been filled since.
    dry_run: only count what would go.
    """
    with transaction(job.engine) as connection:
        binds = {"before": before, "every": every or dry_run}
        days = connection.scalars(query("receipts/due_days"), binds).all()
    counts = {"days": len(days), "receipts": 0}
    for day in days:
        with transaction(job.engine) as connection:
            binds = {"as_of": day, "dry_run": dry_run}
            counts["receipts"] += connection.execute(query("receipts/thin_day"), binds).scalar_one()
            if not dry_run:
                connection.execute(query("receipts/mark_day"), {"as_of": day})
    return counts
