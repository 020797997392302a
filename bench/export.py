"""How fast a published day becomes a file, as ratios to writing the same cells and nothing else.

`python bench/export.py [ACCOUNTS] [ROUNDS]`: one day of `retention.v1`, its readings made up, one
in ten unknown. `csv`, `parquet` and `xlsx` are `health export` of the accounts; `measures csv` and
`measures parquet` have a row a measure. `bare` writes the same cells with the same library from
memory: csv.writer, DuckDB out of a table, and for the workbook zipfile with the finished sheets
(packing is what its library does). `read` is the statement of the accounts alone, its rows thrown
away. Each runs in a fresh process, in turn; printed are medians, and the peak of memory beside what
the process had before the first row. Goal: flat memory, 50,000 accounts a workbook in 60 s.
"""

import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import numpy as np
from sqlalchemy import text
from write import forget_peak_mb, peak_mb

from include.export.days import Asked
from include.export.export import Wish, export
from include.export.kinds import KINDS
from include.export.rows import stream
from include.pipeline.cards import register
from include.pipeline.job import Job, open_run, read_deck
from include.pipeline.scoring import score_span
from include.pipeline.spans import Span, number
from include.scoring.scorecard import Scorecard
from include.settings import load_settings
from include.warehouse.database import open_store, transaction
from include.warehouse.embedded import create_database, postgres
from include.warehouse.migrate import upgrade
from include.warehouse.snapshots import store_readings

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "var" / "bench-postgres"
NAME = "bench_export"
DAY = date(2026, 3, 31)
VARIANTS = ("read", "csv", "bare csv", "parquet", "bare parquet", "xlsx", "bare xlsx",
            "measures csv", "measures parquet")  # fmt: skip
BARE = {"csv": "bare csv", "parquet": "bare parquet", "xlsx": "bare xlsx"}
ACCOUNTS = """
insert into core.account (source, source_account_id, name, segment, lifecycle, created_at)
select 'hubspot', (1000 + n)::text, 'Company & Sons ' || n,
    (array['enterprise', 'mid', 'smb'])[1 + n % 3], 'customer', '2025-01-01'
from generate_series(1, :rows) as n
"""
ATTRIBUTES = """
insert into core.account_attribute (account_id, attribute, valid_from, value, origin)
select account_id, one.attribute, '2025-01-01', one.value, 'vendor'
from core.account cross join (values
    ('owner', '7'), ('segment', 'mid'), ('arr', '12000'), ('currency', 'usd'),
    ('renewal_date', '2026-09-30'), ('lifecycle', 'customer')
) as one (attribute, value)
"""
OWNER = "insert into core.owner (source, owner_id, name) values ('hubspot', '7', 'Ada Ames')"
MONEY = "insert into core.money (currency, digits, max_age_days) values ('usd', 2, 31)"
PUBLISHED = """
insert into health.publication (as_of, scorecard_id, run_no) values (:day, :card, :run_no)
"""
DECK = """
insert into health.deck (as_of, scorecard_id, outcome, is_shadow)
values (:day, :card, 'retention', false)
"""


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        run_variant(*sys.argv[2:])
        return
    rows, rounds = (int(one) for one in [*sys.argv[1:], *["50000", "3"][len(sys.argv) - 1 :]])
    with postgres(STATE) as lease, tempfile.TemporaryDirectory() as folder:
        create_database(lease, NAME)
        prepare(rows)
        found = []
        for _ in range(rounds):
            found.append({variant: fresh(variant, folder) for variant in VARIANTS})
            print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    print(f"{rows:,} accounts, {rounds} rounds; bare = 1.0 by clock and processor, more is slower")
    for variant in VARIANTS:
        told = [one[variant] for one in found]
        seconds, cpu, beside = (
            statistics.median(one[unit] for one in told) for unit in ("s", "cpu_s", "peak_mb")
        )
        shown = " ".join(f"{ratio(found, variant, unit):6.1f}" for unit in ("s", "cpu_s"))
        print(f"{variant:18}{shown}{seconds:9.1f} s{cpu:8.1f} CPU-s  +{beside:.0f} MB")


