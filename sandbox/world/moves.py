"""What people change about an account in the CRM: its owner, its segment, its parent.

Each kind has draws of its own, so that nothing else in the world depends on them. Days are drawn
once, over the two years after the world's start; what lies after its end has not happened yet.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sandbox.world.draws import Days, Whole, generator, seconds_of, working_time

MOVING_DAYS = 730
OWNER_CHANGE_SHARE = 0.25
SEGMENT_CHANGE_SHARE = 0.06
FAMILY_SHARE = 0.01  # of accounts that head one: five accounts, four deep
OTHER_SEGMENT = {"smb": "mid_market", "mid_market": "enterprise", "enterprise": "mid_market"}

# Place of the account, the column of accounts that changed, when, and its value as text.
Move = tuple[int, str, np.datetime64, str | None]


def moves(
    population: pd.DataFrame, owners: Whole, *, owner_count: int, seed: int, start: np.datetime64
) -> Iterator[Move]:
    """What was entered first, and what people made of it later, in no order.

    owners: number of each account's first owner, 0 for none.
    """
    created = population["created_at"].to_numpy().astype("datetime64[s]")
    for place, number in enumerate(owners):
        if number:
            yield place, "owner_no", created[place], str(number)
    for place, at in _changed(population, "owner changes", OWNER_CHANGE_SHARE, (seed, start)):
        step = 1 + int(population["account_no"].iloc[place]) % (owner_count - 1)
        if owners[place]:
            yield place, "owner_no", at, str(1 + (owners[place] - 1 + step) % owner_count)
    pairs = zip(population["segment"], population["has_no_segment"], strict=True)
    segments = [None if is_unknown else segment for segment, is_unknown in pairs]
    for place, segment in enumerate(segments):
        if segment is not None:
            yield place, "segment", created[place], segment
    for place, at in _changed(population, "segment changes", SEGMENT_CHANGE_SHARE, (seed, start)):
        if segments[place] is not None:
            yield place, "segment", at, OTHER_SEGMENT[segments[place]]
    yield from _families(population, created, seed=seed, start=start)


def _changed(
    population: pd.DataFrame, purpose: str, share: float, world: tuple[int, np.datetime64]
) -> Iterator[tuple[int, np.datetime64]]:
    """That share of the accounts, one at least if any can, each at a working hour of some day."""
    seed, start = world
    count = len(population)
    rng = generator(seed, purpose)
    order, days = rng.permutation(count), start + rng.integers(0, MOVING_DAYS, count)
    at = seconds_of(days, working_time(rng, count))
    created = population["created_at"].to_numpy().astype("datetime64[s]")
    for place in order[: max(1, round(share * count))]:
        if at[place] > created[place]:
            yield int(place), at[place]


def _families(
    population: pd.DataFrame, created: Days, *, seed: int, start: np.datetime64
) -> Iterator[Move]:
    """Subsidiaries: those with their parent's domain, and families in which one moves house.

    In a family the second belongs to the first, the third to the second, the fourth to the third;
    the fifth to the first, until it is handed to the second.
    """
    parents = population["parent_no"]
    for place in np.flatnonzero(parents.notna()):
        yield int(place), "parent_no", created[place], str(parents.iloc[place])
    rng = generator(seed, "families")
    kin = set(parents.dropna().astype(int) - 1) | set(np.flatnonzero(parents.notna()))
    free = [place for place in rng.permutation(len(population)) if place not in kin]
    free = [place for place in free if not population["is_archived_prospect"].iloc[place]]
    numbers = population["account_no"].to_numpy()
    for ordinal in range(max(1, round(FAMILY_SHARE * len(population)))):
        members = free[5 * ordinal : 5 * ordinal + 5]
        if len(members) < 5:
            return
        met_at = max(created[place] for place in members)
        for child, parent in ((1, 0), (2, 1), (3, 2), (4, 0)):
            yield int(members[child]), "parent_no", met_at, str(numbers[members[parent]])
        handed_at = seconds_of(start + rng.integers(10, 300), 15 * 3600)
        yield int(members[4]), "parent_no", max(handed_at, met_at + 1), str(numbers[members[1]])
