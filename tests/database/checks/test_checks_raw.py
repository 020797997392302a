"""Records that wait: what is set aside and why, what passes, and what stops a run."""

from datetime import date, timedelta

import pytest

from include.checks import check_raw
from include.errors import RejectData

DAY = date(2026, 11, 20)
INVOICE = "stripe.invoices"
UNUSUAL = "zendesk.users: 10 received (usually 30), 10 new or changed (usually 30), 0 set aside"
BELOW_ZERO = "amount_due is below zero or absurdly large"
# A stream, what is wrong with a record of it, and the reasons for which it is set aside.
BAD = (
    ("hubspot.owners", {"archived": "perhaps"}, ["archived is no boolean"]),
    ("hubspot.companies", {"properties": "Kite"}, ["properties is no object"]),
    ("hubspot.companies", {"createdAt": "2026-13-45"}, ["createdAt is missing or no time"]),
    ("hubspot.companies", {"createdAt": None}, ["createdAt is missing or no time"]),
    ("hubspot.companies", {"createdAt": "2031-01-01T00:00:00Z"}, ["createdAt lies in the future"]),
    ("hubspot.companies", {"createdAt": "infinity"}, ["createdAt lies in the future"]),
    ("hubspot.companies", {"archivedAt": "gone"}, ["archivedAt is no time"]),
    (
        "hubspot.companies",
        {"propertiesWithHistory__csm_pulse": "3"},
        ["the history of the pulse is no list"],
    ),
    (
        "hubspot.companies",
        {"propertiesWithHistory__csm_pulse": [{"value": "1e999", "timestamp": "2026-11-18"}]},
        ["a value of the pulse is absurdly large"],
    ),
    ("hubspot.contacts", {"createdAt": "yesterday week"}, ["createdAt is no time"]),
    ("hubspot.deals", {"properties__amount": "-5"}, ["amount is below zero or absurdly large"]),
    ("hubspot.deals", {"properties__amount": "NaN"}, ["amount is below zero or absurdly large"]),
    ("hubspot.deals", {"properties__amount": "a lot"}, ["amount is no number"]),
    ("hubspot.deals", {"properties__closedate": "soon"}, ["closedate is no time"]),
    (
        "hubspot.meetings",
        {"properties__hs_meeting_start_time": "noon"},
        ["the start is missing or no time"],
    ),
    ("hubspot.contacts", {"archived": "perhaps"}, ["archived is no boolean"]),
    (
        "hubspot.feedback_submissions",
        {"properties__hs_value": "great"},
        ["the rating is no number"],
    ),
    (
        "hubspot.feedback_submissions",
        {"properties__hs_submission_timestamp": "soon", "createdAt": None},
        ["the time is missing or no time"],
    ),
    ("zendesk.organizations", {"domain_names": "kite.example"}, ["domain_names is no list"]),
    ("zendesk.organizations", {"deleted_at": "never"}, ["deleted_at is no time"]),
    ("zendesk.tickets", {"status": "vanished"}, ["unknown status"]),
    ("zendesk.tickets", {"status": None}, ["status is missing"]),
    ("zendesk.tickets", {"created_at": "18/11/2026 9h"}, ["created_at is missing or no time"]),
    ("zendesk.tickets", {"metric_set__solved_at": "x"}, ["solved_at is no time"]),
    (
        "zendesk.tickets",
        {"metric_set__reply_time_in_minutes": {"calendar": -4}},
        ["the reply time is below zero"],
    ),
    ("zendesk.satisfaction_ratings", {"score": "splendid"}, ["unknown score"]),
    (
        "zendesk.satisfaction_ratings",
        {"updated_at": ""},
        ["updated_at is missing or no time"],
    ),
    ("stripe.customers", {"created": "2025-11-18"}, ["created is no time"]),
    ("stripe.subscriptions", {"customer": None}, ["the subscription names no customer"]),
    ("stripe.subscriptions", {"status": "dormant"}, ["unknown status"]),
    ("stripe.subscriptions", {"start_date": "x"}, ["the start is missing or no time"]),
    ("stripe.subscriptions", {"ended_at": "x"}, ["ended_at is no time"]),
    ("stripe.subscriptions", {"items": {}}, ["items.data is no list"]),
    (
        "stripe.subscriptions",
        {"items": {"data": [{"quantity": -1, "price": {"unit_amount": 5}}]}},
        ["quantities are below zero or absurdly large", "the price is below zero or absurd"],
    ),
    ("stripe.invoices", {"amount_due": -1}, ["amount_due is below zero or absurdly large"]),
    ("stripe.invoices", {"amount_due": 10**30}, ["amount_due is below zero or absurdly large"]),
    ("stripe.invoices", {"amount_due": "much"}, ["amount_due is missing or no number"]),
    ("stripe.invoices", {"amount_remaining": -1}, ["amount_remaining is below zero"]),
    ("stripe.invoices", {"currency": None}, ["currency is missing"]),
    ("stripe.invoices", {"status": "lost"}, ["unknown status"]),
    ("stripe.invoices", {"customer": ""}, ["the invoice names no customer"]),
    ("stripe.invoices", {"created": "2025-11-18"}, ["created is missing or no time"]),
    ("stripe.invoices", {"created": 99999999999}, ["created lies in the future"]),
    ("stripe.invoices", {"due_date": "x"}, ["due_date is no time"]),
    ("stripe.invoices", {"status_transitions__paid_at": "x"}, ["paid_at is no time"]),
    ("stripe.invoices", {"status_transitions__voided_at": "x"}, ["the time of its end is no time"]),
    ("stripe.invoices", {"lines": {"data": None}}, ["lines.data is no list"]),
    (
        "stripe.invoices",
        {"amount_due": -1, "customer": "", "status": "lost"},
        [
            "amount_due is below zero or absurdly large",
            "the invoice names no customer",
            "unknown status",
        ],
    ),
    (
        "stripe.invoices",
        {"attempt_count": 10**20},
        [
            "attempt_count is below zero or absurdly large",
        ],
    ),
    ("stripe.invoices", {"next_payment_attempt": "x"}, ["the next attempt is no time"]),
    ("stripe.invoice_payments", {"invoice": None}, ["the payment names no invoice"]),
    ("stripe.invoice_payments", {"status": "lost"}, ["unknown status"]),
    ("stripe.invoice_payments", {"amount_paid": None}, ["paid, but amount_paid is no number"]),
    ("stripe.invoice_payments", {"status_transitions__paid_at": "x"}, ["paid_at is no time"]),
    ("stripe.charges", {"amount": -1}, ["the amount is below zero or absurdly large"]),
    ("stripe.charges", {"amount": "much"}, ["amount is missing or no number"]),
    ("stripe.charges", {"status": "lost"}, ["unknown status"]),
    ("stripe.refunds", {"created": None}, ["created is missing or no time"]),
    ("stripe.refunds", {"currency": ""}, ["currency is missing"]),
    ("posthog.usage_day", {"events": -1}, ["events is below zero or absurdly large"]),
    ("posthog.usage_day", {"events": None}, ["events is missing or no number"]),
    ("posthog.usage_day", {"day": "2026-02-30"}, ["day is missing or no date"]),
    ("posthog.usage_day", {"day": "2031-01-01"}, ["day lies in the future"]),
    ("posthog.usage_day", {"users": "u1"}, ["users is no list"]),
    ("posthog.usage_day", {"features": {}}, ["features is no list"]),
)


