"""How fast stored scores are verified, as a ratio to how fast the job scored and stored them.

`python bench/verify.py [ROWS] [ROUNDS]`: one day of ROWS accounts, 20 measures in 5 categories.
`score` is the job's stage: read the stored readings, score, describe the trend, store. `verify`
reads both rows back, computes all again and compares. Each runs in a fresh process, in turn;
printed are medians. Goal: verify at least as fast as score; memory as for a tenth of the rows.
"""

import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
from score import make_card, make_readings
from sqlalchemy import text
from write import forget_peak_mb, peak_mb

from include.pipeline.cards import register
from include.pipeline.job import Job, open_run
from include.pipeline.scoring import score_span
from include.pipeline.spans import Span, number
from include.pipeline.verify import verify
from include.settings import load_settings
from include.warehouse.database import open_store, transaction
from include.warehouse.embedded import create_database, postgres
from include.warehouse.migrate import upgrade
from include.warehouse.snapshots import store_readings

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "var" / "bench-postgres"
NAME = "bench_verify"
DAY = date(2026, 3, 31)
VARIANTS = ("score", "verify")
ACCOUNTS = """
insert into core.account (source, source_account_id, name, created_at)
select 'hubspot', n::text, 'Company ' || n, '2025-01-01' from generate_series(1, :rows) as n
"""


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        run_variant(sys.argv[2])
        return
    rows, rounds = (int(one) for one in [*sys.argv[1:], *["200000", "3"][len(sys.argv) - 1 :]])
    found: list[dict[str, dict[str, float]]] = []
    with postgres(STATE) as lease:
        create_database(lease, NAME)
        prepare(rows)
        for _ in range(rounds):
            found.append({variant: measure(variant) for variant in VARIANTS})
            print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    print(f"{rows:,} rows, {rounds} rounds; speed: 1.0 = scoring and storing, higher is faster")
    for variant in VARIANTS:
        speed = statistics.median(one["score"]["s"] / one[variant]["s"] for one in found)
        seconds = statistics.median(one[variant]["s"] for one in found)
        beside = statistics.median(one[variant]["peak_mb"] for one in found)
        print(
            f"{variant:8}{speed:8.2f}{seconds:10.2f} s{rows / seconds:12,.0f}/s  +{beside:.0f} MB"
        )


def prepare(rows: int) -> None:
    """Bring the store to one day of readings, without scores."""
    job = open_job()
    upgrade(job.engine)
    readings = make_readings(rows)
    with transaction(job.engine) as connection:
        for table in ("health.snapshot", "health.reading", "core.account cascade"):
            connection.execute(text(f"truncate {table}"))
        connection.execute(text("alter table core.account alter account_id restart"))
        connection.execute(text(ACCOUNTS), {"rows": rows})
    with transaction(job.engine) as connection:
        store_readings(
            connection, account_ids=np.arange(1, rows + 1, dtype=np.int32),
            as_of_days=np.full(rows, number(DAY), np.int32), readings=readings,
            scorecard_id=register(connection, job.cards[0]), basis="live", run_no=1,
        )  # fmt: skip


def measure(variant: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--variant", variant]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run_variant(variant: str) -> None:
    job = open_job()
    run = open_run(job, "bench", str(DAY))
    if variant == "score":
        with transaction(job.engine) as connection:
            connection.execute(text("truncate health.snapshot"))
    before = forget_peak_mb()
    started = time.perf_counter()
    if variant == "score":
        score_span(job, run, Span(job.cards[0], DAY, DAY, "live"))
    else:
        assert verify(job, [DAY]).is_good
    print(json.dumps({"s": time.perf_counter() - started, "peak_mb": peak_mb() - before}))


def open_job() -> Job:
    with postgres(STATE) as lease:  # main holds one too: the server stays
        return Job(open_store(lease.url(NAME)), load_settings(), (make_card(),))


if __name__ == "__main__":
    main()
