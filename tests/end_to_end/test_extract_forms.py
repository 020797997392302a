"""Faults at the wire of vendors whose errors or transfers have forms of their own.

The same as in test_extract_faults.py must come of them, but where a vendor's own rules say better.
Salesforce, whose refusals mean the most, is met with all in tests/database/salesforce/.
"""

import pytest

from tests.database import conftest as database
from tests.end_to_end import test_extract_faults as faults
from tests.end_to_end.test_extract_faults import FAULTS, HEALS, OWN_FORMS, SHARED, check

server, migrated, store = database.server, database.migrated, database.store
served, sandbox = faults.served, faults.sandbox
EVERYWHERE = (
    "a wrong or expired token", "429 that says how long", "429 for an hour", "500 once",
    "500 again and again", "a connection cut in mid-body", "connections cut again and again",
    "a slow answer",
)  # fmt: skip
# Intercom's own headers tell the wait, seconds at most; four of Amplitude's days are asked for at
# once, as the three ends of an Intercom list are.
OUTCOMES_THERE = {
    ("intercom", "429 for an hour"): HEALS,
    ("intercom", "500 again and again"): SHARED,
    ("intercom", "connections cut again and again"): SHARED,
    ("amplitude", "500 again and again"): SHARED,
    ("amplitude", "connections cut again and again"): SHARED,
}


@pytest.mark.parametrize("place", list(OWN_FORMS))
@pytest.mark.parametrize("fault", EVERYWHERE)
def test_a_fault_costs_no_record_whatever_the_form_of_the_answers(sandbox, store, place, fault):
    rule, outcome = FAULTS[fault]
    check(sandbox, store, place, (rule, OUTCOMES_THERE.get((place, fault), outcome)))
