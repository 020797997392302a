"""PostHog over a streamed world: one query, the job's own count of usage by group and day."""

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import orjson

from bench.streamed.door import Asked
from bench.streamed.world import TEN_THOUSAND, Account, World, draw
from sandbox.vendors.posthog_http import Refused, not_found
from sandbox.world.usage import FEATURES

LIMIT = re.compile(r"limit (\d+)\s*$")
COLUMNS = {
    "account_key": "String", "day": "Date", "event_count": "UInt64",
    "users": "Array(String)", "features": "Array(String)",
}  # fmt: skip
GROUP = {
    "group_type": "company", "group_type_index": 0, "name_singular": None, "name_plural": None,
    "detail_dashboard": None, "default_columns": None, "created_at": None,
}  # fmt: skip
SPARSE_DAYS = 70  # before the first day; no use is older
LATE_EVERY = 100  # so many groups have one whose last event of a day comes a day late


class PostHog:
    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: Counter[str] = Counter()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        try:
            if asked.route == "GET /api/projects/1/groups_types":
                return 200, [GROUP]
            if asked.route == "POST /api/projects/1/query":
                return 200, self._counted(orjson.loads(asked.body)["query"])
            raise not_found("Endpoint not found.")
        except Refused as refused:
            return refused.status, refused.body

    def _counted(self, query: dict[str, Any]) -> dict[str, Any]:
        """The rows behind (after_day, after_key), in their order."""
        limit = LIMIT.search(query["query"])
        if limit is None or "as users" not in query["query"]:
            detail = "Only the count of usage by group and day is answered here."
            body = {"type": "validation_error", "code": "invalid", "detail": detail, "attr": None}
            raise Refused(400, body)
        values, most = query["values"], int(limit[1])
        behind = values["after_day"]
        day = max(
            date.fromisoformat(values["first"][:10]), self.world.first - timedelta(SPARSE_DAYS)
        )
        until = min(date.fromisoformat(values["until"][:10]), self.world.today + timedelta(days=1))
        place = int(values["after_key"][2:]) if day.isoformat() == behind else 0
        rows: list[Any] = []
        while day < until and len(rows) <= most:
            if not self._is_used(day):
                place, day = 0, day + timedelta(days=1)
                continue
            row = usage(self.world, self.world.account(place), day)
            rows += [row] if row else []
            place += 1
            if place == self.world.accounts:
                place, day = 0, day + timedelta(days=1)
        more = len(rows) > most
        self.sent["usage_day"] += len(rows) - more
        return {
            "results": rows[:most], "columns": list(COLUMNS), "types": list(COLUMNS.items()),
            "hasMore": more, "limit": most, "offset": 0, "error": None, "timings": [],
            "query_status": None, "timezone": "UTC", "is_cached": False,
        }  # fmt: skip

    def _is_used(self, day: date) -> bool:
        """Every day of the last ones, and before them one in a fortnight: a history of weeks."""
        ago = (self.world.first - day).days
        return ago < self.world.days or ago % 14 == 0


def usage(world: World, account: Account, day: date) -> list[Any] | None:
    """What an account's people did on a day; None: nothing. On weekends there are few.

    The healthier an account, the more of its seats have people who come at all, and the more come.
    """
    ordinal = day.toordinal()
    chance = draw(account.place * 31 + ordinal, 20)
    people = 1 + (account.seats - 1) * (1_000 + account.health * 9 // 10) // TEN_THOUSAND
    share = (2_000 + account.health // 2) // (1 if day.weekday() < 5 else 4)
    users = min(people, (people * share + chance) // TEN_THOUSAND)
    if not users:
        return None
    start = (ordinal * 3 + account.place) % people
    ids = [person(account.place, (start + n) % people) for n in range(users)]
    late = day == world.today and account.place % LATE_EVERY == 0
    events = users * (3 + chance % 7) - late
    breadth = 1 + account.health * len(FEATURES) // TEN_THOUSAND
    features = ["page_viewed", *(FEATURES[(account.place + n) % len(FEATURES)]
                                 for n in range(min(breadth, events)))]  # fmt: skip
    return [account.tenant_key, day.isoformat(), events, ids, features]


def person(place: int, seat: int) -> str:
    return f"{place:08x}-{seat:04x}-4000-8000-{(place * 65_537 + seat) & 0xFFFFFFFFFFFF:012x}"
