"""HubSpot's companies and their properties, as the calls that we make: each one counted.

Shapes and statuses: HubSpot CRM objects and properties guides, checked Nov 2026. The dated paths
have the same shapes as the numbered ones.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from include.crm.desk import Answer, Client
from include.crm.parcels import Row
from include.errors import RejectData
from include.vendor_settings.versions import HUBSPOT_DATED, HUBSPOT_OBJECTS

BATCH = 100  # records in one write or read
# Answers to a write that say what happened to it; all others are errors or an unknown outcome.
TELLING = (200, 207, 400, 404, 409, 423, 429)

PATHS = {
    "numbered": f"/crm/{HUBSPOT_OBJECTS}/{{family}}/companies",
    HUBSPOT_DATED: f"/crm/{{family}}/{HUBSPOT_DATED}/companies",
}


class Companies:
    """One portal. writes, reads: calls made so far, answered or not."""

    def __init__(self, client: Client, api_version: str) -> None:
        self._client = client
        self._objects = PATHS[api_version].format(family="objects")
        self._properties = PATHS[api_version].format(family="properties")
        self._lock = threading.Lock()
        self.writes = 0
        self.reads = 0

    def update(self, rows: Sequence[Row]) -> Answer:
        """Write at most 100 existing records; nothing is ever created. Never repeated from here.

        FixConfig: nothing was written. RetryLater and RejectData: nobody knows.
        """
        inputs = [
            {
                "id": row.change.record_id,
                "properties": dict(row.change.new),
                "objectWriteTraceId": str(row.write_id),
            }
            for row in rows
        ]
        with self._lock:
            self.writes += 1
        path = f"{self._objects}/batch/update"
        answer = self._client.call("POST", path, json={"inputs": inputs}, accept=TELLING)
        if answer.status in (200, 207) and not isinstance(answer.body.get("results"), list):
            raise RejectData(f"HubSpot answered POST {path} with {answer.status} but no results.")
        return answer

    def read(
        self, record_ids: Collection[str], names: Collection[str]
    ) -> dict[str, dict[str, str | None]]:
        """Return what at most 100 records show; one that is not there is missing."""
        wanted = {
            "inputs": [{"id": record_id} for record_id in sorted(record_ids)],
            "properties": sorted(names),
            "propertiesWithHistory": [],
        }
        body = self._read("POST", f"{self._objects}/batch/read", json=wanted, accept=(200, 207))
        return {str(shown["id"]): shown["properties"] for shown in body["results"]}

    def definitions(self, *, archived: bool = False) -> dict[str, dict[str, Any]]:
        """Return all company properties by name."""
        body = self._read("GET", self._properties, params={"archived": str(archived).lower()})
        return {shown["name"]: shown for shown in body["results"]}

    def groups(self) -> set[str]:
        body = self._read("GET", f"{self._properties}/groups")
        return {shown["name"] for shown in body["results"]}

    def create_group(self, name: str, label: str) -> Answer:
        """Return also the answer that there is such a group already (409, on some paths 400)."""
        body = {"name": name, "label": label, "displayOrder": -1}
        return self._define("POST", f"{self._properties}/groups", body)

    def create_properties(self, definitions: Sequence[Mapping[str, Any]]) -> Answer:
        """Return also the answers that some or all could not be made."""
        body = {"inputs": list(definitions)}
        return self._define("POST", f"{self._properties}/batch/create", body)

    def change_property(self, name: str, change: Mapping[str, Any]) -> Answer:
        return self._define("PATCH", f"{self._properties}/{name}", change)

    def _define(self, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        """A definition may be sent again: a second time it is refused as existing."""
        with self._lock:
            self.writes += 1
        accept = (200, 201, 207, 400, 409)
        return self._client.call(method, path, json=body, accept=accept, retry=True)

    def _read(self, method: str, path: str, **how: Any) -> dict[str, Any]:  # noqa: ANN401
        with self._lock:
            self.reads += 1
        answer = self._client.call(method, path, retry=True, **how)
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("results"), list):
            raise RejectData(f"HubSpot answered {method} {path} without results.")
        body: dict[str, Any] = answer.body
        return body
