"""Amplitude's dashboard queries: counts by day of events and users (AMPLITUDE.md part 4)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from fastapi import Response

from sandbox.vendors.amplitude_export import Project
from sandbox.vendors.amplitude_http import Call, answer, bad
from sandbox.vendors.product_events import DAY_S, NOBODY, Events

METRICS = ("uniques", "totals", "average", "pct_dau")
ANY = ("_active", "_all")
USUAL_VALUES, MOST_VALUES = 100, 1000
SESSION_S = 600.0


class Reports:
    """Handlers: each takes a call and answers it. `events` gives all of the world's."""

    def __init__(
        self, project: Project, events: Callable[[], Events], now: Callable[[], datetime]
    ) -> None:
        self._project = project
        self._events = events
        self._now = now

    def segmentation(self, call: Call) -> Response:
        """One event's count, or `_active` for any, by day; split by group or user where asked."""
        event = call.json("e")
        if not isinstance(event, dict) or not event.get("event_type"):
            raise bad("Missing required parameter: e")
        metric = call.fields.get("m", "uniques")
        if metric not in METRICS:
            raise bad(f"Invalid value for parameter m: {metric}")
        table = self._table(call)
        if event["event_type"] not in ANY:
            table = table[table["event"] == event["event_type"]]
        days = _days(call)
        split = event.get("group_by") or call.json("g_json", [])
        if not split:
            return _series([_by_day(table, days, metric)], [0], days)
        column = self._column(split[0])
        table = table[table[column] != ""]
        limit = min(call.number("limit", USUAL_VALUES), MOST_VALUES)
        values = table[column].value_counts().index[:limit].tolist()
        series = [_by_day(table[table[column] == value], days, metric) for value in values]
        return _series(series, [[0, value] for value in values], days)

    def users(self, call: Call) -> Response:
        """Active users, or those who were new, by day."""
        table, days = self._table(call), _days(call)
        if call.fields.get("m", "active") == "new":
            first = pd.Series(self._events().at).groupby(self._events().person).min()
            is_new = table["user"].map(first) // DAY_S == table["at"] // DAY_S
            table = table[is_new.to_numpy(bool)]
        return _series([_by_day(table, days, "uniques")], ["All Users"], days)

    def session_lengths(self, call: Call) -> Response:
        days = _days(call)
        return _series([[SESSION_S for _ in days]], ["All Users"], days)

    def event_list(self, _call: Call) -> Response:
        """Each event with how often it happened in the last seven days."""
        now = int(self._now().timestamp())
        events = self._events().between(now - 7 * DAY_S, now).heard(self._now())
        counts = np.bincount(events.event, minlength=len(events.names)).tolist()
        rows = [
            {
                "name": name,
                "value": name,
                "display": name,
                "id": 1000 + number,
                "totals": counts[number],
                "totals_delta": 0,
                "hidden": False,
                "deleted": False,
                "non_active": False,
                "flow_hidden": False,
                "autohidden": False,
            }
            for number, name in enumerate(events.names)
            if name
        ]
        return answer({"data": rows})

    def event_types(self, _call: Call) -> Response:
        names = sorted(filter(None, self._events().names))
        rows = [{"event_type": name, "category": None, "description": None} for name in names]
        return answer({"success": True, "data": rows})

    def _table(self, call: Call) -> pd.DataFrame:
        """One row an event of the days asked for: when, by whom, of which group."""
        days = _days(call)
        events = self._events().between(_epoch(days[0]), _epoch(days[-1]) + DAY_S)
        events = events.heard(self._now())
        return pd.DataFrame(
            {
                "at": events.at,
                "event": np.array(events.names, object)[events.event],
                "user": events.person,
                "group": np.array(events.groups, object)[events.group],
            }
        )

    def _column(self, split: Any) -> str:  # noqa: ANN401
        kind, value = split.get("type"), split.get("value")
        if kind == "group" and value == self._project.group_type:
            return "group"
        if kind == "user" and value == "user_id":
            return "user"
        raise bad("Invalid group_by: this project knows the group type and user_id")


def cost_of(call: Call) -> int:
    """Days times conditions: what a query takes of the project's budget."""
    conditions = 1 + len((call.json("e") or {}).get("group_by") or [])
    return len(_days(call)) * conditions


def _days(call: Call) -> list[date]:
    first, last = call.day("start"), call.day("end")
    if first > last:
        raise bad("start must be before end")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _by_day(table: pd.DataFrame, days: list[date], metric: str) -> list[float]:
    """pct_dau: the share in percent of the day's users; average: events a user."""
    known = table[table["user"] != NOBODY]
    totals = table.groupby(table["at"] // DAY_S).size()
    users = known.groupby(known["at"] // DAY_S)["user"].nunique()
    found: list[float] = []
    for day in days:
        number = _epoch(day) // DAY_S
        total, unique = int(totals.get(number, 0)), int(users.get(number, 0))
        average = total / unique if unique else 0.0
        values = {"totals": total, "average": average, "pct_dau": 100.0 if unique else 0.0}
        found.append(values.get(metric, unique))
    return found


def _series(series: list[list[float]], labels: list[Any], days: list[date]) -> Response:
    collapsed = [[{"setId": "", "value": sum(one)}] for one in series]
    data = {
        "series": series,
        "seriesCollapsed": collapsed,
        "seriesLabels": labels,
        "seriesMeta": [{"segmentIndex": 0} for _ in series],
        "xValues": [day.isoformat() for day in days],
    }
    return answer({"data": data, "timeComputed": 0, "wasCached": False, "novaCost": len(days)})


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
