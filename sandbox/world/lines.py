"""A subscription: an account's contract as billing sees it."""

from dataclasses import dataclass

import numpy as np

from sandbox.world.contracts import Contract
from sandbox.world.draws import text_id
from sandbox.world.population import Account


@dataclass(frozen=True, slots=True)
class Line:
    """`start` is its first moment. fixed_seats: an add-on whose seats never change."""

    account: Account
    contract: Contract
    start: np.datetime64
    currency: str
    unit_amount_minor: int
    seed: int
    fixed_seats: int | None = None

    @property
    def number(self) -> int:
        """Also the customer's number: a customer has one subscription here."""
        own = int(self.account.account_no) * 10 + 2 * self.contract.ordinal
        return own + (self.fixed_seats is not None)

    @property
    def customer_no(self) -> int:
        return self.number

    @property
    def subscription_id(self) -> str:
        return text_id("sub_1", 23, self.seed, "subscription", self.number)

    def moment(self, day: np.datetime64) -> np.datetime64:
        """Billing happens at the subscription's own time of day; NaT stays NaT."""
        time_of_day = self.start - self.start.astype("datetime64[D]").astype("datetime64[s]")
        return day.astype("datetime64[s]") + time_of_day

    def seats_on(self, day: np.datetime64) -> int:
        if self.fixed_seats is not None:
            return self.fixed_seats
        return self.contract.seats_on(day)
