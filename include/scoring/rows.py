"""A series made ready to be read at any day: sorted rows with running totals beside them.

Sums are made in whole millionths of 64 bits, so they are exact: 0.1 + 0.2 is 0.3, a window is the
difference of two totals without drift, and no account's numbers depend on another's or on how far
back the history goes. That holds while an account's values sum to less than LARGEST in size; of an
account with more, whatever adds them up is unknown. (Plain float64 totals would be exact for whole
numbers below 2**53 only.)
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from include.errors import RejectData

NEVER = 2**31 - 1
EVER = -NEVER
MILLION = 1_000_000
LARGEST = 2.0**39  # about 5.5e11: up to here whole numbers survive the way to millionths and back

Number = TypeVar("Number", bound=np.generic)
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Series:
    """What happened to a block of accounts. Rows stand in any order, one per (account, day).

    account: index in the block. day: days since 1970-01-01. value: finite, or of values that people
    say (may_be_cleared) NaN: from that day on, what was said no longer holds.
    known_from: per account, the first day on which no row means nothing happened; or NEVER.
    """

    account: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    value: Floats
    known_from: npt.NDArray[np.int32]
    may_be_cleared: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows by account, then day. begins: where each account's rows begin, and one more for the end.

    The running arrays have one entry more than there are rows: entry i speaks of the first i rows.
    A cleared value (NaN) adds nothing and is none that happened; it is the latest one all the same.
    """

    begins: Ints
    day: npt.NDArray[np.int32]
    value: Floats

    @cached_property
    def total(self) -> Ints:
        """The sum of the first i values, in millionths.

        An account with values that are too large spoils its own differences alone: where a sum
        wraps around, it does so on both sides of all others.
        """
        whole = np.nan_to_num(self.value).clip(-LARGEST, LARGEST)
        whole *= MILLION
        return _running(np.rint(whole, out=whole).astype(np.int64))

    @cached_property
    def happened(self) -> Ints:
        """How many of the first i values are not 0."""
        return _running(np.abs(self.value) > 0)

    @cached_property
    def happened_day(self) -> npt.NDArray[np.int32]:
        """The day of the i-th value that is not 0, counted from 1."""
        return _from_one(self.day[np.abs(self.value) > 0])

    @cached_property
    def latest_day(self) -> npt.NDArray[np.int32]:
        return _from_one(self.day)

    @cached_property
    def latest_value(self) -> Floats:
        return _from_one(self.value)

    @cached_property
    def above_since(self) -> npt.NDArray[np.int32]:
        """After i rows: since which day the level is above 0; NEVER where it is not."""
        above = self._above()
        begun = self._last_begun(above)
        return _from_one(np.where(above, self.day[begun], np.int32(NEVER)))

    @cached_property
    def zero_since(self) -> npt.NDArray[np.int32]:
        """After i rows: since when the level is not above 0; NEVER where it is, EVER if always."""
        above = self._above()
        since = self.day.copy()
        since[self._firsts()] = EVER
        begun = self._last_begun(~above)
        return _from_one(np.where(above, np.int32(NEVER), since[begun]))

    def _above(self) -> npt.NDArray[np.bool_]:
        """Whether the level is above 0 after each row."""
        starts = np.repeat(self.total[self.begins[:-1]], np.diff(self.begins))
        return self.total[1:] - starts > 0

    def _last_begun(self, state: npt.NDArray[np.bool_]) -> Ints:
        """Up to each row, which one began the state: it was not so before in the account."""
        begins = state.copy()
        begins[1:] &= ~state[:-1]
        firsts = self._firsts()
        begins[firsts] = state[firsts]
        return np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))

    def _firsts(self) -> Ints:
        """The first row of each account that has one."""
        return self.begins[:-1][np.diff(self.begins) > 0]


def sort_rows(name: str, series: Series, accounts: int, last_day: int) -> Rows:
    """Check and sort the rows up to `last_day`; later ones are not looked at. Raises RejectData."""
    seen = series.day <= last_day
    account, day, value = series.account[seen], series.day[seen], series.value[seen]
    key = account.astype(np.int64) * 2**32 + day
    if not _rises(key):
        order = np.argsort(key, kind="stable")
        account, day, value, key = account[order], day[order], value[order], key[order]
    _refuse_twins(name, account, day, key)
    said = np.where(np.isnan(value), 0, value) if series.may_be_cleared else value
    _refuse_wild(name, account, said, accounts)
    begins = np.searchsorted(account, np.arange(accounts + 1)).astype(np.int64)
    return Rows(begins, day, value)


def are_too_large(rows: Rows) -> npt.NDArray[np.bool_]:
    """Return for each account whether its values are too large to be added up exactly."""
    accounts = len(rows.begins) - 1
    account = np.repeat(np.arange(accounts), np.diff(rows.begins))
    sizes = np.bincount(account, weights=np.abs(np.nan_to_num(rows.value)), minlength=accounts)
    return sizes >= LARGEST


def _rises(key: Ints) -> bool:
    return bool((key[1:] > key[:-1]).all())


def _refuse_twins(
    name: str, account: npt.NDArray[np.int32], day: npt.NDArray[np.int32], key: Ints
) -> None:
    if not _rises(key):
        at = int(np.flatnonzero(key[1:] == key[:-1])[0])
        raise RejectData(
            f"Series {name} has two rows for account {account[at]} of its block on day {day[at]}; "
            "add them up before reading."
        )


def _refuse_wild(name: str, account: npt.NDArray[np.int32], value: Floats, accounts: int) -> None:
    if len(account) and not 0 <= account[0] <= account[-1] < accounts:
        raise RejectData(f"Series {name} has rows for accounts outside its block of {accounts}.")
    wild = np.flatnonzero(~np.isfinite(value))
    if len(wild):
        raise RejectData(
            f"Series {name} holds a value that is no number, for account {account[wild[0]]} of its "
            "block."
        )


def _running(values: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Ints:
    result = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=result[1:])
    return result


def _from_one(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    return np.concatenate([np.zeros(1, values.dtype), values])
