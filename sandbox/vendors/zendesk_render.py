"""Zendesk's JSON of each kind of record: every attribute of the published API description."""

from typing import Any

from sandbox.vendors.zendesk_history import SCRUBBED, description_of
from sandbox.vendors.zendesk_rows import (
    BRAND_ID,
    FORM_ID,
    GROUP_ID,
    IDENTITY,
    Row,
)

STATUS_IDS = {"new": 1, "open": 2, "pending": 3, "hold": 4, "solved": 5, "closed": 5, "deleted": 5}
AREA_FIELD = 360_001
AREAS = ("api", "billing", "login", "reports")
USUAL_USER: Row = {
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
OF_DELETED_USERS = (
    "id", "name", "email", "created_at", "updated_at", "locale", "locale_id", "organization_id",
    "phone", "photo", "role", "shared_phone_number", "time_zone", "iana_time_zone", "active",
)  # fmt: skip
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
        "active": row.get("active", True),
    }


def deleted_user(row: Row, api: str) -> Row:
    """As the list of deleted users has them: with fewer attributes, under an address of its own."""
    shown = user(row, api)
    url = f"{api}/deleted_users/{row['id']}.json"
    return {name: shown[name] for name in OF_DELETED_USERS} | {"url": url}


def identity(user: Row, api: str) -> Row:
    """The address by which a user is known; users here have one at most."""
    identity_id = IDENTITY + user["id"]
    return {
        "id": identity_id,
        "url": f"{api}/users/{user['id']}/identities/{identity_id}.json",
        "user_id": user["id"],
        "type": "email",
        "value": user["email"],
        "verified": True,
        "primary": True,
        "deliverable_state": "deliverable",
        "undeliverable_count": 0,
        "created_at": user["created_at"],
        "updated_at": user["updated_at"],
    }


def membership(row: Row, api: str) -> Row:
    url = f"{api}/organization_memberships/{row['id']}.json"
    return {"url": url, **row, "view_tickets": False}


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
    is_deleted = row["status"] == "deleted"
    subject = SCRUBBED if is_deleted else row["subject"]
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
        "description": SCRUBBED if is_deleted else description_of(row),
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
        **row.get("written", {}),
    }


def _ticket_rating(row: Row | None) -> Row:
    if row is None:
        return {"score": "unoffered"}
    return {"score": row["score"], "id": row["id"], "comment": row["comment"] or ""}


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
