"""Amplitude's users: search, activity, cohorts and their files (AMPLITUDE.md part 4)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson
import pandas as pd
from fastapi import Response

from sandbox.vendors.amplitude_export import FIRST_ID, Project, rendered
from sandbox.vendors.amplitude_http import Call, Refused, answer
from sandbox.vendors.product_events import DAY_S, Events
from sandbox.world.model import World

MOST_EVENTS = 1000
COHORTS = {"xk28days": ("Seen in the last 28 days", 28), "xk7daysx": ("Seen in the last 7 days", 7)}
OWNER = "sandbox@kite.example"


class Users:
    """Handlers: each takes a call and answers it."""

    def __init__(
        self,
        world: World,
        project: Project,
        events: Callable[[], Events],
        now: Callable[[], datetime],
    ) -> None:
        self._world = world
        self._project = project
        self._events = events
        self._now = now
        self._requests: dict[str, str] = {}

    def search(self, call: Call) -> Response:
        """By Amplitude's number or our id; an id that begins so is a looser match."""
        text = call.needed("user")
        numbers = self._numbers()
        exact = [one for one in numbers if text in (f"user_{one}", str(FIRST_ID + one))]
        found = exact or [one for one in numbers if f"user_{one}".startswith(text)][:50]
        kind = "match_user_or_device_id" if exact else "user_id_prefix_match"
        matches = [
            {"user_id": f"user_{one}", "amplitude_id": FIRST_ID + one, "country": "Germany"}
            for one in found
        ]
        return answer({"matches": matches, "type": kind if matches else "nomatch"})

    def activity(self, call: Call) -> Response:
        """A user's newest events first, unless direction says otherwise."""
        number = int(call.needed("user")) if call.needed("user").isdecimal() else 0
        events = self._events().heard(self._now())
        mine = events.take(np.flatnonzero(events.person == number - FIRST_ID))
        if number - FIRST_ID not in self._numbers():
            raise Refused(404, "User not found")
        offset, limit = call.number("offset", 0), min(call.number("limit", 1000), MOST_EVENTS)
        order = np.arange(len(mine))
        if call.fields.get("direction", "latest") == "latest":
            order = order[::-1]
        shown = mine.take(order[offset : offset + limit])
        rows = [orjson.loads(line) for line in rendered(shown, self._project)]
        return answer({"events": rows, "userData": self._data(number - FIRST_ID, mine)})

    def cohorts(self, _call: Call) -> Response:
        made = int(pd.Timestamp(self._world.start).timestamp())
        rows = [
            {
                "id": key,
                "name": name,
                "description": "",
                "size": len(self._members(key)),
                "appId": self._project.id,
                "archived": False,
                "definition": {"version": 10},
                "finished": True,
                "owners": [OWNER],
                "published": True,
                "type": "redshift",
                "createdAt": made,
                "lastMod": made,
                "lastComputed": int(self._now().timestamp()),
                "hidden": False,
            }
            for key, (name, _) in COHORTS.items()
        ]
        return answer({"cohorts": rows})

    def ask_for_cohort(self, call: Call) -> Response:
        if call.path not in COHORTS:
            raise Refused(404, "Cohort not found")
        name = f"rq{len(self._requests):06d}"
        self._requests[name] = call.path
        return answer({"request_id": name, "cohort_id": call.path})

    def cohort_status(self, call: Call) -> Response:
        told = {"request_id": call.path, "cohort_id": self._asked(call.path)}
        return answer({**told, "async_status": "JOB COMPLETED"})

    def cohort_file(self, call: Call) -> Response:
        rows = [f"{FIRST_ID + one},user_{one}" for one in self._members(self._asked(call.path))]
        text = "\n".join(["amplitude_id,user_id", *rows])
        return Response(f"{text}\n", media_type="text/csv")

    def _asked(self, name: str) -> str:
        if name not in self._requests:
            raise Refused(404, "Request not found")
        return self._requests[name]

    def _numbers(self) -> list[int]:
        table = self._world["people"]
        used = table.loc[table["is_user"].astype(bool), "person_no"].tolist()
        seen = np.unique(self._events().heard(self._now()).person).tolist()
        return sorted({*map(int, used), *(one for one in seen if one >= 0)})

    def _members(self, cohort: str) -> list[int]:
        now = int(self._now().timestamp())
        events = self._events().between(now - COHORTS[cohort][1] * DAY_S, now).heard(self._now())
        return [one for one in np.unique(events.person).tolist() if one >= 0]

    def _data(self, number: int, events: Events) -> dict[str, Any]:
        times = events.at.tolist()
        last = datetime.fromtimestamp(times[-1], UTC) if times else None
        return {
            "user_id": f"user_{number}",
            "canonical_amplitude_id": FIRST_ID + number,
            "num_events": len(times),
            "num_sessions": len({time // DAY_S for time in times}),
            "usage_time": 0,
            "last_used": last.date().isoformat() if last else None,
            "properties": {},
        }
