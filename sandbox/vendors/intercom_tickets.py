"""Intercom's JSON of the tickets that some conversations became (see render)."""

from sandbox.vendors.intercom_render import APP_ID, NOTHING, teammate
from sandbox.vendors.intercom_rows import TEAM_ID, TICKET_TYPE_ID, Row
from sandbox.vendors.intercom_threads import contacts_of

TICKET_STATES = {"open": "in_progress", "snoozed": "waiting_on_customer", "closed": "resolved"}
WORDS = {"in_progress": "In progress", "waiting_on_customer": "Waiting on customer"}
TYPED_AT = 1_546_300_800  # 2019-01-01, when the workspace made its type of tickets


def ticket(row: Row) -> Row:
    until = row["snoozed_until"]
    return {
        "type": "ticket",
        "id": row["id"],
        "ticket_id": str(row["ticket_no"] % 100_000),
        "category": "Customer",
        "ticket_attributes": {"_default_title_": row["subject"], "_default_description_": None},
        "ticket_state": _ticket_state(row["state"]),
        "ticket_type": {
            "type": "ticket_type",
            "id": str(TICKET_TYPE_ID),
            "name": "Incident",
            "description": "Something does not work",
            "icon": "🎟️",
            "workspace_id": APP_ID,
            "archived": False,
            "created_at": TYPED_AT,
            "updated_at": TYPED_AT,
            "is_internal": False,
            "ticket_type_attributes": {"type": "list", "data": []},
            "category": "Customer",
        },
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


def _ticket_state(state: str) -> Row:
    category = TICKET_STATES[state]
    label = WORDS.get(category, category.capitalize())
    return {
        "type": "ticket_state",
        "id": str(8_000 + list(TICKET_STATES).index(state)),
        "category": category,
        "internal_label": label,
        "external_label": label,
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
