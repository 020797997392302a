"""How fast stored scores are verified, as a ratio to how fast the job scored and stored them.

`python bench/verify.py [ROWS] [ROUNDS]`: one day of ROWS accounts by two scorecards: `plain`, 20
measures in 5 categories, and `rules`, 25 measures with targets by segment and month of term, a
carry policy, twelve rules by tier, and an override on every hundredth account. `score` is the job's
stage: read the stored readings, look up what they stand on, score, describe the trend, store.
`verify` reads both rows back, computes all again and compares. Each runs in a fresh process, in
turn; printed are medians, and the bytes that a snapshot takes, all of it and its context.
Goal: verify at least as fast as score; memory as for a tenth of the rows.
"""

import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
from score import CARD_OF_RULES, make_card, make_readings
from sqlalchemy import text
from write import forget_peak_mb, peak_mb

from include.pipeline.cards import register
from include.pipeline.job import Job, open_run
from include.pipeline.scoring import score_span
from include.pipeline.spans import Span, number
from include.pipeline.verify import verify
from include.scoring.carry import write_ages
from include.scoring.scorecard import Scorecard
from include.settings import load_settings
from include.warehouse.database import open_store, transaction
from include.warehouse.embedded import create_database, postgres
from include.warehouse.intern import Coded
from include.warehouse.migrate import upgrade
from include.warehouse.snapshots import Origins, store_readings

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "var" / "bench-postgres"
NAME = "bench_verify"
DAY = date(2026, 3, 31)
VARIANTS = ("score", "verify")
CARRIED = 0.05  # of the rows hold a reading that was carried forward
ACCOUNTS = """
insert into core.account (source, source_account_id, name, created_at)
select 'hubspot', n::text, 'Company ' || n, '2025-01-01' from generate_series(1, :rows) as n
"""
TERMS = """
insert into core.term (account_id, term_no, first_day, origin, spans)
select account_id, 1, first_day, 'billing', datemultirange(daterange(first_day, null))
from core.account
cross join lateral (select date '2026-03-01' - account_id % 1000 as first_day) as begun
"""
ATTRIBUTES = """
insert into core.account_attribute (account_id, attribute, valid_from, value, origin)
select account_id, attribute, '2025-01-01',
    chr(97 + (account_id * 7 + length(attribute)) % 9), 'vendor'
from core.account, unnest(array['segment', 'tier']) as attribute
where account_id % 10 > 0
"""
OVERRIDES = """
insert into health.override (account_id, to_score, reason, evidence, author, valid_from,
    valid_to, entered_at)
select account_id, 40, 'outage', 'Bench.', 'Ann', '2026-03-01', '2026-05-01', '2026-03-01'
from core.account where account_id % 100 = 1
"""
SIZES = """
select pg_total_relation_size('health.snapshot_2026_03') / count(*) as whole,
    avg(coalesce(pg_column_size(context), 0)) as context, count(distinct context) as contexts
from health.snapshot
"""


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        run_variant(*sys.argv[2:])
        return
    rows, rounds = (int(one) for one in [*sys.argv[1:], *["200000", "3"][len(sys.argv) - 1 :]])
    with postgres(STATE) as lease:
        create_database(lease, NAME)
        for label in CARDS:
            show(label, rows, rounds)


def show(label: str, rows: int, rounds: int) -> None:
    found: list[dict[str, dict[str, float]]] = []
    prepare(label, rows)
    for _ in range(rounds):
        found.append({variant: measure(variant, label) for variant in VARIANTS})
        print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    print(
        f"{label}: {rows:,} rows, {rounds} rounds; speed: 1.0 = scoring and storing, higher is "
        "faster"
    )
    for variant in VARIANTS:
        speed = statistics.median(one["score"]["s"] / one[variant]["s"] for one in found)
        seconds = statistics.median(one[variant]["s"] for one in found)
        beside = statistics.median(one[variant]["peak_mb"] for one in found)
        print(
            f"{variant:8}{speed:8.2f}{seconds:10.2f} s{rows / seconds:12,.0f}/s  +{beside:.0f} MB"
        )
    with transaction(open_job(label).engine) as connection:
        sizes = connection.execute(text(SIZES)).one()
    print(
        f"{sizes.whole:,} bytes a snapshot with its index, {sizes.context:.1f} of them context "
        f"({sizes.contexts:,} distinct)"
    )


def prepare(label: str, rows: int) -> None:
    """Bring the store to one day of readings, without scores."""
    job = open_job(label)
    upgrade(job.engine)
    card = job.cards[0]
    readings = make_readings(rows, len(card.measures))
    with transaction(job.engine) as connection:
        connection.execute(text("alter table health.override disable trigger all"))
        for table in ("health.snapshot", "health.reading", "core.account cascade"):
            connection.execute(text(f"truncate {table}"))
        connection.execute(text("alter table core.account alter account_id restart"))
        connection.execute(text(ACCOUNTS), {"rows": rows})
        for statement in (TERMS, ATTRIBUTES, OVERRIDES) if card.rules else ():
            connection.execute(text(statement))
    with transaction(job.engine) as connection:
        store_readings(
            connection, account_ids=np.arange(1, rows + 1, dtype=np.int32),
            as_of_days=np.full(rows, number(DAY), np.int32), readings=readings,
            scorecard_id=register(connection, card), basis="live", run_no=1,
            origins=carried_by(card, rows),
        )  # fmt: skip
    with job.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze"))


def carried_by(card: Scorecard, rows: int) -> Origins:
    generator = np.random.default_rng(3)
    ages = np.where(generator.random(rows) < CARRIED, generator.integers(1, 15, rows), 0)
    whole = np.zeros((rows, len(card.measures)), np.int16)
    whole[:, CARRYING] = ages * bool(card.rules)
    return Origins(carried=Coded(*write_ages(whole, card.measure_names)))


def measure(variant: str, label: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--variant", variant, label]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run_variant(variant: str, label: str) -> None:
    job = open_job(label)
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


def open_job(label: str) -> Job:
    with postgres(STATE) as lease:  # main holds one too: the server stays
        return Job(open_store(lease.url(NAME)), load_settings(), (CARDS[label],))


def make_card_that_carries() -> Scorecard:
    content = CARD_OF_RULES.model_dump(by_alias=True) | {"version": 2}
    part = content["categories"][CARRYING // 5]["measures"]
    part[CARRYING % 5]["when_unknown"] = {"carry_days": 14}
    return Scorecard.model_validate(content)


CARRYING = 11  # the measure with a carry policy
CARDS = {"plain": make_card(), "rules": make_card_that_carries()}


if __name__ == "__main__":
    main()
