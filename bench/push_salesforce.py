"""How fast scores reach Salesforce: by collections against calls x latency, and by bulk jobs.

`python bench/push_salesforce.py [CHANGES] [WAY]...`: an org of the sandbox in a process of its own,
50 ms more an answer to a collection, every account changed in two fields. The floor of collections
is calls x latency / workers; beside it stands the same from as many threads that send one prepared
body without a ledger, which is what this org can do. An org counts its calls by the day, not by the
second, so a job's worth is the calls that it saves. Memory: the peak beside the start, in a process
of its own.
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

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from include.crm import ledger  # noqa: E402
from include.crm.catalogue import Vocabulary, catalogue_of  # noqa: E402
from include.crm.push import push  # noqa: E402
from include.crm.salesforce.desk import Bulk, SalesforceDesk  # noqa: E402
from include.crm.salesforce.wire import BATCH, SOBJECTS  # noqa: E402
from include.crm.values import Sentences  # noqa: E402
from include.crm.write import WORKERS  # noqa: E402
from include.settings import Credentials, parse_settings  # noqa: E402
from include.sources.salesforce_calls import Calls  # noqa: E402
from include.warehouse.database import open_store  # noqa: E402
from include.warehouse.embedded import create_database, postgres  # noqa: E402
from include.warehouse.migrate import upgrade  # noqa: E402
from sandbox.vendors.salesforce_ids import record_id  # noqa: E402

STATE = ROOT / "var" / "bench-postgres"
UPDATE = "/services/data/v66.0/composite/sobjects"
LATENCY_S = 0.05
DAY = date(2026, 11, 2)
NEVER = 10**9
SETTINGS = parse_settings(
    "scorecards: [scorecards/retention.v1.yaml]\n"
    "sources: [{name: salesforce, vendor: salesforce, connection: salesforce_default}]\n"
    "crm: {sample_share: 0, check_calls: 0}\n",
    where="bench",
)
WORDS = Vocabulary(("red", "yellow", "green"), ("declining", "stable", "improving"))
CATALOGUE = catalogue_of(SETTINGS.crm, None, WORDS, SalesforceDesk.name_of)


def main() -> None:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with postgres(STATE) as lease:
        create_database(lease, "bench_push_salesforce")
        url = lease.url("bench_push_salesforce")
        for how in sys.argv[2:] or ("threads", "collections", "jobs"):
            prepare(open_store(url), changes)
            with org(changes) as there:
                report(how, changes, measured(how, url, there))


def report(how: str, changes: int, found: dict[str, Any]) -> None:
    floor, seconds = -(-changes // BATCH) * LATENCY_S / WORKERS, found["seconds"]
    print(
        f"{how:12} {changes:,} changes {seconds:7.2f} s   {seconds / floor:5.1f} x"
        f" calls x latency ({floor:.2f} s)   {found['writes']} calls that write,"
        f" {found['reads']} others, {found['refused']} refused   +{found['mb']:.0f} MB"
        f"   {found['cpu_s']:.1f} CPU-s of ours",
        flush=True,
    )


def measured(how: str, url: str, there: dict[str, Any]) -> dict[str, Any]:
    """Run one way in a fresh process."""
    command = [sys.executable, __file__, "--run", how, url, json.dumps(there)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def run(how: str, url: str, there: dict[str, Any]) -> None:
    engine = open_store(url)
    calls = Calls(
        Credentials(there["base_url"], there["token"], there["user"]), version="66.0", share=1.0
    )
    above = 200 if how == "jobs" else NEVER
    desk = SalesforceDesk(calls, Bulk(above, 3600.0, ledger.Jobs(engine, "salesforce")))
    desk.make(desk.lacking(CATALOGUE.fields))
    before, writes, reads = peak_mb(), desk.writes, desk.reads
    started = time.perf_counter(), time.process_time()
    if how == "threads":
        sent = plain_threads(engine, calls)
    else:
        our_push(engine, desk)
        sent = desk.writes - writes
    spent = time.perf_counter() - started[0], time.process_time() - started[1]
    found = {"seconds": spent[0], "cpu_s": spent[1], "mb": peak_mb() - before, "writes": sent}
    print(json.dumps(found | {"reads": desk.reads - reads, "refused": refused(there)}))


def refused(there: dict[str, Any]) -> int:
    """Answers that refused a call, whichever it was."""
    rows = requests.get(f"{there['control']}/requests", timeout=60).json()  # noqa: TID251
    return sum(row["count"] for row in rows if row["status"] >= 400)


def our_push(engine: Engine, desk: SalesforceDesk) -> None:
    """The whole verb: plan, gate, ledger, calls, answers; nothing is read back."""
    counts = push(
        engine,
        SETTINGS,
        desk,
        run_no=1,
        as_of=DAY,
        scorecard_ids=[1],
        catalogue=CATALOGUE,
        say=lambda account_ids: dict.fromkeys(account_ids, Sentences("Usage fell.", "Call.")),
    )
    assert counts["acknowledged"] == counts["accounts"], counts


def plain_threads(engine: Engine, calls: Calls) -> int:
    """Send every batch with two values a record, as often as the job's threads can."""
    with engine.connect() as connection:
        ids = list(connection.scalars(text("select source_account_id from core.account")))

    def send(start: int) -> None:
        values = {"CS_Health_Score__c": 60, "CS_Health_As_Of__c": "2026-11-02"}
        records = [
            {"attributes": {"type": "Account"}, "id": one, **values}
            for one in ids[start : start + BATCH]
        ]
        calls.call("PATCH", SOBJECTS, json={"allOrNone": False, "records": records})

    with ThreadPoolExecutor(WORKERS) as pool:
        return len(list(pool.map(send, range(0, len(ids), BATCH))))


