"""The first half of a day: what the vendors sent becomes checked facts and series."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from include.pipeline.job import Counts, Job, Run, open_run, showing_rejects, stage
from include.scoring.scorecard import Scorecard
from include.settings import Credentials

if TYPE_CHECKING:
    from include.sources.base import Source
    from include.sources.http.session import Wire


def extract(  # noqa: PLR0913 - the verb's whole contract
    job: Job,
    run_id: str,
    as_of: str,
    source: str,
    credentials: Credentials,
    *,
    kind: str | None = None,
    wire: "Wire | None" = None,
) -> Counts:
    """Land every stream of one source; counts are summed over its streams.

    One after the other, unless the source has a `streams_at_once`.

    kind: daily, or backfill, whose days are never live; None: as the run is known.
    wire: how patient we are with the vendor; None: as vendors need it.
    A stream that landed in this run already is read again from its saved state, which is cheap.
    """
    from include.sources import open_source
    from include.sources.http.side_by_side import in_order

    run = open_run(job, run_id, as_of, kind)
    reader = open_source(
        job.settings.source(source), credentials, wire=wire,
        time_zone=job.settings.time_zone, own_prefix=job.settings.crm.prefix,
    )  # fmt: skip
    total: Counts = {}
    landed = partial(_land_stream, job, run, reader)
    width = getattr(reader, "streams_at_once", 1)
    for counts in in_order(landed, reader.streams, width=width):
        total = {key: total.get(key, 0) + value for key, value in counts.items()}
    return total


def _land_stream(job: Job, run: Run, reader: "Source", stream: str) -> Counts:
    """Land what is new of a stream, from where its last landing ended, well or early."""
    from include.warehouse.landing import land, last_state

    with stage(job, run, "extract", f"{reader.name}.{stream}") as counts:
        state = last_state(job.engine, reader.name, stream)
        landed = land(
            job.engine, run_id=run.run_id, as_of=run.as_of, source=reader.name,
            vendor=reader.vendor, stream=stream,
            pages=reader.pages(stream, state=state, as_of=run.as_of),
        )  # fmt: skip
        counts.update(landed.counts())
    return counts


def check_raw(job: Job, run_id: str, as_of: str) -> Counts:
    """Set bad records aside with their reasons; RejectData where a whole stream is not fit."""
    from include.checks import check_raw as check_stage

    run = open_run(job, run_id, as_of)
    with stage(job, run, "check raw") as counts, showing_rejects(job, run):
        counts.update(check_stage(job.engine, job.settings, run_no=run.run_no, as_of=run.as_of))
    return counts


def conform(job: Job, run_id: str, as_of: str) -> Counts:
    """Turn the accepted records into facts and link them to accounts.

    What people entered and cannot be used goes back to them.
    """
    from include.pipeline.handing_back import hand_back_inputs
    from include.pipeline.hearing import hear_overrides
    from include.warehouse.conform import conform as conform_facts

    run = open_run(job, run_id, as_of)
    with stage(job, run, "conform") as counts:
        counts.update(conform_facts(job.engine, job.settings))
        counts.update(hand_back_inputs(job))
        counts.update(hear_overrides(job, run))
    return counts


def check_facts(job: Job, run_id: str, as_of: str) -> Counts:
    """Check the facts as a whole; RejectData where they must not be scored."""
    from include.checks import check_facts as check_stage

    run = open_run(job, run_id, as_of)
    with stage(job, run, "check facts") as counts, showing_rejects(job, run):
        counts.update(check_stage(job.engine, job.settings, run_no=run.run_no, as_of=run.as_of))
    return counts


def roll_up(job: Job, run_id: str, as_of: str) -> Counts:
    """Bring the day-level series in line with the facts."""
    from include.warehouse import rollup

    run = open_run(job, run_id, as_of)
    windows = series_windows(job.deck.all)
    with stage(job, run, "roll up") as counts:
        counts.update(rollup.roll_up(job.engine, job.settings, windows=windows))
        rollup.keep_recent_key(job.engine, newest=run.as_of)
    return counts


def series_windows(cards: Iterable[Scorecard]) -> tuple[int, ...]:
    """The windows, in days, of the series that these scorecards read."""
    from include.scoring.reading_parts import series_of
    from include.scoring.series import windows_of

    return windows_of(series_of(measure.reading for card in cards for measure in card.measures))
