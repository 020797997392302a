"""How fast scores reach the CRM, as ratios to what the vendor's limit and latency allow.

`python bench/push.py [CHANGES] [PLANNED] [WAY]...`: a HubSpot of the sandbox in a process of its
own, 50 ms an answer, every company changed. It shows the first day already, as an earlier run wrote
it, and so the store believes. Floors are computed: with the limit in force (190 calls in any ten
seconds), the time at which its last call may start; without, calls x latency / workers. The plain
loop is
`requests` in one thread without ledger, which waits ten seconds when it is refused. Of the push
there are two times: the whole verb, and its sending, from the start of the first write to the end
of the last, and how long a write's answer took. So slow answers allow no more than `allowed`: a
place is free a window after its answer, and a window's calls share the workers. Then the plan
alone, 3% changed, and once more when all is accepted: an unchanged day. CHANGES 0: only the plan;
PLANNED 0: only the pushes; WAY: "plain loop", "plain threads", push; all by itself. 1.0 = floor.
"""

import json
import resource
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.portal import (  # noqa: E402
    CATALOGUE,
    FIRST_ID,
    LIMIT,
    SETTINGS,
    SHOWN,
    WINDOW_S,
    Timed,
    hubspot,
    refusals,
    send_plainly,
    show_first_day,
)
from include.crm import ledger  # noqa: E402
from include.crm.hubspot.desk import Group, HubSpotDesk  # noqa: E402
from include.crm.hubspot.wire import BATCH  # noqa: E402
from include.crm.ledger import Day  # noqa: E402
from include.crm.plan import Rules, survey  # noqa: E402
from include.crm.push import push  # noqa: E402
from include.crm.values import Sentences  # noqa: E402
from include.crm.write import WORKERS  # noqa: E402
from include.settings import Credentials  # noqa: E402
from include.sources.http.rate import UNTOLD  # noqa: E402
from include.warehouse.database import open_store  # noqa: E402
from include.warehouse.embedded import create_database, postgres  # noqa: E402
from include.warehouse.migrate import upgrade  # noqa: E402

STATE = ROOT / "var" / "bench-postgres"
LATENCY_S = 0.05
SECOND = date(2026, 11, 2)
Measured = tuple[float, float]  # seconds by the clock, of our processor


def main() -> None:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    planned = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    with postgres(STATE) as lease, tempfile.TemporaryDirectory() as folder:
        create_database(lease, "bench_push")
        engine = open_store(lease.url("bench_push"))
        if changes:
            push_in_every_way(engine, Path(folder), changes)
        if planned:
            plan_alone(engine, planned)


