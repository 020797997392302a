"""What became of the money, by date, and the last score of a term."""

from datetime import date

import pytest

from include.warehouse.terms import settle

from .conftest import company, customer, deal, invoice, past, subscription

ACCOUNT = {"companies": [company()], "customers": [customer()]}


def yearly(amount=120_000, **more):
    return subscription(interval="year", seats=10, price=amount // 10, **more)


def year_of(first, amount, number=1, **more):
    return invoice(
        f"in_{number}", start=f"{first}-01-01", end=f"{first + 1}-01-01", amount=amount, **more
    )


def test_the_end_of_a_term_is_churn_with_what_was_lost(arrive, outcomes):
    arrive(**ACCOUNT, subscriptions=[subscription(ended="2026-03-01")])
    assert outcomes("2026-02-28") == []
    assert outcomes("2026-03-01") == [("2026-03-01", "churn", 1200, 0, None)]
    assert outcomes("2026-06-01") == [("2026-03-01", "churn", 1200, 0, None)]


def test_an_end_known_today_is_no_outcome_before_it_comes(arrive, outcomes):
    arrive(**ACCOUNT, subscriptions=[subscription(ended="2026-09-01", status="active")])
    assert outcomes("2026-08-31") == []
    assert len(outcomes("2026-09-01")) == 1


def test_a_trial_that_became_nothing_is_no_churn(arrive, outcomes):
    trial = subscription(trial_end="2025-02-01", ended="2025-02-01", status="canceled")
    arrive(**ACCOUNT, subscriptions=[trial])
    assert outcomes() == []


def test_a_period_of_a_year_that_begins_is_a_renewal_and_its_price_an_expansion(arrive, outcomes):
    arrive(
        **ACCOUNT, subscriptions=[yearly(150_000)],
        invoices=[year_of(2025, 120_000), year_of(2026, 150_000, 2)],
    )  # fmt: skip
    assert outcomes() == [
        ("2026-01-01", "expansion", 1200, 1500, None),
        ("2026-01-01", "renewal", 1200, 1500, None),
    ]


def test_fewer_seats_at_the_renewal_are_a_contraction(arrive, outcomes):
    arrive(
        **ACCOUNT, subscriptions=[yearly(90_000)],
        invoices=[year_of(2025, 120_000), year_of(2026, 90_000, 2)],
    )  # fmt: skip
    assert outcomes()[0][:4] == ("2026-01-01", "contraction", 1200, 900)


def test_months_that_go_on_are_no_renewals_and_parts_of_periods_change_nothing(arrive, outcomes):
    arrive(
        **ACCOUNT, subscriptions=[subscription()],
        invoices=[
            invoice("in_1", start="2025-01-01", end="2025-02-01", amount=10_000),
            invoice("in_2", start="2025-02-01", end="2025-03-01", amount=10_000),
            invoice("in_3", start="2025-02-10", end="2025-03-01", amount=900, proration=True),
            invoice("in_4", start="2025-03-01", end="2025-04-01", amount=5, status="void"),
        ],
    )  # fmt: skip
    assert outcomes() == []


def test_one_of_two_subscriptions_ending_is_a_contraction_not_churn(arrive, outcomes):
    arrive(
        **ACCOUNT,
        subscriptions=[subscription("sub_1"), subscription("sub_2", ended="2025-08-01")],
    )
    assert outcomes() == [("2025-08-01", "contraction", 2400, 1200, None)]


def test_a_replaced_subscription_is_compared_with_what_was_paid_before(arrive, outcomes):
    arrive(
        **ACCOUNT,
        subscriptions=[
            yearly(start="2025-01-01", ended="2026-01-01"),
            yearly(150_000, start="2026-01-05") | {"id": "sub_2"},
        ],
        invoices=[
            year_of(2025, 120_000),
            invoice("in_2", subscription="sub_2", start="2026-01-05", end="2027-01-05",
                    amount=150_000),
        ],
    )  # fmt: skip
    assert [row[:4] for row in outcomes()] == [
        ("2026-01-05", "expansion", 1200, 1500),
        ("2026-01-05", "renewal", 1200, 1500),
    ]


def test_a_returning_customer_has_churned_and_a_late_renewal_takes_it_back(arrive, outcomes, rows):
    arrive(**ACCOUNT, subscriptions=[subscription(ended="2025-06-01")])
    assert [row[1] for row in outcomes()] == ["churn"]
    back = subscription("sub_2", start="2025-06-10")
    arrive(subscriptions=[back])
    assert outcomes() == []
    assert rows("select revision, is_withdrawn from health.outcome order by 1") == [
        (1, False),
        (2, True),
    ]
    arrive(subscriptions=[subscription("sub_2", start="2025-07-10")])
    assert [row[:2] for row in outcomes()] == [("2025-06-01", "churn")]


def test_a_refund_after_the_end_changes_nothing(arrive, outcomes):
    ended = yearly(ended="2026-01-01")
    arrive(**ACCOUNT, subscriptions=[ended], invoices=[year_of(2025, 120_000)])
    before = outcomes()
    refunded = year_of(2025, 120_000) | {"post_payment_credit_notes_amount": 120_000}
    arrive(invoices=[refunded])
    assert outcomes() == before == [("2026-01-01", "churn", 1200, 0, None)]


def test_an_end_that_moves_is_a_new_revision_beside_the_old_one(arrive, outcomes, rows):
    arrive(**ACCOUNT, subscriptions=[subscription(ended="2026-03-01")])
    outcomes()
    arrive(subscriptions=[subscription(ended="2026-03-15")])
    assert [row[0] for row in outcomes()] == ["2026-03-15"]
    assert rows("select revision, occurred_on::text from health.outcome order by 1") == [
        (1, "2026-03-01"),
        (2, "2026-03-15"),
    ]


def test_a_second_run_and_a_run_for_an_earlier_day_write_nothing(arrive, store, settings, outcomes):
    arrive(**ACCOUNT, subscriptions=[subscription(ended="2026-03-01")])
    before = outcomes()
    for day in (date(2026, 12, 31), date(2026, 2, 1)):
        assert settle(store, settings, as_of=day) == {"outcomes": 0, "frozen": 0}
    assert outcomes() == before


def test_the_run_of_an_earlier_day_repeated_tells_no_outcome_twice(
    arrive, store, settings, outcomes
):
    arrive(
        **ACCOUNT, subscriptions=[yearly(150_000)],
        invoices=[year_of(2025, 120_000), year_of(2026, 150_000, 2)],
        deals=[deal("1", won="2025-12-20T10:00:00Z"),
               deal("2", won="2025-10-01T10:00:00Z", kind="expansion", amount="300")],
    )  # fmt: skip
    with store.begin() as connection:
        connection.exec_driver_sql(
            "insert into health.run (run_id, kind, as_of) values "
            "('a', 'daily', '2026-02-01'), ('b', 'backfill', '2026-12-31')"
        )
    before = outcomes("2026-02-01")
    assert [row[:2] for row in before] == [("2025-10-01", "expansion"), ("2026-01-01", "renewal")]
    assert settle(store, settings, as_of=date(2025, 12, 25)) == {"outcomes": 0, "frozen": 0}
    assert outcomes("2025-12-25") == before


def test_a_record_archived_later_takes_no_outcome_back(arrive, outcomes):
    arrive(
        **ACCOUNT, subscriptions=[yearly(ended="2027-01-01")],
        invoices=[year_of(2025, 120_000), year_of(2026, 150_000, 2)],
    )  # fmt: skip
    before = outcomes("2027-02-01")
    assert [row[1] for row in before] == ["expansion", "renewal", "churn"]
    arrive(companies=[company() | {"archived": True, "archivedAt": "2027-01-20T10:00:00Z"}])
    assert outcomes("2027-02-01") == before


def test_a_trial_is_no_churn_when_its_record_is_archived_later(arrive, outcomes):
    trial = subscription(start="2026-01-01", trial_end="2026-02-01", ended="2026-01-20")
    arrive(**ACCOUNT, subscriptions=[trial])
    arrive(companies=[company() | {"archived": True, "archivedAt": "2026-06-02T10:00:00Z"}])
    assert outcomes() == []


def test_an_unknown_rate_makes_the_amount_unknown(arrive, outcomes):
    line = subscription(ended="2026-03-01") | {"currency": "isk"}
    arrive(**ACCOUNT, subscriptions=[line])
    assert outcomes() == [("2026-03-01", "churn", None, 0, None)]


def test_won_and_lost_renewals_are_evidence(arrive, outcomes, rows):
    arrive(
        **ACCOUNT, subscriptions=[yearly(ended="2027-01-01")],
        invoices=[year_of(2025, 120_000), year_of(2026, 120_000, 2)],
        deals=[
            deal("1", won="2025-12-20T10:00:00Z"), deal("2", lost="2026-12-15T10:00:00Z"),
        ],
    )  # fmt: skip
    assert outcomes("2027-02-01") == [
        ("2026-01-01", "renewal", 1200, 1200, None),
        ("2027-01-01", "churn", 1200, 0, None),
    ]
    said = rows("select evidence from health.current_outcome order by occurred_on")
    assert [entry["id"] for (evidence,) in said for entry in evidence] == [
        "in_2", "1", "sub_1", "2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("end", "said", "kind"), [(None, "lost", "renewal"), ("2026-01-01", "won", "churn")]
)
def test_where_the_crm_says_otherwise_billing_decides_and_the_conflict_is_listed(
    arrive, outcomes, end, said, kind
):
    arrive(
        **ACCOUNT, subscriptions=[yearly(ended=end)],
        invoices=[year_of(2025, 120_000), *([] if end else [year_of(2026, 120_000, 2)])],
        deals=[deal("1", **{said: "2025-12-20T10:00:00Z"})],
    )  # fmt: skip
    ((day, found, *_, conflict),) = outcomes()
    assert (day, found) == ("2026-01-01", kind)
    assert f"says {said}" in conflict


def test_a_lost_renewal_of_a_customer_who_stays_is_a_conflict_after_60_days(arrive, outcomes):
    arrive(
        **ACCOUNT, subscriptions=[subscription()], deals=[deal("1", lost="2025-12-20T10:00:00Z")]
    )
    assert outcomes("2026-02-10") == []
    ((day, kind, before, after, conflict),) = outcomes("2026-02-18")
    assert (day, kind, before, after) == ("2025-12-20", "renewal", 1200, None)
    assert "60 days later" in conflict


def test_deals_of_a_record_merged_twice_over_are_the_last_winners(arrive, outcomes, rows):
    arrive(
        **ACCOUNT, subscriptions=[yearly()],
        invoices=[year_of(2025, 120_000), year_of(2026, 120_000, 2)],
        deals=[deal("1", won="2025-12-20T10:00:00Z")],
    )  # fmt: skip
    arrive(companies=[company("200", hs_merged_object_ids="100")])
    arrive(companies=[company("300", hs_merged_object_ids="200")])
    assert outcomes() == [("2026-01-01", "renewal", 1200, 1200, None)]
    said = rows(
        "select source_account_id, evidence from health.current_outcome"
        " join core.account using (account_id)"
    )
    assert [(one, [entry["id"] for entry in found]) for one, found in said] == [
        ("300", ["in_2", "1"])
    ]


def test_an_expansion_is_told_once_when_it_is_sold_and_then_billed(arrive, outcomes, rows):
    sold = deal("7", kind="expansion", won="2025-10-01T10:00:00Z", amount="300")
    arrive(**ACCOUNT, subscriptions=[yearly()], invoices=[year_of(2025, 120_000)], deals=[sold])
    assert outcomes("2025-12-01") == [("2025-10-01", "expansion", 1200, 1500, None)]
    arrive(subscriptions=[yearly(150_000)], invoices=[year_of(2026, 150_000, 2)])
    assert [row[:4] for row in outcomes()] == [
        ("2025-10-01", "expansion", 1200, 1500),
        ("2026-01-01", "renewal", 1200, 1500),
    ]


def test_without_billing_the_crm_says_it_all(arrive, outcomes):
    history = {
        "lifecyclestage": past(("2025-02-01", "customer"), ("2026-02-01", "other")),
        "arr": past(("2025-02-01", "5000"), ("2026-02-01", "0")),
    }
    arrive(
        companies=[company(history=history)],
        deals=[deal("1", won="2025-08-01T10:00:00Z", amount="6000")],
    )
    assert outcomes() == [
        ("2025-08-01", "renewal", 5000, 6000, None),
        ("2026-02-01", "churn", 5000, 0, None),
    ]


@pytest.fixture
def scored(store):
    """Store a snapshot: scored(day, score, basis)."""

    def write(day, score, basis="live", revision=1):
        with store.begin() as connection:
            connection.exec_driver_sql(
                "insert into health.scorecard (name, version, digest, body) values "
                "('card', 1, 'x', '{}') on conflict do nothing"
            )
            connection.exec_driver_sql(
                "select health.ensure_partitions(%(day)s, %(day)s)", {"day": day}
            )
            connection.exec_driver_sql(
                "insert into health.snapshot (account_id, as_of, scorecard_id, basis, revision, "
                "run_no, digest, score, coverage, band, direction, categories, points, readings, "
                "drivers) values (1, %(day)s, 1, %(basis)s, %(revision)s, 1, 1, %(score)s, 1, "
                "'red', 'flat', '{}', '{}', '{}', '{}')",
                {"day": day, "score": score, "basis": basis, "revision": revision},
            )

    return write


def test_the_last_score_of_a_term_is_frozen_with_its_outcome(arrive, scored, outcomes, rows):
    final = (
        "select as_of::text, score, basis, snapshot_revision, revision, outcome, amount_before "
        "from health.final_snapshot"
    )
    arrive(**ACCOUNT, subscriptions=[subscription(ended="2026-03-01")])
    scored("2026-02-26", 40)
    scored("2026-02-27", 31)
    scored("2026-03-05", 99)
    outcomes("2026-03-01")
    frozen = [("2026-02-27", 31, "live", 1, 1, "churn", 1200)]
    assert rows(final) == frozen
    scored("2026-02-27", 77, revision=2)
    scored("2026-02-28", 50, "reconstructed")
    outcomes()
    assert rows(final) == frozen
    arrive(subscriptions=[subscription(ended="2026-02-27T12:00:00")])
    outcomes()
    assert rows(final) == [("2026-02-26", 40, "live", 1, 2, "churn", 1200)]
    assert rows("select revision, as_of::text from health.frozen_snapshot order by 1") == [
        (1, "2026-02-27"),
        (2, "2026-02-26"),
    ]


def test_lost_billing_links_end_nothing_until_it_is_judged_that_they_are_gone(
    arrive, store, terms, outcomes
):
    lead = company(history={"lifecyclestage": past(("2025-01-01", "lead"))})
    arrive(
        companies=[lead], customers=[customer()], subscriptions=[yearly()],
        invoices=[year_of(2025, 120_000), year_of(2026, 150_000, 2)],
    )  # fmt: skip
    before = terms(), outcomes()
    assert before[0]
    assert [row[1] for row in before[1]] == ["expansion", "renewal"]
    arrive(customers=[customer() | {"metadata": {}}])
    assert (terms(), outcomes()) == before
    with store.begin() as connection:
        connection.exec_driver_sql(
            "insert into health.run (run_id, kind, as_of) values ('a', 'daily', '2026-03-31');"
            "insert into health.held_role (role, as_of, reason, run_no)"
            " values ('billing', '2026-03-31', 'lost', 1);"
            "insert into health.run_stage (run_no, stage, counts, seconds)"
            " values (1, 'check facts', '{}', 1)"
        )
    arrive()
    assert (terms(), outcomes()) == before
    with store.begin() as connection:
        connection.exec_driver_sql("delete from health.held_role")
    arrive()
    assert (terms(), outcomes()) == ([], [])


FINAL = "select term_no, as_of::text, score, occurred_on::text from health.final_snapshot"


def test_an_earlier_term_that_becomes_known_takes_no_final_score(arrive, scored, outcomes, rows):
    arrive(**ACCOUNT, subscriptions=[subscription(start="2025-06-01", ended="2026-03-01")])
    scored("2026-02-27", 31)
    outcomes()
    assert rows(FINAL) == [(1, "2026-02-27", 31, "2026-03-01")]
    older = subscription("sub_0", customer="cus_0", start="2023-01-01", ended="2024-01-01")
    arrive(customers=[customer("cus_0")], subscriptions=[older])
    scored("2026-02-28", 50)
    outcomes()
    assert rows(FINAL) == [(2, "2026-02-27", 31, "2026-03-01")]
    assert rows("select count(*) from health.frozen_snapshot") == [(1,)]


def test_two_terms_that_became_one_have_one_final_score(arrive, scored, outcomes, rows):
    later = subscription("sub_2", start="2025-09-01", ended="2026-03-01")
    arrive(**ACCOUNT, subscriptions=[subscription(ended="2025-06-01"), later])
    scored("2025-05-20", 20)
    scored("2026-02-27", 31)
    outcomes()
    two = [(1, "2025-05-20", 20, "2025-06-01"), (2, "2026-02-27", 31, "2026-03-01")]
    assert sorted(rows(FINAL)) == two
    arrive(subscriptions=[subscription(ended="2025-08-20")])
    outcomes()
    assert rows(FINAL) == [(1, "2026-02-27", 31, "2026-03-01")]
    arrive(subscriptions=[subscription(ended="2025-06-01")])
    outcomes()
    assert sorted(rows(FINAL)) == two
