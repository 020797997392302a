"""The whole daily job at scale: time and memory of every stage, and what a million accounts cost.

`python bench/load.py [ACCOUNTS] [DAYS]` (2,000 and 7): the sandbox's world of so many accounts and
days over real HTTP, its rate limits lifted, into a fresh store, two runs: `first` lands all of the
history and fills it, `next` is the day after. Every task of the DAG runs alone in a fresh process,
as a worker would run it, one after the other; Airflow's own second or so a task is not counted.

`python bench/load.py --facts ACCOUNTS`: one day from facts that stand in the store already, those
of bench/facts_world.py (120 days, 0.44 active users on an account's day), up to the plan for the
CRM: for numbers of accounts of which the sandbox cannot make answers fast enough.

s, cpu      by the clock, and the worker's own processor time: the rest is the server and the vendor
worker      the worker's peak memory in MB, libraries included (its start alone takes 90)
server      the peak of PostgreSQL's processes together, without what they share
times limit against what PostgreSQL needs for the bare rows, with no client: writing the records
            that arrived, the readings, the scores into an empty table alike with its indexes
            (extract, read, score), one scan of the payloads (conform), of the usage (roll_up)

The sandbox holds its world in memory, in a process of its own (GB said at the end), and `extract`
contains its making of answers: both grow with the accounts, so a large world wants few days, but
with fewer than 7 too little is known of any account to publish a score.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from facts_world import LAST, World, make_facts
from load_tasks import ROOT, Measured, limits_of, memory_mb, task, worst
from sqlalchemy import text

from include.settings import load_settings
from include.stack.state import open_state
from include.stack.vendors import sandbox
from include.warehouse.database import open_store
from include.warehouse.embedded import create_database, home_of, postgres
from include.warehouse.migrate import upgrade
from include.warehouse.server_files import server_pid

STATE = ROOT / "var" / "bench-load"
FIRST = date(2026, 11, 1)
FEW = 5_000  # accounts; with fewer, what a task costs in any case is most
BY_SHARD = ("fill_history", "read", "score")
SCORED = ("roll_up", "fill_history", "read", "watch", "score", "publish", "settle", "plan")
STAGES = ("check_raw", "conform", "check_facts", *SCORED, "push")
FACTS_DAYS, USAGE = 30, 0.44


def main() -> None:
    from_facts = sys.argv[1:2] == ["--facts"]
    given = [int(word) for word in sys.argv[1 + from_facts :]]
    accounts, days = (given + [2_000, 7][len(given) :])[:2]
    shutil.rmtree(STATE / "sandbox", ignore_errors=True)
    (STATE / "sandbox").mkdir(parents=True)
    settings = STATE / "health.yaml"
    words = (ROOT / "health.yaml").read_text(encoding="utf-8")
    settings.write_text(words.replace("history_days: 180", f"history_days: {days}"))
    os.environ |= {"HEALTH_STATE": str(STATE), "HEALTH_SETTINGS": str(settings)}
    with fresh_store(accounts) as url:
        os.environ["HEALTH_DATABASE_URL"] = url
        (on_facts if from_facts else on_vendors)(url, accounts, days)


def on_vendors(url: str, accounts: int, days: int) -> None:
    world = ["--accounts", str(accounts), "--days", str(days), "--end", FIRST.isoformat(),
             "--no-limits", "--port", "0"]  # fmt: skip
    started = time.perf_counter()
    with sandbox(load_settings(), world, open_state()) as vendors:
        os.environ |= {f"AIRFLOW_CONN_{k.upper()}": v for k, v in vendors.connections.items()}
        print(f"{accounts:,} accounts asked, {days} days; load {os.getloadavg()[0]:.0f};"
              f" world made in {time.perf_counter() - started:.0f} s", flush=True)  # fmt: skip
        for name, day in (("first", FIRST), ("next", FIRST + timedelta(days=1))):
            if day > FIRST:
                ask(vendors.control, "advance", {"to": day.isoformat()})
            ask(vendors.control, "reset-requests", {})
            run_day(name, day, url, STAGES, [one.name for one in load_settings().sources])
            calls: dict[str, int] = {}
            for row in ask(vendors.control, "requests"):
                calls[row["vendor"]] = calls.get(row["vendor"], 0) + row["count"]
            print("calls: " + ", ".join(f"{vendor} {count:,}" for vendor, count in calls.items()))
        held = memory_mb([vendors.child.pid], "VmHWM") / 1000
        print(f"sandbox: {held:.1f} GB at its peak; load {os.getloadavg()[0]:.0f};"
              f" all of it {time.perf_counter() - started:.0f} s")  # fmt: skip


def on_facts(url: str, accounts: int, _days: int) -> None:
    started = time.perf_counter()
    make_facts(open_store(url), World(accounts, FACTS_DAYS, USAGE))
    made = time.perf_counter() - started
    print(f"{accounts:,} accounts, {FACTS_DAYS + 90} days of facts made in {made:.0f} s;"
          f" load {os.getloadavg()[0]:.0f}", flush=True)  # fmt: skip
    run_day("day", LAST, url, SCORED, [])
    print(f"load {os.getloadavg()[0]:.0f}; all of it {time.perf_counter() - started:.0f} s")


@contextmanager
def fresh_store(accounts: int) -> Iterator[str]:
    """An empty store on the bench's own server, away again afterwards: it may be large."""
    with postgres(STATE) as lease:
        admin = open_store(lease.url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
        name = f"load_{accounts}"
        with admin.connect() as connection:
            connection.execute(text(f"drop database if exists {name} with (force)"))
        url = create_database(lease, name)
        upgrade(open_store(url))
        yield url
        with admin.connect() as connection:
            connection.execute(text(f"drop database if exists {name} with (force)"))


def run_day(name: str, day: date, url: str, stages: tuple[str, ...], sources: list[str]) -> None:
    """Run every task of one day, measure its limits, and print both."""
    run = partial(task, run=name, day=day, pids=server_pids)
    found = {f"extract {source}": run("extract", argument=source) for source in sources}
    for stage in stages:
        if stage in BY_SHARD:
            shards = [json.dumps(one) for one in run("shards")["result"]]
            found[stage] = worst(run(stage, argument=shard) for shard in shards)
        else:
            found[stage] = run(stage)
    limits, facts = limits_of(url, name, day)
    print(f"\n{name} {day}: " + ", ".join(f"{fact} {value:,.0f}" for fact, value in facts.items()))
    show(found, limits, facts["accounts scored"])


def show(found: dict[str, Measured], limits: dict[str, float], accounts: float) -> None:
    print(f"{'':18}{'s':>9}{'cpu':>9}{'worker':>8}{'server':>8}{'times limit':>13}")
    for name, one in found.items():
        stage = name.split()[0]
        same = sum(two["s"] for other, two in found.items() if other.split()[0] == stage)
        is_last = stage in limits and name == [n for n in found if n.split()[0] == stage][-1]
        ratio = f"{same / limits[stage]:13.1f}" if is_last else ""
        print(f"{name:18}{one['s']:9.1f}{one['cpu']:9.1f}{one['worker']:8.0f}{one['server']:8.0f}"
              f"{ratio}")  # fmt: skip
    whole = {key: sum(one[key] for one in found.values()) for key in ("s", "cpu")}
    most = {key: max(one[key] for one in found.values()) for key in ("worker", "server")}
    print(f"{'whole day':18}{whole['s']:9.1f}{whole['cpu']:9.1f}{most['worker']:8.0f}"
          f"{most['server']:8.0f}")  # fmt: skip
    if accounts >= FEW:
        million = 1e6 / accounts / 60
        print(f"a million accounts, if it grows as they do: {whole['s'] * million:.0f} minutes on"
              f" one worker, {whole['cpu'] * million:.0f} of them its own work")  # fmt: skip


def server_pids() -> list[int]:
    """The processes of the bench's PostgreSQL server."""
    root = server_pid(home_of(STATE) / "data")
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(entry.read_text().rpartition(")")[2].split()[1]) == root:
                found.append(int(entry.parent.name))
    return found


def ask(control: str, path: str, body: Measured | None = None) -> Any:
    """Ask the sandbox's control port; a body makes it a POST."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{control}/{path}", data, {"Content-Type": "application/json"})
    with urlopen(request) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
