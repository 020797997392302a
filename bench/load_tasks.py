"""The tasks of a day for bench/load.py: each in a fresh process, with its time and memory.

Run as a program it is the worker's side: one verb of the pipeline on the store and the connections
that the environment names; it prints one JSON line.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from include import pipeline
from include.connections import credentials_at_hand
from include.sources.http.session import Wire
from include.warehouse.database import open_store, transaction

ROOT = Path(__file__).resolve().parents[1]
ALIKE = "create table bench_alike (like {table} including all)"
COPIED = {
    "extract": ("raw.record", "batch_id in (select batch_id from raw.batch where run_id = :run)"),
    "read": ("health.reading", "as_of = :day and basis = 'live'"),
    "score": ("health.snapshot", "as_of = :day and basis = 'live'"),
}
SCANNED = {
    "conform": "select sum(length(payload::text)) from raw.record where batch_id in"
    " (select batch_id from raw.batch where run_id = :run)",
    "roll_up": "select sum(events), sum(cardinality(users)) from core.usage_day"
    " where day > cast(:day as date) - 90 and day <= :day",
}
FACTS = {
    "live accounts": "select count(*) from core.account where archived_at is null",
    "accounts scored": "select count(*) from health.snapshot where as_of = :day and basis = 'live'",
    "records landed": "select sum(received) from raw.batch where run_id = :run",
    "versions kept": "select count(*) from raw.record where batch_id in"
    " (select batch_id from raw.batch where run_id = :run)",
    "quarantined": "select count(*) from raw.quarantine",
    **{
        band: f"select count(*) from health.snapshot where as_of = :day and band = '{band}'"
        for band in ("red", "yellow", "green")
    },
    "CRM records written": "select count(*) from health.crm_write where status = 'acknowledged'",
    "store, MB": "select pg_database_size(current_database()) / 1e6",
}
LANDED = """select stream.source || '.' || stream.stream, sum(batch.received)::bigint from raw.batch
join raw.stream using (stream_id) where batch.run_id = :run group by 1"""
Measured = dict[str, Any]


def task(
    stage: str, run: str, day: date, argument: str = "", *, pids: Callable[[], list[int]]
) -> Measured:
    """Run one task in a fresh process, watching the memory of the server's processes meanwhile."""
    command = [sys.executable, __file__, stage, run, day.isoformat(), argument]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    ended, peak = threading.Event(), [0.0]

    def watch() -> None:
        while not ended.wait(0.5):
            peak[0] = max(peak[0], memory_mb(pids(), "RssAnon"))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    said = worker.communicate()[0]
    ended.set()
    watcher.join()
    assert worker.returncode == 0, f"{stage} {argument} failed; its own words stand above"
    return json.loads(said.splitlines()[-1]) | {"server": peak[0]}


def run_stage(stage: str, run: str, day: str, argument: str) -> None:
    """The worker's side: one verb of the pipeline, timed without the start of the process."""
    job = pipeline.open_job()
    started, before = time.perf_counter(), time.process_time()
    if stage == "shards":
        result: Any = pipeline.shards(job)
    elif stage in ("extract", "push"):
        source = argument or job.settings.crm_source.name
        credentials = credentials_at_hand(job.settings, source)
        if stage == "extract":
            wire = Wire(pace=0.001)  # our own waiting for the vendor's limits is lifted as well
            result = pipeline.extract(job, run, day, source, credentials, wire=wire)
        else:
            result = pipeline.push(job, run, day, credentials)
    else:
        shard = (json.loads(argument),) if argument else ()
        result = getattr(pipeline, stage)(job, run, day, *shard)
    found = {"s": time.perf_counter() - started, "cpu": time.process_time() - before}
    found["worker"] = memory_mb([os.getpid()], "VmHWM")
    print(json.dumps(found | {"result": result}))


def worst(tasks: Iterable[Measured]) -> Measured:
    """The sum of the shards' times; the most memory that one of them had."""
    whole: Measured = {"s": 0.0, "cpu": 0.0, "worker": 0.0, "server": 0.0}
    for one in tasks:
        whole = {key: whole[key] + one[key] if key in ("s", "cpu") else max(whole[key], one[key])
                 for key in whole}  # fmt: skip
    return whole


def limits_of(url: str, run: str, day: date) -> tuple[dict[str, float], dict[str, float]]:
    """Return the seconds of each bare COPY or scan, and what the day was about."""
    engine, binds = open_store(url), {"run": run, "day": day}
    limits = {}
    with transaction(engine) as connection:
        facts = {
            fact: float(connection.execute(text(statement), binds).scalar() or 0)
            for fact, statement in FACTS.items()
        }
        for stage, (table, which) in COPIED.items():
            connection.execute(text("drop table if exists bench_alike"))
            connection.execute(text(ALIKE.format(table=table)))
            started = time.perf_counter()
            connection.execute(
                text(f"insert into bench_alike select * from {table} where {which}"), binds
            )
            limits[stage] = time.perf_counter() - started
        connection.execute(text("drop table bench_alike"))
        for stage, statement in SCANNED.items():
            started = time.perf_counter()
            connection.execute(text(statement), binds)
            limits[stage] = time.perf_counter() - started
    return limits, facts


def landed(url: str, run: str) -> dict[str, int]:
    """Return how many records of each source.stream a run received."""
    with transaction(open_store(url)) as connection:
        return dict(connection.execute(text(LANDED), {"run": run}).tuples().all())


def memory_mb(pids: list[int], line: str) -> float:
    """The sum of one line of /proc/PID/status over processes that are still there."""
    total = 0.0
    for pid in pids:
        with suppress(OSError, IndexError):
            status = Path(f"/proc/{pid}/status").read_text()
            total += float(status.split(f"{line}:")[1].split()[0]) / 1024
    return total


if __name__ == "__main__":
    run_stage(*sys.argv[1:])
