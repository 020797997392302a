"""How each account's contract goes: periods, seats, notice, renewal or churn.

Terms that ended before the world's start were all renewed: who left earlier is not in the world.
Every decision is taken on a day of the world from the satisfaction up to that day, with draws by
account and ordinal, so a longer world only adds to it.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sandbox.world.draws import Days, Floats, Whole, add_months, generator
from sandbox.world.population import Account
from sandbox.world.satisfaction import Mood

MONTHS = {"month": 1, "year": 12}
LONGEST_NOTICE_DAYS = {"month": 12, "year": 60}
SEAT_ROOM = 1.6
LAG_DAYS = 21
RETURNING_SEATS = 0.8


@dataclass(frozen=True, slots=True)
class SeatChange:
    """decided_on is when sales opened a deal for it; contractions take effect at once."""

    decided_on: np.datetime64
    on: np.datetime64
    before: int
    after: int


@dataclass(slots=True)
class Contract:
    """One account's, up to the world's end; NaT for what has not happened.

    ordinal: 0 for its first contract, 1 for that of one who came back. `periods` are the first days
    of paid periods, the last of them running at the end.
    """

    place: int
    starts_on: np.datetime64
    first_seats: int
    most_seats: int
    interval: str
    ordinal: int = 0
    periods: list[np.datetime64] = field(default_factory=list)
    changes: list[SeatChange] = field(default_factory=list)
    renewals: list[np.datetime64] = field(default_factory=list)
    notice_on: np.datetime64 = field(default_factory=lambda: np.datetime64("NaT"))
    churned_on: np.datetime64 = field(default_factory=lambda: np.datetime64("NaT"))
    period_end: np.datetime64 = field(default_factory=lambda: np.datetime64("NaT"))

    def seats_on(self, day: np.datetime64) -> int:
        """Seats under contract on that day, changes of the day included; 0 outside of it."""
        if day < self.starts_on or day >= self.churned_on:
            return 0
        return next((c.after for c in reversed(self.changes) if c.on <= day), self.first_seats)


def run_contracts(population: pd.DataFrame, mood: Mood, *, seed: int) -> list[Contract]:
    """The contracts that have begun, in the order of their accounts."""
    contracts = []
    for row in population.itertuples():
        if row.is_prospect or row.is_archived_prospect:
            continue
        if np.datetime64(row.starts_on, "D") <= mood.days[-1]:
            contracts.append(_run(row, mood, seed))
            contracts += _return(row, contracts[-1], mood, seed)
    return contracts


def _return(row: Account, left: Contract, mood: Mood, seed: int) -> list[Contract]:
    """The second contract of an account that left and came back with fewer seats."""
    if np.isnat(left.churned_on) or not row.comes_back:
        return []
    starts_on = left.churned_on + int(row.away_days)
    starts_on = min(starts_on, starts_on.astype("datetime64[M]").astype("datetime64[D]") + 27)
    if starts_on > mood.days[-1]:
        return []
    seats = max(2, int(row.seats * RETURNING_SEATS))
    again = row._replace(starts_on=starts_on, seats=seats)
    return [_run(again, mood, seed, ordinal=1)]


def seat_room(population: pd.DataFrame) -> Whole:
    """The most seats an account can ever have."""
    return np.ceil(population["seats"].to_numpy() * SEAT_ROOM).astype(int)


def seats_by_day(contracts: list[Contract], days: Days, accounts: int) -> Whole:
    """Seats as days by accounts; 0 where no contract runs."""
    seats = np.zeros((len(days), accounts), dtype=np.int32)
    for contract in contracts:
        live = days >= contract.starts_on
        seats[live, contract.place] = contract.first_seats
        for change in contract.changes:
            seats[days >= change.on, contract.place] = change.after
        seats[days >= contract.churned_on, contract.place] = 0
    return seats


def _run(row: Account, mood: Mood, seed: int, ordinal: int = 0) -> Contract:
    contract = Contract(
        place=row.Index,
        starts_on=np.datetime64(row.starts_on, "D"),
        first_seats=row.seats,
        most_seats=math.ceil(row.seats * SEAT_ROOM),
        interval=row.interval,
        ordinal=ordinal,
    )
    rng = generator(seed, "contract", row.account_no, *([ordinal] if ordinal else []))
    months = MONTHS[row.interval]
    at, term = contract.starts_on, 0
    while at <= mood.days[-1] and np.isnat(contract.churned_on):
        contract.periods.append(at)
        term += 1
        following = add_months(contract.starts_on, months * term)
        draws = rng.random((16, 3))
        contract.period_end = following
        _grow_in_term(contract, mood, draws[:12])
        _renew(contract, mood, draws[12:])
        at = following
    return contract


def _grow_in_term(contract: Contract, mood: Mood, draws: Floats) -> None:
    """Within a year's term, a content account may buy seats in any month, three weeks later."""
    if contract.interval == "month":
        return
    for month in range(1, 10):
        decided_on = add_months(contract.periods[-1], month)
        on = decided_on + LAG_DAYS
        if mood.days[0] <= decided_on <= mood.days[-1]:
            recent = mood.recent[mood.place_of(decided_on), contract.place]
            chance, size, _ = draws[month]
            if chance < 0.05 * max(0.0, recent - 0.45):
                _change(contract, decided_on, on, 1.1 + 0.25 * size)


def _renew(contract: Contract, mood: Mood, draws: Floats) -> None:
    """Decide what happens at the period's end, if the day of decision has come."""
    due = contract.period_end
    if due < mood.days[0] or due <= contract.starts_on:
        return
    (gives_notice, notice, decision), (moves, size, _) = draws[0], draws[1]
    days_before = int(notice * LONGEST_NOTICE_DAYS[contract.interval]) if gives_notice < 0.5 else 0
    decided_on = max(due - days_before, mood.days[0])
    if decided_on > mood.days[-1]:
        return
    if decision < mood.hazard[mood.place_of(decided_on), contract.place]:
        contract.notice_on = decided_on
        if due <= mood.days[-1]:
            contract.churned_on = due
        return
    if due <= mood.days[-1]:
        contract.renewals.append(due)
        recent = mood.recent[mood.place_of(due), contract.place]
        often = 1.0 if contract.interval == "year" else 0.12
        if moves < often * max(0.0, recent - 0.4):
            _change(contract, due, due, 1.08 + 0.2 * size)
        elif moves > 1 - often * max(0.0, 0.6 - recent):
            _change(contract, due, due, 0.9 - 0.25 * size)


def _change(
    contract: Contract, decided_on: np.datetime64, on: np.datetime64, factor: float
) -> None:
    before = contract.changes[-1].after if contract.changes else contract.first_seats
    after = min(max(2, round(before * factor)), contract.most_seats)
    if after != before:
        contract.changes.append(SeatChange(decided_on, on, before, after))
