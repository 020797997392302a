"""An org's accounts and custom fields, as the calls that we make: each one counted.

Resources: sObject Collections, describe, Tooling API, permission sets, checked Nov 2026.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from include.crm.desk import Answer, Client, Shown
from include.crm.parcels import Row
from include.crm.salesforce.definitions import OBJECT, to_json, to_text
from include.errors import RejectData

BATCH = 200  # records in one collection
READ = 2000  # records in one read
# Answers to a write that say what happened to it; all others are errors or an unknown outcome.
TELLING = (200, 400, 403)
SOBJECTS = "/composite/sobjects"
CREATED = (200, 201, 400)
CUSTOM_FIELDS = "SELECT DeveloperName, Description FROM CustomField WHERE TableEnumOrId = 'Account'"


class Accounts:
    """One org. writes, reads: calls made so far, answered or not."""

    def __init__(self, calls: Client) -> None:
        self._calls = calls
        self._lock = threading.Lock()
        self._types: dict[str, str] = {}
        self.writes = 0
        self.reads = 0

    def update(self, rows: Sequence[Row]) -> Answer:
        """Write existing records; nothing is ever created. Never repeated from here."""
        types = self.types()
        records = [
            {
                "attributes": {"type": OBJECT},
                "id": row.change.record_id,
                **{
                    name: to_json(value, types.get(name, ""))
                    for name, value in row.change.new.items()
                },
            }
            for row in rows
        ]
        self._count(writes=1)
        body = {"allOrNone": False, "records": records}
        return self._calls.call("PATCH", SOBJECTS, json=body, accept=TELLING)

    def read(self, record_ids: Collection[str], names: Collection[str]) -> Shown:
        """Return what records show; one that is not there is missing."""
        ids = sorted(record_ids)
        shown: Shown = {}
        known = sorted(name for name in names if name in self.types())
        for start in range(0, len(ids), READ):
            asked = {"ids": ids[start : start + READ], "fields": ["Id", *known]}
            body = self._read("POST", f"{SOBJECTS}/{OBJECT}", json=asked).body
            if not isinstance(body, list):
                raise RejectData("Salesforce answered a read of accounts without a list.")
            for record in filter(None, body):
                shown[str(record["Id"])] = {name: to_text(record.get(name)) for name in known}
        return shown

    def describe(self) -> dict[str, Mapping[str, Any]]:
        """Return the fields of Account that this user sees, by name; looked up anew."""
        body = self._read("GET", f"/sobjects/{OBJECT}/describe").body
        found = {str(field["name"]): field for field in body["fields"]}
        with self._lock:
            self._types = {name: str(field["type"]) for name, field in found.items()}
        return found

    def types(self) -> dict[str, str]:
        """Return what describe calls each field's type, as it was when it was last asked."""
        return self._types or {name: str(field["type"]) for name, field in self.describe().items()}

    def custom_fields(self) -> dict[str, str]:
        """Return the descriptions of Account's custom fields by name, seen by this user or not."""
        rows = self._read("GET", "/tooling/query", params={"q": CUSTOM_FIELDS}).body["records"]
        return {f"{row['DeveloperName']}__c": row.get("Description") or "" for row in rows}

    def create_field(self, name: str, metadata: Mapping[str, Any]) -> Answer:
        """Return also the answer that there is such a field already (400)."""
        body = {"FullName": f"{OBJECT}.{name}", "Metadata": metadata}
        self._count(writes=1)
        return self._calls.call("POST", "/tooling/sobjects/CustomField", json=body, accept=CREATED)

    def select(self, soql: str) -> list[dict[str, Any]]:
        """Return the records of a query that has few."""
        rows: list[dict[str, Any]] = self._read("GET", "/query", params={"q": soql}).body["records"]
        return rows

    def insert(self, kind: str, values: Mapping[str, Any]) -> Answer:
        """Make one record of the set-up; also the answer that it was refused (400)."""
        self._count(writes=1)
        return self._calls.call("POST", f"/sobjects/{kind}", json=dict(values), accept=CREATED)

    def user_id(self) -> str:
        """Return who we are."""
        return str(self._read("GET", "/services/oauth2/userinfo").body["user_id"])

    def _read(self, method: str, path: str, **how: Any) -> Answer:  # noqa: ANN401
        self._count(reads=1)
        return self._calls.call(method, path, retry=True, **how)

    def _count(self, *, writes: int = 0, reads: int = 0) -> None:
        with self._lock:
            self.writes += writes
            self.reads += reads
