"""Custom fields: made through tooling, and there for nobody until somebody grants them."""

import pytest

from sandbox.state import Journal
from tests.sandbox.salesforce.conftest import ACCOUNT, ROWS

METADATA = {"label": "CS Health Score", "type": "Number", "precision": 5, "scale": 2}
NAME = "CS_Health_Score__c"


def create(org, name=f"Account.{NAME}", **change):
    body = {"FullName": name, "Metadata": METADATA | change}
    return org.ask("POST", "/tooling/sobjects/CustomField", json=body)


def post(org, kind, **values):
    return org.ask("POST", f"/sobjects/{kind}", json=values).json()


def grant(org, permission_set, *, edit=True):
    return post(
        org,
        "FieldPermissions",
        ParentId=permission_set,
        SobjectType="Account",
        Field=f"Account.{NAME}",
        PermissionsRead=True,
        PermissionsEdit=edit,
    )


def profile(org):
    """The permission set that the running user has through its profile."""
    soql = "SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.FirstName = 'Health'"
    return org.column(soql)[0]


def names(org):
    return {field["name"] for field in org.get("/sobjects/Account/describe")["fields"]}


def write(org, value=72):
    return org.ask("PATCH", f"/sobjects/Account/{ACCOUNT}", json={NAME: value})


def test_a_created_field_is_invisible_until_it_is_granted(desk):
    answer = create(desk)
    assert answer.status_code == 201
    assert answer.json()["id"].startswith("00N")
    assert NAME not in names(desk)
    assert write(desk).json()[0]["errorCode"] == "INVALID_FIELD"
    assert desk.bad_query(f"SELECT {NAME} FROM Account")[0] == "INVALID_FIELD"
    grant(desk, profile(desk))
    assert NAME in names(desk)
    assert write(desk, 72.456).status_code == 204
    soql = f"SELECT {NAME} FROM Account WHERE Id = '{ACCOUNT}'"
    assert desk.column(soql) == [72.46]


def test_a_permission_set_counts_once_it_is_assigned(desk):
    create(desk)
    made = post(desk, "PermissionSet", Name="Health", Label="Health")["id"]
    grant(desk, made)
    assert NAME not in names(desk)
    (user,) = desk.column("SELECT Id FROM User WHERE FirstName = 'Health'")
    assigned = post(desk, "PermissionSetAssignment", PermissionSetId=made, AssigneeId=user)
    assert NAME in names(desk)
    desk.ask("DELETE", f"/sobjects/PermissionSetAssignment/{assigned['id']}")
    assert NAME not in names(desk)


def test_a_field_can_be_granted_for_reading_alone(desk):
    create(desk)
    grant(desk, profile(desk), edit=False)
    assert NAME in names(desk)
    assert write(desk).json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_fields_grants_and_values_survive_a_restart(serve):
    journal = Journal()
    with serve(journal=journal, **ROWS) as org:
        create(org)
        grant(org, profile(org))
        write(org)
    with serve(journal=journal, **ROWS) as org:
        assert org.column(f"SELECT {NAME} FROM Account WHERE Id = '{ACCOUNT}'") == [72.0]


def test_tooling_lists_fields_whether_they_can_be_seen_or_not(desk):
    made = create(desk).json()["id"]
    soql = "SELECT Id, DeveloperName FROM CustomField WHERE TableEnumOrId = 'Account'"
    records = desk.get("/tooling/query", params={"q": soql})["records"]
    assert {"ARR", "CS_Health_Score"} <= {one["DeveloperName"] for one in records}
    definition = desk.get(f"/tooling/sobjects/CustomField/{made}")
    assert definition["FullName"] == f"Account.{NAME}"
    assert definition["Metadata"] == METADATA
    assert desk.bad_query("SELECT Id FROM CustomField")[0] == "INVALID_TYPE"


def test_a_field_that_is_there_cannot_be_made_again(desk):
    create(desk)
    for name in (f"Account.{NAME}", "Account.arr__c"):
        answer = create(desk, name)
        assert answer.status_code == 400
        assert answer.json()[0]["errorCode"] == "DUPLICATE_DEVELOPER_NAME"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Account.CS_Health"}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"name": "Nope.CS__c"}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"name": "Account.a__b__c"}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"type": "Score"}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"precision": None}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"precision": 19}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"scale": "two"}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"type": "Text"}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"label": ""}, "REQUIRED_FIELD_MISSING"),
    ],
)
def test_a_description_that_is_no_field_is_refused(desk, change, code):
    answer = create(desk, **change)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_values_are_kept_as_the_type_says(desk):
    values = [{"fullName": "red"}, {"fullName": "green"}]
    band = {"type": "Picklist", "valueSet": {"valueSetDefinition": {"value": values}}}
    band["valueSet"]["restricted"] = True
    create(desk, "Account.CS_Band__c", **band, required=True)
    path = f"/sobjects/Account/{ACCOUNT}"
    assert desk.ask("PATCH", path, json={"CS_Band__c": "red"}).status_code == 204
    refused = desk.refused("PATCH", path, json={"CS_Band__c": "pink"})
    assert refused[1] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_required_fields_are_everybodys_and_take_no_grants(desk):
    create(desk, required=True)
    assert NAME in names(desk)
    (error,) = grant(desk, profile(desk))
    assert error["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"


def test_grants_are_checked(desk):
    create(desk)
    held = profile(desk)
    grant(desk, held)
    (twice,) = grant(desk, held)
    assert twice["errorCode"] == "DUPLICATE_VALUE"
    (unknown,) = post(
        desk, "FieldPermissions", ParentId=held, Field="Account.Nope__c", PermissionsRead=True
    )
    assert unknown["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
