"""What happened to one ticket, update by update: what its audits, events and comments tell alike.

An update's id is its place in the ticket's life and not in the list, so that it stays when later
days bring more. Of the agent's replies the world dates only the first; the others come with the
first solution, so that none ever turns up before what a client has read already.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sandbox.vendors.zendesk_rows import GROUP_ID, Row, epoch

FIRST_UPDATE = 910_000_000_000
IDS_PER_TICKET, IDS_PER_UPDATE = 20, 100
CREATED, REPLIED, ANSWERED = 0, 1, 2  # further answers take the places up to SOLVED
SOLVED, REOPENED, SOLVED_AGAIN, ENDED, OFFERED, RATED = 14, 15, 16, 17, 18, 19
SYSTEM = -1  # the author of what a rule of the desk does
SCRUBBED = "SCRUBBED"
WORDS = (
    "Thank you for writing. We are looking into it.",
    "We have found the cause and are at work on it.",
    "Please try again, and tell us what you see.",
    "It should be in order now.",
)


class Change(NamedTuple):
    """A field's new value; `previous` only where the ticket existed before."""

    name: str
    value: object
    previous: object = None


class Update(NamedTuple):
    """One audit. `words`: the public comment that came with it, None: without."""

    second: int
    id: int
    ticket: Row
    author_id: int
    is_creation: bool
    words: str | None
    changes: tuple[Change, ...]


class _Step(NamedTuple):
    """What is to happen at one place of a ticket's life."""

    second: int
    place: int
    author_id: int
    words: str | None = None
    status: str | None = None
    score: Change | None = None


def description_of(ticket: Row) -> str:
    """The first words of a ticket; the world's tickets have none but their subject."""
    return str(ticket.get("description") or ticket["subject"])


def history(ticket: Row) -> list[Update]:
    """Oldest first. A ticket that others' tables solve before its creation is solved just then."""
    updates, status = [], "new"
    first_id = FIRST_UPDATE + ticket["id"] * IDS_PER_TICKET
    life = list(_life(ticket))
    for step in sorted([*life, _end(ticket, max(life).second), *_ratings(ticket)]):
        changes: tuple[Change, ...] = (step.score,) if step.score else ()
        if step.place == CREATED:
            changes = _created(ticket)
        elif step.status and step.status != status:
            changes = (Change("status", step.status, status),)
            status = step.status
        if changes or step.words is not None:
            known = first_id + step.place, ticket, step.author_id, step.place == CREATED
            updates.append(Update(step.second, *known, _words(step, ticket), changes))
    return updates


def _words(step: _Step, ticket: Row) -> str | None:
    return SCRUBBED if step.words is not None and _is_deleted(ticket) else step.words


def _is_deleted(ticket: Row) -> bool:
    return bool(ticket["status"] == "deleted")


def _life(ticket: Row) -> Iterator[_Step]:
    created = epoch(ticket["created_at"])
    agent, requester = ticket["assignee_id"], ticket["requester_id"]

    def at(moment: str | None) -> int:
        return max(created, epoch(moment)) if moment else created

    yield _Step(created, CREATED, requester, description_of(ticket))
    reply, solved = ticket["first_reply_minutes"], ticket["first_solved_at"]
    if reply is not None:
        replied = created + int(reply * 60)
        is_first = solved is None or replied <= at(solved)
        yield _Step(replied, REPLIED, agent, WORDS[0], "pending" if is_first else None)
        for place in range(ANSWERED, min(ANSWERED + int(ticket["replies"] or 0) - 1, SOLVED)):
            words = WORDS[1 + (place - ANSWERED) % (len(WORDS) - 1)]
            yield _Step(max(replied, at(solved)), place, agent, words)
    if solved:
        yield _Step(at(solved), SOLVED, agent, status="solved")
    if ticket["reopened_at"]:
        yield _Step(at(ticket["reopened_at"]), REOPENED, requester, status="open")
        if ticket["solved_at"]:
            yield _Step(at(ticket["solved_at"]), SOLVED_AGAIN, agent, status="solved")


def _end(ticket: Row, latest: int) -> _Step:
    """What the ticket's status is now; the last step of its life."""
    author = SYSTEM if ticket["status"] == "closed" else ticket["assignee_id"]
    second = max(latest, epoch(ticket["updated_at"]))
    return _Step(second, ENDED, author, status=ticket["status"])


def _ratings(ticket: Row) -> Iterator[_Step]:
    rating = ticket["rating"]
    if rating is None:
        return
    name, created = "satisfaction_score", epoch(ticket["created_at"])
    offered = max(created, epoch(rating["created_at"]))
    yield _Step(offered, OFFERED, SYSTEM, score=Change(name, "offered", "unoffered"))
    if rating["score"] != "offered":
        rated = max(offered, epoch(rating["updated_at"]))
        score = Change(name, rating["score"], "offered")
        yield _Step(rated, RATED, ticket["requester_id"], score=score)


def _created(ticket: Row) -> tuple[Change, ...]:
    facts: dict[str, Any] = {
        "subject": SCRUBBED if _is_deleted(ticket) else ticket["subject"],
        "status": "new",
        "priority": ticket["priority"],
        "type": ticket["type"],
        "requester_id": ticket["requester_id"],
        "organization_id": ticket["organization_id"],
        "group_id": GROUP_ID,
        "assignee_id": ticket["assignee_id"],
    }
    return tuple(Change(name, value) for name, value in facts.items() if value is not None)
