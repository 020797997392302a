"""Which records a streamed HubSpot has: ids, times and values, by place.

A kind has a few places for each account; a record's place is the account's times their number, plus
its own. Places may be arrays except in `values`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench.streamed.world import (
    DAY,
    HEALTH,
    TEN_THOUSAND,
    Account,
    Places,
    World,
    draw,
    iso,
    midnight,
    ordinals_to_seconds,
    where,
)
from sandbox.vendors.hubspot_people import OWNERS_FROM
from sandbox.vendors.hubspot_world import MEETING_TYPES
from sandbox.world.crm import owner_count
from sandbox.world.names import FAMILY, GIVEN, JOB_TITLES
from sandbox.world.population import CRM_ID_BASE

ROLES = ("EXECUTIVE_SPONSOR", "CHAMPION", "DECISION_MAKER", None)
HELD = 3  # places for meetings of before; behind them one for each later day
MEETING_EVERY = 45
CHANGED_AT = 15 * 3_600
Values = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """step: between the first ids of two accounts. every: one in so many changes on a day."""

    name: str
    singular: str
    base: int
    step: int
    width: int
    every: int
    created: str
    modified: str
    types: tuple[tuple[int, str | None], ...]  # of its association with its company
    exists: Callable[[World, Places], Places]
    made: Callable[[World, Places], Places]
    values: Callable[[World, Account, int, int], Values]

    def count(self, world: World) -> int:
        return world.accounts * self.width

    def ids(self, places: Places) -> Places:
        return self.base + (places // self.width + 1) * self.step + places % self.width

    def place(self, world: World, record_id: object) -> int | None:
        """The place of the record with an id; None where there is none."""
        if not str(record_id).isdigit():
            return None
        account, own = divmod(int(str(record_id)) - self.base, self.step)
        place = (account - 1) * self.width + own
        is_here = 1 <= account <= world.accounts and own < self.width
        return place if is_here and self.exists(world, place) else None

    def from_id(self, record_id: int) -> int:
        """The first place whose id is that or more."""
        account, own = divmod(record_id - self.base, self.step)
        return max(0, (account - 1) * self.width + min(own, self.width))

    def changed(self, world: World, places: Places) -> Places:
        """When people last changed each record."""
        day = world.changed_on(places, self.every) if self.every else places * 0
        return where(day > 0, ordinals_to_seconds(day) + CHANGED_AT, self.made(world, places))


def _company(world: World, account: Account, _own: int, changed: int) -> Values:
    later = changed // DAY % 7 if changed > account.created else 0
    renewal = world.first + timedelta(days=account.place % 360)
    yearly = account.seats * account.unit_amount * (1 if account.interval == "year" else 12)
    level = min(5, 1 + (account.health + later * 300) * 5 // TEN_THOUSAND)
    owner = account.place * 7 % (owner_count(world.accounts) - 1)
    is_rated = account.place % 3 > 0
    return {
        "name": account.name, "domain": account.domain, "hs_additional_domains": None,
        "website": f"https://www.{account.domain}",
        "hubspot_owner_id": str(OWNERS_FROM + 1 + owner),
        "industry": account.industry, "numberofemployees": str(account.seats * 3 + later),
        "annualrevenue": None, "lifecyclestage": "customer", "hs_parent_company_id": None,
        "hs_merged_object_ids": None,
        "arr": None if account.place % 33 == 0 else str(yearly // 100),
        "renewal_date": renewal.isoformat(), "segment": account.segment,
        "tenant_key": account.tenant_key, "csm_pulse": str(level) if is_rated else None,
        "csm_pulse_reason": "As told in the last call" if is_rated else None,
    }  # fmt: skip


def _contact(_world: World, account: Account, own: int, _changed: int) -> Values:
    first, last = GIVEN[(account.place + own) % len(GIVEN)], FAMILY[account.place % len(FAMILY)]
    return {
        "email": f"{first}.{last}{own}@{account.domain}".lower(),
        "jobtitle": JOB_TITLES[(account.place + own) % len(JOB_TITLES)],
        "hs_buying_role": ROLES[own], "hs_email_optout": "false",
    }  # fmt: skip


def _deal(_world: World, account: Account, own: int, changed: int) -> Values:
    is_won, amount = own == 0, str(account.seats * account.unit_amount // 100)
    kind = "renewal" if is_won else "expansion"
    return {
        "dealname": f"{account.name} {kind}", "amount": amount, "amount_in_home_currency": amount,
        "deal_currency_code": account.currency.upper(),
        "dealstage": "130940018" if is_won else "130940015", "pipeline": "70110042",
        "closedate": iso(changed, millis=".000"), "hs_is_closed": str(is_won).lower(),
        "hs_is_closed_won": str(is_won).lower(), "hs_is_closed_lost": "false", "dealtype": kind,
    }  # fmt: skip


def _meeting(world: World, account: Account, own: int, _changed: int) -> Values:
    starts = int(_meets(world, account.place * MEETINGS.width + own))
    kind = "review" if own == 0 else "check_in"
    return {
        "hs_meeting_title": f"{MEETING_TYPES[kind]} with {account.name}",
        "hs_meeting_start_time": iso(starts, millis=".000"),
        "hs_meeting_end_time": iso(starts + 3_600, millis=".000"),
        "hs_meeting_outcome": "COMPLETED", "hs_activity_type": MEETING_TYPES[kind],
        "hs_timestamp": iso(starts, millis=".000"),
    }  # fmt: skip


def _meets(world: World, places: Places) -> Places:
    """When a meeting begins, and its record was made: healthy accounts have had more of them."""
    account, own = places // MEETINGS.width, places % MEETINGS.width
    before = midnight(world.first) - (8 + own * 27 + account % 20) * DAY
    return where(own < HELD, before, midnight(world.first) + (own - HELD + 1) * DAY) + 36_000


def _is_meeting(world: World, places: Places) -> Places:
    account, own = places // MEETINGS.width, places % MEETINGS.width
    held = own < draw(account, HEALTH) * (HELD + 1) // TEN_THOUSAND
    day = world.first.toordinal() + own - HELD + 1
    met = ((account + day) % MEETING_EVERY == 0) & (day <= world.today.toordinal())
    return ((own < HELD) & held) | ((own >= HELD) & met)


def _met(width: int) -> Callable[[World, Places], Places]:
    return lambda world, places: world.met(places // width)


COMPANIES = Kind(
    "companies", "company", CRM_ID_BASE, 1, 1, 50, "createdate", "hs_lastmodifieddate", (),
    lambda _world, places: places >= 0, _met(1), _company,
)  # fmt: skip
CONTACTS = Kind(
    "contacts", "contact", 51_000_000_000, 1_000, 4, 200, "createdate", "lastmodifieddate",
    ((1, "Primary"), (279, None)),
    lambda _world, places: places % 4 < 3 + places // 4 % 2, _met(4), _contact,
)  # fmt: skip
DEALS = Kind(
    "deals", "deal", 30_000_000_000, 1_000, 2, 40, "createdate", "hs_lastmodifieddate",
    ((5, "Primary"), (341, None)),
    lambda _world, places: (places % 2 == 0) | (places // 2 % 5 < 2), _met(2), _deal,
)  # fmt: skip
MEETINGS = Kind(
    "meetings", "meeting", 60_000_000_000, 1_000, 10, 0, "hs_createdate", "hs_lastmodifieddate",
    ((188, None),), _is_meeting, _meets, _meeting,
)  # fmt: skip
ANSWERS = Kind(
    "feedback_submissions", "feedback_submission", 70_000_000_000, 1_000, 1, 0, "hs_createdate",
    "hs_lastmodifieddate", (), lambda _world, places: places < 0, _met(1), _company,
)  # fmt: skip
KINDS = {kind.name: kind for kind in (COMPANIES, CONTACTS, DEALS, MEETINGS, ANSWERS)}


def owners(world: World) -> Iterator[dict[str, Any]]:
    """As in the ordinary sandbox: one for 60 accounts; the last has left."""
    at, count = iso(midnight(date(2025, 1, 1)), millis=".000"), owner_count(world.accounts)
    for number in range(1, count + 1):
        first, last = GIVEN[number * 3 % len(GIVEN)], FAMILY[number * 5 % len(FAMILY)]
        yield {
            "id": str(OWNERS_FROM + number),
            "email": f"{first}.{last}{number}@vendor.example".lower(),
            "type": "PERSON", "firstName": first, "lastName": last,
            **({"userId": 7_000_000 + number} if number < count else {}),
            "userIdIncludingInactive": 7_000_000 + number, "createdAt": at, "updatedAt": at,
            "archived": number == count,
            "teams": [{"id": "178588", "name": "Customer success", "primary": True}],
        }  # fmt: skip
