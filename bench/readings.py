"""How long it takes to read all measures, as a multiple of copying the readings once.

`python bench/readings.py [ACCOUNTS] [DAYS] [ROUNDS]`: the default scorecard over its 17 series,
made up with 1.3 rows an account-day in all. `range` reads all days at once from rows in the order
of the days, `sorted` from rows by account, `day` the last day only: what a daily run costs. Goal:
a range costs at most twenty of its days. `many_range` and `many_day` read 15 measures of the other
operations from the same rows, with a term that ends and another that begins for each account.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter
from rounds import compare, measure

from include.scoring.reading_parts import series_of
from include.scoring.reading_spec import Reading
from include.scoring.readings import Series, read
from include.scoring.scorecard import load_scorecard

CARD = load_scorecard(Path(__file__).parents[1] / "scorecards" / "retention.v1.yaml")
DEFAULT = [measure.reading for measure in CARD.measures]
SEATS_USED = {
    "op": "divide",
    "top": {"op": "active_users", "window": 28},
    "bottom": {"op": "level", "series": "seats"},
}
MANY = TypeAdapter(list[Reading]).validate_python(
    [
        {"op": "mean_per_day", "series": "events"},
        {"op": "mean_per_active_day", "series": "events", "window": 90},
        {"op": "active_users", "window": 28},
        {"op": "ratio_to_previous", "series": "events", "window": 28},
        {"op": "ratio_to_previous", "series": "tickets_opened", "window": 90},
        {"op": "days_since_oldest", "series": "invoices_overdue"},
        {"op": "days_without", "series": "events"},
        {"op": "days_without", "series": "meetings_held"},
        {"op": "days_at_zero", "series": "seats"},
        {"op": "days_at_zero", "series": "active_users_28d"},
        {"op": "days_to_first", "series": "events", "until": "so_far"},
        {"op": "days_to_first", "series": "reviews_held"},
        {"op": "milestone", "of": SEATS_USED, "month": 6, "target": 0.8, "until": "so_far"},
        {
            "op": "milestone",
            "of": {"op": "active_days", "series": "events"},
            "month": 1,
            "target": 12.0,
        },
        {"op": "latest", "series": "pulse"},
    ]
)
FIRST = 20_000  # day of the first row
BEFORE = 180  # days of history before the first day that is read
DENSITY = {"events": 0.7, "active_users_28d": 0.3, "active_features_28d": 0.1}
OTHERS = 0.014  # rows an account-day, for each of the other series
CHANGES = {"seats", "tickets_urgent_open", "invoices_overdue", *DENSITY} - {"events"}

Work = Callable[[], int]


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        variant, accounts, days = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        measure(VARIANTS[variant](accounts, days))
        return
    arguments = [*sys.argv[1:], *["10000", "365", "5"][len(sys.argv) - 1 :]]
    compare(__file__, list(VARIANTS), arguments)


def copy(accounts: int, days: int) -> Work:
    readings = np.ones((accounts, days, len(DEFAULT)))
    return lambda: readings.copy().nbytes


def read_range(accounts: int, days: int) -> Work:
    return reading(DEFAULT, made_up(accounts, days), days, days)


def read_sorted(accounts: int, days: int) -> Work:
    series = {name: by_account(one) for name, one in made_up(accounts, days).items()}
    return reading(DEFAULT, series, days, days)


def read_day(accounts: int, days: int) -> Work:
    return reading(DEFAULT, made_up(accounts, days), days, 1)


def read_many(accounts: int, days: int) -> Work:
    return reading(MANY, made_up(accounts, days), days, days)


def read_many_day(accounts: int, days: int) -> Work:
    return reading(MANY, made_up(accounts, days), days, 1)


def reading(specs: list[Reading], series: dict[str, Series], days: int, last_days: int) -> Work:
    last = FIRST + BEFORE + days - 1
    accounts = len(series["events"].known_from)
    terms = term_starts(accounts, days)[:, -last_days:]

    def work() -> int:
        readings = read(
            specs,
            series,
            accounts=accounts,
            first_day=last - last_days + 1,
            last_day=last,
            term_start=terms,
        )
        return readings.nbytes

    return work


def made_up(accounts: int, days: int) -> dict[str, Series]:
    return {name: make_series(name, accounts, days) for name in series_of([*DEFAULT, *MANY])}


def make_series(name: str, accounts: int, days: int) -> Series:
    generator = np.random.default_rng(len(name))
    density = DENSITY.get(name, OTHERS)
    day, account = np.nonzero(generator.random((BEFORE + days, accounts), np.float32) < density)
    signs = generator.choice([-1.0, 1.0], len(day)) if name in CHANGES else 1.0
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


def term_starts(accounts: int, days: int) -> np.ndarray:
    """The first term of each account began before the range; the next one begins within it."""
    day = np.arange(days, dtype=np.int32) + FIRST + BEFORE
    generator = np.random.default_rng(0)
    earlier = FIRST + generator.integers(0, BEFORE, (accounts, 1), np.int32)
    again = FIRST + BEFORE + generator.integers(0, days, (accounts, 1), np.int32)
    return np.where(day < again, earlier, again)


VARIANTS = {
    "copy": copy,
    "range": read_range,
    "sorted": read_sorted,
    "day": read_day,
    "many_range": read_many,
    "many_day": read_many_day,
}

if __name__ == "__main__":
    main()
