"""A ticket's updates as Zendesk tells them: as audits, as comments, and as exported ticket events.

Values of changed fields are text, as in the vendor's examples (audit events reference, checked Nov
2026). Exported events have the words of a comment only where the client includes `comment_events`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from sandbox.vendors.zendesk_history import IDS_PER_UPDATE, SYSTEM, Change, Update
from sandbox.vendors.zendesk_rows import Row, iso

WEB, RULE = "Web form", "Rule"


def audit(update: Update) -> Row:
    events = [_comment_event(update)] if update.words is not None else []
    events += [
        {"id": event_id, "type": _kind(update), "field_name": change.name, **_values(change)}
        for event_id, change in _numbered(update)
    ]
    return {
        "id": update.id,
        "ticket_id": update.ticket["id"],
        "created_at": _moment(update),
        "author_id": update.author_id,
        "metadata": {"system": {}, "custom": {}},
        "events": events,
        "via": _via(update),
    }


def comment(update: Update) -> Row:
    """As the list of a ticket's comments has it."""
    more = {"via": _via(update), "created_at": _moment(update)}
    return {**_comment_event(update), **more, "metadata": {"system": {}, "custom": {}}}


def ticket_event(update: Update, *, with_comments: bool) -> Row:
    via = RULE if update.author_id == SYSTEM else WEB
    children = [
        {"id": event_id, "via": via, "via_reference_id": None, "event_type": _kind(update)}
        | _named_values(change)
        for event_id, change in _numbered(update)
    ]
    if update.words is not None:
        children.insert(0, _child_comment(update, with_comments=with_comments))
    return {
        "id": update.id,
        "ticket_id": update.ticket["id"],
        "timestamp": update.second,
        "created_at": _moment(update),
        "updater_id": update.author_id,
        "via": via,
        "system": {},
        "metadata": {},
        "child_events": children,
        "event_type": "Audit",
    }


def _child_comment(update: Update, *, with_comments: bool) -> Row:
    if with_comments:
        return {**comment(update), "via_reference_id": None, "event_type": "Comment"}
    told = {"comment_present": True, "comment_public": True, "event_type": "Comment"}
    event_id = update.id * IDS_PER_UPDATE
    return {"id": event_id, "via": WEB, "via_reference_id": None, **told}


def _comment_event(update: Update) -> Row:
    return {
        "id": update.id * IDS_PER_UPDATE,
        "type": "Comment",
        "author_id": update.author_id,
        "body": update.words,
        "html_body": f'<div class="zd-comment"><p>{update.words}</p></div>',
        "plain_body": update.words,
        "public": True,
        "attachments": [],
        "audit_id": update.id,
    }


def _numbered(update: Update) -> Iterator[tuple[int, Change]]:
    """Each change with its event's id; the first id is the comment's, with or without one."""
    yield from enumerate(update.changes, start=update.id * IDS_PER_UPDATE + 1)


def _kind(update: Update) -> str:
    return "Create" if update.is_creation else "Change"


def _values(change: Change) -> Row:
    shown: Row = {"value": str(change.value)}
    return shown | ({} if change.previous is None else {"previous_value": str(change.previous)})


def _named_values(change: Change) -> Row:
    """As in exported events, where the field's name is the key."""
    shown = _values(change)
    return {change.name: shown.pop("value"), **shown}


def _via(update: Update) -> Row:
    channel = "rule" if update.author_id == SYSTEM else "web"
    return {"channel": channel, "source": {"from": {}, "to": {}, "rel": None}}


def _moment(update: Update) -> str:
    return iso(datetime.fromtimestamp(update.second, UTC))
