"""Mixpanel's profiles: people and companies, their pages and sessions, cohorts (MIXPANEL.md 3)."""

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson
import pandas as pd
from fastapi import Response

from sandbox.vendors.mixpanel_export import Project
from sandbox.vendors.mixpanel_http import Call, Refused, answer
from sandbox.vendors.mixpanel_where import compiled, holds
from sandbox.vendors.product_events import DAY_S, NOBODY, Events
from sandbox.world.model import World

Profile = dict[str, Any]
PAGE_SIZE, MOST_PAGE_SIZE = 1000, 25_000
MOST_SESSIONS = 100
COHORTS = {1001: ("Seen in the last 28 days", 28), 1002: ("Seen in the last 7 days", 7)}


class Profiles:
    """`writes` gives what clients set: entries with kind, id and the operations."""

    def __init__(
        self,
        world: World,
        project: Project,
        events: Callable[[], Events],
        writes: Callable[[str], list[dict[str, Any]]],
        now: Callable[[], datetime],
    ) -> None:
        self._world = world
        self._project = project
        self._events = events
        self._writes = writes
        self._now = now
        self._sessions: dict[str, list[Profile]] = {}
        self._serial = itertools.count(1)
        self._lock = threading.Lock()

    def query(self, call: Call) -> Response:
        """A page of profiles; each page but the first needs the session of the first."""
        page = call.number("page", 0)
        size = min(max(call.number("page_size", PAGE_SIZE), 100), MOST_PAGE_SIZE)
        session = call.text("session_id")
        if page and not session:
            raise Refused(400, "session_id is required for page > 0")
        if session and session not in self._sessions:
            raise Refused(400, "Invalid session_id: the query has expired, start over")
        if not session:
            session = self._open_session(self._matching(call))
        rows = self._sessions[session]
        body = {
            "page": page,
            "page_size": size,
            "session_id": session,
            "status": "ok",
            "total": len(rows),
            "results": rows[page * size : (page + 1) * size],
        }
        return answer(body)

    def properties(self, _call: Call) -> Response:
        """How many profiles have each property, and of which type."""
        counts: dict[str, dict[str, Any]] = {}
        for profile in self.people():
            for name, value in profile["$properties"].items():
                kind = "datetime" if name == "$last_seen" else type_of(value)
                counts.setdefault(name, {"count": 0, "type": kind})["count"] += 1
        return answer({"status": "ok", "session_id": "", "computed_at": "", "results": counts})

    def cohorts(self, _call: Call) -> Response:
        created = datetime.combine(self._world.start, datetime.min.time())
        return answer(
            [
                {
                    "id": number,
                    "name": name,
                    "description": "",
                    "count": len(self._members(number)),
                    "created": created.isoformat(" "),
                    "is_visible": 1,
                    "project_id": self._project.id,
                    "data_group_id": None,
                }
                for number, (name, _) in COHORTS.items()
            ]
        )

    def people(self) -> list[Profile]:
        """Everybody who uses the product or was seen in it, by distinct id."""
        events = self._events().heard(self._now())
        seen = pd.Series(events.at).groupby(events.person).max()
        table = self._world["people"]
        numbers = table.loc[table["is_user"].astype(bool), "person_no"]
        wanted = sorted({*numbers.tolist(), *seen.index.tolist()} - {NOBODY})
        known = table.set_index("person_no")
        profiles = [self._person(number, known, seen) for number in wanted]
        return self._with_writes("people", profiles)

    def companies(self) -> list[Profile]:
        table = self._world["accounts"].dropna(subset=["tenant_key"])
        names = ("name", "segment", "industry", "country", "domain")
        profiles = [
            {
                "$distinct_id": str(row.tenant_key),
                "$properties": {
                    ("$name" if name == "name" else name): str(getattr(row, name))
                    for name in names
                    if isinstance(getattr(row, name), str)
                },
            }
            for row in table.itertuples()
        ]
        return self._with_writes("groups", profiles)

    def _person(self, number: int, known: pd.DataFrame, seen: pd.Series) -> Profile:
        properties: dict[str, Any] = {}
        if number in known.index:
            row = known.loc[number]
            for name in ("email", "first_name", "last_name"):
                if isinstance(row[name], str):
                    properties[f"${name}"] = row[name]
            names = [properties.get(f"${name}", "") for name in ("first_name", "last_name")]
            properties["$name"] = " ".join(filter(None, names))
        if number in seen.index:
            moment = datetime.fromtimestamp(int(seen[number]), UTC)
            properties["$last_seen"] = self._project.shown(moment).replace(tzinfo=None).isoformat()
        return {"$distinct_id": f"user_{number}", "$properties": properties}

    def _with_writes(self, kind: str, profiles: list[Profile]) -> list[Profile]:
        by_id = {profile["$distinct_id"]: profile for profile in profiles}
        for entry in self._writes(kind):
            apply(by_id, entry["id"], entry["operation"], entry["value"])
        return [by_id[key] for key in sorted(by_id)]

    def _matching(self, call: Call) -> list[Profile]:
        group = call.text("data_group_id")
        if group and group != self._project.group_id:
            raise Refused(400, "Invalid data_group_id")
        rows = self.companies() if group else self.people()
        ids = call.json("distinct_ids") or (
            [call.text("distinct_id")] * bool(call.text("distinct_id"))
        )
        if ids:
            rows = [row for row in rows if row["$distinct_id"] in ids]
        cohort = call.json("filter_by_cohort")
        if cohort:
            members = self._members(int(cohort["id"]))
            rows = [row for row in rows if row["$distinct_id"] in members]
        if call.text("where"):
            where = compiled(call.text("where"))
            rows = [row for row in rows if holds(where, row["$properties"])]
        wanted = call.json("output_properties")
        return rows if wanted is None else [_only(row, wanted) for row in rows]

    def _members(self, cohort: int) -> set[str]:
        if cohort not in COHORTS:
            raise Refused(400, "Invalid cohort id")
        now = int(self._now().timestamp())
        events = self._events().between(now - COHORTS[cohort][1] * DAY_S, now).heard(self._now())
        return {f"user_{number}" for number in np.unique(events.person).tolist() if number >= 0}

    def _open_session(self, rows: list[Profile]) -> str:
        with self._lock:
            name = f"{int(self._now().timestamp())}-{next(self._serial):06d}"
            self._sessions[name] = rows
            if len(self._sessions) > MOST_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            return name


