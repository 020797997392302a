"""A world's support tables as Zendesk's records see them: plain values, Zendesk ids, indexes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from sandbox.vendors.zendesk_frames import rows_of
from sandbox.world.model import World
from sandbox.world.people import PERSON_SPAN

Row = dict[str, Any]

# Organisations, tickets and ratings go by their numbers in the world; what has no number there gets
# one in a range of its own, so that a mixed-up id finds nothing.
USER, METRIC_SET, MEMBERSHIP = 7_000_000_000, 51_000_000_000, 66_000_000_000
SECOND_MEMBERSHIP, IDENTITY = 68_000_000_000, 77_000_000_000
GROUP_ID, BRAND_ID, FORM_ID = 31_000, 32_000, 33_000
AGENTS = (("Asha Lind", "admin"), ("Bo Okafor", "agent"), ("Cleo Marsh", "agent"))
ADMIN_ID = 9_001
UNKNOWN_SENDER_ID = 9_900
# Users of a simulated desk who are gone: an agent who left, and a trial user. They own nothing.
FORMER = ((9_950, "Dana Ruiz"), (9_951, "Trial User"))

# Zendesk moves tickets that have been closed this long into its archive: exports still hold them,
# lists do not (vendor help centre, checked Nov 2026).
ARCHIVED_AFTER = timedelta(days=120)


def epoch(moment: str) -> int:
    """Seconds since 1970 of an ISO text with zone."""
    return int(datetime.fromisoformat(moment).timestamp())


def iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


class Desk:
    """The records of one world as of `now`, each list in the order of its ids.

    Afterwards organisations change and tickets are added (`zendesk_writes`); the rest is only read.
    """

    def __init__(self, world: World, now: datetime) -> None:
        happened = iso(now)
        self.organizations = {row["id"]: row for row in _organizations(world, happened)}
        self.fields = _fields(world)
        self.tickets = _tickets(world, happened)
        self.ticket_by_id = {row["id"]: row for row in self.tickets}
        self.ratings = _ratings(world, self.ticket_by_id, happened)
        self.users = _users(world, self.organizations.values(), self.tickets, happened)
        self.former_users = _former_users(world)
        self.user_by_id = {row["id"]: row for row in [*self.users, *self.former_users]}
        self.memberships = _memberships(self.users, _other_homes(world, self.organizations))
        self._archived_before = iso(now - ARCHIVED_AFTER)

    def add_ticket(self, row: Row) -> None:
        """`row`'s id is higher than all others."""
        self.tickets.append(row)
        self.ticket_by_id[row["id"]] = row

    def members_of(self, organization_id: int) -> set[int]:
        """The ids of its users, those too whose first organisation is another."""
        rows = self.memberships
        return {row["user_id"] for row in rows if row["organization_id"] == organization_id}

    def living_organizations(self) -> list[Row]:
        return [row for row in self.organizations.values() if row["deleted_at"] is None]

    def listed_tickets(self) -> list[Row]:
        """Neither deleted nor archived."""
        return [row for row in self.tickets if not self._is_out_of_lists(row)]

    def _is_out_of_lists(self, ticket: Row) -> bool:
        is_old = ticket["updated_at"] < self._archived_before
        return ticket["status"] == "deleted" or (ticket["status"] == "closed" and is_old)


def _organizations(world: World, happened: str) -> Iterable[Row]:
    segments = world["accounts"].set_index("account_no")["segment"].to_dict()
    for row in rows_of(world["organizations"].sort_values("organization_no")):
        if row["created_at"] <= happened:
            segment = segments.get(row["account_no"])
            yield {
                "id": row["organization_no"],
                "account_no": row["account_no"],
                "name": row["name"],
                "external_id": row["external_id"],
                "domain_names": list(row["domains"] or ()),
                "organization_fields": {"segment": None if pd.isna(segment) else segment},
                "tags": [],
                "notes": "",
                "details": "",
                "group_id": None,
                "shared_tickets": False,
                "shared_comments": False,
                "created_at": row["created_at"],
                "updated_at": row["updated_at"],
                "deleted_at": row["deleted_at"],
            }


def _fields(world: World) -> list[Row]:
    return [
        {
            "id": 7_001,
            "type": "text",
            "key": "segment",
            "title": "Segment",
            "description": "The segment of the account",
            "created_at": f"{world.start}T00:00:00Z",
        }
    ]


