"""Intercom's JSON of conversations and what happened in them (see render)."""

from sandbox.vendors.intercom_render import NOTHING, teammate
from sandbox.vendors.intercom_rows import TEAM_ID, Row

# Good and bad answers of the world on Intercom's five faces, by the ticket's number.
SCORES = {"good": (4, 5), "bad": (1, 2, 3)}


def conversation(row: Row, company: Row | None = None) -> Row:
    """As in lists and searches: without its parts. `company`: where the conversation names one."""
    return {
        "type": "conversation",
        "id": row["id"],
        "title": row["subject"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "waiting_since": row["waiting_since"],
        "snoozed_until": row["snoozed_until"],
        "source": _source(row),
        "contacts": contacts_of(row),
        "first_contact_reply": {
            "created_at": row["created_at"],
            "type": "conversation",
            "url": None,
        },
        "admin_assignee_id": row["admin_id"],
        "team_assignee_id": TEAM_ID,
        "company": company,
        "open": row["open"],
        "state": row["state"],
        "read": not row["open"],
        "tags": {"type": "tag.list", "tags": []},
        "priority": row["priority"],
        "sla_applied": None,
        "statistics": statistics(row),
        "conversation_rating": rating(row),
        "teammates": {
            "type": "admin.list",
            "teammates": [{"type": "admin", "id": str(row["admin_id"])}],
        },
        "custom_attributes": {},
        "topics": {},
        "ticket": {"type": "ticket", "id": row["id"]} if row["is_ticket"] else None,
        "linked_objects": NOTHING,
        "ai_agent": None,
        "ai_agent_participated": False,
    }


def _source(row: Row) -> Row:
    """The message that began it."""
    return {
        "type": "conversation",
        "id": f"4{row['id']}",
        "delivered_as": "customer_initiated",
        "subject": "",
        "body": f"<p>{row['subject']}</p>",
        "author": _author(row["contact"]),
        "attachments": [],
        "url": None,
        "redacted": False,
    }


def in_version(shown: Row, version: tuple[int, int]) -> Row:
    """A conversation or ticket as older versions of the API show it (descriptions 2.10 to 2.16)."""
    if version >= (2, 16):
        return shown
    if shown["type"] == "ticket":
        is_word = version < (2, 12)
        return shown | ({"ticket_state": shown["ticket_state"]["category"]} if is_word else {})
    is_marked = shown["priority"] in ("high", "urgent")
    shown = shown | {"priority": "priority" if is_marked else "not_priority"}
    if version < (2, 15):
        del shown["company"]
    if version < (2, 14) and shown["conversation_rating"]:
        answer = shown["conversation_rating"]
        kept = {name: value for name, value in answer.items() if name != "updated_at"}
        shown["conversation_rating"] = kept
    return shown


def in_plain_text(shown: Row) -> Row:
    """A conversation with its parts, the messages without markup; subjects never have any."""
    told = shown["conversation_parts"]
    parts = [part | {"body": _plain(part["body"])} for part in told["conversation_parts"]]
    return shown | {
        "source": shown["source"] | {"body": _plain(shown["source"]["body"])},
        "conversation_parts": told | {"conversation_parts": parts},
    }


def _plain(body: str | None) -> str | None:
    """A message is one paragraph."""
    return body and body.removeprefix("<p>").removesuffix("</p>")


def _author(person: Row | None) -> Row:
    if person is None:
        return {"type": "lead", "id": None, "name": None, "email": None}
    return {name: person[name] for name in ("id", "name", "email")} | {"type": person["role"]}


def contacts_of(row: Row) -> Row:
    person = row["contact"]
    named = (
        [{"type": "contact", "id": person["id"], "external_id": person["external_id"]}]
        if person
        else []
    )
    return {"type": "contact.list", "contacts": named}


def statistics(row: Row) -> Row | None:
    """None until somebody has answered or closed it. The team works around the clock."""
    reply, close = _seconds(row["first_reply_minutes"]), _seconds(row["resolution_minutes"])
    if reply is None and row["solved_at"] is None:
        return None
    replied_at = None if reply is None else row["created_at"] + reply
    return {
        "type": "conversation_statistics",
        "time_to_assignment": 0,
        "time_to_admin_reply": reply,
        "time_to_first_close": close,
        "time_to_last_close": close,
        "median_time_to_reply": reply,
        "first_contact_reply_at": row["created_at"],
        "first_assignment_at": row["created_at"],
        "first_admin_reply_at": replied_at,
        "first_close_at": row["solved_at"],
        "last_assignment_at": row["created_at"],
        "last_assignment_admin_reply_at": replied_at,
        "last_contact_reply_at": row["created_at"],
        "last_admin_reply_at": replied_at,
        "last_close_at": row["solved_at"],
        "last_closed_by_id": str(row["admin_id"]) if row["solved_at"] else None,
        "count_reopens": row["reopens"],
        "count_assignments": 1,
        "count_conversation_parts": (row["replies"] or 0) + 1,
        "assigned_team_first_response_time": [],
        "assigned_team_first_response_time_in_office_hours": [],
        "handling_time": close,
        "adjusted_handling_time": None,
    }


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else int(minutes * 60)


def rating(row: Row) -> Row | None:
    """None until somebody is asked; asked and not answered, it has no number."""
    asked = row["rating"]
    if asked is None:
        return None
    scores = SCORES.get(asked["score"])
    return {
        "rating": scores[row["ticket_no"] % len(scores)] if scores else None,
        "remark": asked["comment"],
        "created_at": asked["created_at"],
        "updated_at": asked["updated_at"],
        "contact": contacts_of(row)["contacts"][0] if row["contact"] else None,
        "teammate": {"type": "admin", "id": str(row["admin_id"])},
    }


def parts(row: Row) -> Row:
    """What happened in the conversation after its first message."""
    events = (
        [("comment", row["created_at"] + _seconds(row["first_reply_minutes"]))]
        if (row["first_reply_minutes"] is not None)
        else []
    )
    if row["solved_at"] is not None:
        events.append(("close", row["solved_at"]))
    shown = [_part(row, place, kind, at) for place, (kind, at) in enumerate(events, start=1)]
    return {
        "type": "conversation_part.list",
        "conversation_parts": shown,
        "total_count": len(shown),
    }


def _part(row: Row, place: int, kind: str, at: int) -> Row:
    return {
        "type": "conversation_part",
        "id": f"{row['id']}{place:02}",
        "part_type": kind,
        "body": "<p>We are looking into it.</p>" if kind == "comment" else None,
        "created_at": at,
        "updated_at": at,
        "notified_at": at,
        "assigned_to": None,
        "author": teammate(row["admin_id"]),
        "attachments": [],
        "external_id": None,
        "redacted": False,
        "email_message_metadata": None,
        "state": "closed" if kind == "close" else "open",
        "tags": [],
        "event_details": None,
        "app_package_code": None,
    }