def test_each_bad_record_is_set_aside_for_its_own_reasons_and_good_ones_pass(landing, good):
    wanted, by_stream = [], {stream: [good(stream)] for stream, _, _ in BAD}
    for number, (stream, changes, reasons) in enumerate(BAD):
        key = {"account_key": f"bad-{number:02}"} if stream.startswith("posthog") else {}
        bad = good(stream, **(key or {"id": f"bad-{number:02}"}), **changes)
        by_stream[stream].append(bad)
        record_id = bad.get("id") or f"{bad['account_key']}|{bad['day']}"
        wanted += [(stream, record_id, reason) for reason in reasons]
    for stream, payloads in by_stream.items():
        landing.land(stream, payloads)

    counts = check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert landing.quarantined() == sorted(wanted)
    assert counts["quarantined"] == len(BAD)


def test_an_unknown_currency_is_told_but_the_record_counts(landing, good):
    landing.land_all()
    for stream in ("stripe.subscriptions", "stripe.invoices"):
        landing.land(stream, [good(stream, id="odd", currency="zzz")])

    counts = check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert landing.quarantined() == []
    assert (counts["quarantined"], counts["warned"]) == (0, 2)


def test_good_records_of_every_stream_pass_and_a_second_check_changes_nothing(landing):
    landing.land_all()

    first = check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)
    results = everything(landing)
    second = check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert landing.unmet(1) == []
    assert landing.quarantined() == []
    assert first == {"checks": len(results), "failed": 0, "warned": 0, "quarantined": 0}
    assert first["checks"] > 100
    assert (second, everything(landing)) == (first, results)


def test_a_record_is_set_aside_once_and_freed_by_a_better_version(landing, good):
    landing.land_sources()
    landing.land(INVOICE, [good(INVOICE, id=name, amount_due=-1) for name in ("in_1", "in_2")])
    check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)
    kept = landing.rows("select * from raw.quarantine where record_id = 'in_2'")
    landing.land(INVOICE, [good(INVOICE, id="in_1")])

    check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert landing.quarantined() == [(INVOICE, "in_2", BELOW_ZERO)]
    assert landing.rows("select * from raw.quarantine") == kept
    assert landing.rows(
        "select record_id from raw.accepted inner join raw.stream using (stream_id, stream)"
        " where stream = 'invoices' order by 1"
    ) == [("1",), ("in_1",)]