def _tickets(world: World, happened: str) -> list[Row]:
    rows = []
    for row in rows_of(world["tickets"].sort_values("ticket_no")):
        if row["created_at"] > happened:
            continue
        requester = row["requester_no"]
        row["id"] = row["ticket_no"]
        row["organization_id"] = row["organization_no"]
        row["requester_id"] = UNKNOWN_SENDER_ID if requester is None else USER + requester
        row["assignee_id"] = ADMIN_ID + row["ticket_no"] % len(AGENTS)
        row["generated"] = epoch(row["generated_at"])
        row["rating"] = None
        rows.append(row)
    return rows


def _ratings(world: World, tickets: dict[int, Row], happened: str) -> list[Row]:
    """Also hangs each ticket's newest rating on the ticket."""
    rows = []
    for row in rows_of(world["ratings"].sort_values("rating_no")):
        ticket = tickets.get(row["ticket_no"])
        if ticket is not None and row["created_at"] <= happened:
            row["id"] = row["rating_no"]
            row["ticket"] = ticket
            ticket["rating"] = row
            rows.append(row)
    return rows


def _users(
    world: World, organizations: Iterable[Row], tickets: list[Row], happened: str
) -> list[Row]:
    """End users who write to support, after the agents."""
    home: dict[Any, Row] = {}
    for row in organizations:
        if row["deleted_at"] is None:
            home.setdefault(row["account_no"], row)
    askers = {ticket["requester_no"] for ticket in tickets}
    users = [_agent(world, place) for place in range(len(AGENTS))]
    if any(ticket["requester_id"] == UNKNOWN_SENDER_ID for ticket in tickets):
        users.append(_unknown_sender(world))
    users.extend(
        _end_user(row, home.get(row["account_no"]))
        for row in rows_of(world["people"].sort_values("person_no"))
        if (row["is_requester"] or row["person_no"] in askers) and row["created_at"] <= happened
    )
    return users


def _end_user(row: Row, home: Row | None) -> Row:
    return {
        "id": USER + row["person_no"],
        "name": " ".join(part for part in (row["first_name"], row["last_name"]) if part)
        or row["email"],
        "email": row["email"],
        "role": "end-user",
        "organization_id": None if home is None else home["id"],
        "organization_name": None if home is None else home["name"],
        "created_at": row["created_at"],
        "updated_at": max(row["updated_at"], row["created_at"]),
    }


def _agent(world: World, place: int) -> Row:
    name, role = AGENTS[place]
    email = f"{name.split()[0].lower()}@kite.example"
    facts = {"id": ADMIN_ID + place, "name": name, "email": email, "role": role}
    return facts | _without_home(world)


def _unknown_sender(world: World) -> Row:
    facts = {"id": UNKNOWN_SENDER_ID, "name": "Unknown sender", "email": None, "role": "end-user"}
    return facts | _without_home(world)


def _former_users(world: World) -> list[Row]:
    """Not `active` since the first day; worlds made of tables or by hand have none."""
    return [
        {"id": user_id, "name": name, "email": f"{name.split()[0].lower()}@kite.example"}
        | {"role": "end-user", "active": False}
        | _without_home(world)
        for user_id, name in (FORMER if world.asked_accounts else ())
    ]


def _without_home(world: World) -> Row:
    since = f"{world.start}T00:00:00Z"
    home = {"organization_id": None, "organization_name": None}
    return {**home, "created_at": since, "updated_at": since}


def _other_homes(world: World, organizations: dict[int, Row]) -> dict[int, Row]:
    """By user: the organisation of the parent company, which an account's first person joins."""
    homes = {row["account_no"]: row for row in organizations.values() if row["deleted_at"] is None}
    homes.pop(None, None)  # organisations of no account
    children = world["accounts"][["account_no", "parent_no"]].dropna(subset="parent_no")
    return {
        USER + row["account_no"] * PERSON_SPAN + 1: homes[row["parent_no"]]
        for row in rows_of(children)
        if row["parent_no"] in homes
    }


def _memberships(users: list[Row], other_homes: dict[int, Row]) -> list[Row]:
    """In the order of their ids: everybody's first organisation before anybody's second."""
    members = [user for user in users if user["organization_id"] is not None]
    firsts = [
        _membership(MEMBERSHIP, user, user["organization_id"], user["organization_name"])
        for user in members
    ]
    return [row | {"default": True} for row in firsts] + [
        _membership(SECOND_MEMBERSHIP, user, home["id"], home["name"]) | {"default": False}
        for user in members
        if (home := other_homes.get(user["id"]))
    ]


def _membership(first_id: int, user: Row, organization_id: int, name: str) -> Row:
    return {
        "id": first_id + user["id"] - USER,
        "user_id": user["id"],
        "organization_id": organization_id,
        "organization_name": name,
        "created_at": user["created_at"],
        "updated_at": user["updated_at"],
    }
