"""/updated and /deleted: which records of an object changed or went within some time.

Vendor facts: REST API developer guide on replication, checked Nov 2026. Times are cut to minutes.
"""

from datetime import UTC, datetime, timedelta

from sandbox.vendors.salesforce_describe import known_kind
from sandbox.vendors.salesforce_http import Call, Json, Refused, Reply
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_store import Table

DELETED_KEPT, UPDATED_KEPT = timedelta(days=15), timedelta(days=30)
MOST_IDS = 600_000
Window = tuple[datetime, datetime]


def deleted(org: Org, call: Call) -> Reply:
    """Which records went; what was deleted before the recycle bin begins is not known any more."""
    table, window = _asked(org, call, DELETED_KEPT)
    stamps = table.column("SystemModstamp")
    gone = [
        {"id": table.value("Id", row), "deletedDate": str(stamps[row])}
        for row in _within(table, window)
        if table.is_deleted(row)
    ]
    _check_count(len(gone))
    body: Json = {
        "deletedRecords": gone,
        "earliestDateAvailable": _shown(org.moment() - DELETED_KEPT),
        "latestDateCovered": _shown(min(window[1], org.moment())),
    }
    return Reply(body=body)


def updated(org: Org, call: Call) -> Reply:
    """Which records were created or changed, and are still there."""
    table, window = _asked(org, call, UPDATED_KEPT)
    ids = [table.value("Id", row) for row in _within(table, window) if not table.is_deleted(row)]
    _check_count(len(ids))
    return Reply(body={"ids": ids, "latestDateCovered": _shown(min(window[1], org.moment()))})


def _asked(org: Org, call: Call, kept: timedelta) -> tuple[Table, Window]:
    kind = known_kind(org, call)
    if not kind.is_replicated:
        message = f"object type {kind.name} is not replicable"
        raise Refused(400, "INVALID_TYPE", message)
    window = _time(call, "start"), _time(call, "end")
    if window[1] - window[0] < timedelta(minutes=1):
        message = "The endDate must be at least one minute greater than the startDate"
        raise Refused(400, "INVALID_REPLICATION_DATE", message)
    if window[0] < org.moment() - kept - timedelta(minutes=1):
        message = f"startDate cannot be more than {kept.days} days ago"
        raise Refused(400, "INVALID_REPLICATION_DATE", message)
    return org.store[kind.name], window


def _time(call: Call, name: str) -> datetime:
    """A moment with its zone; a plus sign that came as a blank is no zone."""
    try:
        moment = datetime.fromisoformat(call.query.get(name, ""))
    except ValueError as error:
        raise _no_time(name) from error
    if moment.tzinfo is None:
        raise _no_time(name)
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _no_time(name: str) -> Refused:
    return Refused(400, "MALFORMED_QUERY", f"{name} must be a valid date and time with its zone")


def _within(table: Table, window: Window) -> list[int]:
    start, end = (moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000") for moment in window)
    stamps = table.column("SystemModstamp")
    return [row for row in range(len(table)) if start <= str(stamps[row]) < end]


def _check_count(count: int) -> None:
    if count > MOST_IDS:
        raise Refused(400, "EXCEEDED_ID_LIMIT", f"more than {MOST_IDS} ids: ask for less time")


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:00.000+0000")
