"""The hidden state: how content each account is, day by day, and what that means for renewal."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.draws import Days, Floats, generator, sigmoid

WARM_UP_DAYS = 120
RECENT_DAYS = 60
PULL_PER_DAY = 0.015
NOISE_PER_DAY = 0.09
SHOCK_CHANCE = 1 / 160
# Logit of the hazard: intercept by interval, and slope in recent satisfaction. A year's contract
# at satisfaction 0.8, 0.5, 0.2 ends with probability 0.03, 0.16, 0.57; a month's 0.003, 0.02, 0.12.
HAZARD_INTERCEPT = {"year": 1.6, "month": -0.7}
HAZARD_SLOPE = -6.5


@dataclass(frozen=True, slots=True)
class Mood:
    """Arrays of days by accounts. `days` covers the world's start to its end, both included."""

    days: Days
    satisfaction: Floats
    recent: Floats
    hazard: Floats

    def place_of(self, day: np.datetime64) -> int:
        """The row of a day; days before the world's start count as its first day."""
        return max(0, int((day - self.days[0]).astype(int)))


def feel(population: pd.DataFrame, *, seed: int, days: Days) -> Mood:
    """satisfaction is 0 to 1; recent is its mean over the last 60 days, the day included."""
    walk = _walk(population["rest"].to_numpy(), len(days) + WARM_UP_DAYS, seed)
    satisfaction = sigmoid(walk)
    total = np.cumsum(satisfaction, axis=0)
    recent = (total[RECENT_DAYS:] - total[:-RECENT_DAYS]) / RECENT_DAYS
    recent = recent[-len(days) :]
    intercept = population["interval"].map(HAZARD_INTERCEPT).to_numpy(float)
    return Mood(
        days, satisfaction[-len(days) :], recent, sigmoid(intercept + HAZARD_SLOPE * recent)
    )


def _walk(rest: Floats, count: int, seed: int) -> Floats:
    """A mean-reverting walk in logits, with a blow now and then and, half as often, a delight."""
    noise = generator(seed, "mood noise").standard_normal((count, len(rest)))
    chance = generator(seed, "mood shocks").random((count, len(rest)))
    size = generator(seed, "mood shock sizes").uniform(0.8, 2.4, (count, len(rest)))
    step = NOISE_PER_DAY * noise
    step -= np.where(chance < SHOCK_CHANCE, size, 0.0)
    step += np.where(chance > 1 - SHOCK_CHANCE / 2, size, 0.0)
    walk = np.empty_like(step)
    at = rest
    for day in range(count):
        at = at + PULL_PER_DAY * (rest - at) + step[day]
        walk[day] = at
    return walk
