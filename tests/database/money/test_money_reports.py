from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from include import reports
from include.reports import rates
from include.scoring.scorecard import load_scorecard, parse_scorecard
from include.settings import ROOT
from include.warehouse.database import transaction

from .conftest import company, invoice

DAY = date(2026, 3, 31)
SNAPSHOTS = """
with run as (
    insert into health.run (run_id, kind, as_of, finished_at)
    values ('scored', 'daily', :day, now()) returning run_no
), card as (
    insert into health.scorecard (name, version, digest, body)
    values ('built', 1, '', '') returning scorecard_id
)
insert into health.snapshot (
    account_id, as_of, scorecard_id, basis, revision, run_no, digest, coverage, band, direction,
    categories, points, readings, drivers
)
select
    account_id, :day, scorecard_id, 'live', 0, run_no, 0, 1, 'red', 'flat', '{}', '{}', '{}', '{}'
from core.account, run, card
returning account_id, as_of, scorecard_id, run_no
"""
OTHER_CURRENCY = (
    "update core.account set currency = 'zzz' where source_account_id = '200'",
    """update core.account_attribute set value = 'zzz' from core.account
    where attribute = 'currency' and source_account_id = '200'
    and account_attribute.account_id = account.account_id""",
)
OVERDUE = "{ op: level, series: amount_overdue }"
PAID = "{ op: sum, series: amount_paid, window: 20 }"


@pytest.fixture
def scored(books):
    """Give every account a snapshot; returns the first one's key."""

    def write():
        with transaction(books.store) as connection:
            connection.execute(text("select health.ensure_partitions(:day, :day)"), {"day": DAY})
            return dict(connection.execute(text(SNAPSHOTS), {"day": DAY}).mappings().first())

    return write


def card_that_reads(*readings):
    """The card we ship with its first measures read from other series."""
    body = (ROOT / "scorecards" / "retention.v1.yaml").read_text()
    for old, new in zip(
        ("{ op: active_days, series: events, window: 28, history: 28 }",
         "{ op: days_since_last, series: events, never: since_known }"), readings, strict=False
    ):  # fmt: skip
        assert old in body
        body = body.replace(old, new)
    return parse_scorecard(body, where="test")


def test_revenue_is_added_up_in_one_currency_and_what_cannot_be_is_told(books, scored):
    books.rates("eur,2026-03-30,1.5,test")
    books.set_rates(reporting_currency="usd")
    books.settings = books.settings.model_copy(update={"currency": "eur"})
    books.land("hubspot", "companies", company("200", arr="99.99"), company("300"))
    books.bill()
    with transaction(books.store) as connection:
        for statement in OTHER_CURRENCY:
            connection.execute(text(statement))
    key = scored()
    with books.store.connect() as connection:
        day = reports.Published(DAY, key["run_no"], {key["scorecard_id"]: None})
        [band] = reports.bands(connection, day)
        accounts = reports.accounts_on(connection, day)
    assert band == {"band": "red", "accounts": 3, "arr": Decimal(1800), "arr_unvalued": 1}
    assert {row["crm_id"]: (row["arr"], row["entered_arr"]) for row in accounts} == {
        "100": (1800, 1200), "200": (None, Decimal("99.99")), "300": (None, None),
    }  # fmt: skip


def test_a_receipt_shows_the_rates_a_day_used_as_they_stood_then(books, scored):
    books.rates("eur,2026-02-08,1.5,bank", "jpy,2026-03-14,0.01,bank")
    books.bill(
        invoice("in_1", "eur", 333, due="2026-02-10"),  # overdue
        invoice("in_2", "eur", 333, due="2026-02-10"),
        invoice("in_3", "jpy", 700, due="2026-03-15", paid="2026-03-20"),  # paid in the window
        invoice("in_4", "gbp", 100, due="2026-03-01"),  # overdue, without a rate
        invoice("in_5", "usd", 100, due="2026-03-01"),
        invoice("in_6", "jpy", 900, due="2026-02-15", paid="2026-02-15"),  # looked at by nothing
    )
    key = scored()
    books.rates("eur,2026-02-08,9,corrected", "jpy,2026-03-14,0.01,bank")
    books.bill()

    def used(card):
        with books.store.connect() as connection:
            return rates.rates_used(connection, card, key, time_zone="UTC")

    shown = ("currency", "day", "entries", "amount", "rate", "source", "value")
    rows = [tuple(row[name] for name in shown) for row in used(card_that_reads(OVERDUE, PAID))]
    assert rows == [
        ("eur", date(2026, 2, 10), 2, Decimal("6.66"), Decimal("1.5"), "bank", 10),
        ("gbp", date(2026, 3, 1), 1, 1, None, None, None),
        ("jpy", date(2026, 3, 15), 1, 700, Decimal("0.01"), "bank", 7),
        ("usd", None, 1, 1, 1, None, 1),
        ("usd", None, 1, 1200, 1, None, 1200),
    ]
    retention = load_scorecard(ROOT / "scorecards" / "retention.v1.yaml")
    assert [row["used_for"] for row in used(retention)] == ["ARR"], "it reads no money"


def test_rates_in_force_and_what_they_leave_unknown(books):
    books.rates("eur,2026-02-08,1.5,bank", "eur,2026-02-12,1.6,other bank", "jpy,2026-01-01,1,x")
    books.bill(
        invoice("in_1", "eur", 333, due="2026-02-08"),
        invoice("in_2", "kwd", 1500, due="2026-02-08"),
        invoice("in_3", "kwd", 1500, due="2026-02-09"),
        invoice("in_4", "zzz", 1500, due="2026-02-09"),
        invoice("in_5", "kwd", 1500, due="2026-02-15"),  # not yet
    )
    with books.store.connect() as connection:
        found = rates.rates_on(connection, date(2026, 2, 14))
        without = rates.unvalued(connection, date(2026, 2, 14), time_zone="UTC")
    assert [(row["currency"], row["rate"], row["age_days"], row["source"]) for row in found] == [
        ("usd", 1, None, None), ("eur", Decimal("1.6"), 2, "other bank"),
        ("jpy", None, None, None), ("kwd", None, None, None), ("zzz", None, None, None),
    ]  # fmt: skip
    assert [row["newest_on"] for row in found][1:4] == [date(2026, 2, 12), date(2026, 1, 1), None]
    assert [tuple(row.values()) for row in without] == [
        ("invoices", "kwd", True, 2, 1, 3, date(2026, 2, 8), date(2026, 2, 9)),
        ("invoices", "zzz", False, 1, 1, None, date(2026, 2, 9), date(2026, 2, 9)),
    ]
