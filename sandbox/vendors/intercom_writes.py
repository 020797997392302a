"""What clients may write: companies and their attributes. Each write goes to the journal."""

from collections.abc import Callable
from typing import Any

from sandbox.state import Journal
from sandbox.vendors.intercom_attributes import Attributes, checked_value
from sandbox.vendors.intercom_companies import Companies
from sandbox.vendors.intercom_http import Call, bad_request, invalid, missing, no_company
from sandbox.vendors.intercom_rows import Row, Workspace, object_id

VENDOR = "intercom"
FIRST_NEW_COMPANY = 9_000_000_000
WRITABLE = {
    "name": str,
    "website": str,
    "industry": str,
    "plan": str,
    "size": int,
    "monthly_spend": (int, float),
    "remote_created_at": int,
    "custom_attributes": dict,
}


class Writes:
    """Changes a workspace's companies, after repeating what earlier sessions wrote."""

    def __init__(
        self,
        workspace: Workspace,
        companies: Companies,
        attributes: Attributes,
        journal: Journal,
        now: Callable[[], float],
    ) -> None:
        self._workspace = workspace
        self._companies = companies
        self._attributes = attributes
        self._journal = journal
        self._now = now
        for entry in journal.entries(VENDOR):
            self._apply(entry)

    def upsert(self, call: Call) -> Row:
        """Matches by `company_id`, which nothing can change later."""
        given = call.json()
        changes = self._checked(given, allowed={"company_id", *WRITABLE})
        key = given.get("company_id")
        if not isinstance(key, str | int) or not str(key):
            raise missing("company_id must be present")
        found = next(
            (row for row in self._workspace.companies.values() if row["company_id"] == str(key)),
            None,
        )
        if found is not None:
            return self._write({"op": "update", "id": found["id"], "changes": changes})
        at = int(self._now())
        new_id = object_id(at, FIRST_NEW_COMPANY + len(self._journal.entries(VENDOR)))
        entry = {"op": "create", "id": new_id, "key": str(key), "changes": changes}
        return self._write(entry)

    def update(self, call: Call) -> Row:
        company_id = self._known(call)
        changes = self._checked(call.json(), allowed=set(WRITABLE))
        return self._write({"op": "update", "id": company_id, "changes": changes})

    def delete(self, call: Call) -> Row:
        company_id = self._known(call)
        self._record({"op": "delete", "id": company_id})
        return {"id": company_id, "object": "company", "deleted": True}

    def create_attribute(self, call: Call) -> Row:
        given = call.json()
        self._attributes.check(given)
        kept = {name: given[name] for name in ("name", "model", "data_type", "description")
                if name in given}  # fmt: skip
        self._record({"op": "attribute", "attribute": kept})
        return self._attributes.newest()

    def _known(self, call: Call) -> str:
        if call.ids["id"] not in self._workspace.companies:
            raise no_company()
        return call.ids["id"]

    def _checked(self, given: Row, allowed: set[str]) -> Row:
        """What is to be written; 400 for a parameter or an attribute that there is not."""
        for name in given:
            if name not in allowed:
                raise bad_request(f"bad '{name}' parameter")
        changes = {name: given[name] for name in WRITABLE if name in given}
        for name, value in changes.items():
            if value is not None and not isinstance(value, WRITABLE[name]):
                raise invalid(f"{name} is invalid")
        custom: dict[str, Any] = changes.get("custom_attributes") or {}
        for name, value in custom.items():
            checked_value(name, value, self._attributes.kind(name))
        return changes

    def _write(self, entry: Row) -> Row:
        self._record(entry)
        return self._companies.shown(self._workspace.companies[entry["id"]])

    def _record(self, entry: Row) -> None:
        entry = {**entry, "at": int(self._now())}
        self._journal.append(VENDOR, entry)
        self._apply(entry)

    def _apply(self, entry: Row) -> None:
        companies = self._workspace.companies
        match entry["op"]:
            case "attribute":
                self._attributes.add(entry["attribute"], entry["at"])
                return
            case "delete":
                companies.pop(entry["id"], None)
                return
            case "create":
                companies[entry["id"]] = _blank(entry["id"], entry["key"], entry["at"])
        row = companies.get(entry["id"])
        if row is None:
            return  # written in another world
        custom = row["custom_attributes"] | (entry["changes"].get("custom_attributes") or {})
        kept = {name: value for name, value in custom.items() if value is not None}
        row |= {**entry["changes"], "custom_attributes": kept}
        row["updated_at"] = max(row["updated_at"], entry["at"])


def _blank(company_id: str, key: str, at: int) -> Row:
    return {
        "id": company_id,
        "organization_no": None,
        "account_no": None,
        "company_id": key,
        "name": None,
        "website": None,
        "size": None,
        "industry": None,
        "plan": None,
        "monthly_spend": 0,
        "segment": None,
        "custom_attributes": {},
        "remote_created_at": None,
        "created_at": at,
        "updated_at": at,
    }
