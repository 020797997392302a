"""Zendesk's JSON of each kind of record: every attribute of the published API description."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.vendors.zendesk_history import SCRUBBED
from sandbox.vendors.zendesk_rows import BRAND_ID, FORM_ID, GROUP_ID, METRIC_SET, Row, iso

STATUS_IDS = {"new": 1, "open": 2, "pending": 3, "hold": 4, "solved": 5, "closed": 5, "deleted": 5}
AREA_FIELD = 360_001
AREAS = ("api", "billing", "login", "reports")
USUAL_USER: Row = {
    "active": True,
    "alias": "",
    "chat_only": False,
    "custom_role_id": None,
    "details": "",
    "external_id": None,
    "iana_time_zone": "Etc/UTC",
    "locale": "en-US",
    "locale_id": 1,
    "notes": "",
    "only_private_comments": False,
    "phone": None,
    "photo": None,
    "shared": False,
    "shared_agent": False,
    "shared_phone_number": None,
    "signature": "",
    "suspended": False,
    "tags": [],
    "time_zone": "UTC",
    "two_factor_auth_enabled": None,
    "user_fields": {},
    "verified": True,
}
USUAL_TICKET: Row = {
    "allow_attachments": True,
    "allow_channelback": False,
    "brand_id": BRAND_ID,
    "collaborator_ids": [],
    "due_at": None,
    "email_cc_ids": [],
    "external_id": None,
    "follower_ids": [],
    "followup_ids": [],
    "from_messaging_channel": False,
    "group_id": GROUP_ID,
    "has_incidents": False,
    "is_public": True,
    "problem_id": None,
    "recipient": "support@kite.example",
    "sharing_agreement_ids": [],
    "support_type": "agent",
    "tags": [],
    "ticket_form_id": FORM_ID,
    "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
}
REASON = {"reason": "No reason provided", "reason_id": 1_000, "reason_code": 0}


def organization(row: Row, api: str) -> Row:
    """`api`: the address of the API, such as http://127.0.0.1:8802/api/v2."""
    shown = {key: value for key, value in row.items() if key not in ("account_no", "deleted_at")}
    return {"url": f"{api}/organizations/{row['id']}.json", **shown}


def exported_organization(row: Row, api: str) -> Row:
    """As in the incremental export, where deleted organisations come with `deleted_at`."""
    return organization(row, api) | {"deleted_at": row["deleted_at"]}


def user(row: Row, api: str) -> Row:
    is_agent = row["role"] != "end-user"
    own_group = {"default_group_id": GROUP_ID} if is_agent else {}
    return {
        "id": row["id"],
        "url": f"{api}/users/{row['id']}.json",
        "name": row["name"],
        "email": row["email"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "last_login_at": row["updated_at"],
        "organization_id": row["organization_id"],
        "role": row["role"],
        "role_type": 4 if is_agent else None,
        "moderator": is_agent,
        "ticket_restriction": None if is_agent else "requested",
        "restricted_agent": not is_agent,
        **own_group,
        "report_csv": row["role"] == "admin",
        **USUAL_USER,
    }


def membership(row: Row, api: str) -> Row:
    url = f"{api}/organization_memberships/{row['id']}.json"
    return {"url": url, **row, "default": True, "view_tickets": False}


def rating(row: Row, api: str) -> Row:
    ticket = row["ticket"]
    return {
        "id": row["id"],
        "url": f"{api}/satisfaction_ratings/{row['id']}.json",
        "assignee_id": ticket["assignee_id"],
        "group_id": GROUP_ID,
        "requester_id": ticket["requester_id"],
        "ticket_id": ticket["id"],
        "score": row["score"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "comment": row["comment"] or "",
        **REASON,
    }


def ticket(row: Row, api: str) -> Row:
    """A deleted ticket keeps its ids and times; its words are scrubbed."""
    subject = SCRUBBED if row["status"] == "deleted" else row["subject"]
    answers = [{"id": AREA_FIELD, "value": AREAS[row["id"] % len(AREAS)]}]
    return {
        "id": row["id"],
        "url": f"{api}/tickets/{row['id']}.json",
        "encoded_id": f"{row['id']:06X}-KITE",
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "generated_timestamp": row["generated"],
        "type": row["type"],
        "subject": subject,
        "raw_subject": subject,
        "description": subject,
        "priority": row["priority"],
        "status": row["status"],
        "custom_status_id": STATUS_IDS[row["status"]],
        "requester_id": row["requester_id"],
        "submitter_id": row["requester_id"],
        "assignee_id": row["assignee_id"],
        "organization_id": row["organization_id"],
        "satisfaction_rating": _ticket_rating(row["rating"]),
        "custom_fields": answers,
        "fields": answers,
        **USUAL_TICKET,
    }


def _ticket_rating(row: Row | None) -> Row:
    if row is None:
        return {"score": "unoffered"}
    return {"score": row["score"], "id": row["id"], "comment": row["comment"] or ""}


def metric_set(row: Row, api: str) -> Row:
    """`solved_at` is the last solve, null after a reopen. The account works around the clock, so
    minutes in business hours are calendar minutes."""
    metric_id = METRIC_SET + row["id"]
    reply = row["first_reply_minutes"]
    resolution = row["resolution_minutes"] if row["solved_at"] else None
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
        "first_resolution_time_in_minutes": _minutes(resolution),
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


def organization_field(row: Row, place: int, api: str) -> dict[str, Any]:
    """`place` is its position in the list."""
    return {
        "url": f"{api}/organization_fields/{row['id']}.json",
        "id": row["id"],
        "type": row["type"],
        "key": row["key"],
        "title": row["title"],
        "raw_title": row["title"],
        "description": row["description"],
        "raw_description": row["description"],
        "position": place,
        "active": True,
        "system": False,
        "regexp_for_validation": None,
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
    }


def group(row: Row, api: str) -> Row:
    return {
        "id": row["id"],
        "url": f"{api}/groups/{row['id']}.json",
        "name": "Support",
        "description": "",
        "default": True,
        "deleted": False,
        "is_public": True,
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
    }
