"""A year of readings from facts in PostgreSQL to readings in PostgreSQL, against a loop over days.

`python bench/backfill.py [ACCOUNTS] [ROUNDS] [USAGE ...]`: 365 days x 15 measures, with each USAGE
different users active on an account's day (4 and 0.4). In turn, each in a fresh process:

copy      the COPY of the finished rows' bytes into the same table, empty: the limit
months    roll up all facts, then read and store month by month, two at a time, as the backfill
          DAG does with two workers
range     the same in one range, as the very first run does
loop      day by day in SQL (bench/loop/): SAMPLE days measured, times 365, helper tables once

The loop's readings are compared with ours on the sampled days. Printed are medians of the ratios
within a round to `copy`, microseconds an account-day, and the worker's peak memory in all. Goals:
the loop takes 10 times as long as months at 4 users a day and 4 times at 0.4; months at most 5
times the copy; below 1 GiB. Full size: `python bench/backfill.py 10000 1`.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import yaml
from facts_world import LAST, World, bench_settings, make_facts
from sqlalchemy import Connection, Engine, text

from include.pipeline import roll_up, spans
from include.pipeline.cards import register
from include.pipeline.job import Job, open_run
from include.pipeline.reading import read_span
from include.pipeline.spans import Span
from include.scoring.scorecard import Scorecard, parse_scorecard
from include.warehouse import histories
from include.warehouse.columns import numbers
from include.warehouse.copy import driver
from include.warehouse.database import open_store, transaction
from include.warehouse.embedded import create_database, postgres
from include.warehouse.encode import encode
from include.warehouse.migrate import upgrade
from include.warehouse.revisions import Target, key_columns

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "var" / "bench-history"
LOOP = Path(__file__).parent / "loop"
DAYS, SAMPLE = 365, 6
USAGES = (4.0, 0.4)
# Of the loop's connection; ours has the store's own settings.
ROOM = "set local work_mem = '256MB'; set local jit = off"
FORGET = """
truncate health.account_day, health.known_from, health.touched, health.series_file, core.change,
health.reading, health.run_stage;
do $$
declare
    name text;
begin
    for name in select indexname from pg_indexes where indexname like 'account_day_since%'
    loop
        execute format('drop index health.%I', name);
    end loop;
end;
$$
"""
# By measure: one row differs where any of its readings is further off than rounding, or NaN alone.
DIFFERENT = """
select count(*) filter (where not is_same), count(*) filter (where is_same)
from (
    select bool_and(pair.ours = pair.theirs or abs(pair.ours - pair.theirs) < 1e-5) is true
        as is_same
    from health.reading as ours
    full join health.reading as theirs
        on ours.account_id = theirs.account_id and ours.as_of = theirs.as_of
        and ours.scorecard_id = theirs.scorecard_id and theirs.basis = 'live'
    left join lateral unnest(ours.readings, theirs.readings) as pair (ours, theirs) on true
    where
        coalesce(ours.as_of, theirs.as_of) = any(cast(:days as date[]))
        and coalesce(ours.scorecard_id, theirs.scorecard_id) = :card
        and coalesce(ours.basis, 'reconstructed') = 'reconstructed'
    group by coalesce(ours.as_of, theirs.as_of), coalesce(ours.account_id, theirs.account_id)
) as compared
"""


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        run_variant(sys.argv[2], World(int(sys.argv[3]), DAYS, float(sys.argv[4])))
        return
    accounts, rounds = (
        int(entered) for entered in [*sys.argv[1:3], *["2000", "1"][len(sys.argv) - 1 :]]
    )
    with postgres(STATE):
        for usage in [float(entered) for entered in sys.argv[3:]] or USAGES:
            compare(World(accounts, DAYS, usage), rounds)


def compare(world: World, rounds: int) -> None:
    prepare(world)
    found: list[dict[str, dict[str, float]]] = []
    for _ in range(rounds):
        found.append({variant: measure(variant, world) for variant in VARIANTS})
        print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    print(
        f"{world.accounts:,} accounts x {DAYS} days x 15 measures, {world.usage} users a day;"
        f" {found[0]['months']['rows']:,.0f} readings; medians of {rounds} rounds, less is faster"
    )
    print(f"{'':8}{'ratio to copy':>14}{'seconds':>10}{'us/account-day':>16}{'MB':>6}")
    for variant in found[0]:
        seconds = [one[variant]["s"] for one in found]
        ratios = [one[variant]["s"] / one["copy"]["s"] for one in found]
        each = statistics.median(seconds) / (world.accounts * DAYS) * 1e6
        peak = max(one[variant]["peak_mb"] for one in found)
        print(
            f"{variant:8}{statistics.median(ratios):14.2f}{statistics.median(seconds):10.1f}"
            f"{each:16.1f}{peak:6.0f}"
        )
    for variant in ("months", "range"):
        times = statistics.median(one["loop"]["s"] / one[variant]["s"] for one in found)
        print(f"{variant} is {times:.1f} times as fast as the loop")


def prepare(world: World) -> None:
    """Make the store of a world, unless it stands from an earlier run."""
    with postgres(STATE) as lease:
        create_database(lease, name_of(world))
        engine = open_store(lease.url(name_of(world)))
        upgrade(engine)
        with transaction(engine) as connection:
            is_there = connection.execute(text("select count(*) from core.term")).scalar_one()
        if not is_there:
            make_facts(engine, world)


def name_of(world: World) -> str:
    return f"history_{world.accounts}_{world.usage:g}".replace(".", "_")


def measure(variant: str, world: World, *, script: str = __file__) -> dict[str, float]:
    command = [sys.executable, script, "--variant", variant, str(world.accounts), str(world.usage)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def peak_mb() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_variant(variant: str, world: World) -> None:
    with postgres(STATE) as lease:
        engine = open_store(lease.url(name_of(world)))
        job = Job(engine, bench_settings(), (make_card(),))
        found = VARIANTS[variant](job, world)
        found["peak_mb"] = peak_mb()
    print(json.dumps(found))


def make_card() -> Scorecard:
    """The default card's 14 measures and, as the 15th, all events of 90 days."""
    path = ROOT / "scorecards" / "retention.v1.yaml"
    card = yaml.safe_load(path.read_text(encoding="utf-8"))
    card["name"] = "history"
    card["categories"][-1]["measures"].append(
        {
            "name": "events_90d", "label": "Events in 90 days", "weight": 1, "unit": "events",
            "why": "Bench.", "good": "many", "curve": [[0, 0], [1000, 100]],
            "reading": {"op": "sum", "series": "events", "window": 90, "history": 90},
        }
    )  # fmt: skip
    return parse_scorecard(yaml.safe_dump(card, sort_keys=False), "bench")


