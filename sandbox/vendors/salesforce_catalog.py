"""The objects of the org and their standard fields, beside the custom ones that CS ops added.

Names, types and key prefixes follow the object reference (checked Nov 2026). What a world does not
tell stays empty, as in most orgs.
"""

from sandbox.vendors.salesforce_catalog_setup import SETUP
from sandbox.vendors.salesforce_fields import (
    ID,
    SYSTEM,
    Field,
    Kind,
    choice,
    custom,
    day,
    flag,
    lookup,
    moment,
    number,
    read_only,
    text,
    whole,
)

ROLES = ("Business User", "Decision Maker", "Executive Sponsor", "Champion", "Evaluator", "Other")
STAGES = ("Prospecting", "Negotiation/Review", "Renewal Upcoming", "Closed Won", "Closed Lost")
MEETINGS = ("Business review", "Check-in", "Training", "Kickoff", "Call", "Other")
OUTCOMES = ("Completed", "Scheduled", "Canceled", "No show")


ADDRESS = tuple(text(f"Billing{part}", 80) for part in ("Street", "City", "PostalCode", "Country"))
ACCOUNT = (
    ID,
    read_only(lookup("MasterRecordId", "Account")),
    text("Name", required=True),
    choice("Type", "Prospect", "Customer", "Former Customer", "Partner"),
    lookup("ParentId", "Account", children="ChildAccounts"),
    *ADDRESS,
    read_only(Field("BillingAddress", "address", filterable=False)),
    text("Phone", 40, kind="phone"),
    text("Website", kind="url"),
    choice("Industry"),
    number("AnnualRevenue", kind="currency"),
    whole("NumberOfEmployees"),
    text("Description", 32_000, kind="textarea"),
    lookup("OwnerId", "User", required=True),
    *SYSTEM,
    read_only(day("LastActivityDate")),
    custom(number("ARR__c", 16, 2, kind="currency"), "ARR"),
    custom(day("Renewal_Date__c"), "Renewal Date"),
    custom(choice("Segment__c", "smb", "mid_market", "enterprise"), "Segment"),
    custom(text("Tenant_Key__c", 80), "Tenant Key", external_id=True, unique=True),
    custom(number("CSM_Pulse__c", 1, 0), "CSM Pulse"),
    custom(text("CSM_Pulse_Reason__c"), "CSM Pulse Reason"),
)
USER = (
    ID,
    text("Username", 80, required=True),
    text("LastName", 80, required=True),
    text("FirstName", 40),
    read_only(text("Name", 121)),
    text("Email", 128, kind="email", required=True),
    text("Alias", 8),
    flag("IsActive"),
    text("TimeZoneSidKey", 40),
    read_only(choice("UserType", "Standard", "AutomatedProcess")),
    lookup("ManagerId", "User"),
    *SYSTEM[1:],
)
CONTACT = (
    ID,
    read_only(lookup("MasterRecordId", "Contact")),
    lookup("AccountId", "Account", children="Contacts"),
    text("LastName", 80, required=True),
    text("FirstName", 40),
    read_only(text("Name", 121)),
    text("Phone", 40, kind="phone"),
    text("Email", 80, kind="email"),
    text("Title", 128),
    text("Department", 80),
    lookup("OwnerId", "User", required=True),
    flag("HasOptedOutOfEmail"),
    *SYSTEM,
    read_only(day("LastActivityDate")),
)
ACCOUNT_CONTACT = (
    ID,
    lookup("AccountId", "Account", children="AccountContactRelations", required=True),
    lookup("ContactId", "Contact", children="AccountContactRelations", required=True),
    choice("Roles", *ROLES, several=True),
    read_only(flag("IsDirect")),
    flag("IsActive"),
    day("StartDate"),
    day("EndDate"),
    *SYSTEM,
)
OPPORTUNITY_CONTACT = (
    ID,
    lookup("OpportunityId", "Opportunity", children="OpportunityContactRoles", required=True),
    lookup("ContactId", "Contact", children="OpportunityContactRoles", required=True),
    choice("Role", *ROLES),
    flag("IsPrimary"),
    *SYSTEM,
)
OPPORTUNITY = (
    ID,
    lookup("AccountId", "Account", children="Opportunities"),
    text("Name", 120, required=True),
    text("Description", 32_000, kind="textarea"),
    choice("StageName", *STAGES),
    number("Amount", 18, 2, kind="currency"),
    number("Probability", 3, 0, kind="percent"),
    day("CloseDate"),
    choice("Type", "New Business", "Renewal", "Expansion"),
    read_only(flag("IsClosed")),
    read_only(flag("IsWon")),
    choice("ForecastCategory", "Pipeline", "Best Case", "Closed", "Omitted"),
    choice("LeadSource"),
    lookup("OwnerId", "User", required=True),
    *SYSTEM,
    read_only(day("LastActivityDate")),
)
ACTIVITY = (
    lookup("WhoId", "Contact", "Lead"),
    lookup("WhatId", "Account", "Opportunity", "Case"),
    text("Subject", 255, kind="combobox"),
)
EVENT = (
    ID,
    *ACTIVITY,
    read_only(lookup("AccountId", "Account", children="Events")),
    text("Location"),
    choice("Type", *MEETINGS),
    flag("IsAllDayEvent"),
    moment("ActivityDateTime"),
    day("ActivityDate"),
    whole("DurationInMinutes"),
    moment("StartDateTime"),
    moment("EndDateTime"),
    text("Description", 32_000, kind="textarea"),
    lookup("OwnerId", "User", required=True),
    read_only(flag("IsChild")),
    read_only(flag("IsGroupEvent")),
    read_only(flag("IsArchived")),
    read_only(flag("IsRecurrence")),
    *SYSTEM,
    custom(choice("Outcome__c", *OUTCOMES), "Outcome"),
)
TASK = (
    ID,
    *ACTIVITY,
    read_only(lookup("AccountId", "Account", children="Tasks")),
    choice("Status", "Not Started", "In Progress", "Completed"),
    choice("Priority", "High", "Normal", "Low"),
    day("ActivityDate"),
    read_only(flag("IsClosed")),
    read_only(flag("IsHighPriority")),
    read_only(moment("CompletedDateTime")),
    choice("TaskSubtype", "Task", "Call", "Email"),
    whole("CallDurationInSeconds"),
    text("Description", 32_000, kind="textarea"),
    lookup("OwnerId", "User", required=True),
    read_only(flag("IsArchived")),
    *SYSTEM,
)
CASE = (
    ID,
    read_only(text("CaseNumber", 30)),
    lookup("ContactId", "Contact", children="Cases"),
    lookup("AccountId", "Account", children="Cases"),
    choice("Type", "question", "incident", "problem", "task"),
    choice("Status", "New", "Working", "Escalated", "On Hold", "Closed"),
    choice("Priority", "High", "Medium", "Low"),
    choice("Origin", "Email", "Phone", "Web"),
    text("Subject"),
    read_only(flag("IsClosed")),
    read_only(moment("ClosedDate")),
    flag("IsEscalated"),
    lookup("OwnerId", "User", required=True),
    *SYSTEM,
)


