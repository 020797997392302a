"""How fast scores reach the CRM, as ratios to what the vendor's limit and latency allow.

`python bench/push.py [CHANGES] [PLANNED]`: a HubSpot of the sandbox in a process of its own, 50 ms
an answer, every company changed. Floors are computed: with the limit in force (190 calls in any ten
seconds), the time at which its last call may start; without, calls x latency / workers. The plain
loop is `requests` in one thread without ledger, which waits ten seconds when it is refused. Then
the plan alone, 3% changed. 1.0 = floor, higher is slower.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import requests
from sqlalchemy import Engine, text

from include.crm import ledger
from include.crm.catalogue import Vocabulary, catalogue_of
from include.crm.hubspot.definitions import to_definition
from include.crm.hubspot.desk import Group, HubSpotDesk
from include.crm.hubspot.wire import BATCH
from include.crm.ledger import Day
from include.crm.pacing import Pacer
from include.crm.plan import Rules, survey
from include.crm.push import push
from include.crm.values import Sentences
from include.crm.write import WORKERS
from include.settings import Credentials, load_settings
from include.sources.http.client import Client
from include.sources.http.session import Bearer
from include.warehouse.database import open_store
from include.warehouse.embedded import create_database, postgres
from include.warehouse.migrate import upgrade

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "var" / "bench-postgres"
UPDATE = "/crm/v3/objects/companies/batch/update"
FIRST_ID = 9_100_000_000
LATENCY_S = 0.05
LIMIT, WINDOW_S = 190, 10.0
FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)
WORDS = Vocabulary(("red", "yellow", "green"), ("declining", "stable", "improving"))
CATALOGUE = catalogue_of(load_settings().crm, None, WORDS, str)


def main() -> None:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    planned = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    calls = -(-changes // BATCH)
    limited = (calls - 1) // LIMIT * WINDOW_S + LATENCY_S
    with postgres(STATE) as lease:
        create_database(lease, "bench_push")
        engine = open_store(lease.url("bench_push"))
        for limits in (True, False):
            for who, run in RUNS.items():
                threads = 1 if who == "plain loop" else WORKERS
                floor = limited if limits else calls * LATENCY_S / threads
                prepare(engine, changes)
                with hubspot(changes, limits=limits) as there:
                    measured = run(engine, there, changes)
                    report(f"{'limit' if limits else 'free':6}{who:14}", floor, measured, there)
        plan_alone(engine, planned)


def report(name: str, floor: float, measured: tuple[float, float], there: dict[str, Any]) -> None:
    refused, answered = refusals(there)
    seconds, cpu_s = measured
    print(
        f"{name} {seconds:6.2f} s   {seconds / floor:5.2f} x floor ({floor:.2f} s)"
        f"   {refused / answered:6.2%} of answers were 429   {cpu_s:5.2f} CPU-s of ours",
        flush=True,
    )


def plain_loop(
    _engine: Engine, there: dict[str, Any], changes: int, threads: int = 1
) -> tuple[float, float]:
    """The simplest program that gets every batch through."""
    define(there)
    started = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {there['token']}"

        def send(start: int) -> None:
            ids = range(FIRST_ID + start, FIRST_ID + min(start + BATCH, changes))
            properties = {"cs_health_score": "60", "cs_health_as_of": "2026-11-02"}
            body = {"inputs": [{"id": str(one), "properties": properties} for one in ids]}
            while (
                session.post(there["base_url"] + UPDATE, json=body, timeout=60).status_code == 429
            ):
                time.sleep(WINDOW_S)

        list(pool.map(send, range(0, changes, BATCH)))
    return time.perf_counter() - started[0], time.process_time() - started[1]


def plain_threads(engine: Engine, there: dict[str, Any], changes: int) -> tuple[float, float]:
    return plain_loop(engine, there, changes, WORKERS)


def our_push(engine: Engine, there: dict[str, Any], changes: int) -> tuple[float, float]:
    """The whole verb: plan, gate, ledger, calls, answers. Properties are there already.

    Where the vendor tells no limit in its headers, ours is lifted: what is left is our own speed.
    """
    define(there)
    time.sleep(WINDOW_S)  # the calls that defined them leave the window
    client = Client(
        Credentials(there["base_url"], there["token"]),
        vendor="hubspot",
        auth=Bearer(there["token"]),
    )
    started = time.perf_counter(), time.process_time()
    counts = push(
        engine,
        load_settings(),
        HubSpotDesk(
            client,
            api_version="numbered",
            group=Group("cs_health", "Customer health"),
            pacer=Pacer() if there["limits"] else Pacer(1_000_000),
        ),
        run_no=1,
        as_of=SECOND,
        scorecard_ids=[1],
        catalogue=CATALOGUE,
        say=lambda account_ids: dict.fromkeys(account_ids, Sentences("Usage fell.", "Call.")),
    )
    seconds = time.perf_counter() - started[0], time.process_time() - started[1]
    assert counts["acknowledged"] == changes, counts
    return seconds


RUNS = {"plain loop": plain_loop, "plain threads": plain_threads, "push": our_push}


def plan_alone(engine: Engine, accounts: int) -> None:
    prepare(engine, accounts, moved_share=0.03)
    day = Day("hubspot", SECOND, [1])
    rules = Rules(CATALOGUE, SECOND, SECOND)
    before = peak_mb()
    started = time.perf_counter()
    ids = ledger.live_accounts(engine, "hubspot")
    found = survey(ledger.desired_rows(engine, day, CATALOGUE, ids), rules)
    seconds = time.perf_counter() - started
    print(
        f"plan      {accounts:,} accounts, {len(found.changed):,} changed: {seconds:.1f} s,"
        f" {accounts / seconds:,.0f} accounts/s, +{peak_mb() - before:.0f} MB at most"
    )


def prepare(engine: Engine, accounts: int, moved_share: float = 1.0) -> None:
    """A store whose CRM shows the first day and whose scores of the second moved by ten points."""
    with engine.begin() as connection:
        for schema in ("raw", "core", "health"):
            connection.execute(text(f"drop schema if exists {schema} cascade"))
        connection.execute(text("drop table if exists health_schema"))
    upgrade(engine)
    told = {"n": accounts, "first": FIRST_ID, "day": SECOND, "moved": moved_share * 1000}
    with engine.begin() as connection:
        for statement in FILL:
            connection.execute(text(statement), told)
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
    select 'hubspot', source_account_id, account_id, jsonb_build_object('cs_health_score', '50',
    'cs_health_band', 'yellow', 'cs_health_change_30d', '1', 'cs_health_trend', 'stable',
    'cs_health_reason', 'Usage fell.', 'cs_health_next_step', 'Call.', 'cs_health_coverage', '80',
    'cs_health_floor', '', 'cs_health_ceiling', '', 'cs_health_as_of', '2026-11-01')
    from core.account""",
]


