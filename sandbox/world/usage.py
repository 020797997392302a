"""Product events: who used what, drawn day by day over all seats at once.

A contented account has more of its people in the product, they do more, and over more features; a
new one ramps up over its first weeks; weekends are quiet.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.draws import Floats, Whole, generator, working_time
from sandbox.world.people import People
from sandbox.world.satisfaction import Mood

FEATURES = (
    "dashboard_viewed",
    "report_exported",
    "workflow_run",
    "integration_synced",
    "api_called",
    "teammate_invited",
)
EVENTS = ("page_viewed", *FEATURES)
PAGE_VIEW_SHARE = 0.35
WEEKEND = 0.12
RAMP_DAYS = 25.0
UNGROUPED_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Habits:
    """Arrays of days by accounts: chance that a middling user is active, events each, features."""

    activity: Floats
    events: Floats
    breadth: Whole


def use_product(
    population: pd.DataFrame, people: People, seats: Whole, mood: Mood, *, seed: int
) -> pd.DataFrame:
    """The table events, in order of time; event and tenant_key are categoricals.

    A share of 0.01 of the events carries no group (tenant_key "").
    """
    habits = _habits(population, seats, mood)
    zeal = generator(seed, "zeal").lognormal(0.0, 0.7, len(people.place))
    taste = _tastes(len(population), seed)
    slots = np.flatnonzero(people.may_use)
    arrived_on = (people.created_at.astype("datetime64[D]") - mood.days[0]).astype(int)
    about = (seats, habits, zeal, taste, arrived_on)
    days = [
        _one_day(day, people, slots, about, generator(seed, "usage", day))
        for day in range(len(mood.days))
    ]
    kind, person, place, second = (np.concatenate(part) for part in zip(*days, strict=True))
    counts = [len(part[0]) for part in days]
    start = mood.days.astype("datetime64[s]")
    tenants = ["", *population["tenant_key"]]
    return pd.DataFrame(
        {
            "event": pd.Categorical.from_codes(kind, EVENTS),
            "at": np.repeat(start, counts) + second.astype("timedelta64[s]"),
            "person_no": people.person_no[person],
            "tenant_key": pd.Categorical.from_codes(place, tenants),
        }
    )


def _habits(population: pd.DataFrame, seats: Whole, mood: Mood) -> Habits:
    content = mood.satisfaction
    joined = population["starts_on"].to_numpy().astype("datetime64[D]")
    age = np.maximum(0, (mood.days[:, None] - joined[None, :]).astype(float))
    ramp = 1 - 0.8 * np.exp(-age / RAMP_DAYS)
    weekday = (mood.days.astype(int) + 3) % 7  # Monday is 0; day 0 of the epoch was a Thursday
    pace = np.where(weekday >= 5, WEEKEND, 1.0)[:, None]
    eagerness = population["eagerness"].to_numpy()
    activity = eagerness * (0.10 + 0.95 * content) * ramp * pace * (seats > 0)
    breadth = 1 + np.round((len(FEATURES) - 1) * (0.15 + 0.85 * content) * ramp).astype(int)
    return Habits(activity, 0.5 + 1.8 * content, np.clip(breadth, 1, len(FEATURES)))


def _tastes(accounts: int, seed: int) -> Whole:
    """The order in which each account takes up the features."""
    return np.argsort(generator(seed, "tastes").random((accounts, len(FEATURES))), axis=1)


def _one_day(
    day: int,
    people: People,
    slots: Whole,
    about: tuple[Whole, Habits, Floats, Whole, Whole],
    rng: np.random.Generator,
) -> tuple[Whole, Whole, Whole, Whole]:
    """Event kind, person, tenant (0: none) and second of one day, in order of time."""
    seats, habits, zeal, taste, arrived_on = about
    place = people.place[slots]
    chance = 1 - np.exp(-habits.activity[day, place] * zeal[slots])
    is_here = (people.ordinal[slots] <= seats[day, place]) & (arrived_on[slots] < day)
    active = slots[(rng.random(len(slots)) < chance) & is_here]
    account = people.place[active]
    person = np.repeat(active, 1 + rng.poisson(habits.events[day, account]))
    account = people.place[person]
    choice = rng.random((3, len(person)))
    rank = (choice[0] * habits.breadth[day, account]).astype(int)
    feature = 1 + taste[account, rank]
    kind = np.where(choice[1] < PAGE_VIEW_SHARE, 0, feature)
    tenant = np.where(choice[2] < UNGROUPED_SHARE, 0, account + 1)
    second = working_time(rng, len(person))
    order = np.argsort(second, kind="stable")
    return kind[order].astype(np.int8), person[order], tenant[order].astype(np.int32), second[order]
