"""A streamed world's support desk: organisations, users and tickets as rows of the sandbox's form.

Tickets come slot by slot, one slot for every twelve accounts a day; a ticket is its slot's number.
It is solved some slots later, and then it stands in the export where it was solved.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench.streamed.world import DAY, HEALTH, TEN_THOUSAND, TICKET, World, draw, iso, midnight
from sandbox.vendors.zendesk_rows import ADMIN_ID, AGENTS, USER
from sandbox.world.names import FAMILY, GIVEN

Row = dict[str, Any]
SOLVED_AFTER_H = (2, 9, 30, 120)  # by health
STUCK = 300  # of ten thousand tickets, never solved
ACCOUNTS_A_TICKET = 12  # and day
PRIORITIES = ("low", "normal", "normal", "high")
SETTLED_S = 1_000 * DAY  # before the first day, over which organisations and users were made
PEOPLE = 5  # places for users of an organisation; every other one has four


@dataclass(frozen=True, slots=True)
class Lasting:
    """Records that were made long ago, one after the other; one in `every` changes on a day."""

    name: str
    width: int
    every: int
    row: Callable[[World, int, int], Row]

    def made(self, world: World, place: int) -> int:
        begin = midnight(world.first) - SETTLED_S
        return begin + place * (SETTLED_S - DAY) // (world.accounts * self.width)

    def after(self, world: World, second: int, place: int) -> Iterator[tuple[int, int]]:
        """(second of the last change, place) of all behind these two, in that order."""
        begin, count = midnight(world.first) - SETTLED_S, world.accounts * self.width
        start = (second - begin) * count // (SETTLED_S - DAY) - 1
        for one in range(max(0, start), count):
            when = self.made(world, one), one
            if when > (second, place) and self._is(one) and not world.changed_on(one, self.every):
                yield when
        for day in world.later_days:
            yield from (when for when in self._on(world, day, count) if when > (second, place))

    def _on(self, world: World, day: date, count: int) -> Iterator[tuple[int, int]]:
        for one in range(-day.toordinal() % self.every, count, self.every):
            if self._is(one) and world.changed_on(one, self.every) == day.toordinal():
                yield midnight(day) + one * DAY // count, one

    def _is(self, place: int) -> bool:
        return self.width == 1 or place % PEOPLE < 4 + place // PEOPLE % 2


def organization_row(world: World, place: int, changed: int) -> Row:
    """Nine of ten have the company's id, the others only its domain."""
    account = world.account(place)
    made = iso(ORGANIZATIONS.made(world, place))
    later = changed > midnight(world.first)
    return {
        "id": place + 1, "name": account.name,
        "external_id": None if place % 10 == 3 else account.crm_id,
        "domain_names": [account.domain], "organization_fields": {"segment": account.segment},
        "tags": ["vip"] if later else [], "notes": "", "details": "", "group_id": None,
        "shared_tickets": False, "shared_comments": False, "created_at": made,
        "updated_at": iso(changed), "deleted_at": None,
    }  # fmt: skip


def user_row(world: World, place: int, changed: int) -> Row:
    home, own = divmod(place, PEOPLE)
    account = world.account(home)
    first, last = GIVEN[(home + own) % len(GIVEN)], FAMILY[home % len(FAMILY)]
    renamed = "-Smith" if changed > midnight(world.first) else ""
    return {
        "id": user_id(home, own), "name": f"{first} {last}{renamed}",
        "email": f"{first}.{last}{own}@{account.domain}".lower(), "role": "end-user",
        "organization_id": home + 1, "created_at": iso(USERS.made(world, place)),
        "updated_at": iso(changed),
    }  # fmt: skip


def user_id(home: int, own: int) -> int:
    return USER + (home + 1) * 1_000 + own


ORGANIZATIONS = Lasting("organizations", 1, 1_000, organization_row)
USERS = Lasting("users", PEOPLE, 2_000, user_row)


class Tickets:
    """The tickets of one world; `newest`: the first slot that has not come yet."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._start = midnight(world.first - timedelta(days=world.days - 1))
        self._a_day = max(1, world.accounts // ACCOUNTS_A_TICKET)
        self.newest = self.at(world.now)
        self._lags = [hours * self._a_day // 24 for hours in SOLVED_AFTER_H]

    def at(self, second: int) -> int:
        """The first slot at or after a time."""
        return max(0, -(-(second - self._start) * self._a_day // DAY))

    def time(self, slot: int) -> int:
        return self._start + slot * DAY // self._a_day

    def home(self, slot: int) -> int:
        return slot * 7_919 % self.world.accounts

    def exists(self, slot: int) -> bool:
        """Content accounts write half as often."""
        return 0 <= slot < self.newest and (
            slot % 2 == 0 or draw(self.home(slot), HEALTH) < TEN_THOUSAND // 2
        )

    def solved_in(self, slot: int) -> int | None:
        """The slot in which a ticket is solved; None: never."""
        if draw(slot, TICKET) < STUCK:
            return None
        health = draw(self.home(slot), HEALTH)
        return slot + self._lags[3 - health * 4 // TEN_THOUSAND]

    def changed_in(self, slot: int) -> list[int]:
        """The tickets whose last change so far is in a slot, by number."""
        made = {slot - lag for lag in self._lags if self.solved_in(slot - lag) == slot}
        solved = self.solved_in(slot)
        if solved is None or solved >= self.newest:
            made.add(slot)
        return sorted(one for one in made if self.exists(one))

    def row(self, slot: int) -> Row:
        home, made = self.home(slot), iso(self.time(slot))
        account, solved = self.world.account(home), self.solved_in(slot)
        is_solved = solved is not None and solved < self.newest
        changed = self.time(solved) if is_solved and solved is not None else self.time(slot)
        minutes = (changed - self.time(slot)) // 60
        urgent = slot % 20 == 0 or (account.health < 2_000 and slot % 4 == 0)
        return {
            "id": slot + 1, "created_at": made, "updated_at": iso(changed), "generated": changed,
            "type": "question", "subject": "How do I export a report?",
            "priority": "urgent" if urgent else PRIORITIES[slot % len(PRIORITIES)],
            "status": "solved" if is_solved else "open", "requester_id": user_id(home, slot % 4),
            "assignee_id": ADMIN_ID + slot % len(AGENTS), "organization_id": home + 1,
            "rating": self.rating(slot, changed, account.health) if is_solved else None,
            "reopens": 0, "replies": 1 + slot % 3, "first_reply_minutes": 10 + slot % 300,
            "resolution_minutes": minutes if is_solved else None,
            "solved_at": iso(changed) if is_solved else None,
            "first_solved_at": iso(changed) if is_solved else None, "reopened_at": None,
        }  # fmt: skip

    def rating(self, slot: int, at: int, health: int) -> Row | None:
        """Every other solved ticket is rated."""
        if slot % 4 > 1:
            return None
        chance = draw(slot, TICKET + 1)
        score = "offered" if chance < 2_000 else "good" if chance < 2_500 + health else "bad"
        return {
            "id": slot + 1, "score": score, "created_at": iso(at), "updated_at": iso(at),
            "comment": None,
        }  # fmt: skip
