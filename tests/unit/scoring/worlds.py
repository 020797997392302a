"""Made-up series, terms and readings of a few accounts, for laws that hold in any world."""

from dataclasses import dataclass, replace
from random import Random

import numpy as np
from hypothesis import strategies as st
from pydantic import TypeAdapter

from include.scoring.reading_spec import Reading
from include.scoring.readings import NEVER, Series, read

SPEC = TypeAdapter(Reading)
NAMES = ("events", "seats", "pulse", "active_users_7d", "tickets_open")
BLOCKED_BY = {"events": "tickets_open", "seats": "tickets_open"}
ACCOUNTS = 3
FIRST, LAST = 20_000, 20_060


def spec(**fields):
    return SPEC.validate_python(fields)


def series(rows, known_from):
    account, day, value = zip(*rows, strict=True) if rows else ((), (), ())
    return Series(
        np.array(account, np.int32),
        np.array(day, np.int32),
        np.array(value, np.float64),
        np.array(known_from, np.int32),
    )


@dataclass(frozen=True)
class World:
    """rows: by series, (account, day, value). known: by series, a first known day per account.

    terms: per account, (first day, last day) pairs. blocked_by: as for `read`.
    """

    rows: dict
    known: dict
    terms: list
    blocked_by: dict

    def read(self, wanted, first, last):
        days = range(first, last + 1)
        starts = [[self.term(account, day) for day in days] for account in range(len(self.terms))]
        return read(
            wanted,
            {name: series(rows, self.known[name]) for name, rows in self.rows.items()},
            accounts=len(self.terms),
            first_day=first,
            last_day=last,
            term_start=np.array(starts, np.int32),
            blocked_by=self.blocked_by,
        )

    def term(self, account, day):
        found = [first for first, last in self.terms[account] if first <= day <= last]
        return found[0] if found else NEVER

    def with_rows(self, change):
        return replace(self, rows={name: change(rows) for name, rows in self.rows.items()})

    def only(self, accounts):
        """The same world with these accounts alone, counted anew."""
        rows = {
            name: [(accounts.index(a), day, v) for a, day, v in found if a in accounts]
            for name, found in self.rows.items()
        }
        known = {name: [since[a] for a in accounts] for name, since in self.known.items()}
        return replace(self, rows=rows, known=known, terms=[self.terms[a] for a in accounts])


def made_up(seed):
    """A world with every density of rows; many days, values and ends of months coincide."""
    random = Random(seed)
    known = {name: [first_known(random) for _ in range(ACCOUNTS)] for name in NAMES}
    there = [name for name in NAMES if random.random() < 0.9]
    return World(
        rows={name: rows_of(random) for name in there},
        known=known,
        terms=[terms_of(random) for _ in range(ACCOUNTS)],
        blocked_by=random.choice([{}, {}, BLOCKED_BY]),
    )


def first_known(random):
    return random.choice([FIRST - 60, random.randint(FIRST - 50, FIRST + 9), NEVER])


def rows_of(random):
    density = random.choice([0.02, 0.1, 0.5])
    values = random.choice([(0, 1), (-1, 0, 1), (-2.01, -1, 0, 0.1, 3)])
    days = range(FIRST - 40, LAST + 1)
    places = [(account, day) for account in range(ACCOUNTS) for day in days]
    return [(*place, random.choice(values)) for place in places if random.random() < density]


def terms_of(random):
    """None, one or two; the first day of a month in force is often near the days that are read."""
    cuts = sorted(random.sample(range(FIRST - 75, LAST + 1), random.choice([0, 2, 2, 4])))
    return [(first, last) for first, last in zip(cuts[::2], cuts[1::2], strict=True)]


seeds = st.integers(0, 2**32)
worlds = seeds.map(made_up)
rows = seeds.map(lambda seed: rows_of(Random(seed)))

lags = st.integers(0, 12)
windows = st.integers(1, 20)
names = st.sampled_from(NAMES)
choice = st.sampled_from


def made(op, **fields):
    """A strategy of readings as they stand in a file."""
    return st.fixed_dictionaries({"op": st.just(op), **fields})


plain_by_op = {
    "sum": made("sum", series=names, window=windows, lag=lags, history=lags),
    "active_days": made("active_days", series=names, window=windows, lag=lags, history=lags),
    "mean_per_day": made("mean_per_day", series=names, window=windows, lag=lags),
    "mean_per_active_day": made("mean_per_active_day", series=names, window=windows, lag=lags),
    "level": made("level", series=names, lag=lags, history=lags),
    "active_users": made("active_users", window=st.just(7), lag=lags),
    "days_since_last": made(
        "days_since_last", series=names, never=choice(["unknown", "since_known"])
    ),
    "days_since_oldest": made("days_since_oldest", series=names),
    "days_without": made("days_without", series=names),
    "days_at_zero": made("days_at_zero", series=names),
    "days_above_zero": made("days_above_zero", series=names),
    "latest": made("latest", series=names, max_age=st.integers(0, 30)),
}
plain = st.one_of(*plain_by_op.values())
divide = made("divide", top=plain, bottom=plain, times=choice([1.0, 100.0]))
until = choice(["unknown", "so_far"])
by_op = {
    "divide": divide,
    "ratio_to_previous": made("ratio_to_previous", series=names, window=windows),
    "days_to_first": made(
        "days_to_first", series=names, until=until, before_known=choice(["unknown", "nothing"])
    ),
    "milestone": made(
        "milestone",
        of=st.one_of(plain, divide),
        month=st.integers(1, 2),
        target=choice([0.8, 3.0]),
        until=until,
    ),
} | plain_by_op
readings = st.one_of(*by_op.values()).map(SPEC.validate_python)
specs = st.lists(readings, min_size=1, max_size=8)
