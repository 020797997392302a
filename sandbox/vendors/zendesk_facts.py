"""What a record of the support desk can be found by: values by the names of Zendesk's search."""

from collections.abc import Iterator

from sandbox.vendors.zendesk_history import description_of
from sandbox.vendors.zendesk_query import Facts
from sandbox.vendors.zendesk_rows import ADMIN_ID, BRAND_ID, FORM_ID, GROUP_ID, Desk, Row

GROUP_NAME = "Support"


def records(desk: Desk) -> Iterator[tuple[str, Row]]:
    """Kind and row of all that can be found: archived tickets too, nothing that was deleted."""
    yield from (("ticket", row) for row in desk.tickets if row["status"] != "deleted")
    yield from (("user", row) for row in desk.users)
    yield from (("organization", row) for row in desk.living_organizations())
    yield "group", {"id": GROUP_ID, "created_at": desk.users[0]["created_at"]}


def facts_of(kind: str, row: Row, desk: Desk) -> Facts:
    """A property without a value is there, and empty; one that this kind lacks is not there."""
    told = {"ticket": _ticket, "user": _user, "organization": _organization, "group": _group}
    common = {
        "type": (kind,),
        "id": (str(row["id"]),),
        "created": (row["created_at"],),
        "updated": (row.get("updated_at") or row["created_at"],),
    }
    return common | told[kind](row, desk)


def _ticket(row: Row, desk: Desk) -> dict[str, tuple[str, ...]]:
    rating, written = row["rating"], row.get("written", {})
    requester = _person(row["requester_id"], desk)
    return {
        "words": _small(row["subject"], description_of(row), str(row["id"])),
        "subject": _small(row["subject"]),
        "description": _small(description_of(row)),
        "status": (row["status"],),
        "priority": _small(row["priority"]),
        "ticket_type": _small(row["type"]),
        "solved": tuple(moment for moment in (row["solved_at"],) if moment),
        "requester": requester,
        "submitter": requester,
        "assignee": _person(row["assignee_id"], desk),
        "organization": _home(row["organization_id"], desk),
        "group": (str(GROUP_ID), GROUP_NAME.casefold()),
        "brand": (str(BRAND_ID),),
        "form": (str(FORM_ID),),
        "satisfaction": (rating["score"] if rating else "unoffered",),
        "via": ("web",),
        "external_id": _small(written.get("external_id")),
        "tags": _small(*written.get("tags", ())),
    }


def _user(row: Row, desk: Desk) -> dict[str, tuple[str, ...]]:
    return {
        "words": _small(row["name"], row["email"]),
        "name": _small(row["name"]),
        "email": _small(row["email"]),
        "role": (row["role"],),
        "organization": _home(row["organization_id"], desk),
        "external_id": (),
        "notes": (),
        "details": (),
        "tags": (),
    }


def _organization(row: Row, _desk: Desk) -> dict[str, tuple[str, ...]]:
    return {
        "words": _small(row["name"], row["notes"], row["details"], *row["domain_names"]),
        "name": _small(row["name"]),
        "external_id": _small(row["external_id"]),
        "notes": _small(row["notes"]),
        "details": _small(row["details"]),
        "tags": _small(*row["tags"]),
    }


def _group(_row: Row, _desk: Desk) -> dict[str, tuple[str, ...]]:
    return {"words": _small(GROUP_NAME), "name": _small(GROUP_NAME)}


def _person(user_id: int, desk: Desk) -> tuple[str, ...]:
    """By id, address, whole name, or one of its names; the caller is `me`."""
    caller = ("me",) if user_id == ADMIN_ID else ()
    row = desk.user_by_id.get(user_id)
    if row is None:
        return (str(user_id),)
    return (str(user_id), *caller, *_small(row["email"], row["name"], *row["name"].split()))


def _home(organization_id: int | None, desk: Desk) -> tuple[str, ...]:
    """By id, or by whole name."""
    if organization_id is None:
        return ()
    row = desk.organizations.get(organization_id)
    return (str(organization_id), *_small(row["name"] if row else None))


def _small(*texts: object) -> tuple[str, ...]:
    return tuple(str(text).casefold() for text in texts if text)
