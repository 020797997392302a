"""Checks on records from files of people and from warehouses, before they become facts."""

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, QUARANTINE, Check

TRUE = {"value_set": [True]}
VALUE = {"min_value": -1e12, "max_value": 1e12}
OWN_KEY = Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key")

ENTRIES = (
    OWN_KEY,
    Check(NOT_NULL, "account", {}, QUARANTINE, "account is missing"),
    Check(NOT_NULL, "author", {}, QUARANTINE, "who is missing"),
    Check(IN_SET, "has_measure", TRUE, QUARANTINE, "measure is missing or no name"),
    Check(NOT_NULL, "occurred_at", {}, QUARANTINE, "when is missing or no time"),
    Check(IN_SET, "value_is_number", TRUE, QUARANTINE, "value is no number"),
    Check(BETWEEN, "value", VALUE, QUARANTINE, "value is beyond a billion thousands"),
)

FILES = (("inputs_rows", ENTRIES),)
