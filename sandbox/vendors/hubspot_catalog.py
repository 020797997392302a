"""HubSpot's object types and the properties this portal has, its own and the team's custom ones.

Names, types and option values follow the CRM property reference, checked Nov 2026.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """An object type. `created`, `modified`: the properties that hold the record's two times."""

    name: str
    type_id: str
    singular: str
    created: str = "hs_createdate"
    modified: str = "hs_lastmodifieddate"
    defaults: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()  # what the free text `query` of a search looks at


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "companies",
            "0-2",
            "company",
            "createdate",
            defaults=("name", "domain"),
            searched=("name", "domain", "website", "phone"),
        ),
        Kind(
            "contacts",
            "0-1",
            "contact",
            "createdate",
            "lastmodifieddate",
            defaults=("email", "firstname", "lastname"),
            searched=("email", "firstname", "lastname", "phone", "company"),
        ),
        Kind(
            "deals",
            "0-3",
            "deal",
            "createdate",
            defaults=("amount", "closedate", "dealname", "dealstage", "pipeline"),
            searched=("dealname", "pipeline", "dealstage", "dealtype"),
        ),
        Kind("meetings", "0-47", "meeting", searched=("hs_meeting_title",)),
        Kind("tasks", "0-27", "task", searched=("hs_task_subject", "hs_task_body")),
        Kind("calls", "0-48", "call"),
        Kind("emails", "0-49", "email"),
        Kind("notes", "0-46", "note"),
        Kind("tickets", "0-5", "ticket", "createdate", defaults=("subject", "content")),
        # Types that every portal has; here without a record.
        Kind("line_items", "0-8", "line_item", "createdate", defaults=("quantity", "amount")),
        Kind("products", "0-7", "product", "createdate", defaults=("name", "price")),
        Kind("leads", "0-136", "lead"),
        Kind("deal_splits", "0-72", "deal_split"),
        Kind("goal_targets", "0-74", "goal_target"),
        Kind("forms", "0-28", "form"),
        Kind("quotes", "0-14", "quote"),
        Kind("communications", "0-18", "communication"),
        Kind("postal_mail", "0-116", "postal_mail"),
        Kind("feedback_submissions", "0-19", "feedback_submission"),
    )
}
ALIASES = {
    alias: kind for kind in KINDS.values() for alias in (kind.name, kind.singular, kind.type_id)
}
GROUPS = {
    "companies": ("companyinformation", "Company information"),
    "contacts": ("contactinformation", "Contact information"),
    "deals": ("dealinformation", "Deal information"),
    "line_items": ("lineiteminformation", "Line item information"),
    "products": ("productinformation", "Product information"),
    "tickets": ("ticketinformation", "Ticket information"),
    "feedback_submissions": ("feedbackinformation", "Feedback submission information"),
}
CUSTOM_GROUP = ("customer_success", "Customer success")
# name, label, type, fieldType, then marks: r read-only, c calculated, e options kept elsewhere.
Row = tuple[str, str, str, str, str]
DEFINED: dict[str, tuple[Row, ...]] = {
    "companies": (
        ("name", "Company name", "string", "text", ""),
        ("domain", "Company Domain Name", "string", "text", ""),
        ("website", "Website URL", "string", "text", ""),
        ("phone", "Phone Number", "string", "text", ""),
        ("description", "Description", "string", "textarea", ""),
        ("address", "Street Address", "string", "text", ""),
        ("address2", "Street Address 2", "string", "text", ""),
        ("city", "City", "string", "text", ""),
        ("state", "State/Region", "string", "text", ""),
        ("zip", "Postal Code", "string", "text", ""),
        ("country", "Country/Region", "string", "text", ""),
        ("timezone", "Time Zone", "string", "text", ""),
        ("founded_year", "Year Founded", "string", "text", ""),
        ("is_public", "Is Public", "bool", "booleancheckbox", ""),
        ("type", "Type", "enumeration", "select", ""),
        ("hs_additional_domains", "Additional Domains", "enumeration", "checkbox", "e"),
        ("industry", "Industry", "enumeration", "select", ""),
        ("numberofemployees", "Number of Employees", "number", "number", ""),
        ("annualrevenue", "Annual Revenue", "number", "number", ""),
        ("lifecyclestage", "Lifecycle Stage", "enumeration", "radio", ""),
        ("hubspot_owner_id", "Company owner", "enumeration", "select", "e"),
        ("hs_parent_company_id", "Parent Company", "number", "number", "r"),
        ("hs_num_child_companies", "Number of child companies", "number", "number", "rc"),
        ("num_associated_contacts", "Number of Associated Contacts", "number", "number", "rc"),
        ("hs_merged_object_ids", "Merged Record IDs", "enumeration", "checkbox", "re"),
        ("createdate", "Create Date", "datetime", "date", "r"),
    ),
    "contacts": (
        ("email", "Email", "string", "text", ""),
        ("firstname", "First Name", "string", "text", ""),
        ("lastname", "Last Name", "string", "text", ""),
        ("phone", "Phone Number", "string", "phonenumber", ""),
        ("mobilephone", "Mobile Phone Number", "string", "phonenumber", ""),
        ("website", "Website URL", "string", "text", ""),
        ("address", "Street Address", "string", "text", ""),
        ("city", "City", "string", "text", ""),
        ("state", "State/Region", "string", "text", ""),
        ("zip", "Postal Code", "string", "text", ""),
        ("country", "Country/Region", "string", "text", ""),
        ("company", "Company Name", "string", "text", ""),
        ("jobtitle", "Job Title", "string", "text", ""),
        ("hs_buying_role", "Buying Role", "enumeration", "checkbox", ""),
        ("lifecyclestage", "Lifecycle Stage", "enumeration", "radio", ""),
        ("hubspot_owner_id", "Contact owner", "enumeration", "select", "e"),
        ("hs_email_optout", "Unsubscribed from all email", "bool", "booleancheckbox", "r"),
        ("notes_last_contacted", "Last Contacted", "datetime", "date", "rc"),
        ("associatedcompanyid", "Primary Associated Company ID", "number", "number", ""),
        ("createdate", "Create Date", "datetime", "date", "r"),
        ("lastmodifieddate", "Last Modified Date", "datetime", "date", "r"),
    ),
    "deals": (
        ("dealname", "Deal Name", "string", "text", ""),
        ("description", "Deal Description", "string", "textarea", ""),
        ("hs_next_step", "Next step", "string", "text", ""),
        ("amount", "Amount", "number", "number", ""),
        ("amount_in_home_currency", "Amount in company currency", "number", "number", "rc"),
        ("deal_currency_code", "Currency", "enumeration", "select", "e"),
        ("dealstage", "Deal Stage", "enumeration", "radio", "e"),
        ("pipeline", "Pipeline", "enumeration", "select", "e"),
        ("dealtype", "Deal Type", "enumeration", "radio", ""),
        ("closedate", "Close Date", "datetime", "date", ""),
        ("hubspot_owner_id", "Deal owner", "enumeration", "select", "e"),
        ("hs_is_closed", "Is Deal Closed?", "bool", "booleancheckbox", "rc"),
        ("hs_is_closed_won", "Is Closed Won", "bool", "booleancheckbox", "rc"),
        ("hs_is_closed_lost", "Is Closed Lost", "bool", "booleancheckbox", "rc"),
        ("hs_deal_stage_probability", "Deal probability", "number", "number", "rc"),
        ("hs_merged_object_ids", "Merged Deal IDs", "enumeration", "checkbox", "re"),
        ("createdate", "Create Date", "datetime", "date", ""),
    ),
    "meetings": (
        ("hs_meeting_title", "Meeting name", "string", "text", ""),
        ("hs_meeting_start_time", "Meeting start time", "datetime", "date", ""),
        ("hs_meeting_end_time", "Meeting end time", "datetime", "date", ""),
        ("hs_meeting_outcome", "Meeting outcome", "enumeration", "select", ""),
        ("hs_activity_type", "Call and meeting type", "enumeration", "select", ""),
        ("hs_timestamp", "Activity date", "datetime", "date", ""),
        ("hubspot_owner_id", "Activity assigned to", "enumeration", "select", "e"),
    ),
    "tasks": (
        ("hs_task_subject", "Task Title", "string", "text", ""),
        ("hs_task_body", "Task Notes", "string", "html", ""),
        ("hs_task_status", "Task Status", "enumeration", "select", "e"),
        ("hs_task_priority", "Priority", "enumeration", "select", "e"),
        ("hs_timestamp", "Due date", "datetime", "date", ""),
        ("hubspot_owner_id", "Assigned to", "enumeration", "select", "e"),
    ),
    "tickets": (
        ("subject", "Ticket name", "string", "text", ""),
        ("content", "Ticket description", "string", "textarea", ""),
        ("hs_pipeline", "Pipeline", "enumeration", "select", "e"),
        ("hs_pipeline_stage", "Ticket status", "enumeration", "select", "e"),
        ("hs_ticket_category", "Category", "enumeration", "checkbox", ""),
        ("hs_ticket_priority", "Priority", "enumeration", "select", ""),
        ("createdate", "Create date", "datetime", "date", "r"),
    ),
    "products": (
        ("name", "Name", "string", "text", ""),
        ("description", "Product description", "string", "textarea", ""),
        ("price", "Unit price", "number", "number", ""),
    ),
    "quotes": (
        ("hs_title", "Quote Title", "string", "text", ""),
        ("hs_status", "Quote Status", "enumeration", "select", "e"),
        ("hs_expiration_date", "Expiration Date", "datetime", "date", ""),
        ("hs_public_url_key", "Public URL Key", "string", "text", "r"),
    ),
    "line_items": (
        ("name", "Name", "string", "text", ""),
        ("quantity", "Quantity", "number", "number", ""),
        ("price", "Unit price", "number", "number", ""),
        ("amount", "Net price", "number", "number", "rc"),
    ),
    "feedback_submissions": (
        ("hs_survey_type", "Survey Type", "enumeration", "select", "r"),
        ("hs_survey_name", "Survey Name", "string", "text", "r"),
        ("hs_survey_id", "Survey ID", "number", "number", "r"),
        ("hs_survey_channel", "Survey Channel", "enumeration", "select", "r"),
        ("hs_value", "Rating", "number", "number", "r"),
        ("hs_response_group", "Response Group", "enumeration", "select", "r"),
        ("hs_sentiment", "Sentiment", "enumeration", "select", "r"),
        ("hs_content", "Response", "string", "textarea", "r"),
        ("hs_submission_timestamp", "Date", "datetime", "date", "r"),
        ("hs_contact_id", "Contact ID", "number", "number", "r"),
        ("hs_contact_email_rollup", "Contact Email", "string", "text", "r"),
        ("hs_contact_firstname", "Contact First Name", "string", "text", "r"),
        ("hs_contact_lastname", "Contact Last Name", "string", "text", "r"),
    ),
}
CUSTOM: tuple[Row, ...] = (
    ("arr", "ARR", "number", "number", ""),
    ("renewal_date", "Renewal date", "date", "date", ""),
    ("segment", "Segment", "enumeration", "select", ""),
    ("tenant_key", "Tenant key", "string", "text", ""),
    ("csm_pulse", "CSM pulse", "enumeration", "select", ""),
    ("csm_pulse_reason", "CSM pulse reason", "string", "textarea", ""),
)
