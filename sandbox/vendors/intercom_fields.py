"""What can be searched for in contacts, conversations and tickets, and how each is read of a row.

The names are those of the published lists of accepted fields (API description 2.16, Nov 2026).
"""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from sandbox.vendors import intercom_threads as threads
from sandbox.vendors.intercom_rows import TEAM_ID, Row
from sandbox.vendors.intercom_search import Field, Kind, id_key
from sandbox.vendors.intercom_tickets import TICKET_STATES

# Not UTC on purpose: a client that cuts days there misses some.
WORKSPACE_ZONE = ZoneInfo("America/Los_Angeles")

ID = Field("id", lambda row: id_key(row["id"]))


def _plain(kind: str, name: str) -> Field:
    return Field(kind, lambda row: row[name])


def _statistic(kind: str, name: str) -> Field:
    return Field(kind, lambda row: (threads.statistics(row) or {}).get(name))


def _rating(kind: str, name: str) -> Field:
    return Field(kind, lambda row: (threads.rating(row) or {}).get(name))


def _author(name: str) -> Field:
    return Field("text", lambda row: row["contact"][name] if row["contact"] else None)


def _always(kind: str, value: object) -> Field:
    return Field(kind, lambda _: value)


def _listed(read: Callable[[Row], str | None]) -> Field:
    return Field("texts", lambda row: [one for one in [read(row)] if one is not None])


CONTACTS = Kind(
    {
        "id": ID,
        "role": _plain("text", "role"),
        "name": _plain("text", "name"),
        "owner_id": _always("number", None),
        "email": _plain("text", "email"),
        "email_domain": Field("text", lambda row: (row["email"] or "").rpartition("@")[2] or None),
        "phone": _always("text", None),
        "external_id": _plain("text", "external_id"),
        "created_at": _plain("date", "created_at"),
        "updated_at": _plain("date", "updated_at"),
        "signed_up_at": _plain("date", "created_at"),
        "last_seen_at": _plain("date", "updated_at"),
        "last_replied_at": _plain("date", "last_replied_at"),
        "last_contacted_at": _always("date", None),
        "unsubscribed_from_emails": _always("flag", value=False),
        "has_hard_bounced": _always("flag", value=False),
    },
    day_zone=WORKSPACE_ZONE,
)
DATES = ("created_at", "updated_at", "waiting_since", "snoozed_until")
STATISTICS = {
    "number": (
        "time_to_assignment",
        "time_to_admin_reply",
        "time_to_first_close",
        "time_to_last_close",
        "median_time_to_reply",
        "count_reopens",
        "count_assignments",
        "count_conversation_parts",
    ),
    "date": (
        "first_contact_reply_at",
        "first_assignment_at",
        "first_admin_reply_at",
        "first_close_at",
        "last_assignment_at",
        "last_assignment_admin_reply_at",
        "last_contact_reply_at",
        "last_admin_reply_at",
        "last_close_at",
    ),
}
CONVERSATIONS = Kind(
    {
        "id": ID,
        **{name: _plain("date", name) for name in DATES},
        "state": _plain("text", "state"),
        "open": _plain("flag", "open"),
        "read": Field("flag", lambda row: not row["open"]),
        "priority": _plain("text", "priority"),
        "contact_ids": _listed(lambda row: row["contact_id"]),
        "teammate_ids": _listed(lambda row: str(row["admin_id"])),
        "tag_ids": _listed(lambda _: None),
        "admin_assignee_id": _plain("number", "admin_id"),
        "team_assignee_id": _always("number", TEAM_ID),
        "source.type": _always("text", "conversation"),
        "source.id": Field("text", lambda row: f"4{row['id']}"),
        "source.delivered_as": _always("text", "customer_initiated"),
        "source.subject": _always("text", ""),
        "source.author.id": _author("id"),
        "source.author.type": _author("role"),
        "source.author.name": _author("name"),
        "source.author.email": _author("email"),
        "ai_agent_participated": _always("flag", value=False),
        "conversation_rating.requested_at": _rating("date", "created_at"),
        "conversation_rating.replied_at": _rating("date", "updated_at"),
        "conversation_rating.score": _rating("number", "rating"),
        "conversation_rating.remark": _rating("text", "remark"),
        **{
            f"statistics.{name}": _statistic(kind, name)
            for kind, names in STATISTICS.items()
            for name in names
        },
    }
)
TICKETS = Kind(
    {
        "id": ID,
        "created_at": _plain("date", "created_at"),
        "updated_at": _plain("date", "updated_at"),
        "snoozed_until": _plain("date", "snoozed_until"),
        "title": _plain("text", "subject"),
        "category": _always("text", "Customer"),
        "ticket_type_id": _always("text", "78"),
        "contact_ids": _listed(lambda row: row["contact_id"]),
        "teammate_ids": _listed(lambda row: str(row["admin_id"])),
        "admin_assignee_id": _plain("text", "admin_id"),
        "team_assignee_id": _always("text", str(TEAM_ID)),
        "open": _plain("flag", "open"),
        "state": Field("text", lambda row: TICKET_STATES[row["state"]]),
    }
)
