"""How the desk is set up, and the totals of a record: what connectors look up beside records.

Shapes: the references of custom statuses, account settings, group memberships, related information
of organisations and users, checked Nov 2026. Of the settings only some are here.
"""

from sandbox.vendors.zendesk_http import Call, record_not_found
from sandbox.vendors.zendesk_pages import Listing
from sandbox.vendors.zendesk_reads import api_of
from sandbox.vendors.zendesk_render import STATUS_IDS
from sandbox.vendors.zendesk_rows import AGENTS, GROUP_ID, Desk, Row

GROUP_MEMBERSHIP = 67_000_000_000
WHOSE = ("agent", "end_user")
STATUSES = ("new", "open", "pending", "hold", "solved")  # closed belongs to solved
SETTINGS: Row = {
    "active_features": {
        "customer_satisfaction": True,
        "custom_statuses_enabled": True,
        "organization_access_enabled": True,
        "ticket_tagging": True,
        "user_org_fields": True,
    },
    "api": {"accepted_api_agreement": True, "api_password_access": False, "api_token_access": True},
    "limits": {"attachment_size": 52_428_800},
    "localization": {"iana_time_zone": "Etc/UTC", "locale_ids": [1], "time_zone": "UTC"},
    "metrics": {"account_size": "1-9"},
    "tickets": {"custom_statuses_enabled": True, "agent_ticket_deletion": False, "tagging": True},
    "users": {"tagging": True, "time_zone_selection": True},
}


class Settings:
    """Handlers: each takes a call and gives a body."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._opened = desk.users[0]["created_at"]

    def account(self, _call: Call) -> Row:
        return {"settings": SETTINGS}

    def custom_statuses(self, call: Call) -> Row:
        """All on one page; `status_categories`, `active` and `default` filter."""
        categories = call.names("status_categories") or list(STATUSES)
        unwanted = {call.text("active"), call.text("default")} & {"false"}
        shown = [self._status(one, api_of(call)) for one in STATUSES if one in categories]
        return {"custom_statuses": [] if unwanted else shown}

    def custom_status(self, call: Call) -> Row:
        wanted = call.record_id()
        for name in STATUSES:
            if STATUS_IDS[name] == wanted:
                return {"custom_status": self._status(name, api_of(call))}
        raise record_not_found()

    def group_memberships(self, call: Call) -> Row:
        """Every agent is in the one group."""
        agents = self._desk.users[: len(AGENTS)]
        if "user_id" in call.ids:
            agents = [row for row in agents if row["id"] == call.record_id("user_id")]
        if "group_id" in call.ids and call.record_id("group_id") != GROUP_ID:
            raise record_not_found()
        api = api_of(call)
        return Listing("group_memberships", agents, lambda row: _member(row, api)).page(call)

    def organization_related(self, call: Call) -> Row:
        wanted = call.record_id()
        row = self._desk.organizations.get(wanted)
        if row is None or row["deleted_at"] is not None:
            raise record_not_found()
        totals = {
            "tickets_count": _count(self._desk.listed_tickets(), "organization_id", wanted),
            "users_count": len(self._desk.members_of(wanted)),
        }
        return {"organization_related": totals}

    def user_related(self, call: Call) -> Row:
        wanted = call.record_id()
        if wanted not in self._desk.user_by_id:
            raise record_not_found()
        tickets = self._desk.listed_tickets()
        totals = {
            "requested_tickets": _count(tickets, "requester_id", wanted),
            "assigned_tickets": _count(tickets, "assignee_id", wanted),
            "ccd_tickets": 0,
            "organization_subscriptions": 0,
        }
        return {"user_related": totals}

    def _status(self, name: str, api: str) -> Row:
        status_id, label = STATUS_IDS[name], name.capitalize()
        shown: Row = {"url": f"{api}/custom_statuses/{status_id}.json", "id": status_id}
        shown |= {"status_category": name, "active": True, "default": True}
        shown |= {f"{raw}{whose}_label": label for raw in ("", "raw_") for whose in WHOSE}
        texts = ("description", "end_user_description")
        shown |= {f"{raw}{text}": "" for raw in ("", "raw_") for text in texts}
        return shown | {"created_at": self._opened, "updated_at": self._opened}


def _member(agent: Row, api: str) -> Row:
    membership_id = GROUP_MEMBERSHIP + agent["id"]
    return {
        "id": membership_id,
        "url": f"{api}/group_memberships/{membership_id}.json",
        "user_id": agent["id"],
        "group_id": GROUP_ID,
        "default": True,
        "created_at": agent["created_at"],
        "updated_at": agent["updated_at"],
    }


def _count(rows: list[Row], name: str, wanted: int) -> int:
    return sum(row[name] == wanted for row in rows)
