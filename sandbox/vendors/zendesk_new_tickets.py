"""Tickets that clients write: what is kept of them, and the row that they become."""

from sandbox.vendors.zendesk_checks import same_text
from sandbox.vendors.zendesk_http import record_invalid
from sandbox.vendors.zendesk_rows import ADMIN_ID, Desk, Row, epoch

VALUES = {
    "status": ("new", "open", "pending", "hold", "solved"),
    "priority": ("low", "normal", "high", "urgent"),
    "type": ("problem", "incident", "question", "task"),
}


def checked_ticket(given: Row, desk: Desk) -> Row:
    """The part that is kept; other attributes are dropped silently.

    Without a requester it is the caller. 422 without words, for a value that cannot be, and for
    people whom the desk does not know: no user is made here.
    """
    comment = given.get("comment")
    said = comment.get("body") if isinstance(comment, dict) else given.get("description")
    if not isinstance(said, str) or not said.strip():
        raise record_invalid("base", "BlankValue", "Description: cannot be blank")
    for name, values in VALUES.items():
        if given.get(name) is not None and given[name] not in values:
            raise record_invalid(name, "InvalidValue", f"{name.capitalize()}: is not valid")
    requester = _requester(given, desk)
    tags = given.get("tags")
    return {
        "subject": str(given.get("subject") or said),
        "description": said,
        "requester_id": requester["id"],
        "organization_id": requester["organization_id"],
        "assignee_id": _assignee(given, desk),
        **{name: given.get(name) for name in VALUES},
        "written": {
            "external_id": None if given.get("external_id") is None else str(given["external_id"]),
            "tags": [str(tag) for tag in tags] if isinstance(tags, list) else [],
        },
    }


def new_ticket(ticket_id: int, at: str, kept: Row) -> Row:
    """`at`: when it was written, ISO-8601 UTC."""
    status = kept["status"] or "new"
    solved_at = at if status == "solved" else None
    return {
        **kept,
        "id": ticket_id,
        "status": status,
        "created_at": at,
        "updated_at": at,
        "generated": epoch(at),
        "solved_at": solved_at,
        "first_solved_at": solved_at,
        "reopened_at": None,
        "first_reply_minutes": None,
        "resolution_minutes": 0 if solved_at else None,
        "reopens": 0,
        "replies": 0,
        "rating": None,
    }


def _requester(given: Row, desk: Desk) -> Row:
    wanted = given.get("requester_id", ADMIN_ID)
    asked = given.get("requester")
    address = asked.get("email") if isinstance(asked, dict) else None
    for user in desk.users:
        if same_text(user["email"], address) if address else user["id"] == wanted:
            return user
    raise record_invalid("requester", "InvalidValue", "Requester: is not known")


def _assignee(given: Row, desk: Desk) -> int:
    wanted = given.get("assignee_id", ADMIN_ID)
    user = desk.user_by_id.get(wanted) if isinstance(wanted, int) else None
    if user is None or user["role"] == "end-user":
        raise record_invalid("assignee_id", "InvalidValue", "Assignee: is not an agent")
    return int(user["id"])
