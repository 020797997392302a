"""Checks on answers to HubSpot's surveys, before they become facts."""

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, QUARANTINE, WARN, Check, Suite

KEYS = ("stream_id", "batch_id", "record_id")
TRUE = {"value_set": [True]}
# Vendors' clocks differ from ours: a day ahead is no fault.
NOT_AHEAD = {"max_value": 1}
RATING = {"min_value": 0, "max_value": 1000}
# Every word that the vendor knows, checked Nov 2026.
TYPES = {"value_set": ["NPS", "CSAT", "CES", "CUSTOM"]}

ANSWERS = (
    Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key"),
    Check(IN_SET, "has_properties", TRUE, QUARANTINE, "properties is no object"),
    Check(IN_SET, "archived_is_boolean", TRUE, QUARANTINE, "archived is no boolean"),
    Check(IN_SET, "survey_type", TYPES, WARN, "unknown kind of survey; it counts nowhere"),
    Check(IN_SET, "value_is_number", TRUE, QUARANTINE, "the rating is no number"),
    Check(BETWEEN, "value", RATING, QUARANTINE, "the rating is below zero or absurdly large"),
    Check(NOT_NULL, "occurred_at", {}, QUARANTINE, "the time is missing or no time"),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, QUARANTINE, "the answer lies in the future"),
)

SURVEYS = (Suite("raw", "hubspot_feedback_submissions", KEYS, ANSWERS),)