def by_months(job: Job, world: World) -> dict[str, float]:
    parts = spans.months(world.first.isoformat(), LAST.isoformat())
    return backfill(job, [(first, last) for first, last in parts], workers=2)


def in_one_range(job: Job, world: World) -> dict[str, float]:
    return backfill(job, [(world.first, LAST)])


def backfill(job: Job, parts: list[tuple[date, date]], *, workers: int = 1) -> dict[str, float]:
    """Roll up all facts, then read and store the parts, so many at a time."""
    forget(job.engine)
    found = {"rolled_up": 0.0, "rows": 0.0}
    run = open_run(job, "bench", LAST.isoformat(), "backfill")
    started = time.perf_counter()
    roll_up(job, run.run_id, LAST.isoformat())
    found["rolled_up"] = time.perf_counter() - started
    wanted = [
        Span(job.cards[0], first, last, "reconstructed", shard)
        for shard in spans.shards(job)
        for first, last in parts
    ]
    with ThreadPoolExecutor(workers) as pool:
        counts = pool.map(lambda span: read_span(job, run, span), wanted)
        found["rows"] += sum(one["inserted"] for one in counts)
    return found | {"s": time.perf_counter() - started}


def copy(job: Job, world: World) -> dict[str, float]:
    """COPY what the variant before has stored into the same partitions, its bytes made before."""
    blocks, count = stored_bytes(job, world)
    forget(job.engine)
    started = time.perf_counter()
    with transaction(job.engine) as connection, driver(connection).cursor() as cursor:
        columns = "account_id, as_of, scorecard_id, revision, run_no, digest, basis, readings"
        with cursor.copy(f"copy health.reading ({columns}) from stdin (format binary)") as copying:
            for block in blocks:
                copying.write(block)
    return {"s": time.perf_counter() - started, "rows": count}


def stored_bytes(job: Job, world: World) -> tuple[list[bytes], int]:
    with transaction(job.engine) as connection:
        accounts, days, readings = histories.load_readings(
            connection, basis="reconstructed", measures=15, first_day=world.first, last_day=LAST,
            scorecard_id=card_id(connection), first_account=0, last_account=2**31 - 1,
        )  # fmt: skip
        target = Target("reading", card_id(connection), "reconstructed", 1)
    zeros = np.zeros(len(accounts), np.int32)
    columns = key_columns(target, accounts, days, zeros, np.arange(len(accounts)))
    columns["readings"] = numbers("float8[]", readings)
    return [bytes(block) for block in encode(columns)], len(accounts)


def loop(job: Job, _world: World) -> dict[str, float]:
    """Time the days of a sample, each a transaction, after the helpers; check what they say."""
    started = time.perf_counter()
    with transaction(job.engine) as connection:
        connection.exec_driver_sql(ROOM)
        connection.exec_driver_sql((LOOP / "helpers.sql").read_text(encoding="utf-8"))
        card = card_id(connection)
    helped = time.perf_counter() - started
    statement = (LOOP / "day.sql").read_text(encoding="utf-8").replace(":card", str(card))
    days = [LAST - timedelta(days=n * DAYS // SAMPLE) for n in range(SAMPLE)]
    started = time.perf_counter()
    for day in days:
        with transaction(job.engine) as connection:
            connection.exec_driver_sql(ROOM)
            connection.exec_driver_sql(statement.replace(":day", f"date '{day}'"))
    seconds = helped + (time.perf_counter() - started) * DAYS / SAMPLE
    return {"s": seconds, "helpers": helped, "rows": check(job, days)}


def check(job: Job, days: list[date]) -> int:
    """Hold the loop's readings to ours, then forget them; return how many rows were equal."""
    with transaction(job.engine) as connection:
        binds = {"days": days, "card": card_id(connection)}
        wrong, equal = connection.execute(text(DIFFERENT), binds).one()
        assert not wrong, f"{wrong} readings of the loop differ"
        connection.execute(text("delete from health.reading where basis = 'live'"))
    return int(equal)


def card_id(connection: Connection) -> int:
    return register(connection, make_card())


def forget(engine: Engine) -> None:
    """Bring the store to where facts are all there is: partitions stand, the small key is gone."""
    with transaction(engine) as connection:
        connection.execute(text(FORGET))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze health.account_day"))
        connection.execute(text("checkpoint"))


VARIANTS = {"range": in_one_range, "months": by_months, "loop": loop, "copy": copy}

if __name__ == "__main__":
    main()
