"""How each vendor's lists go on: pure functions from (what was asked, what came) to what to ask.

Each returns None at the vendor's own end mark. A short or an empty page is no end. A row that is no
object, or has no id, leads nowhere and is passed over: landing sets it aside. Forms checked against
the vendors' documents in Nov 2026.
"""

from typing import Any

from include.errors import RetryLater
from include.sources.http.answers import Body
from include.sources.http.client import Params


def hubspot_after(params: Params, body: Body) -> Params | None:
    """HubSpot lists: `paging.next.after`; the last page has no `paging`."""
    after = next_after(body)
    return None if after is None else {**params, "after": after}


def hubspot_search(params: Params, body: Body) -> Params | None:
    """HubSpot search: go on behind the largest id seen, never by offset.

    An offset ends at 10,000 with a 400, and rows that leave the result while it is read (archived,
    merged) would pull unread rows over it. The first filter of each group is the one on the id. An
    empty page that claims more is asked on as the vendor says.
    """
    after = next_after(body)
    if after is None:
        return None
    ids = [int(one) for one in _ids_of(body["results"])]
    if not ids:
        return {**params, "after": after}
    return hubspot_behind(params, str(max(ids)))


def hubspot_behind(params: Params, record_id: str) -> Params:
    """The same search, for records with larger ids only."""
    behind = {"propertyName": "hs_object_id", "operator": "GT", "value": record_id}
    groups = [{"filters": [behind, *_without_id(group)]} for group in params["filterGroups"]]
    return {**params, "filterGroups": groups, "after": "0"}


def zendesk_cursor(params: Params, body: Body) -> Params | None:
    """Zendesk cursor exports: until `end_of_stream`; `start_time` only opens the first page."""
    if body["end_of_stream"]:
        return None
    kept = {name: value for name, value in params.items() if name != "start_time"}
    return {**kept, "cursor": body["after_cursor"]}


def zendesk_end_time(params: Params, body: Body) -> Params | None:
    """Zendesk time-based exports: each page's `end_time` starts the next one.

    The export cannot get past a second in which more items changed than fit on a page.
    """
    if body["end_of_stream"]:
        return None
    if body["end_time"] == params["start_time"]:
        raise RetryLater(
            f"zendesk: the export does not get past {body['end_time']} (epoch seconds). If this "
            "stays, more items changed in that second than fit on a page: use a larger page."
        )
    return {**params, "start_time": body["end_time"]}


def zendesk_has_more(params: Params, body: Body) -> Params | None:
    """Zendesk lists: `meta.after_cursor` while `meta.has_more`."""
    meta = body["meta"]
    return {**params, "page[after]": meta["after_cursor"]} if meta["has_more"] else None


def stripe_has_more(params: Params, body: Body) -> Params | None:
    """Stripe lists: behind the last row with an id while `has_more`.

    Stripe sends no empty page that claims more; one that does leads back to itself.
    """
    if not body["has_more"]:
        return None
    ids = _ids_of(body["data"])
    return {**params, "starting_after": ids[-1]} if ids else params


def next_after(body: Body) -> str | None:
    """Return the mark of HubSpot's next page; None on the last one."""
    following: dict[str, Any] = (body.get("paging") or {}).get("next") or {}
    return following.get("after")


def _ids_of(rows: list[Any]) -> list[Any]:
    return [row["id"] for row in rows if isinstance(row, dict) and row.get("id")]


def _without_id(group: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in group["filters"] if item["propertyName"] != "hs_object_id"]