def test_every_failing_record_is_set_aside_however_many_there_are(landing, good):
    landing.land_sources()
    bad = [good(INVOICE, id=f"in_{at}", amount_due=-at) for at in range(1, 501)]
    landing.land(INVOICE, bad + [good(INVOICE, id=f"ok_{at}") for at in range(10000)])

    counts = check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert counts["quarantined"] == 500
    assert landing.rows("select count(distinct record_id), min(reason) from raw.quarantine") == [
        (500, BELOW_ZERO)
    ]


def test_too_large_a_share_stops_the_run_and_says_where_how_many_and_why(landing, good):
    landing.land_sources()
    landing.land(INVOICE, [good(INVOICE, id=f"in_{at}", amount_due=-1) for at in range(21)])

    with pytest.raises(RejectData) as caught:
        check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    message = str(caught.value)
    assert "stripe.invoices: 22 received, 22 new or changed, 21 set aside" in message
    assert "stripe.invoices: amount_due is below zero or absurdly large (21)" in message
    assert "last published scores stay in force" in message
    assert len(landing.quarantined()) == 21
    assert ("streams", "too many new records had to be set aside") in landing.unmet(1)


def test_a_few_bad_records_in_a_small_stream_stop_nobody(landing, good):
    landing.land_sources()
    landing.land(INVOICE, [good(INVOICE, id=f"in_{at}", amount_due=-1) for at in range(20)])

    counts = check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert counts["quarantined"] == 20
    assert counts["failed"] == 1


def test_a_stream_that_falls_silent_stops_the_run_once_its_habit_is_known(landing, good):
    """The first load does not count; two runs are no habit, three are."""
    for nth in range(4):
        day = DAY - timedelta(days=9 - nth)
        landing.land_sources(run_id=f"run-{nth}", as_of=day)
        landing.land("zendesk.users", [], run_id=f"run-{nth}", as_of=day, received=25)
        landing.conform()
        if nth == 2:
            silent(landing, "early", day)
            assert check_raw(
                landing.engine, landing.settings, run_no=run_no(landing, "early"), as_of=day
            )
            landing.execute("delete from raw.batch where run_id = 'early'")
    silent(landing, "late", DAY)

    with pytest.raises(
        RejectData, match=r"nothing came .*zendesk.users: 0 received \(usually 26\)"
    ):
        check_raw(landing.engine, landing.settings, run_no=run_no(landing, "late"), as_of=DAY)


def test_an_unusual_volume_of_changes_is_a_warning(landing, good):
    for nth in range(4):
        landing.land_sources(run_id=f"run-{nth}", as_of=DAY - timedelta(days=9 - nth))
        many = [good("zendesk.users", id=f"{nth}-{at}") for at in range(29)]
        landing.land(
            "zendesk.users", many, run_id=f"run-{nth}", as_of=DAY - timedelta(days=9 - nth)
        )
        landing.conform()
    landing.land_sources(run_id="low")
    landing.land("zendesk.users", [good("zendesk.users", id="z")] * 9, run_id="low", received=9)

    number = run_no(landing, "low")
    check_raw(landing.engine, landing.settings, run_no=number, as_of=DAY)

    assert landing.rows(
        "select suite, examples from health.check_result"
        " where run_no = :number and not is_success and subject like 'far fewer%'",
        number=number,
    ) == [
        (
            "streams",
            [UNUSUAL],
        )
    ]


def test_a_source_that_was_not_extracted_stops_the_run(landing, good):
    landing.land(INVOICE, [good(INVOICE)])

    with pytest.raises(RejectData, match=r"the source was not extracted in this run.*hubspot"):
        check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)


def test_checking_again_after_the_facts_were_made_keeps_what_was_found(landing, good):
    landing.land_sources()
    landing.land(INVOICE, [good(INVOICE, id="in_1", amount_due=-1)])
    check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)
    before = everything(landing), landing.quarantined()
    landing.conform()

    check_raw(landing.engine, landing.settings, run_no=1, as_of=DAY)

    assert (everything(landing), landing.quarantined()) == before
    assert (INVOICE, "in_1", BELOW_ZERO) in before[1]


def silent(landing, run_id, day):
    """A run in which the support desk sends no user at all."""
    landing.land_sources(run_id=run_id, as_of=day)
    landing.execute(
        "update raw.batch set received = 0 where run_id = :run_id and stream_id ="
        " (select stream_id from raw.stream where stream = 'users')",
        run_id=run_id,
    )


def run_no(landing, run_id):
    return landing.rows("select run_no from health.run where run_id = :run_id", run_id=run_id)[0][0]


def everything(landing):
    return landing.rows(
        "select run_no, stage, suite, expectation, subject, is_success, checked, failed, observed,"
        " examples from health.check_result order by 1, 2, 3, 4, 5"
    )
