"""What HubSpot's enumerations offer to choose from, by property.

Values follow the CRM property reference, checked Nov 2026.
"""

LIFECYCLES = (
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
)
ROLES = (
    "BLOCKER",
    "BUDGET_HOLDER",
    "CHAMPION",
    "DECISION_MAKER",
    "END_USER",
    "EXECUTIVE_SPONSOR",
    "INFLUENCER",
    "LEGAL_AND_COMPLIANCE",
    "OTHER",
)
MEETING_TYPES = ("Business review", "Check-in", "Training", "Kickoff")
OUTCOMES = ("SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED")
CATEGORIES = ("PRODUCT_ISSUE", "BILLING_ISSUE", "FEATURE_REQUEST", "GENERAL_INQUIRY")

OPTIONS: dict[str, tuple[str, ...]] = {
    "lifecyclestage": LIFECYCLES,
    "hs_buying_role": ROLES,
    "dealtype": ("newbusiness", "existingbusiness", "renewal", "expansion"),
    "hs_meeting_outcome": OUTCOMES,
    "hs_activity_type": MEETING_TYPES,
    "hs_ticket_category": CATEGORIES,
    "hs_ticket_priority": ("LOW", "MEDIUM", "HIGH", "URGENT"),
    "type": ("PROSPECT", "PARTNER", "RESELLER", "VENDOR", "OTHER"),
    "is_public": ("true", "false"),
    "hs_email_optout": ("true", "false"),
    "hs_is_closed": ("true", "false"),
    "hs_is_closed_won": ("true", "false"),
    "hs_is_closed_lost": ("true", "false"),
    "segment": ("smb", "mid_market", "enterprise"),
    "csm_pulse": ("1", "2", "3", "4", "5"),
}
