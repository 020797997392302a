"""Mixpanel's reports: segmentation, names of events and properties, and what is empty here."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import orjson
import pandas as pd
from fastapi import Response

from sandbox.vendors.mixpanel_export import Project, days_of, rendered
from sandbox.vendors.mixpanel_http import Call, Refused, answer
from sandbox.vendors.mixpanel_where import compiled, holds
from sandbox.vendors.product_events import Events

UNITS = ("minute", "hour", "day", "week", "month")
USUAL_VALUES, MOST_VALUES = 60, 10_000  # of `on`


class Reports:
    """Handlers: each takes a call and answers it."""

    def __init__(
        self, project: Project, events: Callable[[], Events], now: Callable[[], datetime]
    ) -> None:
        self._project = project
        self._events = events
        self._now = now

    def segmentation(self, call: Call) -> Response:
        """Counts of one event by day, week or month; split by an expression into its top values."""
        name, unit, kind = (
            call.needed("event"),
            call.text("unit", "day"),
            call.text("type", "general"),
        )
        if unit not in UNITS or kind not in ("general", "unique", "average"):
            raise Refused(400, "Invalid unit or type")
        first, last = call.day("from_date"), call.day("to_date")
        rows = self._rows(name, first, last, call.text("where"), call.text("on"))
        rows["date"] = rows["date"].map(lambda day: _start_of(day, unit))
        series = sorted({_start_of(day, unit) for day in _days(first, last)})
        limit = min(call.number("limit", USUAL_VALUES), MOST_VALUES)
        values = {}
        for value in rows["value"].value_counts().index[:limit]:
            part = rows[rows["value"] == value].groupby("date")["user"]
            counts = part.nunique() if kind == "unique" else part.size()
            values[str(value)] = {day: int(counts.get(day, 0)) for day in series}
        if not call.text("on") and not values:
            values = {name: dict.fromkeys(series, 0)}
        return answer({"data": {"series": series, "values": values}, "legend_size": len(values)})

    def _rows(self, name: str, first: date, last: date, where: str, on: str) -> pd.DataFrame:
        """One row an event: its day, user, and what `on` says of it."""
        zone = self._project.time_zone
        events, shown = days_of(self._events(), first, last, zone, self._now())
        which = np.flatnonzero(np.array(events.names)[events.event] == name)
        condition, split = (compiled(text) if text else None for text in (where, on))
        found = []
        for line in rendered(events.take(which), shown[which], self._project):
            properties = orjson.loads(line)["properties"]
            if condition is None or holds(condition, properties):
                value = name if split is None else split(properties)
                day = str(np.datetime64(properties["time"], "s"))[:10]
                found.append(
                    (day, properties["distinct_id"], "undefined" if value is None else value)
                )
        return pd.DataFrame(found, columns=["date", "user", "value"])

    def event_names(self, call: Call) -> Response:
        events = self._events().heard(self._now())
        counts = np.bincount(events.event, minlength=len(events.names))
        order = np.argsort(-counts, kind="stable")
        names = [events.names[place] for place in order.tolist() if counts[place]]
        return answer(names[: call.number("limit", 255)])

    def property_names(self, _call: Call) -> Response:
        """Each property of events, with how many have it."""
        events = self._events().heard(self._now())
        line = next(rendered(events.take(slice(0, 1)), events.at[:1], self._project), b"{}")
        names = [*orjson.loads(line).get("properties", {}), self._project.group_key]
        return answer({name: {"count": len(events)} for name in dict.fromkeys(names)})

    def revenue(self, call: Call) -> Response:
        first, last = call.day("from_date"), call.day("to_date")
        none = {"amount": 0.0, "count": 0, "paid_count": 0}
        days = {day.isoformat(): dict(none) for day in _days(first, last)}
        body: dict[str, Any] = {"computed_at": self._now().isoformat(), "status": "ok"}
        return answer({**body, "session_id": "", "results": {"$overall": none, **days}})


def nothing(body: object) -> Callable[[Call], Response]:
    """Answer what this project has none of: funnels, annotations."""
    return lambda _call: answer(body)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _start_of(day: date | str, unit: str) -> str:
    moment = date.fromisoformat(day) if isinstance(day, str) else day
    if unit == "week":
        moment -= timedelta(days=moment.weekday())
    if unit == "month":
        moment = moment.replace(day=1)
    return moment.isoformat()