@contextmanager
def hubspot(companies: int, *, limits: bool) -> Iterator[dict[str, Any]]:
    """Serve that many companies from a process of its own; its control URL is in `control`."""
    command = [sys.executable, __file__, "--serve", str(companies), str(int(limits))]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.communicate()


def serve(companies: int, *, limits: bool) -> None:
    """Until standard input closes."""
    from sandbox.serve import running
    from sandbox.world.simulate import simulate

    world = simulate(accounts=50, seed=1, start=date(2026, 10, 25), end=date(2026, 10, 28))
    accounts = world["accounts"]
    many = pd.concat([accounts.iloc[[0]]] * companies, ignore_index=True)
    many["account_no"] = range(1, companies + 1)
    many["crm_id"] = [str(FIRST_ID + n) for n in range(companies)]
    many["parent_no"] = pd.NA
    world.tables.update({name: frame.head(0) for name, frame in world.tables.items()})
    world.tables["accounts"] = many
    slow = {"vendor": "hubspot", "path": UPDATE, "fault": "slow", "seconds": LATENCY_S}
    with running(world, limits=limits) as sandbox:
        sandbox.faults = [slow | {"times": -1}]
        there = {**sandbox.vendors["hubspot"], "control": sandbox.control, "limits": limits}
        print(json.dumps(there), flush=True)
        sys.stdin.read()


def define(there: dict[str, Any]) -> None:
    """Make our group and properties, as an earlier run has done."""
    where = f"{there['base_url']}/crm/v3/properties/companies"
    headers = {"Authorization": f"Bearer {there['token']}"}
    group = {"name": "cs_health", "label": "Customer health"}
    bodies = [
        to_definition(field, "cs_health", place) for place, field in enumerate(CATALOGUE.fields)
    ]
    for path, body in (("/groups", group), ("/batch/create", {"inputs": bodies})):
        answer = requests.post(where + path, json=body, headers=headers, timeout=60)  # noqa: TID251
        answer.raise_for_status()


def refusals(there: dict[str, Any]) -> tuple[int, int]:
    """429s, and all answers to writes."""
    rows = requests.get(f"{there['control']}/requests", timeout=60).json()  # noqa: TID251
    writes = [row for row in rows if row["path"] == UPDATE or row["path"].endswith("batch/update")]
    refused = sum(row["count"] for row in writes if row["status"] == 429)
    return refused, sum(row["count"] for row in writes)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]), limits=bool(int(sys.argv[3])))
    else:
        main()
