"""HubSpot's associations of version 1: the ids that one record is linked to by a definition.

Vendor facts: legacy CRM associations reference, checked Nov 2026.
"""

from sandbox.vendors.hubspot_engagements_v1 import METADATA
from sandbox.vendors.hubspot_http import Call, Refused, Reply
from sandbox.vendors.hubspot_recent import number_of
from sandbox.vendors.hubspot_store import Link, Store

MOST = 100
ENGAGEMENTS = tuple(METADATA)
# A definition's object types: from, and to. Every kind of engagement is one type here.
DEFINITIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "1": (("contacts",), ("companies",)),
    "2": (("companies",), ("contacts",)),
    "3": (("deals",), ("contacts",)),
    "4": (("contacts",), ("deals",)),
    "5": (("deals",), ("companies",)),
    "6": (("companies",), ("deals",)),
    "7": (("companies",), ENGAGEMENTS),
    "8": (ENGAGEMENTS, ("companies",)),
    "9": (("contacts",), ENGAGEMENTS),
    "10": (ENGAGEMENTS, ("contacts",)),
    "11": (("deals",), ENGAGEMENTS),
    "12": (ENGAGEMENTS, ("deals",)),
    "13": (("companies",), ("companies",)),
    "14": (("companies",), ("companies",)),
    "19": (("deals",), ("line_items",)),
    "20": (("line_items",), ("deals",)),
}


def list_linked(store: Store, call: Call) -> Reply:
    """GET /crm-associations/v1/associations/{id}/HUBSPOT_DEFINED/{definition}, by position."""
    number, given = call.path["definition"], call.path["id"]
    if number not in DEFINITIONS or not given.isdigit():
        raise Refused(400, f"There is no association definition {number} of object {given}")
    limit, offset = call.limit(MOST, MOST), number_of(call, "offset")
    origins, targets = DEFINITIONS[number]
    ids = sorted(
        link.to_id
        for origin in origins
        for target in targets
        for link in store.linked(store.kind(origin), store.kind(target), int(given))
        if ENGAGEMENTS in (origins, targets) or _is_of(link, number)
    )
    shown = ids[offset : offset + limit]
    end = offset + len(shown)
    return Reply(200, {"results": shown, "hasMore": end < len(ids), "offset": end})


def _is_of(link: Link, number: str) -> bool:
    """Newer type ids are the numbers of the definitions, except for engagements."""
    return any(str(spec.type_id) == number for spec in link.specs)
