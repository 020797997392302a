"""How fast usage is read from a warehouse, as ratios to reading the same rows and doing nothing.

`python bench/warehouse.py [ROWS] [ROUNDS]`: rows of a user, a feature and a day, 10,000 rows a day,
in a PostgreSQL of this machine and in Parquet files. `raw` is the driver alone: psycopg's server
cursor, or DuckDB's fetchmany, 5,000 rows at a time in the order that we need, rows thrown away.
`records` is the source: rows added up to account-days. `landed` is the source and the landing,
until the records count. `tickets` and `tickets landed` are as many plain rows, one record each.
Every variant runs in a fresh process, in turn; printed are medians of the ratios within a round,
higher is faster, and the peak of memory beside what the process had before. At the end the peak
with three times the rows.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import psycopg
from sqlalchemy import make_url, text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.extract import forget_peak_mb, peak_mb  # noqa: E402
from include.database_url import without_user  # noqa: E402
from include.settings import Credentials  # noqa: E402
from include.sources import open_source  # noqa: E402
from include.vendor_settings import Warehouse  # noqa: E402
from include.warehouse.database import open_store  # noqa: E402
from include.warehouse.embedded import create_database, postgres  # noqa: E402
from include.warehouse.landing import land  # noqa: E402
from include.warehouse.migrate import upgrade  # noqa: E402

STATE = ROOT / "var" / "bench-postgres"
STORE, FOREIGN = "bench_warehouse", "bench_foreign"
DAY = date(2026, 11, 1)
BLOCK = 5_000
EMPTY = "truncate raw.record, raw.quarantine, raw.batch, raw.stream cascade"
USAGE = """
select
    'tenant-' || n % 500 as account_key, date '2026-01-01' + cast(n / 10000 as integer) as day,
    'user-' || n % 3000 as "user", 'feature-' || n % 20 as feature, 1 + n % 7 as events,
    n as ticket_id, timestamp '2026-01-01 09:00' as created_at
from generate_series(0, {rows} - 1) as t (n)
"""
COLUMNS = 'account_key, day, "user", feature, events'
PLAIN = "ticket_id, account_key, created_at"
Measured = dict[str, float]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with postgres(STATE) as lease, tempfile.TemporaryDirectory() as folder:
        upgrade(open_store(create_database(lease, STORE)))
        create_database(lease, FOREIGN)
        fill(lease.url(FOREIGN), Path(folder), rows)
        for kind in ("postgres", "parquet"):
            compare(kind, folder, rows, rounds)
        fill(lease.url(FOREIGN), Path(folder), 3 * rows)
        print(f"\n{3 * rows:,} rows")
        for variant in ("postgres records", "parquet records", "postgres tickets"):
            print(f"{variant:24} +{fresh(variant, folder)['peak_mb']:.0f} MB")


def fill(url: str, folder: Path, rows: int) -> None:
    """Make a table of usage in PostgreSQL and the same in Parquet files of a million rows."""
    with open_store(url).begin() as connection:
        connection.execute(text("drop table if exists usage"))
        connection.execute(text(f"create table usage as {USAGE.format(rows=rows)}"))
    with open_store(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze usage"))
    duckdb.sql(USAGE.format(rows=rows)).write_parquet(str(folder / "usage.parquet"))


def compare(kind: str, folder: str, rows: int, rounds: int) -> None:
    variants = ("raw", "records", "landed", "raw tickets", "tickets", "tickets landed")
    found: list[dict[str, Measured]] = []
    for _ in range(rounds):
        found.append({variant: fresh(f"{kind} {variant}", folder) for variant in variants})
        print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    print(f"\n{kind}, {rows:,} rows, {rounds} rounds; 1.0 = reading alone, higher is faster")
    for variant in variants:
        base = "raw tickets" if "tickets" in variant else "raw"
        ratios = [one[base]["s"] / one[variant]["s"] for one in found]
        seconds = statistics.median(one[variant]["s"] for one in found)
        peak = statistics.median(one[variant]["peak_mb"] for one in found)
        print(
            f"{variant:16} {statistics.median(ratios):8.3f} {rows / seconds:12,.0f} rows/s"
            f"  +{peak:.0f} MB"
        )


def fresh(variant: str, folder: str) -> Measured:
    command = [sys.executable, __file__, "--variant", variant, folder]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def run_variant(variant: str, folder: str) -> None:
    kind, _, what = variant.partition(" ")
    with postgres(STATE) as lease:
        url = lease.url(FOREIGN)
        is_plain = "tickets" in what
        if what.startswith("raw"):
            columns, order = (PLAIN, "") if is_plain else (COLUMNS, " order by day")
            work = raw(kind, url, folder, columns, order)
        else:
            source = warehouse(kind, url, folder, "tickets" if is_plain else "usage_day")
            store = lease.url(STORE) if "landed" in what else None
            work = landing(source, store) if store else records(source)
        before = forget_peak_mb()
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
    print(json.dumps({"s": seconds, "peak_mb": peak_mb() - before}))


def raw(kind: str, url: str, folder: str, columns: str, order: str) -> Callable[[], None]:
    def from_postgres() -> None:
        plain = url.replace("+psycopg", "")
        with psycopg.connect(plain) as connection, connection.cursor("bench") as cursor:
            cursor.itersize = BLOCK
            cursor.execute(f"select {columns} from usage{order}")
            while cursor.fetchmany(BLOCK):
                pass

    def from_parquet() -> None:
        place = f"{folder}/usage.parquet"
        cursor = duckdb.connect().execute(f"select {columns} from read_parquet(?){order}", [place])
        while cursor.fetchmany(BLOCK):
            pass

    return from_postgres if kind == "postgres" else from_parquet


def warehouse(kind: str, url: str, folder: str, fact: str):
    is_usage = fact == "usage_day"
    given = {"role": "usage" if is_usage else "support", "name": "dwh", "vendor": "warehouse"}
    if kind == "parquet":
        table = {"files": "usage.parquet"}
        settings = Warehouse(**given, folder=folder, facts={fact: table})
        return open_source(settings, Credentials("", ""))
    columns = COLUMNS if is_usage else PLAIN
    table = {"query": f"select {columns} from usage"}
    settings = Warehouse(**given, connection="dwh", facts={fact: table})
    there = make_url(url)
    credentials = Credentials(without_user(there), there.password or "", there.username or "")
    return open_source(settings, credentials)


def records(source) -> Callable[[], None]:
    def work() -> None:
        (stream,) = source.streams
        assert sum(len(page.records) for page in source.pages(stream, state=None, as_of=DAY))

    return work


def landing(source, store: str) -> Callable[[], None]:
    engine = open_store(store)
    with engine.begin() as connection:
        connection.execute(text(EMPTY))

    def work() -> None:
        (stream,) = source.streams
        pages = source.pages(stream, state=None, as_of=DAY)
        done = land(
            engine, run_id="bench", as_of=DAY, source="dwh", vendor="warehouse", stream=stream,
            pages=pages,
        )  # fmt: skip
        assert done.duplicates == done.rejected == 0

    return work


if __name__ == "__main__":
    if "--variant" in sys.argv:
        run_variant(*sys.argv[2:])
    else:
        main()
