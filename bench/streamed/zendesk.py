"""Zendesk over a streamed world: incremental exports by time and by cursor, and its ratings."""

import base64
import binascii
from collections import Counter
from itertools import islice
from typing import Any

from bench.streamed.door import Asked
from bench.streamed.world import World
from bench.streamed.zendesk_rows import ORGANIZATIONS, USERS, Row, Tickets
from sandbox.vendors import zendesk_render as render
from sandbox.vendors.zendesk_http import Call, Refused, invalid_attribute
from sandbox.vendors.zendesk_metrics import metric_set

API = "/api/v2"
MOST = 1_000


class Zendesk:
    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: Counter[str] = Counter()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        call = Call(asked.origin, asked.path, {}, asked.query, asked.body)
        answers = {
            f"GET {API}/incremental/organizations": self._organizations,
            f"GET {API}/incremental/users/cursor": self._users,
            f"GET {API}/incremental/tickets/cursor": self._tickets,
            f"GET {API}/satisfaction_ratings": self._ratings,
        }
        if asked.route not in answers:
            return 404, {"error": "InvalidEndpoint", "description": "Not found"}
        try:
            return 200, answers[asked.route](call)
        except Refused as refused:
            return refused.reply.status, refused.reply.body

    def _organizations(self, call: Call) -> Row:
        start, size = call.number("start_time"), _size(call)
        if start is None:
            raise invalid_attribute("start_time", "must be an integer")
        page = list(islice(ORGANIZATIONS.after(self.world, start, -1), size + 1))
        shown = [
            render.exported_organization(ORGANIZATIONS.row(self.world, place, at), _api(call))
            for at, place in page[:size]
        ]
        end_time = page[:size][-1][0] if page else start
        self.sent["organizations"] += len(shown)
        return {
            "organizations": shown, "count": len(shown), "end_of_stream": len(page) <= size,
            "end_time": end_time, "next_page": call.link(start_time=end_time),
        }  # fmt: skip

    def _users(self, call: Call) -> Row:
        at, place = _begin(call)
        page = list(islice(USERS.after(self.world, at, place), _size(call) + 1))
        page, is_last = page[: _size(call)], len(page) <= _size(call)
        rows = [USERS.row(self.world, one, when) for when, one in page]
        users = [render.user(row, _api(call)) for row in rows]
        last = page[-1] if page else (at, place)
        return self._exported(call, "users", users, last, is_last=is_last)

    def _tickets(self, call: Call) -> Row:
        """A slot's tickets stay on one page; the cursor is the slot that comes next."""
        tickets = Tickets(self.world)
        at, slot = _begin(call)
        slot = max(slot, tickets.at(at)) if not call.text("cursor") else slot
        slots: list[int] = []
        while slot < tickets.newest and len(slots) < _size(call) - 4:
            slots += tickets.changed_in(slot)
            slot += 1
        rows = [tickets.row(one) for one in slots]
        shown = [
            render.ticket(row, _api(call)) | {"metric_set": metric_set(row, _api(call))}
            for row in rows
        ]
        is_last = slot >= tickets.newest
        last = tickets.time(slot), slot
        return self._exported(call, "tickets", shown, last, is_last=is_last)

    def _exported(
        self, call: Call, name: str, shown: list[Row], last: tuple[int, int], *, is_last: bool
    ) -> Row:
        self.sent[name] += len(shown)
        cursor = base64.b64encode(f"{last[0]}.0||{last[1]}".encode()).decode()
        return {
            name: shown, "after_cursor": cursor, "after_url": call.link(cursor=cursor),
            "before_cursor": None, "before_url": None, "end_of_stream": is_last,
        }  # fmt: skip

    def _ratings(self, call: Call) -> Row:
        """Of solved tickets, by id, from start_time on; the cursor is the slot that comes next."""
        tickets, size = Tickets(self.world), call.number("page[size]") or 100
        since, slot = call.number("start_time") or 0, int(call.text("page[after]") or 0)
        shown: list[Row] = []
        while slot < tickets.newest and len(shown) <= size:
            row = tickets.row(slot) if tickets.exists(slot) else {"rating": None}
            if row["rating"] and row["generated"] >= since:
                rating = row["rating"] | {"ticket": row}
                shown.append(render.rating(rating, _api(call)))
            slot += 1
        more = len(shown) > size
        after = str(shown[size]["id"] - 1) if more else str(slot)
        self.sent["satisfaction_ratings"] += len(shown[:size]) if size > 1 else 0
        return {
            "satisfaction_ratings": shown[:size],
            "meta": {"has_more": more, "after_cursor": after, "before_cursor": None},
            "links": {"prev": None, "next": call.page_link("after", after) if more else None},
        }


def _begin(call: Call) -> tuple[int, int]:
    """The (second, place) behind which a cursor export goes on; 400 for an unknown cursor."""
    cursor = call.text("cursor")
    if cursor is None:
        return (call.number("start_time") or 0) - 1, 0
    try:
        second, _, place = base64.b64decode(cursor, validate=True).decode().partition("||")
        return int(second.removesuffix(".0")), int(place)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Refused(400, {"error": "InvalidCursor", "description": "Invalid cursor"}) from error


def _size(call: Call) -> int:
    return min(call.number("per_page") or MOST, MOST)


def _api(call: Call) -> str:
    return f"{call.origin}{API}"
