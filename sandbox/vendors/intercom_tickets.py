"""Intercom's JSON of the tickets that some conversations became (see render)."""

from sandbox.vendors.intercom_render import NOTHING, teammate
from sandbox.vendors.intercom_rows import TEAM_ID, Row
from sandbox.vendors.intercom_threads import contacts_of
from sandbox.vendors.intercom_ticket_types import DESCRIPTION, TITLE, ticket_state, ticket_type

TICKET_STATES = {"open": "in_progress", "snoozed": "waiting_on_customer", "closed": "resolved"}


def ticket(row: Row) -> Row:
    until = row["snoozed_until"]
    return {
        "type": "ticket",
        "id": row["id"],
        "ticket_id": str(row["ticket_no"] % 100_000),
        "category": "Customer",
        "ticket_attributes": {TITLE: row["subject"], DESCRIPTION: None},
        "ticket_state": ticket_state(TICKET_STATES[row["state"]]),
        "ticket_type": ticket_type(),
        "contacts": contacts_of(row),
        "admin_assignee_id": row["admin_id"],
        "team_assignee_id": TEAM_ID,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "open": row["open"],
        **({"snoozed_until": until} if until is not None else {}),
        "linked_objects": NOTHING,
        "ticket_parts": _ticket_parts(row, TICKET_STATES[row["state"]]),
        "is_shared": True,
    }


def _ticket_parts(row: Row, category: str) -> Row:
    shown: list[Row] = []
    if row["solved_at"] is not None:
        shown.append(
            {
                "type": "ticket_part",
                "id": f"{row['id']}90",
                "part_type": "ticket_state_updated_by_admin",
                "ticket_state": category,
                "previous_ticket_state": "in_progress",
                "created_at": row["solved_at"],
                "updated_at": row["solved_at"],
                "author": teammate(row["admin_id"]),
                "attachments": [],
                "redacted": False,
            }
        )
    return {"type": "ticket_part.list", "ticket_parts": shown, "total_count": len(shown)}
