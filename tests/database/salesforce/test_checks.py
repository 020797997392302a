"""Records of Salesforce that cannot become facts are set aside, each for its own reasons."""

import pytest

from include.checks import check_raw
from tests.database.checks.conftest import DAY, Landing
from tests.database.salesforce.conftest import (
    ANN,
    CREATED,
    account,
    change,
    contact,
    event,
    opportunity,
    relation,
    task,
)

GOOD = {
    "users": {"Id": ANN, "Name": "Ann Ray", "IsActive": True},
    "accounts": account(ARR__c=5.0, Renewal_Date__c="2027-01-31", CSM_Pulse__c=3),
    "account_history": change("CSM_Pulse__c", None, 3, CREATED),
    "contacts": contact(),
    "contact_roles": relation("Champion"),
    "opportunities": opportunity(),
    "events": event(StartDateTime="2031-03-10T10:00:00.000+0000"),
    "tasks": task(),
}
BAD = (
    ("users", {"IsActive": "perhaps"}, "IsActive is no boolean"),
    ("accounts", {"IsDeleted": "perhaps"}, "IsDeleted is no boolean"),
    ("accounts", {"CreatedDate": None}, "CreatedDate is missing or no time"),
    ("accounts", {"CreatedDate": "2031-01-01T00:00:00Z"}, "CreatedDate lies in the future"),
    ("accounts", {"SystemModstamp": "soon"}, "SystemModstamp is missing or no time"),
    ("accounts", {"CSM_Pulse__c": "1e999"}, "the pulse is absurdly large"),
    ("account_history", {"AccountId": None}, "AccountId is missing"),
    ("account_history", {"Field": ""}, "Field is missing"),
    ("account_history", {"NewValue": "1e999"}, "a value of the pulse is absurdly large"),
    ("account_history", {"CreatedDate": "soon"}, "CreatedDate is missing or no time"),
    ("contacts", {"CreatedDate": "soon"}, "CreatedDate is missing or no time"),
    ("contact_roles", {"ContactId": None}, "ContactId is missing"),
    ("contact_roles", {"IsActive": 7}, "IsActive is no boolean"),
    ("opportunities", {"Amount": "a lot"}, "Amount is no number"),
    ("opportunities", {"Amount": -1}, "Amount is below zero or absurdly large"),
    ("opportunities", {"CloseDate": "2026-02-30"}, "CloseDate is no day"),
    ("events", {"StartDateTime": None}, "StartDateTime is missing or no time"),
    ("events", {"IsAllDayEvent": "perhaps"}, "IsAllDayEvent is no boolean"),
    ("tasks", {"IsClosed": "perhaps"}, "IsClosed is no boolean"),
    ("tasks", {"CompletedDateTime": "soon"}, "CompletedDateTime is no time"),
    ("tasks", {"ActivityDate": "soon"}, "ActivityDate is no day"),
)


@pytest.fixture
def landing(store, settings):
    found = Landing(store, settings)
    for source in ("zendesk.users", "stripe.invoices"):
        found.land(source, [], received=0)
    return found


def land(landing, stream, records):
    """Land records under their own ids; `id` only says which one that is."""
    landing.land(f"salesforce.{stream}", [{"id": record["Id"], **record} for record in records])


def test_a_good_record_of_every_stream_passes(landing):
    for stream, record in GOOD.items():
        land(landing, stream, [record])

    counts = check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert landing.quarantined() == []
    assert (counts["failed"], counts["quarantined"]) == (0, 0)


def test_a_bad_record_is_set_aside_for_its_own_reason(landing):
    wanted = []
    for stream, good in GOOD.items():
        cases = [case for case in BAD if case[0] == stream]
        records = [
            {**good, **changes, "Id": f"bad-{number:02}"}
            for number, (_, changes, _) in enumerate(cases)
        ]
        land(landing, stream, [good, *records])
        wanted += [
            (f"salesforce.{stream}", f"bad-{number:02}", reason)
            for number, (_, _, reason) in enumerate(cases)
        ]

    check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert landing.quarantined() == sorted(wanted)


def test_a_currency_that_nobody_knows_is_told_but_the_record_counts(landing):
    land(landing, "accounts", [{**GOOD["accounts"], "CurrencyIsoCode": "ZZZ"}])

    counts = check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert (counts["quarantined"], landing.quarantined()) == (0, [])
    assert counts["warned"] >= 1
