"""Function calls of HogQL in DuckDB's words."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlglot import exp

from sandbox.vendors import posthog_functions as table
from sandbox.vendors import posthog_times as times
from sandbox.vendors.posthog_http import invalid
from sandbox.vendors.posthog_sql import arguments_of, expect, is_text, json_at, name_of, quoted

Print = Callable[[exp.Expression], str]
Meaning = Callable[[exp.Expression], exp.Expression]
Nodes = Sequence[exp.Expression]


class Calls:
    """Prints calls; `show` prints their arguments, `meaning` looks through aliases.

    `now` is the world's time.
    """

    def __init__(self, show: Print, meaning: Meaning, now: datetime, zone: str) -> None:
        self._show = show
        self._meaning = meaning
        self._now = now
        self._zone = zone

    def call(self, node: exp.Expression) -> str:
        """A plain function; 400 for one that is not known or has another number of arguments."""
        name, given = name_of(node), arguments_of(node)
        timely = self._timely(name, given)
        if timely is not None:
            return timely
        if name in table.PLAIN:
            count, template = table.PLAIN[name]
            expect(name, given, count)
            return template.format(*map(self._show, given))
        if name in table.OPEN and given:
            return table.OPEN[name].format(", ".join(map(self._show, given)))
        if name in ("and", "or") and given:
            return f"({f' {name.upper()} '.join(map(self._show, given))})"
        if name == "multiif" and len(given) % 2:
            return self._multi_if(given)
        if name.startswith("jsonextract"):
            return self._json(name, given)
        raise invalid(f"Unsupported function call '{node.this}(...)'")

    def _multi_if(self, given: Nodes) -> str:
        shown = list(map(self._show, given))
        pairs = zip(shown[:-1:2], shown[1::2], strict=True)
        whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
        return f"CASE {whens} ELSE {shown[-1]} END"

    def _json(self, name: str, given: Nodes) -> str:
        keys = [key.name for key in given[1:] if isinstance(key, exp.Literal)]
        casts = {"jsonextractint": "BIGINT", "jsonextractfloat": "DOUBLE"}
        if not keys or len(keys) != len(given) - 1:
            raise invalid(f"Function '{name}' expects a column and keys")
        if name not in (*casts, "jsonextractstring", "jsonextractraw"):
            raise invalid(f"Unsupported function call '{name}(...)'")
        text = json_at(self._show(given[0]), keys)
        return f"TRY_CAST({text} AS {casts[name]})" if name in casts else text

    # times

    def _timely(self, name: str, given: Nodes) -> str | None:
        """None for what is no function of time."""
        if name == "totimezone":
            expect(name, given, 2)
            return self._show(given[0])
        if name in ("now", "today", "yesterday"):
            return self._today(name)
        if name in ("datediff", "dateadd", "datesub", "date_trunc", "datetrunc"):
            return self._by_unit(name, given)
        if name.startswith(("add", "subtract", "tointerval")):
            return self._shift_by_name(name, given)
        known = (*table.TRUNCATIONS, *table.PARTS, *ZONED)
        return self._zoned(name, given) if name in known and given else None

    def _zoned(self, name: str, given: Nodes) -> str:
        first = given[0]
        zone = self._zone_of(name, given)
        if name in ("todatetime", "todatetime64"):
            return self._instant(first, zone)
        if name == "todate" and is_text(first):
            return times.date_literal(first.name)
        local = self._local(first, zone)
        if name in table.TRUNCATIONS:
            return self._truncated(table.TRUNCATIONS[name], local, zone)
        if name in table.PARTS:
            return table.PARTS[name].format(local)
        return self._shaped(name, local, given)

    def _shaped(self, name: str, local: str, given: Nodes) -> str:
        if name == "todate":
            return f"CAST({local} AS DATE)"
        if name == "tounixtimestamp":
            return f"CAST(epoch({self._show(given[0])}) AS BIGINT)"
        if name == "tostartofinterval":
            return self._bucketed(local, given)
        if name == "formatdatetime":
            # ClickHouse writes minutes as %i.
            return f"strftime({local}, {quoted(_text(given, 1).replace('%i', '%M'))})"
        return self._week(name, local, given)

    def _bucketed(self, local: str, given: Nodes) -> str:
        if len(given) < 2 or not isinstance(given[1], exp.Interval):
            raise invalid("toStartOfInterval expects a time and an INTERVAL")
        size = interval(self._show(given[1].this), given[1].args["unit"].name)
        return times.to_instant(f"time_bucket({size}, {local})", self._zone_of("", given))

    def _week(self, name: str, local: str, given: Nodes) -> str:
        """Weeks begin on Sunday, as in ClickHouse, unless the mode is odd."""
        is_monday = name == "tomonday" or (len(given) > 1 and given[1].name in ("1", "3"))
        shift = 0 if is_monday else 1
        start = f"date_trunc('week', CAST({local} AS DATE) + {shift})"
        return f"(CAST({start} AS DATE) - {shift})"

    def _truncated(self, unit: str, local: str, zone: str) -> str:
        start = f"date_trunc('{unit}', {local})"
        return (
            f"CAST({start} AS DATE)" if unit in table.DATE_UNITS else times.to_instant(start, zone)
        )

    def _instant(self, node: exp.Expression, zone: str) -> str:
        if is_text(node):
            return times.instant_literal(node.name, zone)
        return f"CAST({self._show(node)} AS TIMESTAMP)"

    def _zone_of(self, name: str, given: Nodes) -> str:
        """Of the call: a zone among its arguments, or inside one of them."""
        meant = [self._meaning(node).copy() for node in given]
        return times.zone_of(exp.Anonymous(this=name, expressions=meant), self._zone)

    def _local(self, node: exp.Expression, zone: str) -> str:
        if is_text(node):
            return times.to_local(times.instant_literal(node.name, zone), zone)
        shown = self._show(node)
        return times.to_local(shown, zone) if times.is_time(self._meaning(node)) else shown

    def _today(self, name: str) -> str:
        local = self._now.astimezone(ZoneInfo(self._zone)).date()
        if name == "now":
            return times.instant_literal(self._now.isoformat(), "UTC")
        return times.date_literal(str(local - timedelta(days=name == "yesterday")))

    def _by_unit(self, name: str, given: Nodes) -> str:
        unit = _unit(_text(given, 0))
        zone = self._zone_of(name, given)
        if name == "datediff":
            expect(name, given[:3], 3)
            start, end = (self._local(node, zone) for node in given[1:3])
            return f"date_diff('{unit}', {start}, {end})"
        if name in ("date_trunc", "datetrunc"):
            expect(name, given[:2], 2)
            return self._truncated(unit, self._local(given[1], zone), zone)
        expect(name, given, 3)
        return self._shifted(given[2], "+" if name == "dateadd" else "-", given[1], unit)

    def _shift_by_name(self, name: str, given: Nodes) -> str | None:
        """addDays, subtractMonths, toIntervalHour and the like."""
        for start, sign in (("add", "+"), ("subtract", "-"), ("tointerval", "")):
            unit = name.removeprefix(start).removesuffix("s")
            if name.startswith(start) and unit in table.UNITS:
                expect(name, given, 2 if sign else 1)
                if not sign:
                    return interval(self._show(given[0]), unit)
                return self._shifted(given[0], sign, given[1], unit)
        return None

    def shifted(self, node: exp.Add | exp.Sub) -> str:
        """A time with an INTERVAL behind plus or minus."""
        sign = "+" if isinstance(node, exp.Add) else "-"
        return self._shifted(node.left, sign, node.right.this, _unit(node.right.args["unit"].name))

    def _shifted(self, base: exp.Expression, sign: str, count: exp.Expression, unit: str) -> str:
        shifted = f"({self._show(base)} {sign} {interval(self._show(count), unit)})"
        stays_date = times.is_date(self._meaning(base)) and unit not in ("second", "minute", "hour")
        return f"CAST({shifted} AS DATE)" if stays_date else shifted


ZONED = (
    "todate",
    "todatetime",
    "todatetime64",
    "tounixtimestamp",
    "formatdatetime",
    "tomonday",
    "tostartofinterval",
    "tostartofweek",
)


def interval(count: str, unit: str) -> str:
    return f"{table.UNITS[_unit(unit)]}(CAST({count} AS INTEGER))"


def _unit(text: str) -> str:
    unit = text.lower().removesuffix("s")
    if unit not in (*table.UNITS, "quarter"):
        raise invalid(f"Unknown unit of time: {text}")
    return unit


def _text(given: Nodes, place: int) -> str:
    if len(given) <= place or not isinstance(given[place], exp.Literal | exp.Column):
        raise invalid("A constant was expected")
    return str(given[place].name)
