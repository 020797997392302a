"""What can be searched for in contacts, conversations and tickets, and how each is read of a row.

The names are those of the published lists of accepted fields (API description 2.16, Nov 2026).
"""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from sandbox.vendors import intercom_threads as threads
from sandbox.vendors.intercom_rows import TEAM_ID, Row
from sandbox.vendors.intercom_search import Field, Kind, id_key
from sandbox.vendors.intercom_ticket_types import ATTRIBUTE_IDS, DESCRIPTION, TITLE
from sandbox.vendors.intercom_tickets import TICKET_STATES

# Not UTC on purpose: a client that cuts days there misses some.
WORKSPACE_ZONE = ZoneInfo("America/Los_Angeles")

ID = Field("id", lambda row: id_key(row["id"]))
WORD = re.compile(r"\w+")


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


def _words(row: Row) -> list[str]:
    """Of the first message: the search looks at each word of it alone."""
    return WORD.findall(row["subject"] or "")


# What a contact has a field for and nobody of a workspace has a value in. One name is misspelt in
# the published list: it is taken as it stands there, and as contacts bear it.
UNFILLED_TEXTS = (
    *("avatar", "formatted_phone", "language_override", "browser", "browser_language", "os"),
    *("location.country", "location.region", "location.city"),
    *("ios_app_version", "ios_device", "ios_app_device", "ios_os_version", "ios_app_name"),
    *("ios_sdk_version", "android_app_version", "android_device", "android_app_name"),
    *("android_os_version", "android_sdk_version", "andoid_sdk_version"),
)
UNFILLED_DATES = (
    *("last_contacted_at", "last_email_opened_at", "last_email_clicked_at"),
    *("ios_last_seen_at", "android_last_seen_at"),
)
CONTACTS = Kind(
    {
        **{name: _always("text", None) for name in UNFILLED_TEXTS},
        **{name: _always("date", None) for name in UNFILLED_DATES},
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
        "unsubscribed_from_emails": _always("flag", value=False),
        "marked_email_as_spam": _always("flag", value=False),
        "has_hard_bounced": _always("flag", value=False),
        "segment_id": _listed(lambda _: None),
        "tag_id": Field("texts", lambda _: [], operators=("=", "!=")),
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
AI_AGENT = ("resolution_state", "last_answer_type", "rating_remark", "source_type", "source_title")


def _rated_by(row: Row) -> str | None:
    return row["contact_id"] if row["rating"] else None


# The published list spells it admin_d.
RATED = Field("text", lambda row: str(row["admin_id"]) if row["rating"] else None)
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
        "source.body": Field("texts", _words),
        "source.url": _always("text", None),
        "channel_initiated": _always("text", "conversation"),
        "source.author.id": _author("id"),
        "source.author.type": _author("role"),
        "source.author.name": _author("name"),
        "source.author.email": _author("email"),
        "ai_agent_participated": _always("flag", value=False),
        **{f"ai_agent.{name}": _always("text", None) for name in AI_AGENT},
        "ai_agent.rating": _always("number", None),
        "conversation_rating.requested_at": _rating("date", "created_at"),
        "conversation_rating.replied_at": _rating("date", "updated_at"),
        "conversation_rating.score": _rating("number", "rating"),
        "conversation_rating.remark": _rating("text", "remark"),
        "conversation_rating.contact_id": Field("text", _rated_by),
        **dict.fromkeys(("conversation_rating.admin_id", "conversation_rating.admin_d"), RATED),
        "statistics.last_closed_by_id": _statistic("text", "last_closed_by_id"),
        **{
            f"statistics.{name}": _statistic(kind, name)
            for kind, names in STATISTICS.items()
            for name in names
        },
    }
)
DATED_TICKETS = ("=", "!=", "IN", "NIN", ">", "<", ">=", "<=")
TICKETS = Kind(
    {
        "id": ID,
        "created_at": Field("date", lambda row: row["created_at"], operators=DATED_TICKETS),
        "updated_at": _plain("date", "updated_at"),
        "snoozed_until": _plain("date", "snoozed_until"),
        "title": _plain("text", "subject"),
        "description": _always("text", None),
        f"ticket_attribute.{ATTRIBUTE_IDS[TITLE]}": _plain("text", "subject"),
        f"ticket_attribute.{ATTRIBUTE_IDS[DESCRIPTION]}": _always("text", None),
        # Categories are searched for by words of their own; this one is that of Customer.
        "category": _always("text", "request"),
        "ticket_type_id": _always("text", "78"),
        "contact_ids": _listed(lambda row: row["contact_id"]),
        "teammate_ids": _listed(lambda row: str(row["admin_id"])),
        "admin_assignee_id": _plain("text", "admin_id"),
        "team_assignee_id": _always("text", str(TEAM_ID)),
        "open": _plain("flag", "open"),
        "state": Field("text", lambda row: TICKET_STATES[row["state"]]),
    }
)
