"""Readings carried forward: the last one known holds for some days more where a card says so.

Only within days on which the account is a customer, one after the other; a reading that was carried
itself is as old as what it goes back to.
"""

import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from include.canonical import canonical
from include.scoring.policies import Carry
from include.scoring.scorecard import Scorecard

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ages = npt.NDArray[np.int16]
LONG_AGO = -(2**30)


def carry_days(card: Scorecard) -> list[int]:
    """Return for each measure how many days its last reading holds; 0: not beyond its own."""
    policies = [measure.when_unknown for measure in card.measures]
    return [one.carry_days if isinstance(one, Carry) else 0 for one in policies]


def carry_along(readings: Floats, is_scored: Bools, days: Sequence[int]) -> Ages:
    """Fill gaps in readings (account, day, measure) in place, and return the ages in days.

    is_scored: (account, day), where the account is a customer. An age of 0 is a day's own reading,
    or unknown.
    """
    ages = np.zeros(readings.shape, np.int16)
    column = np.arange(readings.shape[1])
    gap = np.maximum.accumulate(np.where(is_scored, LONG_AGO, column), axis=1)
    for j in np.flatnonzero(days).tolist():
        own = readings[:, :, j]
        unknown = np.isnan(own)
        last = np.maximum.accumulate(np.where(unknown, LONG_AGO, column), axis=1)
        filled = unknown & (last > gap) & (column - last <= days[j])
        line, day = np.nonzero(filled)
        own[line, day] = own[line, last[line, day]]
        ages[line, day, j] = day - last[line, day]
    return ages


def carry_over(readings: Floats, before: tuple[Floats, Ages], days: Sequence[int]) -> Ages:
    """Fill gaps of one day in place from an earlier one, (account, measure); return the ages.

    before: what was known then, and how old it is on the day to fill.
    """
    values, age = before
    filled = np.isnan(readings) & ~np.isnan(values) & (age <= np.array(days, np.int16))
    readings[filled] = values[filled]
    return np.where(filled, age, np.int16(0))


def write_ages(ages: Ages, names: Sequence[str]) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return for each row of ages (row, measure) its place among the JSON texts beside, -1 for 0s.

    A text has the age in days by the measure's name.
    """
    codes = np.full(len(ages), -1, np.intp)
    rows = np.flatnonzero(ages.any(axis=1))
    distinct, places = np.unique(ages[rows], axis=0, return_inverse=True)
    codes[rows] = places.ravel()
    return codes, [
        canonical({name: int(age) for name, age in zip(names, one, strict=True) if age})
        for one in distinct
    ]


def read_ages(codes: npt.NDArray[np.intp], words: Sequence[str], names: Sequence[str]) -> Ages:
    """Return the ages of rows (row, measure) that `write_ages` wrote for these measures."""
    said = [*(json.loads(word) for word in words), {}]
    ages = np.array([[one.get(name, 0) for name in names] for one in said], np.int16)
    return ages[codes]
