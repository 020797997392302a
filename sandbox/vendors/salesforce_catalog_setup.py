"""The objects of an org that administrators work with: who may see what, and the org itself.

Names, types and key prefixes follow the object reference (checked Nov 2026).
"""

from sandbox.vendors.salesforce_fields import (
    ID,
    SYSTEM,
    Kind,
    choice,
    flag,
    lookup,
    moment,
    number,
    read_only,
    text,
    whole,
)

PERMISSION_SET = (
    ID,
    text("Name", 80, required=True),
    text("Label", 80, required=True),
    text("Description"),
    read_only(flag("IsOwnedByProfile")),
    read_only(flag("IsCustom")),
    lookup("ProfileId", "Profile"),
    *SYSTEM[1:],
)
ASSIGNMENT = (
    ID,
    lookup("PermissionSetId", "PermissionSet", children="Assignments", required=True),
    lookup("AssigneeId", "User", children="PermissionSetAssignments", required=True),
    read_only(flag("IsActive")),
    read_only(moment("SystemModstamp")),
)
FIELD_PERMISSIONS = (
    ID,
    lookup("ParentId", "PermissionSet", children="FieldPerms", required=True),
    choice("SobjectType"),
    choice("Field"),
    flag("PermissionsEdit"),
    flag("PermissionsRead"),
    read_only(moment("SystemModstamp")),
)
PROFILE = (ID, text("Name", required=True), *SYSTEM[1:])
ORGANIZATION = (
    ID,
    text("Name", 80),
    choice("OrganizationType"),
    flag("IsSandbox"),
    text("InstanceName", 5),
    text("DefaultLocaleSidKey", 40),
    text("TimeZoneSidKey", 40),
    *SYSTEM[1:],
)
CURRENCY_TYPE = (
    ID,
    text("IsoCode", 3),
    number("ConversionRate", 18, 6),
    whole("DecimalPlaces"),
    flag("IsActive"),
    flag("IsCorporate"),
    *SYSTEM[1:],
)
SETUP = (
    Kind("PermissionSet", "0PS", "Permission Set", "Permission Sets", PERMISSION_SET),
    Kind(
        "PermissionSetAssignment",
        "0Pa",
        "Permission Set Assignment",
        "Permission Set Assignments",
        ASSIGNMENT,
    ),
    Kind("FieldPermissions", "01k", "Field Permissions", "Field Permissions", FIELD_PERMISSIONS),
    Kind("Profile", "00e", "Profile", "Profile", PROFILE, writes=False),
    Kind("Organization", "00D", "Organization", "Organizations", ORGANIZATION, writes=False),
    Kind(
        "CurrencyType",
        "01L",
        "Currency Type",
        "Currency Types",
        CURRENCY_TYPE,
        writes=False,
    ),
)
