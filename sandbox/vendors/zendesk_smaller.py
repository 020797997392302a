"""What else connectors read of a help desk: its settings and deleted tickets.

Shapes: the published API description and the references of each, checked Nov 2026. Lists that this
desk has nothing in are empty pages. Not here: custom objects.
"""

from collections.abc import Callable
from typing import Any

from sandbox.vendors.zendesk_door import Handler
from sandbox.vendors.zendesk_http import Call, record_not_found
from sandbox.vendors.zendesk_pages import Key, Listing
from sandbox.vendors.zendesk_reads import TICKET_ORDERS, api_of, chosen, ticket_shower
from sandbox.vendors.zendesk_render import AREA_FIELD, AREAS
from sandbox.vendors.zendesk_rows import ADMIN_ID, BRAND_ID, FORM_ID, Desk, Row

# Path: the name of the list in the answer.
EMPTY = {
    "/activities": "activities",
    "/audit_logs": "audit_logs",
    "/automations": "automations",
    "/business_hours/schedules": "schedules",
    "/channels/voice/phone_numbers": "phone_numbers",
    "/custom_roles": "custom_roles",
    "/macros": "macros",
    "/routing/attributes": "attributes",
    "/skips": "skips",
    "/slas/policies": "sla_policies",
    "/tags": "tags",
    "/triggers": "triggers",
    "/views": "views",
}
# Type and title of the fields that every desk has, in their order.
SYSTEM_FIELDS = (
    ("subject", "Subject"),
    ("description", "Description"),
    ("status", "Status"),
    ("tickettype", "Type"),
    ("priority", "Priority"),
    ("group", "Group"),
    ("assignee", "Assignee"),
)


class Smaller:
    """Handlers by what they read; each takes a call and gives a body."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._opened = desk.users[0]["created_at"]

    def ticket_fields(self, call: Call) -> Row:
        kinds = [*SYSTEM_FIELDS, ("tagger", "Area")]
        rows = [self._field(place, *kind, call) for place, kind in enumerate(kinds)]
        return Listing("ticket_fields", rows, dict).page(call)

    def ticket_forms(self, call: Call) -> Row:
        form = self._dated(f"{api_of(call)}/ticket_forms/{FORM_ID}.json", FORM_ID, "Support")
        form |= {"active": True, "default": True, "position": 1, "end_user_visible": True}
        form |= {"display_name": "Support", "in_all_brands": True, "restricted_brand_ids": []}
        form["ticket_field_ids"] = [
            field["id"] for field in self.ticket_fields(call)["ticket_fields"]
        ]
        return Listing("ticket_forms", [form], dict).page(call)

    def brands(self, call: Call) -> Row:
        brand = self._dated(f"{api_of(call)}/brands/{BRAND_ID}.json", BRAND_ID, "Kite")
        brand |= {"active": True, "default": True, "is_deleted": False, "subdomain": "kite"}
        brand |= {"brand_url": call.origin, "has_help_center": False, "logo": None}
        brand |= {"help_center_state": "disabled", "host_mapping": None, "signature_template": ""}
        brand["ticket_form_ids"] = [FORM_ID]
        return Listing("brands", [brand], dict).page(call)

    def show_tickets(self, call: Call) -> Row:
        """Those of `ids`, at most 100; unknown ones are left out."""
        rows = chosen(call, [{"external_id": None, **row} for row in self._desk.listed_tickets()])
        return Listing("tickets", rows, ticket_shower(call), TICKET_ORDERS).page(call)

    def deleted_tickets(self, call: Call) -> Row:
        rows = [row for row in self._desk.tickets if row["status"] == "deleted"]
        return Listing("deleted_tickets", rows, _deleted).page(call)

    def _field(self, place: int, kind: str, title: str, call: Call) -> Row:
        is_system = kind != "tagger"
        field_id = 360_100 + place if is_system else AREA_FIELD
        field = self._dated(f"{api_of(call)}/ticket_fields/{field_id}.json", field_id, title)
        del field["name"]
        field |= {"type": kind, "position": place, "active": True, "required": place < 2}
        field |= {"removable": not is_system, "editable_in_portal": place < 2, "tag": None}
        field |= {"visible_in_portal": place < 2, "required_in_portal": place < 2}
        field |= {"collapsed_for_agents": False, "regexp_for_validation": None}
        field |= {f"{name}title": title for name in ("", "raw_")}
        field |= {f"{name}title_in_portal": title for name in ("", "raw_")}
        field |= {"description": title, "raw_description": title, "agent_description": None}
        if not is_system:
            field["custom_field_options"] = [
                _option(place, area) for place, area in enumerate(AREAS)
            ]
        return field

    def _dated(self, url: str, record_id: int, name: str) -> dict[str, Any]:
        times = {"created_at": self._opened, "updated_at": self._opened}
        return {"url": url, "id": record_id, "name": name, **times}


def one_of(listing: Handler, many: str, one: str) -> Handler:
    """A single record of a short list, by its id; 404 for one that the list lacks."""

    def show(call: Call) -> Row:
        wanted = call.record_id()
        listed = listing(Call(call.origin, call.path))
        rows = listed[many] if isinstance(listed, dict) else []
        for row in rows:
            if row["id"] == wanted:
                return {one: row}
        raise record_not_found()

    return show


def empty(name: str) -> Callable[[Call], Row]:
    orders: dict[str, Key] = dict.fromkeys(("id", "created_at", "updated_at"), tuple)
    return lambda call: Listing(name, [], dict, orders).page(call)


def _deleted(row: Row) -> Row:
    return {
        "id": row["id"],
        "subject": row["subject"],
        "description": row["subject"],
        "actor": {"id": ADMIN_ID, "name": "Sandbox"},
        "deleted_at": row["updated_at"],
        "previous_state": "open",
    }


def _option(place: int, area: str) -> Row:
    name = area.capitalize()
    shown = {"id": AREA_FIELD * 10 + place, "name": name, "raw_name": name, "value": area}
    return shown | {"default": False}