def ratio(found: list[dict[str, dict[str, float]]], variant: str, unit: str) -> float:
    """Return the median ratio to the bare write; of what has none, to itself."""
    bare = BARE.get(variant, variant)
    return statistics.median(one[variant][unit] / one[bare][unit] for one in found)


def fresh(variant: str, folder: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--variant", variant, folder]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def prepare(rows: int) -> None:
    """Bring an empty store to one published day."""
    job = open_job()
    card = job.cards[0]
    with transaction(job.engine) as connection:
        for schema in ("public", "raw", "core", "health", "health_bi"):
            connection.execute(text(f"drop schema if exists {schema} cascade"))
        connection.execute(text("create schema public"))
    upgrade(job.engine)
    run = open_run(job, "bench", str(DAY))
    with transaction(job.engine) as connection:
        connection.execute(text(ACCOUNTS), {"rows": rows})
        for statement in (ATTRIBUTES, OWNER, MONEY):
            connection.execute(text(statement))
        scorecard_id = register(connection, card)
        store_readings(
            connection, account_ids=np.arange(1, rows + 1, dtype=np.int32),
            as_of_days=np.full(rows, number(DAY), np.int32), readings=make_readings(card, rows),
            scorecard_id=scorecard_id, basis="live", run_no=run.run_no,
        )  # fmt: skip
    score_span(job, run, Span(card, DAY, DAY, "live"))
    with transaction(job.engine) as connection:
        binds = {"day": DAY, "card": scorecard_id, "run_no": run.run_no}
        connection.execute(text(PUBLISHED), binds)
        connection.execute(text(DECK), binds)
    with job.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def make_readings(card: Scorecard, rows: int) -> np.ndarray:
    """Readings anywhere on the curve of their measure, one in ten unknown."""
    generator = np.random.default_rng(1)
    columns = [generator.uniform(one.curve[0][0], one.curve[-1][0], rows) for one in card.measures]
    readings = np.column_stack(columns).round(3)
    readings[generator.random(readings.shape) < 0.1] = np.nan
    return readings


def run_variant(variant: str, folder: str) -> None:
    what, form = variant.rpartition(" ")[::2]
    if what == "bare":
        work = BARE_WRITES[form](Path(folder))
    elif variant == "read":
        work = read_all
    else:
        kind = KINDS[what or "accounts"]
        out = Path(folder) / f"{kind.name}.{form}"
        wish = Wish(kind, "retention", Asked(), form, out, None, datetime.now(UTC))
        job = open_job()
        work = lambda: export(job, wish)  # noqa: E731 - as the others are
    before = forget_peak_mb()
    clock, processor = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - clock, time.process_time() - processor
    print(json.dumps({"s": wall, "cpu_s": cpu, "peak_mb": peak_mb() - before}))


def read_all() -> None:
    binds = {"outcome": "retention", "first": DAY, "last": DAY}
    with transaction(open_job().engine) as connection:
        for _ in stream(connection, "export/accounts", binds, {}).rows:
            pass


def bare_csv(folder: Path) -> Callable[[], None]:
    with (folder / "accounts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))

    def work() -> None:
        with (folder / "bare.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

    return work


def bare_parquet(folder: Path) -> Callable[[], None]:
    engine = duckdb.connect(config={"threads": 1})
    engine.execute(f"create table made as from '{folder}/accounts.parquet'")

    def work() -> None:
        engine.execute(f"copy made to '{folder}/bare.parquet' (format parquet, compression zstd)")

    return work


def bare_xlsx(folder: Path) -> Callable[[], None]:
    with zipfile.ZipFile(folder / "accounts.xlsx") as made:
        parts = {name: made.read(name) for name in made.namelist()}

    def work() -> None:
        packed = zipfile.ZipFile(folder / "bare.xlsx", "w", zipfile.ZIP_DEFLATED)
        with packed:
            for name, content in parts.items():
                packed.writestr(name, content)

    return work


BARE_WRITES = {"csv": bare_csv, "parquet": bare_parquet, "xlsx": bare_xlsx}


def open_job() -> Job:
    settings = load_settings()
    with postgres(STATE) as lease:  # main holds one too: the server stays
        return Job(open_store(lease.url(NAME)), settings, read_deck(settings).live)


if __name__ == "__main__":
    main()
