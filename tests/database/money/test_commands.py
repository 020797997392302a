"""`health rates` as people type it."""

import json

import pytest

from tests.database.typed import health_on

from .conftest import invoice


@pytest.fixture
def health(books, tmp_path):
    return health_on(books.store, tmp_path)


def test_rates_in_force_and_what_has_none_are_shown(books, health):
    books.rates("usd,2026-01-01,1,ours", "eur,2026-03-20,1.1,ECB", "gbp,2026-01-02,1.3,ECB")
    books.bill(invoice("in_1", "eur", 5000, due="2026-03-21"), invoice("in_2", "zzz", 777))
    found = json.loads(health("rates", "--day", "2026-03-22", "--json").stdout)
    assert found["day"] == "2026-03-22"
    rates = {row["currency"]: row for row in found["rates"]}
    assert (float(rates["eur"]["rate"]), rates["eur"]["age_days"]) == (1.1, 2)
    assert [row["currency"] for row in found["unvalued"] if row["fact"] == "invoices"] == ["zzz"]
    words = health("rates", "--day", "2026-03-22")
    assert (words.returncode, words.stderr) == (0, "")
    assert words.stdout.startswith("Rates in force on 2026-03-22: what one unit is worth in usd")
    assert "Unknown for want of a rate" in words.stdout


def test_without_a_run_and_a_day_it_says_what_to_do(books, health):
    books.bill()
    asked = health("rates")
    assert (asked.returncode, asked.stdout) == (78, "")
    assert asked.stderr == (
        "FixConfig: There is no run yet; name a --day, or make a run with `make run`.\n"
    )
