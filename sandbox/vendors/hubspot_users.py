"""HubSpot's users and teams: those owners who still have a user, all in one team.

Vendor facts: user provisioning reference, checked Nov 2026.
"""

from sandbox.vendors.hubspot_http import Call, Refused, Reply
from sandbox.vendors.hubspot_store import Store

MOST = 100


def list_users(store: Store, call: Call) -> Reply:
    """GET /settings/v3/users: in order of ids; `after` is the id before the page."""
    limit, after = call.limit(100, MOST), call.text("after") or "0"
    if not after.isdigit():
        raise Refused(400, f"Invalid 'after': '{after}' is not a paging cursor of this endpoint")
    active = [owner for owner in store.owners if owner.get("userId", 0) > int(after)]
    shown = [
        {
            "id": str(owner["userId"]),
            "email": owner["email"],
            "firstName": owner["firstName"],
            "lastName": owner["lastName"],
            "roleIds": [],
            "primaryTeamId": owner["teams"][0]["id"],
            "secondaryTeamIds": [],
            "superAdmin": False,
        }
        for owner in active[:limit]
    ]
    if len(active) <= limit:
        return Reply(200, {"results": shown})
    last = shown[-1]["id"]
    paging = {"next": {"after": last, "link": call.link(last)}}
    return Reply(200, {"results": shown, "paging": paging})


def list_teams(store: Store, _call: Call) -> Reply:
    """GET /settings/v3/users/teams: never paged."""
    names = {team["id"]: team["name"] for owner in store.owners for team in owner["teams"]}
    return Reply(
        200,
        {
            "results": [
                {
                    "id": team,
                    "name": name,
                    "userIds": [
                        str(owner["userId"])
                        for owner in store.owners
                        if "userId" in owner and owner["teams"][0]["id"] == team
                    ],
                    "secondaryUserIds": [],
                }
                for team, name in names.items()
            ]
        },
    )
