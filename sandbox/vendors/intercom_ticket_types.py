"""The workspace's one type of tickets, its attributes, and the states that a ticket can be in.

Shapes: the published API description 2.16 (checked Nov 2026).
"""

from sandbox.vendors.intercom_render import APP_ID
from sandbox.vendors.intercom_rows import TICKET_TYPE_ID, Row

TYPED_AT = 1_546_300_800  # 2019-01-01, when the workspace made its type of tickets
FIRST_STATE_ID = 8_000
# By category, in the order of a ticket's life: what teammates and what customers read.
STATES = {
    "submitted": ("Submitted", "Submitted"),
    "in_progress": ("In progress", "In progress"),
    "waiting_on_customer": ("Waiting on customer", "Waiting on you"),
    "resolved": ("Resolved", "Resolved"),
}
TITLE, DESCRIPTION = "_default_title_", "_default_description_"
ATTRIBUTE_IDS = {TITLE: 165, DESCRIPTION: 166}
NAMED: Row = {
    "type": "ticket_type",
    "id": str(TICKET_TYPE_ID),
    "name": "Incident",
    "description": "Something does not work",
    "icon": "🎟️",
    "archived": False,
    "is_internal": False,
    "category": "Customer",
}


def ticket_state(category: str) -> Row:
    internal, external = STATES[category]
    return {
        "type": "ticket_state",
        "id": str(FIRST_STATE_ID + list(STATES).index(category)),
        "category": category,
        "internal_label": internal,
        "external_label": external,
    }


def ticket_type() -> Row:
    """As it stands in each of its tickets."""
    attributes = [_attribute(place, name) for place, name in enumerate(ATTRIBUTE_IDS)]
    return NAMED | {
        "workspace_id": APP_ID,
        "created_at": TYPED_AT,
        "updated_at": TYPED_AT,
        "ticket_type_attributes": {"type": "list", "data": attributes},
    }


def ticket_type_with_states() -> Row:
    """As it is told on its own."""
    states = [ticket_state(category) for category in STATES]
    return ticket_type() | {"ticket_states": {"type": "list", "data": states}}


def ticket_states() -> list[Row]:
    """All states, each with the types that have it."""
    types = {"type": "list", "data": [NAMED]}
    return [
        ticket_state(category) | {"archived": False, "ticket_types": types} for category in STATES
    ]


def _attribute(place: int, name: str) -> Row:
    return {
        "type": "ticket_type_attribute",
        "id": str(ATTRIBUTE_IDS[name]),
        "workspace_id": APP_ID,
        "name": name,
        "description": "",
        "data_type": "string",
        "input_options": {"multiline": name == DESCRIPTION},
        "order": place,
        "required_to_create": False,
        "required_to_create_for_contacts": False,
        "visible_on_create": True,
        "visible_to_contacts": True,
        "default": True,
        "ticket_type_id": TICKET_TYPE_ID,
        "archived": False,
        "created_at": TYPED_AT,
        "updated_at": TYPED_AT,
    }
