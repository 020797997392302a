"""An org's accounts and custom fields, as the calls that we make.

Resources: sObject Collections, describe, Tooling API, permission sets, checked Nov 2026.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from include.crm.desk import Answer, Shown
from include.crm.parcels import Row
from include.crm.salesforce.definitions import OBJECT, to_json, to_text
from include.crm.salesforce.line import Line
from include.errors import RejectData

BATCH = 200  # records in one collection
PAGE = 2000  # records in one read
# Answers to a write that say what happened to it; all others are errors or an unknown outcome.
TELLING = (200, 400, 403)
SOBJECTS = "/composite/sobjects"
CREATED = (200, 201, 400)
# Fields of packages have another full name, though their developer name may be ours.
CUSTOM_FIELDS = (
    "SELECT DeveloperName, Description FROM CustomField"
    " WHERE TableEnumOrId = 'Account' AND NamespacePrefix = null"
)


class Accounts:
    """One org."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._types: dict[str, str] = {}

    def update(self, rows: Sequence[Row]) -> Answer:
        """Write existing records; nothing is ever created. Never repeated from here."""
        types = self._known_types()
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
        body = {"allOrNone": False, "records": records}
        return self._line.write("PATCH", SOBJECTS, json=body, accept=TELLING)

    def read(self, record_ids: Collection[str], names: Collection[str]) -> Shown:
        """Return what records show; one that is not there is missing."""
        ids = sorted(record_ids)
        shown: Shown = {}
        known = sorted(name for name in names if name in self._known_types())
        for start in range(0, len(ids), PAGE):
            asked = {"ids": ids[start : start + PAGE], "fields": ["Id", *known]}
            body = self._line.read("POST", f"{SOBJECTS}/{OBJECT}", json=asked).body
            if not isinstance(body, list):
                raise RejectData("Salesforce answered a read of accounts without a list.")
            for record in filter(None, body):
                shown[str(record["Id"])] = {name: to_text(record.get(name)) for name in known}
        return shown

    def describe(self) -> dict[str, Mapping[str, Any]]:
        """Return the fields of Account that this user sees, by name; looked up anew."""
        body = self._line.read("GET", f"/sobjects/{OBJECT}/describe").body
        found = {str(field["name"]): field for field in body["fields"]}
        self._types = {name: str(field["type"]) for name, field in found.items()}
        return found

    def custom_fields(self) -> dict[str, str]:
        """Return the descriptions of Account's custom fields by name, seen by this user or not."""
        rows = self._line.read("GET", "/tooling/query", params={"q": CUSTOM_FIELDS}).body["records"]
        return {f"{row['DeveloperName']}__c": row.get("Description") or "" for row in rows}

    def create_field(self, name: str, metadata: Mapping[str, Any]) -> Answer:
        """Return also the answer that there is such a field already (400)."""
        body = {"FullName": f"{OBJECT}.{name}", "Metadata": metadata}
        return self._make("/tooling/sobjects/CustomField", body)

    def select(self, soql: str) -> list[dict[str, Any]]:
        """Return the records of a query that has few."""
        rows: list[dict[str, Any]]
        rows = self._line.read("GET", "/query", params={"q": soql}).body["records"]
        return rows

    def insert(self, kind: str, values: Mapping[str, Any]) -> Answer:
        """Make one record of the set-up; also the answer that it was refused (400)."""
        return self._make(f"/sobjects/{kind}", values)

    def user_id(self) -> str:
        """Return who we are."""
        return str(self._line.read("GET", "/services/oauth2/userinfo").body["user_id"])

    def _make(self, path: str, body: Mapping[str, Any]) -> Answer:
        """What is made for fields may be asked for again: a second time it is there already."""
        return self._line.write("POST", path, json=dict(body), accept=CREATED, retry=True)

    def _known_types(self) -> dict[str, str]:
        """Return what describe calls each field's type, as it was when it was last asked."""
        if not self._types:
            self.describe()
        return self._types
