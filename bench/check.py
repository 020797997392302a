"""What checking costs, as ratios to hand-written SQL that counts the same faults in one pass.

`python bench/check.py [ROWS] [ROUNDS]`: invoices that wait, as a vendor sends them, 2 in 100 with a
fault. All variants run in turn on one connection; printed are medians of the ratios in a round.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, TableClause, func, select, table, text

from include.checks.failing import failing
from include.checks.library import Library, evaluate, open_library
from include.checks.raw_suites import RECORDS
from include.checks.runner import run_suite
from include.checks.session import Run, materialized, session
from include.checks.suite import QUARANTINE, filled
from include.warehouse.database import open_store, query
from include.warehouse.embedded import create_database, postgres
from include.warehouse.migrate import upgrade

STATE = Path(__file__).resolve().parents[1] / "var" / "bench-postgres"
SUITE = next(suite for suite in RECORDS if suite.name == "stripe_invoices")
RUN = Run(1, "raw", date(2026, 11, 20), {"latest": datetime(2026, 11, 21, tzinfo=UTC)}, {})
ROWS = [check for check in SUITE.rows if check.on_failure == QUARANTINE]
EMPTY = "truncate raw.record, raw.batch, raw.stream restart identity cascade"
STREAM = """
insert into raw.stream (source, vendor, stream) values ('stripe', 'stripe', 'invoices');
insert into raw.batch (stream_id, run_id, as_of, landed_at)
select stream_id, 'bench', '2026-11-20', now() from raw.stream
"""
RECORDS_OF_STREAM = """
insert into raw.record
select
    batch.batch_id, batch.stream_id, 'in_' || at, now(), '',
    jsonb_build_object(
        'id', 'in_' || at, 'object', 'invoice', 'customer', 'cus_' || at % 9999, 'status', 'paid',
        'currency', case when at % 100 = 7 then 'zzz' else 'usd' end,
        'amount_due', case when at % 100 = 3 then -1 else at end, 'amount_paid', at,
        'amount_remaining', 0, 'created', 1763460000, 'due_date', null,
        'collection_method', 'charge_automatically', 'billing_reason', 'subscription_cycle',
        'status_transitions', jsonb_build_object('paid_at', 1763460000, 'voided_at', null),
        'lines', jsonb_build_object('data', jsonb_build_array(jsonb_build_object(
            'quantity', 40, 'period', jsonb_build_object('start', 1763460000, 'end', 1763460000)))))
from raw.batch cross join generate_series(1, :rows) as at
"""


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with postgres(STATE) as lease:
        engine = open_store(create_database(lease, "bench_check"))
        upgrade(engine)
        with engine.begin() as connection:
            connection.execute(text(EMPTY))
            for statement in STREAM.split(";"):
                connection.execute(text(statement))
            connection.execute(text(RECORDS_OF_STREAM), {"rows": rows})
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze raw.record"))
        with session(engine) as connection:
            report(connection, rows, rounds)
            connection.execute(text(EMPTY))
        engine.dispose()


def report(connection: Connection, rows: int, rounds: int) -> None:
    started, before = time.perf_counter(), peak_mb()
    contexts = [open_library(connection)]
    print(f"the library: imported in {time.perf_counter() - started:.1f} s, "
          f"+{peak_mb() - before:.0f} MB")  # fmt: skip
    connection.execute(query("checks/raw/failing"))
    before, found = peak_mb(), [one_round(connection, contexts) for _ in range(rounds)]
    print(f"{rows:,} records, {len(ROWS)} checks, {rounds} rounds, "
          f"+{peak_mb() - before:.0f} MB in this process")  # fmt: skip
    for name, base in (
        ("JSON: one hand-written pass", None),
        ("JSON: our suite, failing ids noted", "JSON: one hand-written pass"),
        ("columns: one hand-written pass", None),
        ("columns: the library's counts", "columns: one hand-written pass"),
    ):
        seconds = statistics.median(one[name] for one in found)
        ratio = statistics.median(one[name] / one[base or name] for one in found)
        print(f"{name:40}{ratio:8.2f} x{seconds:10.2f} s")


def one_round(connection: Connection, contexts: list[Library]) -> dict[str, float]:
    binds = {**RUN.binds, "streams": [1]}
    connection.execute(text("truncate failing"))
    took: dict[str, float] = {}

    def clock(name: str, work: Callable[[], object]) -> object:
        started = time.perf_counter()
        result = work()
        took[name] = time.perf_counter() - started
        return result

    def by_hand() -> object:
        return one_pass(connection, f"({query(SUITE.statement).text}) as sample", binds)

    # A context knows a table once; one that goes would close the connection.
    contexts += [open_library(connection), open_library(connection)]
    expected = clock("JSON: one hand-written pass", by_hand)
    clock(
        "JSON: our suite, failing ids noted",
        lambda: run_suite(contexts[-1], RUN, SUITE, extra={"streams": [1]}),
    )
    noted = connection.execute(select(func.count()).select_from(table("failing"))).scalar_one()
    with materialized(connection, "sample", SUITE.statement, binds):
        clock("columns: one hand-written pass", lambda: one_pass(connection, "sample", {}))
        outcomes = clock(
            "columns: the library's counts",
            lambda: evaluate(
                contexts[-2],
                "sample",
                [(check.expectation, filled(check, {})) for check in ROWS],
            ),
        )
    assert [outcome.failed for outcome in outcomes] == list(expected)
    assert noted == sum(expected) > 0
    return took


def one_pass(connection: Connection, source: str, binds: dict[str, object]) -> tuple[int, ...]:
    """Count the rows that fail each check, all in one statement over `source`."""
    sample: TableClause = table("sample")
    counts = [
        func.count().filter(failing(check.expectation, filled(check, {}), sample)) for check in ROWS
    ]
    compiled = select(*counts).compile(
        dialect=connection.dialect, compile_kwargs={"literal_binds": True}
    )
    statement = f"{str(compiled).replace('%%', '%')} from {source}"
    return tuple(connection.execute(text(statement.replace("::", r"\:\:")), binds).one())


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
