"""The first half of a day: what the vendors sent becomes checked facts and series."""

from include.pipeline.job import Counts, Job, open_run, showing_rejects, stage
from include.settings import Credentials

# Accounts whose series are brought up to date in one transaction.
SHARD = 50_000


def extract(job: Job, run_id: str, as_of: str, source: str, credentials: Credentials) -> Counts:
    """Land every stream of one source; counts are summed over its streams.

    A stream that landed in this run already is read again from its saved state, which is cheap.
    """
    from include.sources import open_source
    from include.warehouse.landing import land, last_state

    run = open_run(job, run_id, as_of)
    reader = open_source(
        job.settings.source(source), credentials, time_zone=job.settings.time_zone,
        own_prefix=job.settings.crm.prefix,
    )  # fmt: skip
    total: Counts = {}
    for stream in reader.streams:
        with stage(job, run, "extract", f"{source}.{stream}") as counts:
            state = last_state(job.engine, source, stream)
            landed = land(
                job.engine, run_id=run_id, as_of=run.as_of, source=source, vendor=reader.vendor,
                stream=stream, pages=reader.pages(stream, state=state, as_of=run.as_of),
            )  # fmt: skip
            counts.update(landed.counts())
        total = {key: total.get(key, 0) + value for key, value in counts.items()}
    return total


def check_raw(job: Job, run_id: str, as_of: str) -> Counts:
    """Set bad records aside with their reasons; RejectData where a whole stream is not fit."""
    from include.checks import check_raw as check_stage

    run = open_run(job, run_id, as_of)
    with stage(job, run, "check raw") as counts, showing_rejects(job, run):
        counts.update(check_stage(job.engine, job.settings, run_no=run.run_no, as_of=run.as_of))
    return counts


def conform(job: Job, run_id: str, as_of: str) -> Counts:
    """Turn the accepted records into facts and link them to accounts."""
    from include.warehouse.conform import conform as conform_facts

    run = open_run(job, run_id, as_of)
    with stage(job, run, "conform") as counts:
        counts.update(conform_facts(job.engine, job.settings))
    return counts


def check_facts(job: Job, run_id: str, as_of: str) -> Counts:
    """Check the facts as a whole; RejectData where they must not be scored."""
    from include.checks import check_facts as check_stage

    run = open_run(job, run_id, as_of)
    with stage(job, run, "check facts") as counts, showing_rejects(job, run):
        counts.update(check_stage(job.engine, job.settings, run_no=run.run_no, as_of=run.as_of))
    return counts


def roll_up(job: Job, run_id: str, as_of: str) -> Counts:
    """Bring the day-level series in line with the facts, a shard of accounts at a time."""
    from include.warehouse.rollup import account_range
    from include.warehouse.rollup import roll_up as roll_up_shard

    run = open_run(job, run_id, as_of)
    with stage(job, run, "roll up") as counts:
        first, last = account_range(job.engine)
        for start in range(first, last + 1, SHARD):
            end = min(start + SHARD - 1, last)
            done = roll_up_shard(job.engine, job.settings, first_account=start, last_account=end)
            for key, value in done.items():
                counts[key] = counts.get(key, 0) + value
    return counts
