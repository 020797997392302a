"""The Tooling API, as far as custom fields go: what there is, a new one, and their descriptions.

A new field is there for nobody until a permission set grants it (issue threads of several clients,
checked Nov 2026).
"""

from collections.abc import Mapping
from datetime import datetime

from sandbox.vendors.salesforce_fields import (
    ID,
    Field,
    Kind,
    choice,
    lookup,
    moment,
    read_only,
    text,
    whole,
)
from sandbox.vendors.salesforce_http import Call, Json, Refused, Reply, not_found
from sandbox.vendors.salesforce_ids import record_id, to_18
from sandbox.vendors.salesforce_metadata import NAME, to_field
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_soql_parse import parse
from sandbox.vendors.salesforce_soql_run import Reading, is_count, run
from sandbox.vendors.salesforce_store import CREATED_FROM, Store, Table
from sandbox.vendors.salesforce_world import INTEGRATION

CUSTOM_FIELD = Kind(
    "CustomField",
    "00N",
    "Custom Field",
    "Custom Fields",
    (
        ID,
        choice("TableEnumOrId"),
        choice("EntityDefinitionId"),
        text("DeveloperName", 80),
        text("NamespacePrefix", 15),
        text("Description", 1_000, kind="textarea"),
        whole("Length"),
        whole("Precision"),
        whole("Scale"),
        choice("ManageableState"),
        read_only(moment("CreatedDate")),
        read_only(lookup("CreatedById", "User")),
        read_only(moment("LastModifiedDate")),
        read_only(lookup("LastModifiedById", "User")),
    ),
)


class Definitions:
    """What a tooling query is asked of: the custom fields of the org, seen or not."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self.kinds: Mapping[str, Kind] = {CUSTOM_FIELD.name: CUSTOM_FIELD}
        self.store = Store({CUSTOM_FIELD.name: self._table})

    def kind(self, name: str) -> Kind | None:
        return next((one for one in self.kinds.values() if one.name.lower() == name.lower()), None)

    def fields(self, kind: Kind) -> dict[str, Field]:
        return {field.name.lower(): field for field in kind.fields if field.relationship is None}

    def moment(self) -> datetime:
        return self._org.moment()

    def _table(self) -> Table:
        table = Table(CUSTOM_FIELD, {"Id": []})
        for kind in self._org.kinds.values():
            for place, field in enumerate(one for one in kind.fields if one.custom):
                number = int.from_bytes(kind.prefix.encode(), "big") * 1_000 + place
                _add(table, kind.name, field, record_id("00N", number), self._org.since)
        for created in self._org.created:
            _add(table, created.kind, created.field, created.id, created.at)
        return table


def _add(table: Table, kind: str, field: Field, one: str, at: str) -> None:
    table.append(
        {
            "Id": one,
            "TableEnumOrId": kind,
            "EntityDefinitionId": kind,
            "DeveloperName": field.name.removesuffix("__c"),
            "Description": field.description,
            "Length": field.length or None,
            "Precision": field.precision or None,
            "Scale": field.scale if field.precision else None,
            "ManageableState": "unmanaged",
            "CreatedDate": at,
            "CreatedById": INTEGRATION,
            "LastModifiedDate": at,
            "LastModifiedById": INTEGRATION,
        }
    )


def query(org: Org, call: Call) -> Reply:
    """All records at once: there are never many."""
    given = call.query.get("q")
    if not given:
        raise Refused(400, "MALFORMED_QUERY", "A query string has to be specified")
    parsed = parse(given)
    found = run(Reading(Definitions(org), data=f"{call.data}/tooling"), parsed)
    records = [] if is_count(parsed) else [found.show(row) for row in found.rows]
    more = {"entityTypeName": parsed.source.text, "size": len(records), "queryLocator": None}
    return Reply(body={"totalSize": found.total, "done": True, "records": records} | more)


def create_field(org: Org, call: Call) -> Reply:
    """POST /tooling/sobjects/CustomField."""
    body = call.fields()
    full_name, metadata = str(body.get("FullName") or ""), body.get("Metadata")
    named = NAME.fullmatch(full_name)
    kind = org.kind(named["kind"]) if named else None
    if named is None or kind is None or not kind.writes:
        message = "The custom field name must be like Account.Name__c, of an object that is there"
        raise Refused(400, "FIELD_INTEGRITY_EXCEPTION", message, fields=["FullName"])
    if not isinstance(metadata, dict):
        raise Refused(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Metadata]")
    name = f"{named['name']}__c"
    _check_new(org, kind, name)
    to_field(name, metadata)
    entry = {
        "op": "field",
        "type": kind.name,
        "name": name,
        "id": record_id("00N", CREATED_FROM + len(org.created)),
        "at": org.now(),
        "metadata": metadata,
    }
    created = org.add_field(entry)
    body = {"id": created.id, "success": True, "errors": [], "warnings": [], "infos": []}
    return Reply(201, body)


def _check_new(org: Org, kind: Kind, name: str) -> None:
    standing = {field.name.lower() for field in kind.fields} | {
        one.field.name.lower() for one in org.created if one.kind == kind.name
    }
    if name.lower() in standing:
        shown = name.removesuffix("__c")
        message = f"There is already a field named {shown} on {kind.label}."
        raise Refused(400, "DUPLICATE_DEVELOPER_NAME", message, fields=["FullName"])


def get_field(org: Org, call: Call) -> Reply:
    """One definition with its FullName and Metadata."""
    definitions = Definitions(org)
    table = definitions.store[CUSTOM_FIELD.name]
    row = table.rows.get(to_18(call.path["id"]) or "")
    if row is None:
        raise not_found()
    values: Json = {name: column[row] for name, column in table.columns.items()}
    full_name = f"{values['TableEnumOrId']}.{values['DeveloperName']}__c"
    metadata = next((one.metadata for one in org.created if one.id == values["Id"]), {})
    url = f"{call.data}/tooling/sobjects/CustomField/{values['Id']}"
    told = {"attributes": {"type": "CustomField", "url": url}, **values}
    return Reply(body=told | {"FullName": full_name, "Metadata": metadata})
