"""A record's properties as HubSpot's versions 1 and 2 show them: each an object with its origin.

Times are epoch milliseconds, those of a value (a text) as well as those it was set at (numbers); a
property that nobody ever entered has no key. Vendor facts: legacy companies and deals reference,
checked Nov 2026.
"""

from collections.abc import Iterable
from typing import Any

from sandbox.vendors.hubspot_http import Call
from sandbox.vendors.hubspot_store import Store, Table, Version
from sandbox.vendors.hubspot_values import to_epoch_ms


def asked_properties(store: Store, table: Table, call: Call, row: int) -> dict[str, Any]:
    """Those of `properties` with their value alone, of `propertiesWithHistory` with all values.

    Names that do not exist are left out without a word; nothing asked gives nothing.
    """
    history = call.names("propertiesWithHistory")
    asked = dict.fromkeys((*call.names("properties"), *history))
    return to_properties(store, table, row, asked, history=set(history))


def every_property(
    store: Store, table: Table, row: int, *, history: bool = False
) -> dict[str, Any]:
    """All that the record has, with one version each, or with every version."""
    known = store.known(table.kind)
    return to_properties(store, table, row, known, history=set(known) if history else set())


def to_properties(
    store: Store, table: Table, row: int, names: Iterable[str], *, history: set[str]
) -> dict[str, Any]:
    known = store.known(table.kind)
    shown = {}
    for name in names:
        versions = table.versions(name, row) if name in known else []
        if versions:
            kept = versions if name in history else versions[:1]
            shown[name] = _property(name, known[name]["type"], kept)
    return shown


def older_value(kind: str, value: str) -> str:
    """The text of a value: times and days as epoch milliseconds."""
    return str(to_epoch_ms(value)) if value and kind in ("date", "datetime") else value


def _property(name: str, kind: str, versions: list[Version]) -> dict[str, Any]:
    shown = [_version(name, kind, version) for version in versions]
    newest = shown[0]
    return {
        "value": newest["value"],
        "timestamp": newest["timestamp"],
        "source": newest["source"],
        "sourceId": newest.get("sourceId"),
        "versions": shown,
    }


def _version(name: str, kind: str, version: Version) -> dict[str, Any]:
    source = {"sourceId": version["sourceId"]} if version.get("sourceId") else {}
    return {
        "name": name,
        "value": older_value(kind, version["value"]),
        "timestamp": to_epoch_ms(version["timestamp"]),
        **source,
        "source": version["sourceType"],
        "sourceVid": [],
    }
