from decimal import Decimal

import pytest

from include.errors import FixConfig
from include.warehouse.conform import conform

from .conftest import invoice

OLD, NEW = "eur,2026-02-08,1.5,first", "eur,2026-02-08,1.2,corrected"


def convert(books, amount, currency, day, name="core.in_reporting"):
    kind = "bigint" if name == "core.in_reporting" else "numeric"
    statement = f"select {name}(cast(:amount as {kind}), :currency, cast(:day as date))"
    [(value,)] = books.ask(statement, amount=amount, currency=currency, day=day)
    return value


def test_an_amount_is_converted_exactly_or_not_at_all(books):
    assert convert(books, 100, "usd", "2026-02-10") is None, "no run yet: no reporting currency"
    books.rates("eur,2026-02-08,1.5,test", "jpy,2026-02-08,0.0067,test")
    books.bill()
    assert convert(books, 9007199254740993, "USD", "1999-01-01") == Decimal("90071992547409.93")
    assert convert(books, 101, "EUR", "2026-02-08") == Decimal("1.52"), "1.515, half away from zero"
    assert convert(books, 101, "eur", "2026-02-15") == Decimal("1.52")
    assert convert(books, 1001, "jpy", "2026-02-09") == Decimal("6.71")
    assert [
        convert(books, 101, *pair)
        for pair in (("eur", "2026-02-07"), ("eur", "2026-02-16"), ("zzz", "2026-02-08"),
                     ("gbp", "2026-02-08"), (None, "2026-02-08"), ("eur", None))
    ] == [None] * 6  # fmt: skip
    major = "core.major_in_reporting"
    assert convert(books, "10.005", "usd", None, major) == Decimal("10.005"), "its own: untouched"
    assert convert(books, "10.005", "eur", "2026-02-08", major) == Decimal("15.01")


def test_loading_again_writes_nothing(books):
    books.rates(OLD)
    first = books.bill(invoice("in_1", "eur", 1000))
    stamps = "select xmin::text, * from core.rate"
    before = books.ask(stamps) + books.ask("select xmin::text, * from core.rate_in_force")
    second = books.bill()
    assert (first["rates"], first["rate days changed"]) == (1, 8)
    assert (second["rates"], second["rate days changed"], second["written"]) == (1, 0, 0)
    assert books.ask(stamps) + books.ask("select xmin::text, * from core.rate_in_force") == before


def test_a_rate_rewritten_for_a_past_day_values_its_invoices_anew_and_no_others(books):
    books.rates(OLD)
    books.bill(
        invoice("in_1", "eur", 1000, due="2026-02-10", paid="2026-02-20"),
        invoice("in_2", "usd", 500, due="2026-02-10"),
    )
    books.rates(NEW)
    counts = books.bill()
    assert counts["rate days changed"] == 8
    assert books.series("amount_due") == {"2026-02-10": 17}
    assert books.series("amount_overdue") == {"2026-02-12": 17, "2026-02-20": -12}
    assert books.series("amount_paid") == {"2026-02-20": 12}
    assert counts["written"] == 4, "these rows and nothing else"
    [kept] = books.ask("select rate, source from core.replaced_rate")
    assert kept == (Decimal("1.5"), "first")


def test_rates_that_go_or_age_make_amounts_unknown_again(books):
    books.rates(OLD, "gbp,2026-02-08,2,test")
    books.bill(invoice("in_1", "eur", 1000), invoice("in_2", "gbp", 1000))
    assert books.series("amount_due") == {"2026-02-10": 35}

    books.rates("gbp,2026-02-08,2,test")
    books.bill()
    assert books.series("amount_due") == {"2026-02-10": 20}
    assert books.series("due_unvalued") == {"2026-02-10": 1}

    books.set_rates(max_age_days=1)
    books.bill()
    assert books.series("amount_due") == {}
    assert books.series("due_unvalued") == {"2026-02-10": 2}

    books.set_rates(file=None)
    books.bill()
    assert books.ask("select count(*) from core.rate") == [(0,)]


def test_another_reporting_currency_values_everything_anew(books):
    books.rates(OLD)
    books.bill(invoice("in_1", "eur", 1000), invoice("in_2", "usd", 1000))
    books.rates("usd,2026-02-08,0.5,test")
    books.set_rates(reporting_currency="eur")
    books.bill()
    assert books.series("amount_due") == {"2026-02-10": 15}


def test_rates_for_another_reporting_currency_are_refused_and_nothing_is_written(books):
    books.rates("usd,2026-02-08,0.7,test")
    with pytest.raises(FixConfig, match=r"line 2: usd is the reporting currency, so its rate is 1"):
        conform(books.store, books.settings)
    assert books.ask("select count(*) from core.account") == [(0,)]
