"""What there is: versions, objects and their fields, as /sobjects and describe tell it.

Vendor facts: REST API developer guide on resources and describe, checked Nov 2026.
"""

from sandbox.vendors.salesforce_fields import Field, Kind
from sandbox.vendors.salesforce_http import Call, Json, Reply, not_found
from sandbox.vendors.salesforce_org import Org

OLDEST, NEWEST = 31, 68
SEASONS = ("Spring", "Summer", "Winter")
SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
    "anyType": "xsd:anyType",
}
# What describe tells of every field of this org in the same way.
ALIKE: Json = {
    "autoNumber": False,
    "calculated": False,
    "calculatedFormula": None,
    "cascadeDelete": False,
    "caseSensitive": False,
    "controllerName": None,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "htmlFormatted": False,
    "queryByDistance": False,
    "relationshipOrder": None,
    "restrictedDelete": False,
    "writeRequiresMasterRead": False,
}


def versions() -> list[Json]:
    """v66.0 is Spring '26; a release comes three times a year, and Winter's bears the next year."""
    told = []
    for number in range(OLDEST, NEWEST + 1):
        year, season = divmod(number - 66, 3)
        label = f"{SEASONS[season]} '{(26 + year + (season == 2)) % 100:02}"
        told.append(
            {"label": label, "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        )
    return told


def resources(call: Call) -> Json:
    names = ("tooling", "query", "queryAll", "sobjects", "limits", "composite", "jobs", "search")
    told: Json = {name: f"{call.data}/{name}" for name in names}
    return told | {"identity": f"{call.base}/id/00D5a0000000001AAA/0055a0000003m89AAA"}


def describe_global(org: Org, call: Call) -> Reply:
    objects = [_summary(kind, call) for kind in org.kinds.values()]
    return Reply(body={"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects})


def known_kind(org: Org, call: Call) -> Kind:
    kind = org.kind(call.path["object"])
    if kind is None:
        raise not_found()
    return kind


def basic(org: Org, call: Call) -> Reply:
    kind = known_kind(org, call)
    return Reply(body={"objectDescribe": _summary(kind, call), "recentItems": []})


def describe(org: Org, call: Call) -> Reply:
    kind = known_kind(org, call)
    body = _summary(kind, call) | {
        "actionOverrides": [],
        "childRelationships": list(_children(org, kind)),
        "fields": [to_field(field) for field in org.fields(kind).values()],
        "namedLayoutInfos": [],
        "recordTypeInfos": [],
        "supportedScopes": [{"label": f"All {kind.plural.lower()}", "name": "everything"}],
    }
    body["urls"] |= {"describe": f"{body['urls']['sobject']}/describe"}
    return Reply(body=body)


def _summary(kind: Kind, call: Call) -> Json:
    address = f"{call.data}/sobjects/{kind.name}"
    return {
        "name": kind.name,
        "label": kind.label,
        "labelPlural": kind.plural,
        "keyPrefix": kind.prefix,
        "activateable": False,
        "createable": kind.writes,
        "custom": False,
        "customSetting": False,
        "deletable": kind.writes,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isSubtype": False,
        "layoutable": kind.writes,
        "mergeable": kind.name in ("Account", "Contact", "Case"),
        "mruEnabled": False,
        "queryable": True,
        "replicateable": kind.is_replicated,
        "retrieveable": True,
        "searchable": kind.name in ("Account", "Contact", "Opportunity", "Case", "User"),
        "triggerable": kind.writes,
        "undeletable": kind.writes,
        "updateable": kind.writes,
        "urls": {
            "sobject": address,
            "rowTemplate": f"{address}/{{ID}}",
        },
    }


def _children(org: Org, kind: Kind) -> list[Json]:
    return [
        {
            "cascadeDelete": False,
            "childSObject": child.name,
            "deprecatedAndHidden": False,
            "field": field.name,
            "relationshipName": field.children,
            "restrictedDelete": False,
        }
        for child in org.kinds.values()
        for field in child.fields
        if kind.name in field.refers
    ]


def to_field(field: Field) -> Json:
    return ALIKE | {
        "name": field.name,
        "label": field.label or field.name.removesuffix("Id"),
        "type": field.type,
        "soapType": SOAP_TYPES.get(field.type, "xsd:string"),
        "length": field.length,
        "byteLength": field.length * 3,
        "digits": 8 if field.type == "int" else 0,
        "precision": 0 if field.type == "int" else field.precision,
        "scale": field.scale,
        "aggregatable": field.filterable and field.type != "boolean",
        "compoundFieldName": "BillingAddress" if field.name.startswith("Billing") else None,
        "createable": field.createable,
        "custom": field.custom,
        "defaultValue": False if field.type == "boolean" else None,
        "defaultedOnCreate": field.type == "boolean" or field.name == "OwnerId",
        "externalId": field.external_id,
        "filterable": field.filterable,
        "groupable": field.filterable and field.type not in ("double", "currency", "datetime"),
        "idLookup": field.external_id or field.type == "id",
        "inlineHelpText": field.description,
        "nameField": field.name == "Name",
        "namePointing": len(field.refers) > 1,
        "nillable": not field.required,
        "permissionable": not field.required and field.updateable,
        "picklistValues": [_picklist_value(value) for value in field.values],
        "polymorphicForeignKey": len(field.refers) > 1,
        "referenceTo": list(field.refers),
        "relationshipName": field.relationship,
        "restrictedPicklist": field.restricted,
        "sortable": field.filterable and field.type != "multipicklist",
        "unique": field.unique,
        "updateable": field.updateable,
    }


def _picklist_value(value: str) -> Json:
    return {"active": True, "defaultValue": False, "label": value, "validFor": None, "value": value}