def push_in_every_way(engine: Engine, folder: Path, changes: int) -> None:
    calls = -(-changes // BATCH)
    limited = (calls - 1) // LIMIT * WINDOW_S + LATENCY_S
    before = folder / "before"
    with hubspot(changes, before, limits=False, latency_s=0.0) as there:
        show_first_day(there, changes)
    for limits in (True, False):
        for who, run in RUNS.items():
            if sys.argv[3:] and who not in sys.argv[3:]:
                continue
            threads = 1 if who == "plain loop" else WORKERS
            floor = limited if limits else calls * LATENCY_S / threads
            prepare(engine, changes)
            portal = shutil.copytree(before, folder / f"{who}, {limits}")
            with hubspot(changes, portal, limits=limits, latency_s=LATENCY_S) as there:
                for part, measured in run(engine, there, changes).items():
                    report(f"{'limit' if limits else 'free':6}{part:14}", floor, measured, there)


def report(name: str, floor: float, measured: Measured, there: dict[str, Any]) -> None:
    refused, answered = refusals(there)
    seconds, cpu_s = measured
    print(
        f"{name} {seconds:6.2f} s   {seconds / floor:5.2f} x floor ({floor:.2f} s)"
        f"   {refused / answered:6.2%} of answers were 429   {cpu_s:5.2f} CPU-s of ours",
        flush=True,
    )


def plain_loop(
    _engine: Engine, there: dict[str, Any], changes: int, threads: int = 1
) -> dict[str, Measured]:
    """The simplest program that gets every batch through."""
    started = time.perf_counter(), time.process_time()
    send_plainly(
        there, changes, {"cs_health_score": "60", "cs_health_as_of": "2026-11-02"}, threads
    )
    name = "plain loop" if threads == 1 else "plain threads"
    return {name: (time.perf_counter() - started[0], time.process_time() - started[1])}


def plain_threads(engine: Engine, there: dict[str, Any], changes: int) -> dict[str, Measured]:
    return plain_loop(engine, there, changes, WORKERS)


def our_push(engine: Engine, there: dict[str, Any], changes: int) -> dict[str, Measured]:
    """The whole verb: plan, gate, ledger, calls, answers, reading back.

    Where the vendor tells no limit in its headers, ours is lifted: what is left is our own speed.
    """
    credentials = Credentials(there["base_url"], there["token"])
    client = Timed(credentials, LIMIT if there["limits"] else UNTOLD)
    started = time.perf_counter(), time.process_time()
    counts = push(
        engine,
        SETTINGS,
        HubSpotDesk(
            client,
            api_version="numbered",
            group=Group("cs_health", "Customer health"),
        ),
        run_no=1,
        as_of=SECOND,
        scorecard_ids=[1],
        catalogue=CATALOGUE,
        say=lambda account_ids: dict.fromkeys(account_ids, Sentences("Usage fell.", "Call.")),
    )
    whole = time.perf_counter() - started[0], time.process_time() - started[1]
    assert counts["acknowledged"] == changes, counts
    assert counts["drifted"] == 0, counts
    say_what_answers_allow(client, limits=there["limits"])
    sending = max(ended for _, ended in client.writes) - min(begun for begun, _ in client.writes)
    return {"push": whole, "its sending": (sending, whole[1])}


def say_what_answers_allow(client: Timed, *, limits: bool) -> None:
    """Print how long answers took, waiting for a turn left out, and the floor that follows."""
    answer_s, calls = statistics.fmean(e - b for b, e in client.writes), len(client.writes)
    windows, last = divmod(calls - 1, LIMIT) if limits else (0, calls - 1)
    allowed_s = windows * (WINDOW_S + answer_s) + last * answer_s / WORKERS + answer_s
    print(
        f"      answers took {answer_s * 1000:.0f} ms each: allowed {allowed_s:.2f} s", flush=True
    )


RUNS = {"plain loop": plain_loop, "plain threads": plain_threads, "push": our_push}


def plan_alone(engine: Engine, accounts: int) -> None:
    prepare(engine, accounts, moved_share=0.03)
    day = Day("hubspot", SECOND, [1])
    rules = Rules(CATALOGUE, SECOND, SECOND)
    for accepted in (False, True):
        if accepted:
            with engine.begin() as connection:
                connection.execute(text(ACCEPT), {"day": SECOND})
        before = peak_mb()
        started = time.perf_counter(), time.process_time()
        ids = ledger.live_accounts(engine, "hubspot")
        found = survey(ledger.desired_rows(engine, day, CATALOGUE, ids), rules)
        seconds, cpu_s = time.perf_counter() - started[0], time.process_time() - started[1]
        print(
            f"plan      {accounts:,} accounts, {len(found.changed):,} changed: {seconds:.1f} s,"
            f" {accounts / seconds:,.0f} accounts/s, +{peak_mb() - before:.0f} MB at most,"
            f" {cpu_s:.1f} CPU-s of ours",
            flush=True,
        )


def prepare(engine: Engine, accounts: int, moved_share: float = 1.0) -> None:
    """A store whose CRM shows the first day and whose scores of the second moved by ten points."""
    with engine.begin() as connection:
        for schema in ("raw", "core", "health", "health_bi"):
            connection.execute(text(f"drop schema if exists {schema} cascade"))
        connection.execute(text("drop table if exists health_schema"))
    upgrade(engine)
    binds = {
        "n": accounts, "first": FIRST_ID, "day": SECOND, "moved": moved_share * 1000,
        "shown": json.dumps(SHOWN),
    }  # fmt: skip
    with engine.begin() as connection:
        for statement in FILL:
            connection.execute(text(statement), binds)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


FILL = [
    """insert into health.run (run_id, kind, as_of) values ('bench', 'daily', :day)""",
    """insert into health.scorecard (name, version, digest, body) values ('bench', 1, '', '')""",
    """insert into health.publication (as_of, scorecard_id, run_no) values (:day, 1, 1)""",
    """select health.ensure_partitions(:day, :day)""",
    """insert into core.account (source, source_account_id)
    select 'hubspot', (:first + i)::text from generate_series(0, :n - 1) i order by i""",
    """insert into health.snapshot (account_id, as_of, scorecard_id, basis, revision, run_no,
    digest, score, coverage, band, change_30d, direction, categories, points, readings, drivers)
    select account_id, :day, 1, 'live', 1, 1, 0,
    50 + case when account_id * 7 % 1000 < :moved then 10 else 0.3 end,
    0.8, 'yellow', 1, 'stable', '{}', '{}', '{}', '{}' from core.account""",
    """insert into health.crm_record (source, record_id, account_id, acknowledged)
    select 'hubspot', source_account_id, account_id, cast(:shown as jsonb) from core.account""",
]
# What a push of the day comes to: the CRM has accepted every score that moved.
ACCEPT = """update health.crm_record as record set acknowledged = acknowledged
|| jsonb_build_object('cs_health_score', '60', 'cs_health_as_of', cast(cast(:day as date) as text))
from health.snapshot where snapshot.account_id = record.account_id and snapshot.score = 60"""


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
