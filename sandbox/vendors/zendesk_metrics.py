"""Zendesk's metric set of a ticket: how long replies and solutions took, and when things were."""

from datetime import datetime, timedelta

from sandbox.vendors.zendesk_rows import METRIC_SET, Row, iso


def metric_set(row: Row, api: str) -> Row:
    """`solved_at` is the last solve, null after a reopen. The account works around the clock, so
    minutes in business hours are calendar minutes."""
    metric_id = METRIC_SET + row["id"]
    reply = row["first_reply_minutes"]
    resolution = row["resolution_minutes"] if row["solved_at"] else None
    first = _between(row["created_at"], row["first_solved_at"]) if row["reopens"] else resolution
    replied_at = _later(row["created_at"], reply)
    spoke_at = (row["first_solved_at"] if (row["replies"] or 0) > 1 else None) or replied_at
    return {
        "url": f"{api}/ticket_metrics/{metric_id}.json",
        "id": metric_id,
        "ticket_id": row["id"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "group_stations": 1,
        "assignee_stations": 1,
        "reopens": row["reopens"],
        "replies": row["replies"],
        "assignee_updated_at": replied_at,
        "requester_updated_at": row["created_at"],
        "status_updated_at": row["solved_at"] or row["updated_at"],
        "initially_assigned_at": row["created_at"],
        "assigned_at": row["created_at"],
        "solved_at": row["solved_at"],
        "latest_comment_added_at": max(spoke_at, replied_at),
        "custom_status_updated_at": row["solved_at"] or row["updated_at"],
        "reply_time_in_minutes": _minutes(reply),
        "reply_time_in_seconds": {"calendar": None if reply is None else int(reply * 60)},
        "first_resolution_time_in_minutes": _minutes(first),
        "full_resolution_time_in_minutes": _minutes(resolution),
        "agent_wait_time_in_minutes": _minutes(0),
        "requester_wait_time_in_minutes": _minutes(resolution if resolution else reply),
        "on_hold_time_in_minutes": _minutes(0),
    }


def _minutes(value: float | None) -> Row:
    whole = None if value is None else int(value)
    return {"calendar": whole, "business": whole}


def _later(moment: str, minutes: float | None) -> str:
    if not minutes:
        return moment
    return iso(datetime.fromisoformat(moment) + timedelta(minutes=minutes))


def _between(begin: str, end: str | None) -> float | None:
    if end is None:
        return None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)) / timedelta(minutes=1)
