"""How fast scores are written, as ratios to a COPY of prebuilt bytes into the same table.

`python bench/write.py [ROWS] [ROUNDS]`: every variant runs in a fresh process, in turn; printed are
medians of the ratios within a round (1 = as fast as the COPY; higher is faster). The table is the
real health.snapshot with its key and partition, 14 measures, 5 categories.
"""

import json
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from sqlalchemy import ARRAY, Double, Engine, SmallInteger, text

from include.warehouse.copy import driver
from include.warehouse.database import open_store, query, transaction
from include.warehouse.embedded import create_database, postgres
from include.warehouse.encode import encode
from include.warehouse.migrate import upgrade
from include.warehouse.revisions import Target, key_columns, to_date
from include.warehouse.snapshots import (
    SnapshotRows,
    register_scorecard,
    snapshot_columns,
    store_snapshots,
)

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "var" / "bench-postgres"
DAY = 20_500
TO_SQL_ROWS = 100_000
VARIANTS = ("prebuilt", "store", "again_0", "again_3", "to_sql")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    results: list[dict[str, dict[str, float]]] = []
    with postgres(STATE) as lease:
        create_database(lease, "bench_write")
        for _ in range(rounds):
            results.append({variant: measure(variant, rows) for variant in VARIANTS})
            print(json.dumps(results[-1]), flush=True)
    print(f"\n{rows:,} rows, {rounds} rounds; 1.0 = COPY of prebuilt bytes, higher is faster")
    for variant in VARIANTS:
        ratios = [
            round_[variant]["rows_a_s"] / round_["prebuilt"]["rows_a_s"] for round_ in results
        ]
        peaks = [round_[variant]["peak_mb"] for round_ in results]
        print(f"{variant:10} {statistics.median(ratios):8.3f}   +{statistics.median(peaks):.0f} MB")


def measure(variant: str, rows: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--variant", variant, str(rows)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run_variant(variant: str, rows: int) -> None:
    with postgres(STATE) as lease:
        engine = open_store(lease.url("bench_write"))
        card = prepare(engine)
        if variant == "to_sql":
            rows = min(rows, TO_SQL_ROWS)
        made = make_rows(card, rows)
        work = PREPARED[variant](engine, made)
        before = forget_peak_mb()
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
    print(json.dumps({"rows_a_s": rows / seconds, "s": seconds, "peak_mb": peak_mb() - before}))


def prepare(engine: Engine) -> int:
    """Bring the store to an empty snapshot table with its partition there, after a checkpoint."""
    upgrade(engine)
    with transaction(engine) as connection:
        card = register_scorecard(connection, name="bench", version=1, digest="", body="")
        connection.execute(text("truncate health.snapshot"))
        day = {"first_day": to_date(DAY), "last_day": to_date(DAY)}
        connection.execute(query("snapshots/ensure_partitions"), day)
    with transaction(engine) as connection:
        connection.execute(text("checkpoint"))
    return card


def make_rows(card: int, rows: int) -> SnapshotRows:
    generator = np.random.default_rng(1)

    def some(*shape: int) -> np.ndarray:
        values = generator.uniform(0, 100, (rows, *shape)).round(4)
        values[generator.random((rows, *shape)) < 0.1] = np.nan
        return values

    return SnapshotRows(
        scorecard_id=card, basis="live", run_no=1,
        account_ids=np.arange(1, rows + 1, dtype=np.int32),
        as_of_days=np.full(rows, DAY, np.int32),
        score=some(), raw=some(), floor=some(), ceiling=some(), coverage=generator.random(rows),
        band=generator.integers(-1, 3, rows), bands=["red", "yellow", "green"],
        change_7d=some(), change_30d=some(), change_90d=some(), slope_30d=some(),
        direction=generator.integers(-1, 3, rows), directions=["down", "flat", "up"],
        categories=some(5), points=some(14), readings=some(14),
        drivers=generator.integers(-1, 14, (rows, 3)).astype(np.int16), base=some(),
        fired=np.zeros(rows, np.uint64), undecided=np.zeros(rows, np.uint64),
    )  # fmt: skip


def prebuilt(engine: Engine, made: SnapshotRows):
    zeros = np.zeros(len(made.account_ids), np.int64)
    target = Target("snapshot", made.scorecard_id, made.basis, made.run_no)
    columns = key_columns(target, made.account_ids, made.as_of_days, zeros, zeros)
    columns |= snapshot_columns(made)
    blocks = [bytes(block) for block in encode(columns)]

    def work() -> None:
        with transaction(engine) as connection, driver(connection).cursor() as cursor:
            names = ", ".join(columns)
            with cursor.copy(f"copy health.snapshot ({names}) from stdin (format binary)") as copy:
                for block in blocks:
                    copy.write(block)

    return work


def store(engine: Engine, made: SnapshotRows):
    def work() -> None:
        with transaction(engine) as connection:
            store_snapshots(connection, made)

    return work


def again(engine: Engine, made: SnapshotRows, *, every: int = 0):
    """A day that stands already, of which one row in `every` has changed since."""
    store(engine, made)()
    score = made.score.copy()
    if every:
        score[::every] = 50.5
    changed = replace(made, score=score)

    def work() -> None:
        with transaction(engine) as connection:
            stored = store_snapshots(connection, changed)
        assert stored.inserted == 0
        assert stored.revised == (-(-len(score) // every) if every else 0)

    return work


def to_sql(engine: Engine, made: SnapshotRows):
    import pandas as pd

    arrays = {"categories", "points", "readings", "drivers"}
    names = ("score", "raw", "floor", "ceiling", "coverage", "change_7d", "change_30d",
             "change_90d", "slope_30d", *arrays)  # fmt: skip
    frame = pd.DataFrame(
        {
            "account_id": made.account_ids, "as_of": pd.Timestamp("2026-02-16").date(),
            "scorecard_id": made.scorecard_id, "basis": made.basis, "revision": 0, "run_no": 1,
            "digest": 0, "band": "red", "direction": "up",
            **{name: list(getattr(made, name).tolist()) if name in arrays else getattr(made, name)
               for name in names},
        }
    )  # fmt: skip
    kinds = {name: ARRAY(SmallInteger if name == "drivers" else Double) for name in arrays}
    return lambda: frame.to_sql(
        "snapshot", engine, schema="health", if_exists="append", index=False, dtype=kinds
    )


def forget_peak_mb() -> float:
    """Let the peak of this process's memory begin anew (Linux) and return it."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mb()


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


PREPARED = {
    "prebuilt": prebuilt,
    "store": store,
    "again_0": again,
    "again_3": lambda engine, made: again(engine, made, every=33),
    "to_sql": to_sql,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--variant"]:
        run_variant(sys.argv[2], int(sys.argv[3]))
    else:
        main()
