"""The whole daily job at scale: time and memory of every stage, and what a million accounts cost.

`python bench/load.py [ACCOUNTS] [DAYS]` (100,000 and 7): a streamed world of so many accounts and
days of usage (bench/streamed: four vendors whose every page is arithmetic, so that they hold
nothing) over real HTTP, its rate limits lifted, into a fresh store below HEALTH_STATE, two runs:
`first` lands all of the history and fills it, `next` is the day after with what changed. Every task
of the DAG runs alone in a fresh process, as a worker would run it, one after the other; Airflow's
own second or so a task is not counted. What landed is held against what the vendors say they sent.

`python bench/load.py --facts ACCOUNTS`: one day from facts that stand in the store already, those
of bench/facts_world.py (120 days, 0.44 active users on an account's day), up to the plan for the
CRM: a day's roll-up and readings behind a longer history of use.

s, cpu      by the clock, and the worker's own processor time: the rest is the server and the vendor
worker      the worker's peak memory in MB, libraries included (its start alone takes 90)
server      the peak of PostgreSQL's processes together, without what they share
times limit against what PostgreSQL needs for the bare rows, with no client: writing the records
            that arrived, the readings, the scores into an empty table alike with its indexes
            (extract, read, score), one scan of the payloads (conform), of the usage (roll_up)

With fewer than 7 days too little is known of any account to publish a score.
"""

import json
import os
import subprocess
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
from load_tasks import ROOT, Measured, landed, limits_of, memory_mb, task, worst
from sqlalchemy import text

from include.settings import load_settings
from include.stack.environment import connection_json
from include.warehouse.database import open_store
from include.warehouse.embedded import create_database, home_of, postgres
from include.warehouse.migrate import upgrade
from include.warehouse.server_files import server_pid

STATE = Path(os.environ.get("HEALTH_STATE", ROOT / "var" / "bench-load")).resolve()
FIRST = date(2026, 11, 1)
FEW = 5_000  # accounts; with fewer, what a task costs in any case is most
BY_SHARD = ("fill_history", "read", "score")
SCORED = ("roll_up", "fill_history", "read", "watch", "score", "publish", "settle", "plan")
STAGES = ("check_raw", "conform", "check_facts", *SCORED, "push")
FACTS_DAYS, USAGE = 30, 0.44
# Calls a second: docs/sources.md, Limits. Zendesk's is of exports without their add-on.
ALLOWED = {"hubspot": 19, "zendesk": 10 / 60, "stripe": 25, "posthog": 240 / 60}


def main() -> None:
    from_facts = sys.argv[1:2] == ["--facts"]
    given = [int(word) for word in sys.argv[1 + from_facts :]]
    accounts, days = (given + [100_000, 7][len(given) :])[:2]
    STATE.mkdir(parents=True, exist_ok=True)
    settings = STATE / "health.yaml"
    words = (ROOT / "health.yaml").read_text(encoding="utf-8")
    settings.write_text(words.replace("history_days: 180", f"history_days: {days}"))
    os.environ |= {"HEALTH_STATE": str(STATE), "HEALTH_SETTINGS": str(settings)}
    with fresh_store(accounts) as url:
        os.environ["HEALTH_DATABASE_URL"] = url
        (on_facts if from_facts else on_vendors)(url, accounts, days)


def on_vendors(url: str, accounts: int, days: int) -> None:
    started = time.perf_counter()
    with streamed(accounts, days) as (pid, control):
        print(f"{accounts:,} accounts, {days} days; load {os.getloadavg()[0]:.0f}", flush=True)
        for name, day in (("first", FIRST), ("next", FIRST + timedelta(days=1))):
            ask(control, "advance", {"to": day.isoformat()})
            before = ask(control, "told")["cpu"]
            run_day(name, day, url, STAGES, [one.name for one in load_settings().sources])
            show_vendors(ask(control, "told"), before, landed(url, name))
        held = memory_mb([pid], "VmHWM")
        print(f"vendors: {held:.0f} MB at their peak; load {os.getloadavg()[0]:.0f};"
              f" all of it {time.perf_counter() - started:.0f} s")  # fmt: skip


@contextmanager
def streamed(accounts: int, days: int) -> Iterator[tuple[int, str]]:
    """Serve the streamed vendors; yield their process and their control URL."""
    command = [sys.executable, "-m", "bench.streamed.serve", str(accounts), str(days),
               FIRST.isoformat()]  # fmt: skip
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, **pipes) as server:  # type: ignore[call-overload]
        ready = json.loads(server.stdout.readline())
        for source in load_settings().sources:
            there = ready["vendors"][source.vendor]
            os.environ[f"AIRFLOW_CONN_{source.connection.upper()}"] = connection_json(
                base_url=there["base_url"], secret=there["token"], user=there.get("user", "")
            )
        try:
            yield server.pid, ready["control"]
        finally:
            server.stdin.close()


def show_vendors(told: Measured, before: float, stored: dict[str, int]) -> None:
    """Say what each vendor was asked and sent; AssertionError where not all of it landed."""
    for name, one in told["vendors"].items():
        sent = {stream: count for stream, count in one["sent"].items() if count}
        kept = {stream: stored[f"{name}.{stream}"] for stream in sent}
        assert sent == kept, f"{name}: sent {sent}, landed {kept}"
        print(f"{name}: {one['calls']:,} calls, {one['calls'] / ALLOWED[name] / 60:.1f} minutes at"
              f" its limit; {sum(sent.values()):,} records sent, all landed")  # fmt: skip
    print(f"vendors' own processor time {told['cpu'] - before:.0f} s", flush=True)


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
    found: dict[str, Measured] = {}
    for stage in (*(f"extract {source}" for source in sources), *stages):
        verb, _, argument = stage.partition(" ")
        run = partial(task, verb, run=name, day=day, pids=server_pids)
        if stage in BY_SHARD:
            shards = task("shards", run=name, day=day, pids=server_pids)["result"]
            found[stage] = worst(run(argument=json.dumps(one)) for one in shards)
        else:
            found[stage] = run(argument=argument)
        print(f"{stage}: {found[stage]['s']:.1f} s, load {os.getloadavg()[0]:.0f}",
              file=sys.stderr, flush=True)  # fmt: skip
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
    """Ask the vendors' control port; a body makes it a POST."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{control}/{path}", data, {"Content-Type": "application/json"})
    with urlopen(request) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
