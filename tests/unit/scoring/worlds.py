"""Made-up series, terms and readings of a few accounts, for laws that hold in any world."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from pydantic import TypeAdapter

from include.scoring.reading_spec import Reading
from include.scoring.readings import NEVER, Series, read

SPEC = TypeAdapter(Reading)
NAMES = ("events", "seats", "pulse", "active_users_7d", "tickets_open")
BLOCKED_BY = {"events": "tickets_open", "seats": "tickets_open"}
ACCOUNTS = 4
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


days = st.integers(FIRST - 40, LAST)
values = st.one_of(st.integers(-3, 5), st.decimals(-5, 5, places=2).map(float))
rows = st.dictionaries(st.tuples(st.integers(0, ACCOUNTS - 1), days), values, max_size=25).map(
    lambda found: [(account, day, value) for (account, day), value in found.items()]
)
known = st.lists(
    st.one_of(st.integers(FIRST - 50, LAST + 5), st.just(NEVER)),
    min_size=ACCOUNTS,
    max_size=ACCOUNTS,
)
known_everywhere = st.fixed_dictionaries(dict.fromkeys(NAMES, known))
terms = st.lists(
    st.lists(st.integers(FIRST - 90, LAST + 5), max_size=4, unique=True).map(
        lambda cuts: [(a, b) for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)]
    ),
    min_size=ACCOUNTS,
    max_size=ACCOUNTS,
)
worlds = st.builds(
    World,
    st.dictionaries(st.sampled_from(NAMES), rows),
    known_everywhere,
    terms,
    st.sampled_from([{}, BLOCKED_BY]),
)

lags = st.integers(0, 12)
windows = st.integers(1, 20)
names = st.sampled_from(NAMES)
choice = st.sampled_from


def made(op, **fields):
    """A strategy of readings as they stand in a file."""
    return st.fixed_dictionaries({"op": st.just(op), **fields})


plain = st.one_of(
    made("sum", series=names, window=windows, lag=lags, history=lags),
    made("active_days", series=names, window=windows, lag=lags, history=lags),
    made("mean_per_day", series=names, window=windows, lag=lags),
    made("mean_per_active_day", series=names, window=windows, lag=lags),
    made("level", series=names, lag=lags, history=lags),
    made("active_users", window=st.just(7), lag=lags),
    made("days_since_last", series=names, never=choice(["unknown", "since_known"])),
    made("days_since_oldest", series=names),
    made("days_without", series=names),
    made("days_at_zero", series=names),
    made("days_above_zero", series=names),
    made("latest", series=names, max_age=st.integers(0, 30)),
)
divide = made("divide", top=plain, bottom=plain, times=choice([1.0, 100.0]))
until = choice(["unknown", "so_far"])
readings = st.one_of(
    plain,
    divide,
    made("ratio_to_previous", series=names, window=windows),
    made("days_to_first", series=names, until=until, before_known=choice(["unknown", "nothing"])),
    made(
        "milestone",
        of=st.one_of(plain, divide),
        month=st.integers(1, 3),
        target=choice([0.8, 3.0]),
        until=until,
    ),
).map(SPEC.validate_python)
specs = st.lists(readings, min_size=1, max_size=8)
