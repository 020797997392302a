"""Checks on records from files of people and from warehouses, before they become facts."""

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, QUARANTINE, WARN, Check, Suite

KEYS = ("stream_id", "batch_id", "record_id")
TRUE = {"value_set": [True]}
NOT_AHEAD = {"max_value": 1}
VALUE = {"min_value": -1e12, "max_value": 1e12}
# Above 1e12 major units a bigint of minor ones is not far.
MONEY = {"min_value": 0, "max_value": 1e12}
COUNT = {"min_value": 0, "max_value": 2e9}
EVENTS = {"min_value": 0, "max_value": 1e15}
MONTHS = {"min_value": 0, "max_value": 1200}
# The words of our facts; a query has to bring its own into them.
TICKETS = {"value_set": ["new", "open", "pending", "hold", "solved", "closed", "deleted"]}
PRIORITIES = {"value_set": ["low", "normal", "high", "urgent"]}
SURVEYS = {"value_set": ["nps", "csat", "ces"]}
SUBSCRIPTIONS = {"value_set": ["trialing", "active", "past_due", "unpaid", "paused", "canceled"]}
INVOICES = {"value_set": ["draft", "open", "paid", "uncollectible", "void"]}
TOUCHES = {"value_set": ["review", "check_in", "training", "kickoff", "other"]}
OWN_KEY = Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key")
ACCOUNT = Check(NOT_NULL, "account_key", {}, QUARANTINE, "account_key is missing")


def _in(column: str, words: dict[str, list[str]]) -> Check:
    return Check(IN_SET, column, words, QUARANTINE, f"{column} is none of our words")


def _is(column: str, what: str, reason: str) -> Check:
    return Check(IN_SET, f"{column}_is_{what}", TRUE, QUARANTINE, reason)


ENTRIES = (
    OWN_KEY,
    Check(NOT_NULL, "account", {}, QUARANTINE, "account is missing"),
    Check(NOT_NULL, "author", {}, QUARANTINE, "who is missing"),
    Check(IN_SET, "has_measure", TRUE, QUARANTINE, "measure is missing or no name"),
    Check(NOT_NULL, "occurred_at", {}, QUARANTINE, "when is missing or no time"),
    _is("value", "number", "value is no number"),
    Check(BETWEEN, "value", VALUE, QUARANTINE, "value is beyond a billion thousands"),
)
USAGE_DAYS = (
    OWN_KEY,
    ACCOUNT,
    Check(NOT_NULL, "day", {}, QUARANTINE, "day is missing or no date"),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, QUARANTINE, "day lies in the future"),
    Check(NOT_NULL, "events", {}, QUARANTINE, "events is missing or no number"),
    Check(BETWEEN, "events", EVENTS, QUARANTINE, "events is below zero or absurdly large"),
    Check(IN_SET, "has_users", TRUE, QUARANTINE, "users is no list"),
    Check(IN_SET, "has_features", TRUE, QUARANTINE, "features is no list"),
)
TICKET_ROWS = (
    OWN_KEY,
    ACCOUNT,
    _in("status", TICKETS),
    Check(IN_SET, "priority", PRIORITIES, WARN, "unknown priority"),
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "created_at is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created_at lies in the future"),
    _is("solved", "time", "solved_at is no time"),
    Check(BETWEEN, "solved_days_ahead", NOT_AHEAD, QUARANTINE, "solved_at lies in the future"),
    _is("reply", "number", "first_reply_minutes is no number"),
    Check(BETWEEN, "first_reply_minutes", COUNT, QUARANTINE, "first_reply_minutes is below zero"),
)
SURVEY_ANSWERS = (
    OWN_KEY,
    ACCOUNT,
    _in("kind", SURVEYS),
    Check(NOT_NULL, "score", {}, QUARANTINE, "score is missing or no number"),
    Check(BETWEEN, "score", VALUE, QUARANTINE, "score is absurd"),
    _is("low", "number", "scale_low is no number"),
    _is("high", "number", "scale_high is no number"),
    Check(NOT_NULL, "occurred_at", {}, QUARANTINE, "occurred_at is missing or no time"),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, QUARANTINE, "occurred_at lies in the future"),
)
SUBSCRIPTION_ROWS = (
    OWN_KEY,
    ACCOUNT,
    _in("status", SUBSCRIPTIONS),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amounts stay unknown"),
    Check(NOT_NULL, "started_at", {}, QUARANTINE, "started_at is missing or no time"),
    _is("ended", "time", "ended_at is no time"),
    _is("period", "time", "period_end is no time"),
    _is("trial", "time", "trial_end is no time"),
    _is("seats", "number", "seats is no number"),
    Check(BETWEEN, "seats", COUNT, QUARANTINE, "seats is below zero or absurdly large"),
    _is("amount", "number", "amount is no number"),
    Check(BETWEEN, "amount", MONEY, QUARANTINE, "amount is below zero or absurdly large"),
    _is("months", "number", "months is no number"),
    Check(BETWEEN, "months", MONTHS, QUARANTINE, "months is absurd"),
)
INVOICE_ROWS = (
    OWN_KEY,
    ACCOUNT,
    _in("status", INVOICES),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amounts stay unknown"),
    Check(NOT_NULL, "amount_due", {}, QUARANTINE, "amount_due is missing or no number"),
    Check(BETWEEN, "amount_due", MONEY, QUARANTINE, "amount_due is below zero or absurdly large"),
    _is("remaining", "number", "amount_remaining is no number"),
    Check(BETWEEN, "amount_remaining", MONEY, QUARANTINE, "amount_remaining is below zero"),
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "created_at is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created_at lies in the future"),
    _is("due", "time", "due_at is no time"),
    _is("paid", "time", "paid_at is no time"),
    _is("closed", "time", "closed_at is no time"),
    _is("period", "time", "the period is no time"),
    _is("seats", "number", "seats is no number"),
    Check(BETWEEN, "seats", COUNT, QUARANTINE, "seats is below zero or absurdly large"),
)
TOUCH_ROWS = (
    OWN_KEY,
    ACCOUNT,
    _in("kind", TOUCHES),
    _is("held", "boolean", "is_held is no boolean"),
    Check(NOT_NULL, "occurred_at", {}, QUARANTINE, "occurred_at is missing or no time"),
)

FILES = tuple(
    Suite("raw", name, KEYS, checks, reads=reads)
    for name, checks, reads in (
        ("inputs_rows", ENTRIES, ""),
        ("warehouse_usage_day", USAGE_DAYS, "posthog_usage_day"),
        ("warehouse_tickets", TICKET_ROWS, ""),
        ("warehouse_survey_answers", SURVEY_ANSWERS, ""),
        ("warehouse_subscriptions", SUBSCRIPTION_ROWS, ""),
        ("warehouse_invoices", INVOICE_ROWS, ""),
        ("warehouse_touches", TOUCH_ROWS, ""),
        ("warehouse_measures", ENTRIES, "inputs_rows"),
    )
)
