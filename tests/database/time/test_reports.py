"""What people are shown of a past day is what stood on that day; outcomes stand with scores."""

from datetime import date

import pytest

from include import reports

from .conftest import company, customer, past, subscription

HISTORY = {
    "segment": past(("2025-02-01", "smb"), ("2026-03-10", "enterprise")),
    "arr": past(("2025-02-01", "1000"), ("2026-03-10", "9000")),
    "renewal_date": past(("2025-02-01", "2026-02-01"), ("2026-03-10", "2027-02-01")),
}


@pytest.fixture
def scored(store):
    """Store snapshots of account 1: scored(day, score)."""

    def write(day, score):
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
                "drivers) values (1, %(day)s, 1, 'live', 1, 1, 1, %(score)s, 1, 'red', 'flat', "
                "'{}', '{}', '{1}', '{}')",
                {"day": day, "score": score},
            )

    return write


def test_a_past_days_accounts_have_the_segment_arr_and_renewal_of_that_day(arrive, scored, store):
    """Requirement 001-02."""
    arrive(companies=[company(history=HISTORY)])
    for day in ("2026-03-09", "2026-03-10"):
        scored(day, 50)
    shown = []
    with store.connect() as connection:
        for day in (date(2026, 3, 9), date(2026, 3, 10)):
            (row,) = reports.accounts_on(connection, reports.Published(day, 1, {1: None}))
            (band,) = reports.bands(connection, reports.Published(day, 1, {1: None}))
            assert band["arr"] == row["arr"]
            shown.append((row["segment"], int(row["arr"]), str(row["renewal_date"])))
    assert shown == [("smb", 1000, "2026-02-01"), ("enterprise", 9000, "2027-02-01")]


def test_an_accounts_past_day_is_that_days(arrive, scored, rows):
    arrive(companies=[company(history=HISTORY)])
    for day in ("2026-03-09", "2026-03-10"):
        scored(day, 50)
    binds = {"scorecard_ids": [1], "account_id": 1}
    ((*_, segment, arr),) = [
        (row[3], int(row[4])) for row in rows("reports/account_day", as_of="2026-03-09", **binds)
    ]
    assert (segment, arr) == ("smb", 1000)
    assert rows("reports/account_day", as_of="2026-04-01", **binds)[0][3] == "enterprise"


def test_outcomes_are_listed_with_the_scores_before_them(arrive, scored, outcomes, store):
    from include.warehouse.database import query

    arrive(
        companies=[company()], customers=[customer()],
        subscriptions=[subscription(ended="2026-03-31")],
    )  # fmt: skip
    for day, score in (("2025-12-31", 81), ("2026-02-27", 44), ("2026-03-30", 20)):
        scored(day, score)
    outcomes()
    binds = {
        "kind": None, "first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31),
        "conflicts": False, "limit": 10, "scorecard_ids": [1],
    }  # fmt: skip
    with store.connect() as connection:
        (row,) = connection.execute(query("outcomes/list"), binds).mappings()
        assert not connection.execute(query("outcomes/list"), binds | {"kind": "renewal"}).all()
        assert not connection.execute(query("outcomes/list"), binds | {"conflicts": True}).all()
    assert (row["kind"], row["occurred_on"]) == ("churn", date(2026, 3, 31))
    assert (row["score_before"], row["band_before"], row["scored_on"]) == (
        20, "red", date(2026, 3, 30),
    )  # fmt: skip
    assert (row["score_30d_before"], row["score_60d_before"]) == (44, None)
    assert row["score_90d_before"] == 81


def test_parents_that_lead_back_are_reported(arrive, rows):
    since = "2025-02-01"
    arrive(
        companies=[
            company("1", history={"hs_parent_company_id": past((since, "2"))}),
            company("2", history={"hs_parent_company_id": past((since, "1"))}),
            company("3", history={"hs_parent_company_id": past((since, "3"))}),
            company("4", history={"hs_parent_company_id": past((since, "1"))}),
            company("5"),
        ]
    )  # fmt: skip
    found = rows("checks/facts/accounts", latest="2026-04-01", as_of="2026-03-31")
    assert {(row[0], row[-1]) for row in found} == {
        ("1", False), ("2", False), ("3", False), ("4", True), ("5", None),
    }  # fmt: skip
