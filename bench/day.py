"""One day of readings for all accounts, as a multiple of PostgreSQL's bare scan of the window.

`python bench/day.py [ACCOUNTS] [ROUNDS]`: 455 days of facts with 0.44 active users on an account's
day, which at 100,000 accounts is 20 million. In turn, in fresh processes:

scan      read the 90 days of usage that the day's windows cover and add them up: the limit
arrive    roll up a day whose usage has just arrived (as in each night's run)
day       read all 15 measures of that day and store them, WORKERS shards at a time, as two workers
          do with the mapped tasks

Goal: `day` takes at most 10 times as long as `scan`; both together stand beside it. Full size:
`python bench/day.py 100000 3` (makes 15 million rows first: some minutes and 4 GB of disk).
"""

import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from backfill import STATE, make_card, measure, name_of, peak_mb, prepare
from facts_world import LAST, World, bench_settings
from sqlalchemy import text

from include.pipeline import roll_up, spans
from include.pipeline.job import Job, open_run
from include.pipeline.reading import read_span
from include.pipeline.spans import Shard, Span
from include.warehouse.database import open_store, transaction
from include.warehouse.embedded import postgres

DAYS, USAGE = 365, 0.44
WORKERS = 2
SCAN = """
select count(*), sum(events), sum(cardinality(users)) from core.usage_day
where day > cast(:day as date) - 90 and day <= :day
"""
# The day is taken away and comes back: what a day's landing does to the facts.
TAKE = "create table if not exists core.bench_day as select * from core.usage_day where day = :day"
DROP = "delete from core.usage_day where day = :day"
BACK = "insert into core.usage_day select * from core.bench_day"


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        run_variant(sys.argv[2], World(int(sys.argv[3]), DAYS, float(sys.argv[4])))
        return
    given = [int(entered) for entered in sys.argv[1:]]
    accounts, rounds = given + [10_000, 3][len(given) :]
    world = World(accounts, DAYS, USAGE)
    with postgres(STATE):
        prepare(world)
        whole = measure("whole", world, script=__file__)
        found = [
            {name: measure(name, world, script=__file__) for name in ("scan", "arrive", "day")}
            for _ in range(rounds)
        ]
    print(json.dumps([whole, *found]), file=sys.stderr)
    print(f"{accounts:,} accounts, {found[0]['scan']['rows']:,.0f} rows in the window")
    print(f"everything rolled up once: {whole['s']:.1f} s, {whole['peak_mb']:.0f} MB")
    for name in found[0]:
        seconds = statistics.median(one[name]["s"] for one in found)
        print(f"{name:8}{seconds:8.2f} s{max(one[name]['peak_mb'] for one in found):7.0f} MB")
    for parts in (("day",), ("arrive", "day")):
        ratios = [sum(one[part]["s"] for part in parts) / one["scan"]["s"] for one in found]
        print(f"{' + '.join(parts)}: {statistics.median(ratios):.1f} times the scan")


def run_variant(variant: str, world: World) -> None:
    with postgres(STATE) as lease:
        engine = open_store(lease.url(name_of(world)))
        job = Job(engine, bench_settings(), (make_card(),))
        found = VARIANTS[variant](job)
    print(json.dumps(found | {"peak_mb": peak_mb()}))


def whole(job: Job) -> dict[str, float]:
    """Have everything rolled up, so that the next roll-up is of what changes from here on."""
    found = timed(lambda: rolled_up(job))
    vacuum(job)
    return found


def vacuum(job: Job) -> None:
    """Do what autovacuum does between two nights; it is not waited for."""
    with job.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze health.account_day"))


def scan(job: Job) -> dict[str, float]:
    with transaction(job.engine) as connection:
        connection.exec_driver_sql("set local jit = off")
        started = time.perf_counter()
        rows = connection.execute(text(SCAN), {"day": LAST}).one()[0]
        return {"s": time.perf_counter() - started, "rows": rows}


def arrive(job: Job) -> dict[str, float]:
    binds = {"day": LAST}
    for statement in (TAKE, DROP):
        with transaction(job.engine) as connection:
            connection.execute(text(statement), binds)
    rolled_up(job)
    vacuum(job)
    with transaction(job.engine) as connection:
        connection.execute(text(BACK))
    return timed(lambda: rolled_up(job))


def day(job: Job) -> dict[str, float]:
    """Read and store the day by shards, as the mapped tasks do."""
    with transaction(job.engine) as connection:
        connection.execute(text("truncate health.reading"))
    run = open_run(job, f"day {LAST}", str(LAST))

    def read_one(shard: Shard) -> int:
        return read_span(job, run, Span(job.cards[0], LAST, LAST, "live", shard))["inserted"]

    def read_all() -> int:
        with ThreadPoolExecutor(WORKERS) as pool:
            return sum(pool.map(read_one, spans.shards(job)))

    return timed(read_all)


def rolled_up(job: Job) -> int:
    run = open_run(job, f"rolled up {LAST - timedelta(days=1)}", str(LAST))
    return roll_up(job, run.run_id, str(LAST))["written"]


def timed(work) -> dict[str, float]:
    started = time.perf_counter()
    rows = work()
    return {"s": time.perf_counter() - started, "rows": rows}


VARIANTS = {"whole": whole, "scan": scan, "arrive": arrive, "day": day}

if __name__ == "__main__":
    main()
