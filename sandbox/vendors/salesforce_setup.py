"""The org itself: its users, and the permission sets that say who sees which custom field.

A custom field is there for the running user only through a row of FieldPermissions below a
permission set that is assigned to this user. A profile is such a set too, owned by the profile
(object reference, checked Nov 2026).
"""

from collections.abc import Callable
from datetime import datetime

from sandbox.vendors.salesforce_columns import Column, flags, ids, texts
from sandbox.vendors.salesforce_ids import record_id
from sandbox.vendors.salesforce_store import Store, Table
from sandbox.vendors.salesforce_world import ADMIN, HOME_CURRENCY, INTEGRATION, ORG, table_of
from sandbox.world.model import World

PROFILE = record_id("00e", 1)
PROFILE_SET = record_id("0PS", 1)
# What one dollar is worth in each currency of the org.
RATES = {"USD": 1.0, "EUR": 0.91, "GBP": 0.77, "JPY": 151.0}


def _stamped(world: World, columns: dict[str, Column]) -> dict[str, Column]:
    """Records that have been there since the world began."""
    since = f"{world.start.isoformat()}T00:00:00.000+0000"
    size = len(columns["Id"])
    names = ("CreatedDate", "LastModifiedDate", "SystemModstamp")
    return {**{name: [since] * size for name in names}, **columns}


def users(world: World, now: datetime) -> Table:
    """The owners, the administrator and the user that integrations run as."""
    del now  # owners have no date: they have always been there
    frame = world["owners"].sort_values("owner_no")
    emails = [*texts(frame["email"]), "admin@vendor.example", "health@vendor.example"]
    first = [*texts(frame["first_name"]), "Org", "Health"]
    last = [*texts(frame["last_name"]), "Admin", "Integration"]
    size = len(emails)
    names = zip(first, last, strict=True)
    columns: dict[str, Column] = {
        "Id": [*ids("005", frame["owner_no"]), ADMIN, INTEGRATION],
        "FirstName": first,
        "LastName": last,
        "Name": [" ".join(str(part) for part in pair if part) for pair in names],
        "Email": emails,
        "Username": list(emails),
        "Alias": [str(email)[:8] for email in emails],
        "IsActive": [*(not gone for gone in flags(frame["archived"])), True, True],
        "TimeZoneSidKey": ["Europe/Berlin"] * size,
        "UserType": ["Standard"] * size,
        "CurrencyIsoCode": [HOME_CURRENCY] * size,
    }
    return table_of("User", _stamped(world, columns))


def organizations(world: World, now: datetime) -> Table:
    del now
    columns: dict[str, Column] = {
        "Id": [ORG],
        "Name": ["Kite"],
        "OrganizationType": ["Enterprise Edition"],
        "IsSandbox": [False],
        "InstanceName": ["EU5A"],
        "DefaultLocaleSidKey": ["en_US"],
        "TimeZoneSidKey": ["Europe/Berlin"],
    }
    return table_of("Organization", _stamped(world, columns))


def profiles(world: World, now: datetime) -> Table:
    del now
    columns: dict[str, Column] = {"Id": [PROFILE], "Name": ["Health Integration"]}
    return table_of("Profile", _stamped(world, columns))


def permission_sets(world: World, now: datetime) -> Table:
    del now
    columns: dict[str, Column] = {
        "Id": [PROFILE_SET],
        "Name": ["X00ex00000000000001"],
        "Label": ["00ex00000000000001"],
        "IsOwnedByProfile": [True],
        "IsCustom": [True],
        "ProfileId": [PROFILE],
    }
    return table_of("PermissionSet", _stamped(world, columns))


def assignments(world: World, now: datetime) -> Table:
    """Both machine users have the profile."""
    del now
    users: Column = [ADMIN, INTEGRATION]
    columns: dict[str, Column] = {
        "Id": [record_id("0Pa", number) for number in (1, 2)],
        "PermissionSetId": [PROFILE_SET] * 2,
        "AssigneeId": users,
        "IsActive": [True] * 2,
    }
    return table_of("PermissionSetAssignment", _stamped(world, columns))


def field_permissions(world: World, now: datetime) -> Table:
    """None at first: the custom fields that an org starts with are visible to everybody."""
    del world, now
    return table_of("FieldPermissions", {"Id": []})


def currency_types(world: World, now: datetime) -> Table:
    del now
    size = len(RATES)
    columns: dict[str, Column] = {
        "Id": [record_id("01L", number) for number in range(1, size + 1)],
        "IsoCode": list(RATES),
        "ConversionRate": list(RATES.values()),
        "DecimalPlaces": [0 if code == "JPY" else 2 for code in RATES],
        "IsActive": [True] * size,
        "IsCorporate": [code == HOME_CURRENCY for code in RATES],
    }
    return table_of("CurrencyType", _stamped(world, columns))


def permissions(store: Store) -> dict[str, bool]:
    """The fields that the integration user may see, like Account.X__c; true: and may change."""
    assigned, granted = store["PermissionSetAssignment"], store["FieldPermissions"]
    sets = {
        assigned.value("PermissionSetId", row) for row in assigned.find("AssigneeId", INTEGRATION)
    }
    seen: dict[str, bool] = {}
    for row in range(len(granted)):
        if granted.value("ParentId", row) in sets and granted.value("PermissionsRead", row):
            name = str(granted.value("Field", row))
            seen[name] = seen.get(name, False) or bool(granted.value("PermissionsEdit", row))
    return seen


MAKERS: dict[str, Callable[[World, datetime], Table]] = {
    "User": users,
    "Organization": organizations,
    "Profile": profiles,
    "PermissionSet": permission_sets,
    "PermissionSetAssignment": assignments,
    "FieldPermissions": field_permissions,
    "CurrencyType": currency_types,
}
