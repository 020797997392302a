"""HubSpot owners and deal pipelines: what they are in a world, and their endpoints.

Vendor facts: owners and pipelines API descriptions, checked Nov 2026.
"""

from typing import Any

import pandas as pd

from sandbox.vendors.hubspot_columns import texts
from sandbox.vendors.hubspot_http import Call, Refused, Reply, not_found
from sandbox.vendors.hubspot_store import Column, Store
from sandbox.world.model import World

OWNERS_FROM = 5_550_000
USERS_FROM = 7_000_000
MOST_OWNERS = 500
SINCE = "2019-10-30T03:30:17.883Z"


def owner_ids(owner_nos: "pd.Series[Any]") -> Column:
    return [None if pd.isna(number) else str(OWNERS_FROM + int(number)) for number in owner_nos]


def to_owners(world: World) -> list[dict[str, Any]]:
    """Owners in order of their ids. An archived owner has lost its user, but not the user's id."""
    frame = world["owners"].sort_values("owner_no")
    rows = zip(
        frame["owner_no"],
        texts(frame["email"]),
        texts(frame["first_name"]),
        texts(frame["last_name"]),
        frame["archived"],
        strict=True,
    )
    at = f"{world.start.isoformat()}T00:00:00.000Z"
    return [
        {
            "id": str(OWNERS_FROM + int(number)),
            "email": email,
            "type": "PERSON",
            "firstName": first,
            "lastName": last,
            **({} if archived else {"userId": USERS_FROM + int(number)}),
            "userIdIncludingInactive": USERS_FROM + int(number),
            "createdAt": at,
            "updatedAt": at,
            "archived": bool(archived),
            "teams": [{"id": "178588", "name": "Customer success", "primary": True}],
        }
        for number, email, first, last, archived in rows
    ]


def list_owners(store: Store, call: Call) -> Reply:
    """Archived owners come only with archived=true. `after` is the id before the page."""
    limit = call.limit(100, MOST_OWNERS)
    after, email = call.text("after") or "0", call.text("email")
    if not after.isdigit():
        raise Refused(400, f"Invalid 'after': '{after}' is not a paging cursor of this endpoint")
    rows = [
        owner
        for owner in store.owners
        if owner["archived"] is call.flag("archived")
        and int(owner["id"]) > int(after)
        and email in (None, "", owner["email"])
    ]
    body: dict[str, Any] = {"results": rows[:limit]}
    if len(rows) > limit:
        last = rows[limit - 1]["id"]
        body["paging"] = {"next": {"after": last, "link": call.link(last)}}
    return Reply(200, body)


def get_owner(store: Store, call: Call) -> Reply:
    key = "userId" if call.text("idProperty") == "userId" else "id"
    for owner in store.owners:
        if str(owner.get(key)) == call.path["id"] and owner["archived"] is call.flag("archived"):
            return Reply(200, owner)
    raise not_found()


def _stage(stage_id: str, label: str, order: int, probability: str) -> dict[str, Any]:
    closed = probability in ("0.0", "1.0")
    return {
        "id": stage_id,
        "label": label,
        "displayOrder": order,
        "metadata": {"isClosed": str(closed).lower(), "probability": probability},
        "createdAt": SINCE,
        "updatedAt": SINCE,
        "archived": False,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }


def _pipeline(
    pipeline_id: str, label: str, order: int, stages: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": pipeline_id,
        "label": label,
        "displayOrder": order,
        "stages": stages,
        "createdAt": SINCE,
        "updatedAt": SINCE,
        "archived": False,
    }


# Stage ids of a pipeline that people added are numbers: only `metadata` says what is won.
PIPELINES = [
    _pipeline(
        "default",
        "Sales Pipeline",
        0,
        [
            _stage("qualifiedtobuy", "Qualified To Buy", 0, "0.4"),
            _stage("closedwon", "Closed Won", 1, "1.0"),
            _stage("closedlost", "Closed Lost", 2, "0.0"),
        ],
    ),
    _pipeline(
        "70110042",
        "Renewals",
        1,
        [
            _stage("130940017", "Renewal upcoming", 0, "0.8"),
            _stage("130940018", "Renewed", 1, "1.0"),
            _stage("130940019", "Not renewed", 2, "0.0"),
        ],
    ),
]
STAGES = ("open", "closedwon", "closedlost")


def stage_of(kind: str, stage: str) -> tuple[str, dict[str, Any]]:
    """Pipeline id and stage of a deal: renewals have a pipeline of their own."""
    pipeline = PIPELINES[kind == "renewal"]
    return pipeline["id"], pipeline["stages"][STAGES.index(stage)]


def list_pipelines(store: Store, call: Call) -> Reply:
    """Only deals have pipelines here; other types answer with an empty list."""
    kind = store.kind(call.path["type"])
    return Reply(200, {"results": store.pipelines if kind.name == "deals" else []})


def get_pipeline(store: Store, call: Call) -> Reply:
    return Reply(200, _pipeline_of(store, call))


def list_stages(store: Store, call: Call) -> Reply:
    return Reply(200, {"results": _pipeline_of(store, call)["stages"]})


def _pipeline_of(store: Store, call: Call) -> dict[str, Any]:
    kind = store.kind(call.path["type"])
    for pipeline in store.pipelines if kind.name == "deals" else ():
        if pipeline["id"] == call.path["id"]:
            return pipeline
    raise not_found()