def apply(profiles: dict[str, Profile], key: str, operation: str, value: Any) -> None:  # noqa: ANN401
    """Carry out one write on profiles by their id."""
    if operation == "$delete":
        profiles.pop(key, None)
        return
    properties = profiles.setdefault(key, {"$distinct_id": key, "$properties": {}})["$properties"]
    match operation:
        case "$set":
            properties.update(value)
        case "$set_once":
            properties.update({name: one for name, one in value.items() if name not in properties})
        case "$unset":
            for name in value:
                properties.pop(name, None)
        case "$add":
            for name, one in value.items():
                properties[name] = properties.get(name, 0) + one
        case "$union" | "$append":
            for name, one in value.items():
                more = one if isinstance(one, list) else [one]
                has = properties.get(name, [])
                is_new = operation == "$append"
                properties[name] = [*has, *(item for item in more if is_new or item not in has)]
        case "$remove":
            for name, one in value.items():
                properties[name] = [item for item in properties.get(name, []) if item != one]


def type_of(value: object) -> str:
    names = {bool: "boolean", int: "number", float: "number", list: "list", dict: "object"}
    return names.get(type(value), "string")


def _only(row: Profile, names: list[str]) -> Profile:
    kept = {name: value for name, value in row["$properties"].items() if name in names}
    return {"$distinct_id": row["$distinct_id"], "$properties": orjson.loads(orjson.dumps(kept))}
