"""Checks on counts of product events that come in parts, before they become facts."""

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, QUARANTINE, Check, Suite

KEYS = ("stream_id", "batch_id", "record_id")
TRUE = {"value_set": [True]}
# Clocks differ, and a part may hold the first hours of the day after the one that is scored.
NOT_AHEAD = {"max_value": 1}
COUNT = {"min_value": 0, "max_value": 1e15}

USAGE_PARTS = (
    Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key"),
    Check(NOT_NULL, "account_key", {}, QUARANTINE, "account_key is missing"),
    Check(NOT_NULL, "day", {}, QUARANTINE, "day is missing or no date"),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, QUARANTINE, "day lies in the future"),
    Check(NOT_NULL, "part", {}, QUARANTINE, "part is missing or no date"),
    Check(NOT_NULL, "events", {}, QUARANTINE, "events is missing or no number"),
    Check(BETWEEN, "events", COUNT, QUARANTINE, "events is below zero or absurdly large"),
    Check(IN_SET, "has_users", TRUE, QUARANTINE, "users is no list"),
    Check(IN_SET, "has_features", TRUE, QUARANTINE, "features is no list"),
)

USAGE = tuple(
    Suite("raw", f"{vendor}_usage_day", KEYS, USAGE_PARTS, reads="usage_parts")
    for vendor in ("mixpanel", "amplitude")
)
