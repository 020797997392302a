"""HubSpot's companies of version 2: all, those changed of late, and one.

The same records as /crm/v3/objects/companies. The lists of further domains and of merges stay
empty, because no page shows what stands in them; both are among the properties. Vendor facts:
legacy companies reference, checked Nov 2026.
"""

from typing import Any

from sandbox.vendors.hubspot_http import Call, Reply, not_found
from sandbox.vendors.hubspot_recent import (
    MOST_RECENT,
    number_of,
    page_by_id,
    page_of_recent,
    stamped_rows,
)
from sandbox.vendors.hubspot_store import Store, Table
from sandbox.vendors.hubspot_versions import asked_properties, every_property
from sandbox.vendors.hubspot_write import PORTAL_ID


def list_paged(store: Store, call: Call) -> Reply:
    """GET /companies/v2/companies/paged: `offset` is the last id of the page, on the last too."""
    table = store.tables["companies"]
    rows, more, offset = page_by_id(table, call)
    shown = [_company(table, row, asked_properties(store, table, call, row)) for row in rows]
    return Reply(200, {"companies": shown, "has-more": more, "offset": offset})


def list_modified(store: Store, call: Call, now: str) -> Reply:
    """GET /companies/v2/companies/recent/modified, whole records."""
    return _recent(store, call, now, "hs_lastmodifieddate")


def list_created(store: Store, call: Call, now: str) -> Reply:
    """GET /companies/v2/companies/recent/created, whole records."""
    return _recent(store, call, now, "createdate")


def _recent(store: Store, call: Call, now: str, stamp: str) -> Reply:
    table = store.tables["companies"]
    page = page_of_recent(stamped_rows(table, stamp), call, now)
    shown = [_company(table, row, every_property(store, table, row)) for row in page.shown]
    return Reply(200, page.body(shown))


def get_company(store: Store, call: Call) -> Reply:
    """GET /companies/v2/companies/{id}; a merged id gives the winner."""
    table = store.tables["companies"]
    row = table.find(call.path["id"])
    if row is None or not table.live(row):
        raise not_found()
    history = call.flag("includePropertyVersions")
    return Reply(200, _company(table, row, every_property(store, table, row, history=history)))


def list_vids(store: Store, call: Call) -> Reply:
    """GET /companies/v2/companies/{id}/vids: the ids of its contacts, from `vidOffset` on."""
    table, contacts = store.tables["companies"], store.kind("contacts")
    row = table.find(call.path["id"])
    if row is None or not table.live(row):
        raise not_found()
    limit, offset = call.limit(100, MOST_RECENT, "count"), number_of(call, "vidOffset")
    vids = [vid for vid in store.linked_ids(table.kind, contacts, table.ids[row]) if vid > offset]
    shown = vids[:limit]
    end = shown[-1] if shown else offset
    return Reply(200, {"vids": shown, "vidOffset": end, "hasMore": len(vids) > limit})


def _company(table: Table, row: int, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "portalId": PORTAL_ID,
        "companyId": table.ids[row],
        "isDeleted": False,
        "properties": properties,
        "additionalDomains": [],
        "stateChanges": [],
        "mergeAudits": [],
    }
