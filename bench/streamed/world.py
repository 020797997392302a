"""A world of any number of accounts in which every value is arithmetic on numbers and the day.

Numbers per account follow the ordinary sandbox's world (sandbox/world): three segments, seats,
prices, the mess of a few. What differs: nobody joins or leaves, and no value comes from a history
that was lived through. Functions of places take an int or an int64 array of them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, NamedTuple

import numpy as np

from sandbox.world.names import FIRST_WORDS, INDUSTRIES, LAST_WORDS
from sandbox.world.population import CRM_ID_BASE, PRICES

DAY = 86_400
MASK = 0xFFFFFFFF
TEN_THOUSAND = 10_000
SEGMENT, HEALTH, AGE, SEATS, PRICE, PAYER, TENURE, YEARS, PHASE, TICKET = range(1, 11)
SHARES = {"smb": 6_000, "mid_market": 9_000, "enterprise": TEN_THOUSAND}  # in ten thousand, summed
SEATS_OF = {"smb": (5, 25), "mid_market": (12, 80), "enterprise": (50, 400)}
Places = Any  # an int, or an int64 array


class Account(NamedTuple):
    """health: 0 to 9,999; it moves use, support, payment and meetings. Amounts: minor units."""

    place: int
    crm_id: str
    tenant_key: str
    name: str
    domain: str
    segment: str
    seats: int
    interval: str
    unit_amount: int
    currency: str
    industry: str
    health: int
    created: int


@dataclass(frozen=True, slots=True)
class World:
    """days: of usage and tickets up to `first`, the first day that is scored; today: the last."""

    accounts: int
    days: int
    first: date
    today: date

    @property
    def now(self) -> int:
        """The end of today, which nothing here has reached."""
        return midnight(self.today + timedelta(days=1))

    @property
    def later_days(self) -> list[date]:
        """The days behind the first one, on which some records change."""
        return [self.first + timedelta(days=n + 1) for n in range((self.today - self.first).days)]

    def changed_on(self, numbers: Places, every: int) -> Places:
        """The ordinal of the newest later day on which a record changed, 0 for none.

        Each day changes one record in `every`: no more than that many days may pass.
        """
        today = self.today.toordinal()
        newest = today - (numbers + today) % every
        return newest * (newest > self.first.toordinal())

    def account(self, place: int) -> Account:
        number, health = place + 1, draw(place, HEALTH)
        segment = next(name for name, up_to in SHARES.items() if draw(place, SEGMENT) < up_to)
        (least, most), (low, high) = SEATS_OF[segment], PRICES[segment]
        yearly = is_yearly(place)
        cents = low + (high - low) * draw(place, PRICE) // TEN_THOUSAND // 100 * 100
        first = FIRST_WORDS[place % len(FIRST_WORDS)]
        last = LAST_WORDS[place // len(FIRST_WORDS) % len(LAST_WORDS)]
        return Account(
            place=place,
            crm_id=str(CRM_ID_BASE + number),
            tenant_key=f"t-{number:08d}",
            name=f"{first} {last} {number} Inc",
            domain=f"{first}-{last}{number}.example".lower(),
            segment=segment,
            seats=least + (most - least) * draw(place, SEATS) ** 3 // TEN_THOUSAND**3,
            interval="year" if yearly else "month",
            unit_amount=cents * 10 if yearly else cents,
            currency="eur" if place % 10 == 7 else "usd",
            industry=INDUSTRIES[place % len(INDUSTRIES)],
            health=health,
            created=self.met(place),
        )

    def met(self, places: Places) -> Places:
        """When sales first met an account."""
        return midnight(self.first) - (120 + draw(places, AGE) % 1_000) * DAY + 36_000


def draw(numbers: Places, salt: int) -> Places:
    """0 to 9,999, evenly: always the same for the same number and salt."""
    mixed = (numbers * 0x9E3779B1 + salt * 0x85EBCA77) & MASK
    mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & MASK
    mixed = ((mixed ^ (mixed >> 12)) * 0x297A2D39) & MASK
    return (mixed ^ (mixed >> 15)) % TEN_THOUSAND


def where(condition: Places, yes: Places, no: Places) -> Places:
    """As numpy's, but quick for one place."""
    return (
        np.where(condition, yes, no)
        if isinstance(condition, np.ndarray)
        else yes
        if condition
        else no
    )


def is_yearly(places: Places) -> Places:
    """Small accounts pay by the month, others by the year."""
    return draw(places, SEGMENT) >= SHARES["smb"]


def midnight(day: date) -> int:
    return int(datetime.combine(day, time_of_day(), UTC).timestamp())


def ordinals_to_seconds(days: Places) -> Places:
    """The midnight that begins each ordinal day."""
    return (days - date(1970, 1, 1).toordinal()) * DAY


def iso(second: int, *, millis: str = "") -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}{millis}Z"


def ascending(chosen: Any, start: int, stop: int, need: int) -> list[int]:
    """The first `need` numbers from start up, below stop, that `chosen` marks in an array."""
    found: list[int] = []
    while start < stop and len(found) < need:
        part = np.arange(start, min(start + 2_048, stop))
        found += part[chosen(part)].tolist()
        start += 2_048
    return found[:need]
