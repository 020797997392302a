"""What account managers do: set the pulse and hold meetings."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.contracts import Contract
from sandbox.world.draws import generator
from sandbox.world.frames import table_of
from sandbox.world.population import Account
from sandbox.world.satisfaction import Mood

PULSED_SHARE = 0.6
PULSE_GAP_DAYS = (30, 91)
PULSE_NOISE = 0.14
PULSE_REASONS = {
    1: "Looking at competitors",
    2: "Unhappy with support",
    3: "Quiet lately",
    4: "Steady use",
    5: "Champion loves it",
}
MEETING_SPAN = 1_000
TITLES = {
    "kickoff": "Kickoff",
    "training": "Training",
    "check_in": "Check-in",
    "review": "Executive business review",
}
# First number within the account and days between meetings, by segment; kickoff and training are
# held once, and a segment that is not named has none.
FIRST_NUMBER = {"kickoff": 0, "training": 1, "check_in": 100, "review": 500}
SECOND_CONTRACT = 200
RHYTHM = {
    "check_in": {"smb": 75, "mid_market": 45, "enterprise": 30},
    "review": {"mid_market": 120, "enterprise": 90},
}
ONCE_AFTER_DAYS = {"kickoff": 5, "training": 20}
INVITED_DAYS_AHEAD = 21
HOUR = np.timedelta64(3600, "s")

Row = tuple[object, ...]


def set_pulses(
    population: pd.DataFrame, contracts: list[Contract], mood: Mood, *, seed: int
) -> pd.DataFrame:
    """The table pulses: noisy, only for some accounts, every 30 to 90 days."""
    rows: list[Row] = []
    for contract in contracts:
        account_no = int(population["account_no"].iloc[contract.place])
        rng = generator(
            seed, "pulse", account_no, *([contract.ordinal] if contract.ordinal else [])
        )
        if rng.random() < PULSED_SHARE:
            rows += _pulses(account_no, contract, mood, rng)
    return table_of("pulses", rows)


def _pulses(
    account_no: int, contract: Contract, mood: Mood, rng: np.random.Generator
) -> Iterator[Row]:
    day = max(contract.starts_on, mood.days[0]) + int(rng.integers(5, 60))
    while day <= mood.days[-1] and not day >= contract.churned_on:
        content = mood.satisfaction[mood.place_of(day), contract.place]
        value = int(np.clip(round(1 + 4 * (content + rng.normal(0, PULSE_NOISE))), 1, 5))
        moment = day.astype("datetime64[s]") + int(rng.integers(9 * 3600, 17 * 3600))
        yield account_no, moment, value, PULSE_REASONS[value]
        day += int(rng.integers(*PULSE_GAP_DAYS))


def hold_meetings(
    population: pd.DataFrame, contracts: list[Contract], mood: Mood, *, seed: int
) -> pd.DataFrame:
    """The table meetings: who is content comes, who is not cancels or does not show up."""
    accounts = list(population.itertuples())
    rows: list[Row] = []
    for contract in contracts:
        account = accounts[contract.place]
        for kind in TITLES:
            again = [contract.ordinal] if contract.ordinal else []
            rng = generator(seed, f"meetings {kind}", account.account_no, *again)
            diary = Diary(account, contract, mood, kind, rng)
            rows += diary.rows()
    return table_of("meetings", rows)


@dataclass(frozen=True, slots=True)
class Diary:
    """One account's meetings of one kind."""

    account: Account
    contract: Contract
    mood: Mood
    kind: str
    rng: np.random.Generator

    def rows(self) -> Iterator[Row]:
        """Every meeting whose invitation has been sent by the world's end."""
        last = self.mood.days[-1]
        for number, day in enumerate(self._days(), self._first_number()):
            ahead, comes, second = self.rng.random(3)
            invited_on = max(day - 7 - int(ahead * INVITED_DAYS_AHEAD), self.contract.starts_on)
            if day - 7 - INVITED_DAYS_AHEAD > last or invited_on >= self.contract.churned_on:
                return
            if invited_on <= last:
                starts_at = day.astype("datetime64[s]") + int(8 + second * 9) * HOUR
                yield self._row(number, invited_on, starts_at, comes)

    def _first_number(self) -> int:
        """A second contract's meetings go on in the middle of the kind's numbers."""
        room = 10 if self.kind in ONCE_AFTER_DAYS else SECOND_CONTRACT
        return FIRST_NUMBER[self.kind] + room * self.contract.ordinal

    def _days(self) -> Iterator[np.datetime64]:
        start = self.mood.days[0]
        begin = max(self.contract.starts_on, start)
        if self.kind in ONCE_AFTER_DAYS:
            if self.contract.starts_on >= start:
                yield begin + ONCE_AFTER_DAYS[self.kind]
            return
        gap = RHYTHM[self.kind].get(self.account.segment)
        if gap is None:
            return
        day = begin + int(self.rng.integers(10, gap + 10))
        while True:
            yield day
            day += int(self.rng.integers(gap - 8, gap + 9))

    def _row(
        self, number: int, invited_on: np.datetime64, starts_at: np.datetime64, comes: float
    ) -> Row:
        """`comes`: a draw, 0 to 1."""
        invited_at = invited_on.astype("datetime64[s]") + 10 * HOUR
        ends_at = starts_at + HOUR
        day = starts_at.astype("datetime64[D]")
        until = (self.mood.days[-1] + 1).astype("datetime64[s]")
        outcome, changed_at = "SCHEDULED", invited_at
        if day >= self.contract.churned_on:
            gone_at = self.contract.churned_on.astype("datetime64[s]") + 12 * HOUR
            outcome, changed_at = "CANCELED", gone_at
        elif ends_at < until:
            outcome, changed_at = self._outcome(day, comes), ends_at
        account_no = self.account.account_no
        title = f"{TITLES[self.kind]} with {self.account.name}"
        return (
            account_no * MEETING_SPAN + number,
            account_no,
            self.kind,
            title,
            starts_at,
            ends_at,
            outcome,
            invited_at,
            changed_at,
        )

    def _outcome(self, day: np.datetime64, comes: float) -> str:
        content = self.mood.satisfaction[self.mood.place_of(day), self.contract.place]
        if comes < 0.4 + 0.55 * content:
            return "COMPLETED"
        return "CANCELED" if comes < 0.8 else "NO_SHOW"
