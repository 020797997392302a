"""HubSpot's deals of version 1: all, those changed of late, and one.

The same records as /crm/v3/objects/deals. Vendor facts: legacy deals reference, checked Nov 2026.
"""

from typing import Any

from sandbox.vendors.hubspot_http import Call, Reply, not_found
from sandbox.vendors.hubspot_recent import MOST, number_of, page_by_id, page_of_recent, stamped_rows
from sandbox.vendors.hubspot_store import Store, Table
from sandbox.vendors.hubspot_versions import asked_properties, every_property
from sandbox.vendors.hubspot_write import PORTAL_ID

ASSOCIATED = {
    "associatedVids": "contacts",
    "associatedCompanyIds": "companies",
    "associatedDealIds": "deals",
    "associatedTicketIds": "tickets",
}


def list_paged(store: Store, call: Call) -> Reply:
    """GET /deals/v1/deal/paged: without `properties` or `includeAllProperties` ids alone.

    `allPropertiesFetchMode`: latest_version gives one version a property, all_versions each.
    Associations come with `includeAssociations` only.
    """
    table = store.tables["deals"]
    rows, more, offset = page_by_id(table, call)
    shown = [_listed(store, table, row, call) for row in rows]
    return Reply(200, {"deals": shown, "hasMore": more, "offset": offset})


def list_modified(store: Store, call: Call, now: str) -> Reply:
    """GET /deals/v1/deal/recent/modified, whole records."""
    return _recent(store, call, now, "hs_lastmodifieddate")


def list_created(store: Store, call: Call, now: str) -> Reply:
    """GET /deals/v1/deal/recent/created, whole records."""
    return _recent(store, call, now, "createdate")


def _recent(store: Store, call: Call, now: str, stamp: str) -> Reply:
    table = store.tables["deals"]
    page = page_of_recent(stamped_rows(table, stamp), call, now)
    return Reply(200, page.body([_whole(store, table, row, call) for row in page.shown]))


def list_associated(store: Store, call: Call) -> Reply:
    """GET /deals/v1/deal/associated/{type}/{id}/paged: the deals of one record, by position."""
    table, origin = store.tables["deals"], store.kind(call.path["type"].lower())
    limit, offset = call.limit(100, MOST), number_of(call, "offset")
    record_id = int(call.path["id"]) if call.path["id"].isdigit() else 0
    linked = store.linked_ids(origin, table.kind, record_id)
    rows = [
        row for one in linked[offset : offset + limit] if (row := table.row_of(one)) is not None
    ]
    shown = [_listed(store, table, row, call) for row in rows]
    end = offset + len(rows)
    return Reply(200, {"deals": shown, "hasMore": end < len(linked), "offset": end})


def get_deal(store: Store, call: Call) -> Reply:
    """GET /deals/v1/deal/{id}; a merged id gives the winner."""
    table = store.tables["deals"]
    row = table.find(call.path["id"])
    if row is None or not table.live(row):
        raise not_found()
    return Reply(200, _whole(store, table, row, call))


def _listed(store: Store, table: Table, row: int, call: Call) -> dict[str, Any]:
    linked = call.flag("includeAssociations")
    return _deal(store, table, row, _asked(store, table, call, row), linked=linked)


def _asked(store: Store, table: Table, call: Call, row: int) -> dict[str, Any]:
    if not call.flag("includeAllProperties"):
        return asked_properties(store, table, call, row)
    history = call.text("allPropertiesFetchMode") == "all_versions"
    return every_property(store, table, row, history=history)


def _whole(store: Store, table: Table, row: int, call: Call) -> dict[str, Any]:
    history = call.flag("includePropertyVersions")
    return _deal(store, table, row, every_property(store, table, row, history=history), linked=True)


def _deal(
    store: Store, table: Table, row: int, properties: dict[str, Any], *, linked: bool
) -> dict[str, Any]:
    deal: dict[str, Any] = {"portalId": PORTAL_ID, "dealId": table.ids[row], "isDeleted": False}
    if linked:
        deal["associations"] = {
            name: store.linked_ids(table.kind, store.kind(target), table.ids[row])
            for name, target in ASSOCIATED.items()
        }
    return {**deal, "properties": properties, "imports": [], "stateChanges": []}
