"""What an account-day of a backfill costs with few and with many accounts: the same?

`python bench/flat.py [ROUNDS] [ACCOUNTS ...]`: the worlds of bench/day.py, their series up to date.
In turn, in fresh processes, the last month is read and stored as the backfill DAG's mapped tasks do
it, shard after shard. Printed: microseconds an account-day, as a multiple of the smallest world's
(median of the ratios within a round; 1 = flat), and the worker's peak memory. Full size:
`python bench/flat.py 3 1000 10000 100000` (makes 15 million rows first: 8 GB of disk).
"""

import json
import statistics
import sys

from backfill import STATE, make_card, measure, name_of, peak_mb, prepare
from day import DAYS, USAGE, rolled_up, timed
from facts_world import LAST, World, bench_settings
from sqlalchemy import text

from include.pipeline import spans
from include.pipeline.job import Job, open_run
from include.pipeline.reading import read_span
from include.pipeline.spans import Span
from include.warehouse.database import open_store, transaction
from include.warehouse.embedded import postgres

SIZES = (1_000, 10_000)


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        run_variant(sys.argv[2], World(int(sys.argv[3]), DAYS, float(sys.argv[4])))
        return
    rounds, *sizes = [int(entered) for entered in sys.argv[1:]] or [3]
    worlds = [World(accounts, DAYS, USAGE) for accounts in sizes or SIZES]
    with postgres(STATE):
        for world in worlds:
            prepare(world)
            measure("whole", world, script=__file__)
        found = [
            [measure("month", world, script=__file__) for world in worlds] for _ in range(rounds)
        ]
    print(json.dumps(found), file=sys.stderr)
    for place, world in enumerate(worlds):
        each = [one[place]["s"] / one[place]["rows"] * 1e6 for one in found]
        ratios = [
            (one[place]["s"] / one[place]["rows"]) / (one[0]["s"] / one[0]["rows"]) for one in found
        ]
        print(
            f"{world.accounts:9,} accounts: {statistics.median(each):6.1f} us an account-day,"
            f" {statistics.median(ratios):5.2f} times the first,"
            f" {max(one[place]['peak_mb'] for one in found):5.0f} MB"
        )


def run_variant(variant: str, world: World) -> None:
    with postgres(STATE) as lease:
        engine = open_store(lease.url(name_of(world)))
        job = Job(engine, bench_settings(), (make_card(),))
        work = rolled_up if variant == "whole" else read_month
        found = timed(lambda: work(job))
    print(json.dumps(found | {"peak_mb": peak_mb()}))


def read_month(job: Job) -> int:
    """Read and store the last month of every shard, in an empty table; return how many rows."""
    with transaction(job.engine) as connection:
        connection.execute(text("truncate health.reading"))
    run = open_run(job, "flat", str(LAST), "backfill")
    return sum(
        read_span(job, run, Span(job.cards[0], LAST.replace(day=1), LAST, "reconstructed", shard))[
            "inserted"
        ]
        for shard in spans.shards(job)
    )


if __name__ == "__main__":
    main()