def _history(parent: str) -> tuple[Field, ...]:
    """A change of a tracked field; what was and what is can be read but not filtered."""
    return (
        ID,
        read_only(flag("IsDeleted")),
        read_only(lookup(f"{parent}Id", parent, children="Histories")),
        read_only(lookup("CreatedById", "User")),
        read_only(moment("CreatedDate")),
        read_only(choice("Field")),
        read_only(choice("DataType")),
        read_only(Field("OldValue", "anyType", filterable=False)),
        read_only(Field("NewValue", "anyType", filterable=False)),
    )


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("Account", "001", "Account", "Accounts", ACCOUNT),
        Kind("User", "005", "User", "Users", USER, writes=False),
        Kind("Contact", "003", "Contact", "Contacts", CONTACT),
        Kind(
            "AccountContactRelation",
            "07k",
            "Account Contact Relationship",
            "Account Contact Relationships",
            ACCOUNT_CONTACT,
        ),
        Kind("Opportunity", "006", "Opportunity", "Opportunities", OPPORTUNITY),
        Kind(
            "OpportunityContactRole",
            "00K",
            "Opportunity Contact Role",
            "Opportunity Contact Roles",
            OPPORTUNITY_CONTACT,
        ),
        Kind("Event", "00U", "Event", "Events", EVENT),
        Kind("Task", "00T", "Task", "Tasks", TASK),
        Kind("Case", "500", "Case", "Cases", CASE),
        Kind(
            "AccountHistory",
            "017",
            "Account History",
            "Account History",
            _history("Account"),
            writes=False,
        ),
        Kind(
            "OpportunityFieldHistory",
            "017",
            "Opportunity Field History",
            "Opportunity Field History",
            _history("Opportunity"),
            writes=False,
        ),
        *SETUP,
    )
}
