"""From invoices to what a measure reads: known, zero or unknown, day by day."""

from datetime import date

import numpy as np
import pytest
from pydantic import TypeAdapter

from include.scoring.reading_spec import Reading
from include.scoring.readings import Series, read
from include.scoring.series import SERIES

from .conftest import invoice

EPOCH = date(1970, 1, 1)
FIRST, LAST = date(2026, 2, 9), date(2026, 2, 26)
SPECS = [
    {"op": "level", "series": "amount_overdue"},
    {"op": "days_since_oldest", "series": "oldest_overdue_day"},
    {"op": "sum", "series": "amount_paid", "window": 7},
    {"op": "sum", "series": "amount_due", "window": 400},
]


@pytest.fixture
def readings(books):
    """By day: overdue amount, age of the oldest, paid in 7 days, due in all; None is unknown."""

    def read_all():
        stored = {}
        for name in (name for name, one in SERIES.items() if one.role == "billing"):
            rows = books.series(name).items()
            days = np.array([(date.fromisoformat(day) - EPOCH).days for day, _ in rows], np.int32)
            values = np.array([value for _, value in rows], float)
            stored[name] = Series(
                np.zeros(len(days), np.int32), days, values, np.zeros(1, np.int32)
            )
        found = read(
            [TypeAdapter(Reading).validate_python(spec) for spec in SPECS], stored, accounts=1,
            first_day=(FIRST - EPOCH).days, last_day=(LAST - EPOCH).days,
            blocked_by={name: one.blocked_by for name, one in SERIES.items() if one.blocked_by},
        )[0]  # fmt: skip
        lines = [[None if np.isnan(value) else value for value in line] for line in found]
        return {FIRST.day + n: line for n, line in enumerate(lines)}

    return read_all


def test_an_overdue_amount_is_unknown_only_while_an_invoice_without_a_rate_is_overdue(
    books, readings
):
    books.bill(
        invoice("in_1", "usd", 1000, due="2026-02-10", paid="2026-02-25"),
        invoice("in_2", "gbp", 1000, due="2026-02-12", paid="2026-02-16"),
    )
    found = readings()
    assert [found[day][0] for day in (11, 12, 13, 14, 15, 16, 24, 25)] == [
        0, 10, 10, None, None, 10, 10, 0,
    ]  # fmt: skip
    assert [found[day][1] for day in (11, 12, 15, 24, 25)] == [0, 2, 5, 14, 0], "it needs no rate"
    assert [found[day][2] for day in (15, 16, 22, 23, 25)] == [0, None, None, 0, 10]
    assert [found[day][3] for day in (9, 10, 11, 12, 26)] == [0, 10, 10, None, None]

    books.rates("gbp,2026-02-12,2,bank")
    books.bill()
    assert [readings()[day][0] for day in (11, 12, 14, 15, 16, 25)] == [0, 10, 30, 30, 10, 0]
    assert readings()[26] == [0, 0, 10, 30]
