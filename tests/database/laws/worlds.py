"""Random worlds: what happens to a few customers, and the records in which vendors would tell it.

Happenings are said in local wall time, so that one world can be told in any time zone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

START, DAYS = date(2026, 1, 5), 100  # both America/New_York and Europe/Berlin change their clocks
LAST = START + timedelta(days=DAYS - 1)
ACCOUNTS = 3
STAGES = ("lead", "customer", "other")
PEOPLE, FEATURES = ("ann", "bob", "cleo", "dan"), ("report", "workflow", "export")
# Around midnight, where a wrong time zone shows; none in the hour that clocks leave out.
MINUTES = (0, 30, 12 * 60, 23 * 60 + 30, 24 * 60 - 1)


@dataclass(frozen=True)
class Happening:
    """Something on a day (counted from START). value, more: what there is to say about it.

    until: the day on which it ends (a ticket is solved, an invoice paid, a subscription ends).
    """

    kind: str
    account: int
    day: int
    minute: int
    until: int | None = None
    value: int = 0
    more: tuple[str, ...] = ()


World = tuple[Happening, ...]


def worlds(*, billed: bool = True):
    """Every world has some of everything; a number stands for one, so none is dull.

    billed: every account has a subscription from before the first day; else its life cycle stage
    says when it is a customer, until it subscribes to something, if it ever does.
    """
    return st.integers(0, 2**32 - 1).map(lambda seed: make_world(seed, billed=billed))


def make_world(seed: int, *, billed: bool) -> World:
    random = Random(seed)

    def some(kind, most, *, value=(0, 0), first=0, until=None) -> list[Happening]:
        return [
            Happening(
                kind, random.randrange(ACCOUNTS), random.randrange(first, DAYS),
                random.choice(MINUTES), random.choice(until) if until else None,
                random.randint(*value), (chosen(PEOPLE), chosen(FEATURES)),
            )
            for _ in range(random.randint(most // 2, most))
        ]  # fmt: skip

    def chosen(names: tuple[str, ...]) -> str:
        return ",".join(name for name in names if random.random() < 0.4)

    later = (None, *range(0, DAYS + 20, 3))
    ends = (None, *range(DAYS // 2, DAYS + 9, 5))
    return once(
        (
            *(BILLED if billed else (*UNBILLED, *some("stage", 6, value=(0, 2), first=-50))),
            *(
                one
                for one in some("subscription", 4, value=(1, 9), first=-50, until=ends)
                if billed or one.account != UNBILLED[0].account
            ),
            *some("usage", 90, value=(1, 50)),
            *some("ticket", 12, value=(0, 3), until=later),
            *some("rating", 8, value=(0, 1)),
            *some("invoice", 10, value=(1, 30), first=-40, until=later),
            *some("meeting", 8, value=(0, 2)),
            *some("pulse", 6, value=(1, 5)),
        )
    )


BILLED = tuple(Happening("subscription", n, -55, 720, value=5) for n in range(ACCOUNTS))
# The first account subscribes only at the end: no day before may know.
UNBILLED = (
    Happening("subscription", 0, DAYS - 10, 720, value=5),
    *(Happening("stage", n, -55, 720, value=1) for n in range(ACCOUNTS)),
)


def once(world: World) -> World:
    """Keep one pulse and stage a moment, one row of usage a day: they have no other name."""
    named = {}
    for n, one in enumerate(world):
        minute = one.minute if one.kind in ("pulse", "stage") else 0
        key = (one.kind, one.account, one.day, minute)
        named[key if one.kind in ("usage", "pulse", "stage") else n] = one
    return tuple(named.values())


def moved(world: World, after: int, by: int) -> World:
    """Change all that happens after a day, and nothing before: it goes, or moves, or never ends."""

    def later(n: int, one: Happening) -> Happening:
        until, value = one.until, one.value
        if until is not None and until > after:
            until = None if n % 2 else until + by
        if one.day > after:
            value = value % 5 + 1
        return replace(one, day=one.day + by * (one.day > after), until=until, value=value)

    kept = (later(n, one) for n, one in enumerate(world) if one.day <= after or n % 3)
    return once(tuple(kept))


@dataclass(frozen=True)
class Telling:
    """How a world is told: in which time zone its wall clocks are, in which currency it is billed.

    unit: what one of a happening's amounts is in minor units of the currency.
    """

    zone: str = "UTC"
    currency: str = "usd"
    unit: int = 100

    def at(self, day: int, minute: int) -> datetime:
        wall = datetime.combine(START + timedelta(days=day), time(minute // 60, minute % 60))
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def iso(self, day: int, minute: int) -> str:
        return self.at(day, minute).strftime("%Y-%m-%dT%H:%M:%SZ")

    def epoch(self, day: int, minute: int = 12 * 60) -> int:
        return int(self.at(day, minute).timestamp())

    def records(self, world: World) -> dict[str, list[dict]]:
        """Return the records by stream; those of one happening have its place as their id."""
        found: dict[str, list[dict]] = {
            "companies": [self.company(n, world) for n in range(ACCOUNTS)],
            "organizations": [
                {"id": n + 1, "name": f"O{n}", "external_id": str(100 + n), "domain_names": [],
                 "created_at": self.iso(-60, 60)}
                for n in range(ACCOUNTS)
            ],
            "customers": [
                {"id": f"cus_{n}", "email": None, "created": self.epoch(-60),
                 "metadata": {"hubspot_company_id": str(100 + n)}}
                for n in range(ACCOUNTS)
            ],
        }  # fmt: skip
        streams = {"usage": "usage_day", "rating": "satisfaction_ratings"}
        for place, one in enumerate(world):
            if one.kind not in ("pulse", "stage"):
                stream = streams.get(one.kind, f"{one.kind}s")
                found.setdefault(stream, []).append(getattr(self, one.kind)(place, one, world))
        return found

    def company(self, n: int, world: World) -> dict:
        """Its stage is told with the times it was set, in a world in which stages are set."""
        pulses, stages = (self.past(kind, n, world) for kind in ("pulse", "stage"))
        return {
            "id": str(100 + n), "createdAt": self.iso(-60, 60), "archived": False,
            "properties": {
                "name": f"Company {n}",
                "lifecyclestage": stages[0]["value"] if stages else "customer",
            },
            "propertiesWithHistory": {
                "csm_pulse": pulses, **({"lifecyclestage": stages} if stages else {}),
            },
        }  # fmt: skip

    def past(self, kind: str, n: int, world: World) -> list[dict]:
        """Return what a company's property has been, newest first."""
        said = sorted(
            (self.iso(one.day, one.minute), STAGES[one.value] if kind == "stage" else one.value)
            for one in world
            if (one.kind, one.account) == (kind, n)
        )
        return [{"value": str(value), "timestamp": moment} for moment, value in said[::-1]]

    def meeting(self, place: int, one: Happening, _world: World) -> dict:
        kind = ("Business review", "Training", "Other")[one.value % 3]
        properties = {
            "hs_activity_type": kind, "hs_meeting_outcome": "COMPLETED",
            "hs_meeting_start_time": self.iso(one.day, one.minute),
        }  # fmt: skip
        company = str(100 + one.account)
        return {"id": str(place), "properties": properties, "company_id": company,
                "archived": False}  # fmt: skip

    def ticket(self, place: int, one: Happening, _world: World) -> dict:
        created = self.iso(one.day, one.minute)
        is_solved = one.until is not None and one.until > one.day
        return {
            "id": place, "organization_id": one.account + 1, "requester_id": None,
            "priority": "urgent" if one.value == 0 else "normal", "created_at": created,
            "updated_at": created, "status": "solved" if is_solved else "open",
            "metric_set": {"solved_at": self.iso(one.until, 12 * 60) if is_solved else None},
        }  # fmt: skip

    def rating(self, place: int, one: Happening, world: World) -> dict:
        """An answer about a ticket that the account had opened by then, if there is any."""
        tickets = [
            n for n, other in enumerate(world)
            if other.kind == "ticket" and other.account == one.account and other.day <= one.day
        ]  # fmt: skip
        at = self.iso(one.day, one.minute)
        return {
            "id": place, "ticket_id": tickets[0] if tickets else 999_999,
            "score": "good" if one.value else "bad", "created_at": at, "updated_at": at,
        }  # fmt: skip

    def subscription(self, place: int, one: Happening, _world: World) -> dict:
        ended = one.until if one.until is not None and one.until > one.day else None
        price = {"unit_amount": 1000, "recurring": {"interval": "month", "interval_count": 1}}
        item = {"quantity": one.value, "price": price, "current_period_end": self.epoch(DAYS + 30)}
        return {
            "id": f"sub_{place}", "customer": f"cus_{one.account}", "currency": self.currency,
            "status": "active" if ended is None else "canceled",
            "start_date": self.epoch(one.day, one.minute), "metadata": {},
            "ended_at": None if ended is None else self.epoch(ended, one.minute),
            "items": {"data": [item]},
        }  # fmt: skip

    def invoice(self, place: int, one: Happening, _world: World) -> dict:
        """Due after ten days; paid on the day `until`, if that is not before it was written."""
        paid = one.until if one.until is not None and one.until >= one.day else None
        amount = one.value * self.unit
        return {
            "id": f"in_{place}", "customer": f"cus_{one.account}", "currency": self.currency,
            "status": "open" if paid is None else "paid", "amount_due": amount,
            "amount_remaining": amount if paid is None else 0,
            "created": self.epoch(one.day, one.minute),
            "due_date": self.epoch(one.day + 10, one.minute),
            "status_transitions": {"paid_at": None if paid is None else self.epoch(paid, 720)},
            "lines": {"data": []},
        }  # fmt: skip

    def usage(self, _place: int, one: Happening, _world: World) -> dict:
        users, features = (names.split(",") if names else [] for names in one.more)
        day = (START + timedelta(days=one.day)).isoformat()
        return {"account_key": str(100 + one.account), "day": day, "events": one.value,
                "users": users, "features": features}  # fmt: skip
