"""How fast scores reach the CRM, as ratios to what the vendor's limit and latency allow.

`python bench/push.py [CHANGES] [PLANNED]`: a HubSpot of the sandbox in a process of its own, 50 ms
an answer, every company changed. It shows the first day already, as an earlier run wrote it, and so
the store believes. Floors are computed: with the limit in force (190 calls in any ten seconds), the
time at which its last call may start; without, calls x latency / workers. The plain loop is
`requests` in one thread without ledger, which waits ten seconds when it is refused. Of the push
there are two times: the whole verb, and its sending, from the start of the first write to the end
of the last. Then the plan alone, 3% changed, and once more when all is accepted: an unchanged day.
CHANGES 0: only the plan; PLANNED 0: only the pushes. 1.0 = floor, higher is slower.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from include.crm.plan import Rules, survey
from include.crm.push import push
from include.crm.values import Sentences
from include.crm.write import WORKERS
from include.settings import Credentials, load_settings
from include.sources.crm_hubspot import open_caller
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
Measured = tuple[float, float]  # seconds by the clock, of our processor


# What the CRM shows of every company before, and what the store knows of that.
SHOWN = {
    "cs_health_score": "50", "cs_health_band": "yellow", "cs_health_change_30d": "1",
    "cs_health_trend": "stable", "cs_health_reason": "Usage fell.", "cs_health_next_step": "Call.",
    "cs_health_coverage": "80", "cs_health_floor": "", "cs_health_ceiling": "",
    "cs_health_as_of": FIRST.isoformat(),
}  # fmt: skip


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


def show_first_day(there: dict[str, Any], changes: int) -> None:
    """As an earlier run has done."""
    define(there)
    send_plainly(there, changes, SHOWN, threads=4)


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


def send_plainly(
    there: dict[str, Any], changes: int, properties: dict[str, str], threads: int
) -> None:
    with ThreadPoolExecutor(threads) as pool, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {there['token']}"

        def send(start: int) -> None:
            ids = range(FIRST_ID + start, FIRST_ID + min(start + BATCH, changes))
            body = {"inputs": [{"id": str(one), "properties": properties} for one in ids]}
            while (
                session.post(there["base_url"] + UPDATE, json=body, timeout=60).status_code == 429
            ):
                time.sleep(WINDOW_S)

        list(pool.map(send, range(0, changes, BATCH)))


def plain_threads(engine: Engine, there: dict[str, Any], changes: int) -> dict[str, Measured]:
    return plain_loop(engine, there, changes, WORKERS)


@dataclass
class Timed:
    """A client that notes when its writes began and ended."""

    client: Any
    begun: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)

    def call(self, method: str, path: str, **how: Any) -> Any:
        if path != UPDATE:
            return self.client.call(method, path, **how)
        self.begun.append(time.perf_counter())
        answer = self.client.call(method, path, **how)
        self.ended.append(time.perf_counter())
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)


def our_push(engine: Engine, there: dict[str, Any], changes: int) -> dict[str, Measured]:
    """The whole verb: plan, gate, ledger, calls, answers, reading back.

    Where the vendor tells no limit in its headers, ours is lifted: what is left is our own speed.
    """
    known = (LIMIT, WINDOW_S) if there["limits"] else (1_000_000, WINDOW_S)
    credentials = Credentials(there["base_url"], there["token"])
    client = Timed(open_caller(credentials, wire=None, limit=known))
    started = time.perf_counter(), time.process_time()
    counts = push(
        engine,
        load_settings(),
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
    return {"push": whole, "its sending": (max(client.ended) - min(client.begun), whole[1])}


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
    told = {
        "n": accounts, "first": FIRST_ID, "day": SECOND, "moved": moved_share * 1000,
        "shown": json.dumps(SHOWN),
    }  # fmt: skip
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
    select 'hubspot', source_account_id, account_id, cast(:shown as jsonb) from core.account""",
]
# What a push of the day comes to: the CRM has accepted every score that moved.
ACCEPT = """update health.crm_record as record set acknowledged = acknowledged
|| jsonb_build_object('cs_health_score', '60', 'cs_health_as_of', cast(cast(:day as date) as text))
from health.snapshot where snapshot.account_id = record.account_id and snapshot.score = 60"""


@contextmanager
def hubspot(
    companies: int, portal: Path, *, limits: bool, latency_s: float
) -> Iterator[dict[str, Any]]:
    """Serve that many companies from a process of its own; its control URL is in `control`.

    portal: the folder that keeps what was written to it.
    """
    options = [str(companies), str(portal), str(int(limits)), str(latency_s)]
    command = [sys.executable, __file__, "--serve", *options]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.communicate()


def serve(companies: int, portal: Path, *, limits: bool, latency_s: float) -> None:
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
    slow = {"vendor": "hubspot", "path": UPDATE, "fault": "slow", "seconds": latency_s}
    with running(world, limits=limits, state_dir=portal) as sandbox:
        sandbox.faults = [slow | {"times": -1}] if latency_s else []
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
    match sys.argv[1:]:
        case ["--serve", companies, portal, limits, latency_s]:
            serve(int(companies), Path(portal), limits=limits == "1", latency_s=float(latency_s))
        case _:
            main()
