"""HubSpot's CRM API as the calls that the source makes; each yields records a thousand at a time.

Shapes: HubSpot CRM objects, search, associations and properties guides, checked Nov 2026. Numbered
paths are out of support from September 2027 (associations v4: March 2027), the dated ones have the
same shapes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from include.sources.base import in_blocks, is_object, rows_of
from include.sources.http.answers import Answer
from include.sources.http.client import Client, Params
from include.sources.http.pagination import (
    hubspot_after,
    hubspot_behind,
    hubspot_search,
    next_after,
)
from include.sources.http.side_by_side import in_order
from include.vendor_settings.versions import (
    HUBSPOT_ASSOCIATIONS,
    HUBSPOT_DATED,
    HUBSPOT_OBJECTS,
)

LIST_PAGE = 100
HISTORY_PAGE = 50  # asking for a property's history lowers the largest page and batch
SEARCH_PAGE = 200
ASSOCIATION_BATCH = 1000
# Association types that mean "the primary company": of a contact, of a deal.
PRIMARY_TYPES = (1, 5)
PATHS = {
    "numbered": {
        "objects": f"/crm/{HUBSPOT_OBJECTS}/objects/{{}}",
        "properties": f"/crm/{HUBSPOT_OBJECTS}/properties/{{}}",
        "associations": f"/crm/{HUBSPOT_ASSOCIATIONS}/associations/{{}}/companies/batch/read",
        "owners": f"/crm/{HUBSPOT_OBJECTS}/owners",
    },
    HUBSPOT_DATED: {
        "objects": f"/crm/objects/{HUBSPOT_DATED}/{{}}",
        "properties": f"/crm/properties/{HUBSPOT_DATED}/{{}}",
        "associations": f"/crm/associations/{HUBSPOT_DATED}/{{}}/companies/batch/read",
        "owners": f"/crm/owners/{HUBSPOT_DATED}",
    },
}
Row = dict[str, Any]
WIDTH = 8  # batches under way at the same time


@dataclass(frozen=True, slots=True)
class Block:
    """Some records, a thousand at most. after: the mark to go on behind them; None: the end."""

    rows: list[Any]
    after: str | None


class Portal:
    """One portal. `searches` has a client of its own because searching has a limit of its own."""

    def __init__(self, client: Client, searches: Client, api_version: str) -> None:
        self._client = client
        self._searches = searches
        self._paths = PATHS[api_version]

    def first(self, kind: str, *, may_refuse: bool = False) -> Answer:
        """Return the answer to the smallest question for a kind.

        may_refuse: so is one that a scope is missing for it, which only a known token gets.
        """
        path = self._paths["owners"] if kind == "owners" else self._paths["objects"].format(kind)
        accept = (200, 403) if may_refuse else (200,)
        return self._client.call("GET", path, params={"limit": 1}, accept=accept)

    def property_names(self, kind: str) -> set[str]:
        path = self._paths["properties"].format(kind)
        return {row["name"] for row in rows_of(self._client.get(path), "results", path)}

    def listed(
        self,
        kind: str,
        properties: Sequence[str],
        history: Sequence[str],
        *,
        archived: bool,
        after: str | None = None,
    ) -> Iterator[Block]:
        """Yield all records, or all that were archived in about the last 90 days.

        after: the mark behind which a list goes on that was left.
        """
        params: dict[str, Any] = {
            "limit": HISTORY_PAGE if history else LIST_PAGE,
            "properties": ",".join(properties),
            "archived": str(archived).lower(),
        }
        if history:
            params["propertiesWithHistory"] = ",".join(history)
        if after is not None:
            params["after"] = after
        path = self._paths["objects"].format(kind)
        yield from self._blocks(self._client.pages(path, params, hubspot_after), path)

    def owners(self, *, archived: bool) -> Iterator[list[Any]]:
        params = {"limit": LIST_PAGE, "archived": str(archived).lower()}
        path = self._paths["owners"]
        for block in self._blocks(self._client.pages(path, params, hubspot_after), path):
            yield block.rows

    def living_ids(self, kind: str) -> Iterator[list[str]]:
        """Yield the ids of all records that are not archived."""
        if kind == "owners":
            found = self.owners(archived=False)
        else:
            listed = self.listed(kind, ["hs_object_id"], [], archived=False)
            found = (block.rows for block in listed)
        for rows in found:
            yield [str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")]

    def changed(
        self, kind: str, properties: Sequence[str], *, stamp: str, since_ms: int, after: str | None
    ) -> Iterator[Block]:
        """Yield the records whose property `stamp` is at or after a time; archived ones never.

        after: only those with larger ids, in whose order they come.
        """
        since = {"propertyName": stamp, "operator": "GTE", "value": str(since_ms)}
        asked: Params = {
            "filterGroups": [{"filters": [since]}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(properties),
            "limit": SEARCH_PAGE,
            "after": "0",
        }
        if after is not None:
            asked = hubspot_behind(asked, after)
        path = self._paths["objects"].format(kind) + "/search"
        pages = self._searches.pages(path, asked, hubspot_search, method="POST")
        for block in self._blocks(pages, path):
            ids = [int(row["id"]) for row in filter(is_object, block.rows) if row.get("id")]
            after = str(max(ids)) if ids else after
            yield Block(block.rows, after or "0")

    def newest_stamp(self, kind: str, stamp: str) -> int | None:
        """Return when the record that changed last did so, in epoch seconds; None: no records."""
        asked = {
            "filterGroups": [],
            "sorts": [{"propertyName": stamp, "direction": "DESCENDING"}],
            "properties": [stamp],
            "limit": 1,
            "after": "0",
        }
        path = self._paths["objects"].format(kind) + "/search"
        body = self._searches.call("POST", path, json=asked, retry=True).body
        rows = filter(is_object, rows_of(body, "results", path))
        shown = [row["properties"].get(stamp) for row in rows]
        return int(datetime.fromisoformat(shown[0]).timestamp()) if shown and shown[0] else None

    def with_history(
        self, kind: str, ids: Iterable[str], properties: Sequence[str], history: Sequence[str]
    ) -> list[Any]:
        """Read records by id; ids that are gone by now are missing."""
        path = self._paths["objects"].format(kind) + "/batch/read"

        def read(block: list[str]) -> list[Any]:
            asked = {
                "inputs": [{"id": record_id} for record_id in block],
                "properties": list(properties),
                "propertiesWithHistory": list(history),
            }
            answer = self._client.call("POST", path, json=asked, accept=(200, 207), retry=True)
            return rows_of(answer.body, "results", path)

        blocks = in_blocks(ids, HISTORY_PAGE if history else LIST_PAGE)
        return [row for rows in in_order(read, blocks, width=WIDTH) for row in rows]

    def companies_of(self, kind: str, ids: Sequence[str]) -> dict[str, str]:
        """Return the primary company of each record, else the first one; none: not in the result.

        A record with more companies than one answer holds is asked on until the primary one comes.
        """
        path = self._paths["associations"].format(kind)
        found: dict[str, str] = {}
        inputs: list[Row] = [{"id": record_id} for record_id in ids]
        while inputs:
            asked = {"inputs": inputs}
            answer = self._client.call("POST", path, json=asked, accept=(200, 207), retry=True)
            inputs = []
            for row in rows_of(answer.body, "results", path):
                record_id, links = str(row["from"]["id"]), row["to"]
                primary = next((link for link in links if is_primary(link)), None)
                if links and (primary or record_id not in found):
                    found[record_id] = str((primary or links[0])["toObjectId"])
                after = ((row.get("paging") or {}).get("next") or {}).get("after")
                if after and not primary:
                    inputs.append({"id": record_id, "after": after})
        return found

    def _blocks(self, pages: Iterator[Any], path: str) -> Iterator[Block]:
        """Yield the rows of a few pages at a time, with the mark behind the last of them."""
        rows: list[Any] = []
        for page in pages:
            rows += rows_of(page, "results", path)
            after = next_after(page)
            if after is None or len(rows) + SEARCH_PAGE > ASSOCIATION_BATCH:
                yield Block(rows, after)
                rows = []


def is_primary(link: Row) -> bool:
    return any(
        str(kind.get("label")).lower() == "primary" or kind.get("typeId") in PRIMARY_TYPES
        for kind in link["associationTypes"]
    )


def parted_by_id(rows: list[Any]) -> tuple[list[str], list[Any]]:
    """Return the ids of the records that have one, and the other records, which landing rejects."""
    ids = [str(row["id"]) for row in rows if is_object(row) and row.get("id")]
    return ids, [row for row in rows if not (is_object(row) and row.get("id"))]
