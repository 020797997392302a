"""Times in HogQL. In the database every time is an instant in UTC without a zone; a zone matters
only where a calendar does. It is the project's, unless `toTimeZone` inside says another one."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlglot import exp

from sandbox.vendors.posthog_functions import TRUNCATIONS
from sandbox.vendors.posthog_http import invalid
from sandbox.vendors.posthog_sql import arguments_of, name_of

TIME_COLUMNS = ("timestamp", "created_at", "updated_at")
TIME_FUNCTIONS = (
    "todatetime",
    "todatetime64",
    "totimezone",
    "now",
    "tostartofinterval",
    *TRUNCATIONS,
)
DATE_FUNCTIONS = (
    "todate",
    "today",
    "yesterday",
    "tomonday",
    "tostartofweek",
    "tostartofmonth",
    "tostartofquarter",
    "tostartofyear",
)
SAME_TYPE = ("min", "max", "any", "anylast", "coalesce", "ifnull")


def is_date(node: exp.Expression) -> bool:
    """Whether the expression surely is a calendar day."""
    return name_of(node) in DATE_FUNCTIONS or _cast_to(node) == "DATE"


def is_time(node: exp.Expression) -> bool:
    """Whether the expression surely is an instant."""
    if isinstance(node, exp.Column):
        return node.name in TIME_COLUMNS
    if isinstance(node, exp.Paren):
        return is_time(node.this)
    if isinstance(node, exp.Add | exp.Sub):
        return is_time(node.this)
    name = name_of(node)
    if name in SAME_TYPE:
        return any(is_time(argument) for argument in arguments_of(node))
    return name in TIME_FUNCTIONS and name not in DATE_FUNCTIONS


def _cast_to(node: exp.Expression) -> str:
    return str(node.args["to"].this.name) if isinstance(node, exp.Cast) else ""


def zone_of(node: exp.Expression, default: str) -> str:
    """The zone whose calendar counts for the expression; 400 for one that does not exist."""
    for inner in node.find_all(exp.Anonymous):
        name, given = name_of(inner), arguments_of(inner)
        place = {"totimezone": 1, "todatetime": 1, "todatetime64": 2}.get(name, len(given))
        if len(given) > place and isinstance(given[place], exp.Literal):
            zone = given[place].name
            if zone not in available_timezones():
                raise invalid(f"Unknown time zone: {zone}")
            return str(zone)
    return default


def to_local(sql: str, zone: str) -> str:
    """An instant as what clocks in the zone show."""
    return sql if zone == "UTC" else f"timezone('{zone}', timezone('UTC', {sql}))"


def to_instant(sql: str, zone: str) -> str:
    """What clocks in the zone show as an instant."""
    return sql if zone == "UTC" else f"timezone('UTC', timezone('{zone}', {sql}))"


def instant_literal(text: str, zone: str) -> str:
    """ISO text, read in the zone where it names none; 400 for other text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid(f"Cannot parse '{text}' as DateTime64") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return f"TIMESTAMP '{aware.astimezone(UTC).replace(tzinfo=None).isoformat(' ')}'"


def date_literal(text: str) -> str:
    """The day of an ISO text; 400 for other text."""
    try:
        return f"DATE '{date.fromisoformat(text[:10])}'"
    except ValueError as error:
        raise invalid(f"Cannot parse '{text}' as Date") from error
