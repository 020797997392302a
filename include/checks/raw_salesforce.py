"""Checks on Salesforce's records, before they become facts."""

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, QUARANTINE, WARN, Check, Suite

KEYS = ("stream_id", "batch_id", "record_id")
TRUE = {"value_set": [True]}
NOT_AHEAD = {"max_value": 1}  # vendors' clocks differ from ours: a day ahead is no fault
AMOUNT = {"min_value": 0, "max_value": 1e15}
DEAL_AMOUNT = {"min_value": 0, "max_value": 1e12}
PULSE = {"min_value": -1e15, "max_value": 1e15}
OWN_KEY = Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key")
DELETED = Check(IN_SET, "deleted_is_boolean", TRUE, QUARANTINE, "IsDeleted is no boolean")
CREATED = (
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "CreatedDate is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "CreatedDate lies in the future"),
)
CURRENCY = Check(
    IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amount stays unknown"
)

USERS = (
    OWN_KEY,
    Check(IN_SET, "active_is_boolean", TRUE, QUARANTINE, "IsActive is no boolean"),
)
ACCOUNTS = (
    OWN_KEY,
    DELETED,
    *CREATED,
    Check(NOT_NULL, "stamp", {}, QUARANTINE, "SystemModstamp is missing or no time"),
    Check(BETWEEN, "pulse", PULSE, QUARANTINE, "the pulse is absurdly large"),
    CURRENCY,
    Check(IN_SET, "arr_is_number", TRUE, WARN, "the revenue is no number; it stays unknown"),
    Check(BETWEEN, "arr", AMOUNT, WARN, "the revenue is below zero or absurdly large"),
    Check(IN_SET, "renewal_is_day", TRUE, WARN, "the renewal is no date; it stays unknown"),
)
ACCOUNT_HISTORY = (
    OWN_KEY,
    Check(NOT_NULL, "account_id", {}, QUARANTINE, "AccountId is missing"),
    Check(NOT_NULL, "field", {}, QUARANTINE, "Field is missing"),
    *CREATED,
    Check(BETWEEN, "pulse", PULSE, QUARANTINE, "a value of the pulse is absurdly large"),
)
CONTACTS = (OWN_KEY, DELETED, *CREATED)
CONTACT_ROLES = (
    OWN_KEY,
    DELETED,
    *CREATED,
    Check(NOT_NULL, "account_id", {}, QUARANTINE, "AccountId is missing"),
    Check(NOT_NULL, "contact_id", {}, QUARANTINE, "ContactId is missing"),
    Check(IN_SET, "active_is_boolean", TRUE, QUARANTINE, "IsActive is no boolean"),
)
OPPORTUNITIES = (
    OWN_KEY,
    DELETED,
    *CREATED,
    Check(IN_SET, "amount_is_number", TRUE, QUARANTINE, "Amount is no number"),
    Check(BETWEEN, "amount", DEAL_AMOUNT, QUARANTINE, "Amount is below zero or absurdly large"),
    CURRENCY,
    Check(IN_SET, "closed_is_day", TRUE, QUARANTINE, "CloseDate is no day"),
)
EVENTS = (
    OWN_KEY,
    DELETED,
    Check(IN_SET, "all_day_is_boolean", TRUE, QUARANTINE, "IsAllDayEvent is no boolean"),
    Check(IN_SET, "recurrence_is_boolean", TRUE, QUARANTINE, "IsRecurrence is no boolean"),
    Check(NOT_NULL, "occurred_at", {}, QUARANTINE, "StartDateTime is missing or no time"),
)
TASKS = (
    OWN_KEY,
    DELETED,
    Check(IN_SET, "closed_is_boolean", TRUE, QUARANTINE, "IsClosed is no boolean"),
    Check(IN_SET, "completed_is_time", TRUE, QUARANTINE, "CompletedDateTime is no time"),
    Check(IN_SET, "activity_is_day", TRUE, QUARANTINE, "ActivityDate is no day"),
)

SALESFORCE = tuple(
    Suite("raw", f"salesforce_{stream}", KEYS, checks)
    for stream, checks in (
        ("users", USERS),
        ("accounts", ACCOUNTS),
        ("account_history", ACCOUNT_HISTORY),
        ("contacts", CONTACTS),
        ("contact_roles", CONTACT_ROLES),
        ("opportunities", OPPORTUNITIES),
        ("events", EVENTS),
        ("tasks", TASKS),
    )
)
