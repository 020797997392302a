"""How long it takes to read all measures, as a multiple of copying the readings once.

`python bench/readings.py [ACCOUNTS] [DAYS] [ROUNDS]`: the default scorecard over its 17 series,
made up with 1.3 rows an account-day in all. `range` reads all days at once from rows in the order
of the days, `sorted` from rows by account, `day` the last day only: what a daily run costs. Goal:
a range costs at most twenty of its days.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from rounds import compare, measure

from include.scoring.readings import Series, read
from include.scoring.scorecard import load_scorecard
from include.scoring.series import SERIES

CARD = load_scorecard(Path(__file__).parents[1] / "scorecards" / "retention.v1.yaml")
FIRST = 20_000  # day of the first row
BEFORE = 180  # days of history before the first day that is read
DENSITY = {"events": 0.7, "active_users_28d": 0.3, "active_features_28d": 0.1}
OTHERS = 0.014  # rows an account-day, for each of the other series

Work = Callable[[], int]


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        variant, accounts, days = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        measure(VARIANTS[variant](accounts, days))
        return
    arguments = [*sys.argv[1:], *["10000", "365", "5"][len(sys.argv) - 1 :]]
    compare(__file__, list(VARIANTS), arguments)


def copy(accounts: int, days: int) -> Work:
    readings = np.ones((accounts, days, len(CARD.measures)))
    return lambda: readings.copy().nbytes


def read_range(accounts: int, days: int) -> Work:
    return reading({name: make_series(name, accounts, days) for name in SERIES}, days, days)


def read_sorted(accounts: int, days: int) -> Work:
    series = {name: by_account(make_series(name, accounts, days)) for name in SERIES}
    return reading(series, days, days)


def read_day(accounts: int, days: int) -> Work:
    return reading({name: make_series(name, accounts, days) for name in SERIES}, days, 1)


def reading(series: Mapping[str, Series], days: int, last_days: int) -> Work:
    specs = [measure.reading for measure in CARD.measures]
    last = FIRST + BEFORE + days - 1
    accounts = len(series["events"].known_from)

    def work() -> int:
        first = last - last_days + 1
        return read(specs, series, accounts=accounts, first_day=first, last_day=last).nbytes

    return work


def make_series(name: str, accounts: int, days: int) -> Series:
    generator = np.random.default_rng(len(name))
    density = DENSITY.get(name, OTHERS)
    day, account = np.nonzero(generator.random((BEFORE + days, accounts), np.float32) < density)
    signs = generator.choice([-1.0, 1.0], len(day)) if "change" in SERIES[name] else 1.0
    return Series(
        account.astype(np.int32),
        (FIRST + day).astype(np.int32),
        generator.integers(1, 6, len(day)) * signs,
        np.full(accounts, FIRST, np.int32),
    )


def by_account(series: Series) -> Series:
    order = np.lexsort([series.day, series.account])
    rows = (series.account[order], series.day[order], series.value[order])
    return Series(*rows, series.known_from)


VARIANTS = {"copy": copy, "range": read_range, "sorted": read_sorted, "day": read_day}

if __name__ == "__main__":
    main()