def prepare(engine: Engine, accounts: int) -> None:
    """A store whose CRM shows the day before, and whose scores moved by ten points."""
    with engine.begin() as connection:
        for schema in ("raw", "core", "health", "health_bi"):
            connection.execute(text(f"drop schema if exists {schema} cascade"))
        connection.execute(text("drop table if exists health_schema"))
    upgrade(engine)
    told = {"day": DAY, "ids": [record_id("001", n) for n in range(1, accounts + 1)]}
    with engine.begin() as connection:
        for statement in FILL:
            connection.execute(text(statement), told)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    engine.dispose()


FILL = [
    """insert into health.run (run_id, kind, as_of) values ('bench', 'daily', :day)""",
    """insert into health.scorecard (name, version, digest, body) values ('bench', 1, '', '')""",
    """insert into health.publication (as_of, scorecard_id, run_no) values (:day, 1, 1)""",
    """select health.ensure_partitions(:day, :day)""",
    """insert into core.account (source, source_account_id)
    select 'salesforce', id from unnest(cast(:ids as text[])) as id order by id""",
    """insert into health.snapshot (account_id, as_of, scorecard_id, basis, revision, run_no,
    digest, score, coverage, band, change_30d, direction, categories, points, readings, drivers)
    select account_id, :day, 1, 'live', 1, 1, 0, 60, 0.8, 'yellow', 1, 'stable',
    '{}', '{}', '{}', '{}' from core.account""",
    """insert into health.crm_record (source, record_id, account_id, acknowledged)
    select 'salesforce', source_account_id, account_id, jsonb_build_object(
    'CS_Health_Score__c', '50', 'CS_Health_Band__c', 'yellow', 'CS_Health_Change_30d__c', '1',
    'CS_Health_Trend__c', 'stable', 'CS_Health_Reason__c', 'Usage fell.',
    'CS_Health_Next_Step__c', 'Call.', 'CS_Health_Coverage__c', '80', 'CS_Health_Floor__c', '',
    'CS_Health_Ceiling__c', '', 'CS_Health_As_Of__c', '2026-11-01') from core.account""",
]


@contextmanager
def org(accounts: int) -> Iterator[dict[str, Any]]:
    """Serve that many accounts from a process of its own."""
    command = [sys.executable, __file__, "--serve", str(accounts)]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.communicate()


def serve(accounts: int) -> None:
    """Until standard input closes."""
    from sandbox.serve import running
    from sandbox.world.simulate import simulate

    world = simulate(accounts=50, seed=1, start=date(2026, 10, 25), end=date(2026, 10, 28))
    first = world["accounts"]
    many = pd.concat([first.iloc[[0]]] * accounts, ignore_index=True)
    many["account_no"] = range(1, accounts + 1)
    many["parent_no"] = pd.NA
    many["merged_crm_ids"] = [()] * accounts
    world.tables.update({name: frame.head(0) for name, frame in world.tables.items()})
    world.tables["accounts"] = many
    slow = {"vendor": "salesforce", "path": UPDATE, "fault": "slow", "seconds": LATENCY_S}
    with running(world, limits=False) as sandbox:
        sandbox.faults = [slow | {"times": -1}]
        there = {**sandbox.vendors["salesforce"], "control": sandbox.control}
        print(json.dumps(there), flush=True)
        sys.stdin.read()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--serve", accounts]:
            serve(int(accounts))
        case ["--run", how, url, there]:
            run(how, url, json.loads(there))
        case _:
            main()
