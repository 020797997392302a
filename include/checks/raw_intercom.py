"""Checks on Intercom's records, before they become facts."""

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, QUARANTINE, WARN, Check, Suite

KEYS = ("stream_id", "batch_id", "record_id")
TRUE = {"value_set": [True]}
# Vendors' clocks differ from ours: a day ahead is no fault.
NOT_AHEAD = {"max_value": 1}
SECONDS = {"min_value": 0, "max_value": 2e9}
FACES = {"min_value": 1, "max_value": 5}
# Every word that the vendor knows, in API 2.16 and before (INTERCOM.md part 3, checked Nov 2026).
ROLES = {"value_set": ["user", "lead"]}
STATES = {"value_set": ["open", "closed", "snoozed"]}
OLD_PRIORITIES = ["priority", "not_priority"]
PRIORITIES = {"value_set": ["none", "low", "medium", "high", "urgent", *OLD_PRIORITIES]}
STAGES = {"value_set": ["submitted", "in_progress", "waiting_on_customer", "resolved"]}
CATEGORIES = {"value_set": ["Customer", "Back-office", "Tracker"]}

OWN_KEY = Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key")
CREATED = (
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "created_at is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created_at lies in the future"),
)

COMPANIES = (
    OWN_KEY,
    Check(NOT_NULL, "company_id", {}, WARN, "company_id is missing"),
    Check(IN_SET, "created_is_time", TRUE, QUARANTINE, "created_at is no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created_at lies in the future"),
)
CONTACTS = (
    OWN_KEY,
    Check(IN_SET, "role", ROLES, WARN, "unknown role"),
    Check(IN_SET, "companies_are_list", TRUE, WARN, "companies.data is no list; none is known"),
    Check(IN_SET, "can_be_linked", TRUE, WARN, "nothing links this contact to an account"),
)
CONVERSATIONS = (
    OWN_KEY,
    Check(NOT_NULL, "state", {}, QUARANTINE, "state is missing"),
    Check(IN_SET, "state", STATES, QUARANTINE, "unknown state"),
    Check(IN_SET, "priority", PRIORITIES, WARN, "unknown priority"),
    *CREATED,
    Check(IN_SET, "closed_is_time", TRUE, QUARANTINE, "the last close is no time"),
    Check(BETWEEN, "closed_days_ahead", NOT_AHEAD, QUARANTINE, "the close lies in the future"),
    Check(IN_SET, "reply_is_number", TRUE, QUARANTINE, "the reply time is no number"),
    Check(BETWEEN, "first_reply_seconds", SECONDS, QUARANTINE, "the reply time is below zero"),
    Check(IN_SET, "rating_is_number", TRUE, WARN, "the rating is no number; it is left out"),
    Check(BETWEEN, "rating", FACES, WARN, "the rating is not from 1 to 5; it is left out"),
    Check(BETWEEN, "rated_days_ahead", NOT_AHEAD, QUARANTINE, "the rating lies in the future"),
)
TICKETS = (
    OWN_KEY,
    Check(IN_SET, "state", STAGES, WARN, "unknown state of a ticket: it counts as open"),
    Check(IN_SET, "category", CATEGORIES, WARN, "unknown category of a ticket"),
    *CREATED,
)

INTERCOM = tuple(
    Suite("raw", f"intercom_{name}", KEYS, checks)
    for name, checks in (
        ("companies", COMPANIES),
        ("contacts", CONTACTS),
        ("conversations", CONVERSATIONS),
        ("tickets", TICKETS),
        ("deleted_conversations", (OWN_KEY,)),
    )
)
