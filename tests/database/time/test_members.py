"""Which accounts belong to which, on which days, and what each weighs."""

import pytest

from .conftest import company, past


@pytest.fixture
def members(rows):
    """(parent, child, first, last) within a range of days, records by their ids."""

    def read(first_day="2026-01-01", last_day="2026-01-31", first_account=1, last_account=999):
        binds = {
            "first_account": first_account, "last_account": last_account,
            "first_day": first_day, "last_day": last_day,
        }  # fmt: skip
        ids = dict(rows("select account_id, source_account_id from core.account"))
        return [
            (ids[parent], ids[child], first.isoformat(), last.isoformat())
            for parent, child, first, last in rows("attributes/members", **binds)
        ]

    return read


def child(crm_id, *parents):
    return company(crm_id, history={"hs_parent_company_id": past(*parents)})


def test_every_descendant_counts_once_at_any_depth(arrive, members):
    since = "2025-06-01"
    arrive(
        companies=[
            company("1"), child("2", (since, "1")), child("3", (since, "2")),
            child("4", (since, "3")), child("5", (since, "1")),
        ]
    )  # fmt: skip
    found = members("2026-01-01", "2026-01-01")
    assert [(parent, one) for parent, one, *_ in found] == [
        ("1", "2"), ("1", "3"), ("1", "4"), ("1", "5"), ("2", "3"), ("2", "4"), ("3", "4"),
    ]  # fmt: skip
    assert members(first_account=3, last_account=3) == [("3", "4", "2026-01-01", "2026-01-31")]


def test_a_child_that_moves_belongs_to_one_parent_a_day(arrive, members):
    arrive(
        companies=[
            company("1"), company("2"),
            child("3", ("2025-06-01", "1"), ("2026-01-15T09:00:00Z", "2")),
            child("4", ("2025-06-01", "3")),
        ]
    )  # fmt: skip
    assert members() == [
        ("1", "3", "2026-01-01", "2026-01-14"),
        ("1", "4", "2026-01-01", "2026-01-14"),
        ("2", "3", "2026-01-15", "2026-01-31"),
        ("2", "4", "2026-01-15", "2026-01-31"),
        ("3", "4", "2026-01-01", "2026-01-31"),
    ]


def test_cycles_are_cut_and_nobody_is_its_own_descendant(arrive, members):
    since = "2025-06-01"
    arrive(
        companies=[
            child("1", (since, "2")), child("2", (since, "1")), child("3", (since, "1")),
            child("4", (since, "4")),
        ]
    )  # fmt: skip
    day = ("2026-01-01", "2026-01-31")
    assert members() == [("1", "2", *day), ("1", "3", *day), ("2", "1", *day), ("2", "3", *day)]


def test_cutting_a_parent_off_and_an_unknown_parent_belong_nowhere(arrive, members):
    arrive(
        companies=[
            company("1"), child("2", ("2025-06-01", "1"), ("2026-01-10", "")),
            child("3", ("2025-06-01", "999")),
        ]
    )  # fmt: skip
    assert members() == [("1", "2", "2026-01-01", "2026-01-09")]


def test_a_parent_that_was_merged_away_is_the_record_it_became(arrive, members):
    arrive(
        companies=[
            company("1"), company("9", hs_merged_object_ids="1"), child("2", ("2025-06-01", "1")),
        ]
    )  # fmt: skip
    assert members("2026-01-01", "2026-01-01") == [("9", "2", "2026-01-01", "2026-01-01")]


def test_a_parent_that_was_merged_twice_over_is_the_last_record_it_became(arrive, members):
    since = ("2025-06-01", "1")
    arrive(
        companies=[
            child("1", ("2025-06-01", "7")), company("5", hs_merged_object_ids="1"),
            company("9", hs_merged_object_ids="5"), child("2", since), company("7"),
        ]
    )  # fmt: skip
    assert members("2026-01-01", "2026-01-01") == [("9", "2", "2026-01-01", "2026-01-01")]


def test_a_parent_that_two_records_claim_is_nobody(arrive, members):
    arrive(
        companies=[
            company("1"), company("8", hs_merged_object_ids="1"),
            company("9", hs_merged_object_ids="1"), child("2", ("2025-06-01", "1")),
        ]
    )  # fmt: skip
    assert members("2026-01-01", "2026-01-01") == []


def test_the_two_clocks_of_a_later_move(arrive, members):
    arrive(companies=[company("1"), company("2"), child("3", ("2025-06-01", "1"))])
    before = members("2026-01-01", "2026-01-20")
    moved = child("3", ("2025-06-01", "1"), ("2026-01-21", "2"))
    arrive(companies=[moved])
    assert members("2026-01-01", "2026-01-20") == before


def test_weights_are_the_days_own(arrive, rows, settings):
    history = {"arr": past(("2025-06-01", "100"), ("2026-01-10", "250"), ("2026-01-20", ""))}
    arrive(companies=[company(history=history), company("200")])
    binds = {"accounts": [1, 2], "first_day": "2026-01-01", "last_day": "2026-01-31"}
    found = rows("attributes/weights", **binds)
    assert [(first.day, last.day, arr and int(arr)) for _, first, last, arr in found] == [
        (1, 9, 100), (10, 19, 250), (20, 31, None),
    ]  # fmt: skip


def test_weights_in_another_currency_follow_the_rates_and_are_unknown_without(
    arrive, rows, settings
):
    euros = settings.model_copy(
        update={
            "currency": "eur",
            "rates": settings.rates.model_copy(update={"reporting_currency": "usd", "file": None}),
        }
    )
    arrive(euros, companies=[company(history={"arr": past(("2025-06-01", "100"))})])
    binds = {"accounts": [1], "first_day": "2026-01-01", "last_day": "2026-01-04"}
    assert [row[3] for row in rows("attributes/weights", **binds)] == [None]
