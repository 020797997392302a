from .conftest import invoice

EUR = "eur,2026-02-08,1.5,test"


def test_minor_units_are_those_of_the_currency_and_of_its_vendor(books):
    books.set_rates(max_age_days=30)
    books.rates(
        "jpy,2026-02-01,0.01,test", "kwd,2026-02-01,3,test", "bhd,2026-02-01,2.5,test",
        "isk,2026-02-01,0.01,test", "mga,2026-02-01,0.001,test", "huf,2026-02-01,0.003,test",
    )  # fmt: skip
    books.bill(
        invoice("in_1", "jpy", 5000, due="2026-02-01"),  # 5,000 yen
        invoice("in_2", "kwd", 1500, due="2026-02-02"),  # 1.500 dinar
        invoice("in_3", "BHD", 1230, due="2026-02-03"),  # 1.230 dinar: 3.075 dollars
        invoice("in_4", "isk", 50000, due="2026-02-04"),  # 500 kronur, sent times 100
        invoice("in_5", "mga", 50000, due="2026-02-05"),  # 50,000 ariary, sent whole
        invoice("in_6", "huf", 100000, due="2026-02-06"),  # 1,000 forint
    )
    assert books.series("amount_due") == {
        "2026-02-01": 50, "2026-02-02": 4.5, "2026-02-03": 3.08, "2026-02-04": 5,
        "2026-02-05": 50, "2026-02-06": 3,
    }  # fmt: skip
    assert books.series("due_unvalued") == {}


def test_what_has_no_rate_or_no_known_currency_is_unknown_and_never_one_to_one(books):
    books.rates("eur,2026-02-01,1.5,test")
    books.bill(
        invoice("in_1", "eur", 1000, due="2026-02-08"),  # 7 days old: the oldest that counts
        invoice("in_2", "eur", 1000, due="2026-02-09"),  # 8 days old
        invoice("in_3", "eur", 1000, due="2026-01-31"),  # before the first rate
        invoice("in_4", "gbp", 1000, due="2026-02-10", paid="2026-02-20"),
        invoice("in_5", "zzz", 1000, due="2026-02-11"),
        invoice("in_6", "usd", 10**15, due="2026-02-12"),  # too large to be added up exactly
        invoice("in_7", "usd", 1000, due="2026-02-12"),
    )
    assert books.series("amount_due") == {"2026-02-08": 15, "2026-02-12": 10}
    assert books.series("due_unvalued") == {
        "2026-01-31": 1, "2026-02-09": 1, "2026-02-10": 1, "2026-02-11": 1, "2026-02-12": 1,
    }  # fmt: skip
    assert books.series("amount_paid") == {}
    assert books.series("paid_unvalued") == {"2026-02-20": 1}
    assert books.series("overdue_unvalued") == {
        "2026-02-02": 1, "2026-02-11": 1, "2026-02-12": 1, "2026-02-13": 1, "2026-02-14": 1,
        "2026-02-20": -1,
    }  # fmt: skip
    assert books.series("invoices_due")["2026-02-12"] == 2, "they are counted all the same"


def test_an_invoice_is_valued_once_at_the_rate_of_its_due_day(books):
    books.rates(EUR, "eur,2026-02-11,9,later", "eur,2026-02-20,2,later")
    books.bill(
        invoice("in_1", "eur", 333, due="2026-02-10", paid="2026-02-20"),
        invoice("in_2", "usd", 1, due="2026-02-10"),
        invoice("in_3", "usd", 700, due="2026-02-10", status="void"),
    )
    assert books.series("amount_due") == {"2026-02-10": 12.01}, "4.995 rounded, 0.01 and 7"
    assert books.series("amount_paid") == {"2026-02-20": 5}
    assert books.series("amount_overdue") == {"2026-02-12": 12.01, "2026-02-20": -5}


def test_a_mixed_account_gets_back_to_exactly_nothing_overdue(books):
    books.rates("eur,2026-02-08,1.1,test", "jpy,2026-02-08,0.0067,test")
    codes = ("usd", "eur", "jpy")
    books.bill(
        *(
            invoice(f"in_{n}", codes[n % 3], 12_345 + n, due="2026-02-10", paid=f"2026-03-{n:02}")
            for n in range(1, 20)
        )
    )
    changes = books.series("amount_overdue").values()
    assert len(changes) == 20
    assert sum(round(value * 1_000_000) for value in changes) == 0


def test_the_same_invoices_in_yen_read_the_same(books):
    """At 0.01 dollars a yen nothing is rounded, so it is the same to the last digit."""
    books.rates("jpy,2026-02-08,0.01,test", "jpy,2026-02-14,0.01,test")
    amounts = [(f"in_{n}", 100 + 7 * n, f"2026-02-{8 + n:02}") for n in range(1, 11)]
    names = ("amount_due", "amount_overdue", "amount_paid", "due_unvalued", "oldest_overdue_day")

    def read(currency):
        books.bill(
            *(
                invoice(name, currency, cents, due=due, paid="2026-03-01" if cents % 2 else None)
                for name, cents, due in amounts
            )
        )
        return {name: books.series(name) for name in names}

    in_dollars = read("usd")
    assert sum(in_dollars["amount_due"].values()) > 10
    assert read("jpy") == in_dollars


def test_the_day_is_that_of_the_organisation(books):
    books.set_time_zone("America/New_York")
    books.rates("eur,2026-02-09,1.5,test", "eur,2026-02-10,2,test")
    books.bill(
        invoice("in_1", "eur", 100, due="2026-02-10T04:59:59"),  # 23:59:59 on the 9th there
        invoice("in_2", "eur", 100, due="2026-02-10T05:00:00"),  # midnight
    )
    assert books.series("amount_due") == {"2026-02-09": 1.5, "2026-02-10": 2}


def test_the_oldest_overdue_day_is_that_of_the_oldest_open_late_invoice(books):
    first, second, third = 20_484, 20_487, 20_489  # 31 January, 3 and 5 February 2026
    books.bill(
        invoice("in_1", "usd", 100, due="2026-01-31", paid="2026-02-20"),
        invoice("in_2", "zzz", 100, due="2026-02-03", paid="2026-02-10"),  # never the oldest
        invoice("in_3", "usd", 100, due="2026-02-03", paid="2026-02-25"),
        invoice("in_4", "usd", 100, due="2026-02-05"),
        invoice("in_5", "usd", 100, due="2026-02-01", paid="2026-02-02"),  # never late
    )
    assert books.series("oldest_overdue_day") == {
        "2026-02-02": first, "2026-02-20": second - first, "2026-02-25": third - second,
    }  # fmt: skip
    books.bill(invoice("in_4", "usd", 100, due="2026-02-05", paid="2026-03-01"))
    assert books.series("oldest_overdue_day")["2026-03-01"] == -third


def test_a_changed_rate_values_part_payments_anew_on_their_own_days(books):
    books.rates(EUR)
    books.bill(invoice("in_1", "eur", 10_000, due="2026-02-10", remaining=6_000))
    books.pay("in_1", 4_000, "eur", "2026-03-01")
    books.bill()
    assert books.series("amount_paid") == {"2026-03-01": 60}
    books.rates("eur,2026-02-08,2,test")
    books.bill()
    assert books.series("amount_paid") == {"2026-03-01": 80}
    assert books.series("amount_overdue") == {"2026-02-12": 200, "2026-03-01": -80}
