"""The rates file as people and spreadsheets write it."""

from datetime import date
from decimal import Decimal

import pytest

from include.errors import FixConfig
from include.settings import ROOT
from include.warehouse.rates_file import Rate, read_rates

KNOWN = {"usd", "eur", "gbp", "jpy", "cad", "aud"}
HEAD = "currency,day,rate,source\n"
RATE = Rate("eur", date(2026, 1, 2), Decimal("1.085"), "ECB")


@pytest.fixture
def read(tmp_path):
    def from_bytes(content: bytes):
        path = tmp_path / "rates.csv"
        path.write_bytes(content)
        return read_rates(path, reporting="usd", known=KNOWN)

    return from_bytes


@pytest.mark.parametrize(
    "content",
    [
        b"currency,day,rate,source\neur,2026-01-02,1.085,ECB\n",
        b"\xef\xbb\xbfcurrency,day,rate,source\r\nEUR,2026-01-02,1.0850,ECB\r\n\r\n",
        b"currency;day;rate;source\neur;2026-01-02;1,085;ECB\n",
        b"currency;day;rate;source\neur;2026-01-02;1.085;ECB\n",
        b"Source,Note,Rate,Day,Currency\nECB,,1.085,2026-01-02, eur \n",
        b'currency,day,rate,source\n"eur","2026-01-02","1.085","ECB"\n,,,\n',
        b"currency,day,rate,source\neur,2026-01-02,1.085,ECB\neur,2026-01-02,1.0850,ECB\n",
        b"currency,day,rate,source\neur,2026-01-02,1.085,ECB,,\nusd,2026-01-02,1,ours\n",
    ],
)
def test_spreadsheets_differ_and_the_rate_is_the_same(read, content):
    assert read(content) == [RATE]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("xyz,2026-01-02,1,ECB", "line 2: 'xyz' is no currency"),
        (",2026-01-02,1,ECB", "line 2: '' is no currency"),
        ("eur,,1,ECB", "line 2: '' is no day; write it as YYYY-MM-DD"),
        ("eur,02.01.2026,1,ECB", "is no day"),
        ("eur,2026-02-30,1,ECB", "is no day"),
        ("eur,20260102,1,ECB", "is no day"),
        ("eur,2026-01-02,0,ECB", "line 2: the rate '0' is no number above 0"),
        ("eur,2026-01-02,0.000,ECB", "is no number above 0"),
        ("eur,2026-01-02,-1.1,ECB", "is no number above 0"),
        ("eur,2026-01-02,NaN,ECB", "is no number above 0"),
        ("eur,2026-01-02,Infinity,ECB", "is no number above 0"),
        ("eur,2026-01-02,1_0,ECB", "is no number above 0"),
        ("eur,2026-01-02,about 1,ECB", "is no number above 0"),
        ("eur,2026-01-02,1,", "line 2: the source is missing"),
        ("eur,2026-01-02,1", "line 2: the source is missing"),
        ("eur,2026-01-02,1,085,ECB", "line 2: there are more cells than columns"),
        ("usd,2026-01-02,1.1,ECB", "usd is the reporting currency"),
        (
            "eur,2026-01-02,1.1,ECB\n\nEUR,2026-01-02,1.2,ECB",
            "line 4: says other than line 2 of eur on 2026-01-02",
        ),
        ("eur,2026-01-02,1,A\neur,2026-01-02,1,B", "line 3: says other than line 2"),
        ('eur,2026-01-02,1,"ECB', "line 2: not CSV"),
    ],
)
def test_a_mistake_is_named_with_its_line(read, lines, words):
    with pytest.raises(FixConfig) as caught:
        read((HEAD + lines + "\n").encode())
    assert words in str(caught.value)
    assert "rates.csv" in str(caught.value)


def test_all_mistakes_are_told_at_once_up_to_ten(read):
    with pytest.raises(FixConfig, match=r"line 2: .*line 3: .*line 11: .*; and 2 more\.$"):
        read((HEAD + "eur,2026-01-02,0,ECB\n" * 12).encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty; its first line must be currency,day,rate,source"),
        (b"\xef\xbb\xbf \n\n", "is empty"),
        (HEAD.encode(), "holds no rate; to use none, take rates.file out"),
        (b"currency,date,rate,source\neur,2026-01-02,1,ECB\n", "look at day"),
        (b"currency,day,day,rate,source\n", "look at day"),
        (b"eur,2026-01-02,1.1,ECB\n", "its first line must name the columns"),
        ("currency,day,rate,source\neur,2026-01-02,1,é".encode("latin-1"), "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_rates_file(read, content, words):
    with pytest.raises(FixConfig) as caught:
        read(content)
    assert words in str(caught.value)


def test_a_missing_file_names_the_setting(tmp_path):
    with pytest.raises(FixConfig, match=r"none\.csv \(rates\.file in health\.yaml\): No such file"):
        read_rates(tmp_path / "none.csv", reporting="usd", known=KNOWN)


def test_the_example_file_covers_the_simulated_worlds_currencies_and_says_that_it_is_made_up():
    rates = read_rates(ROOT / "config" / "rates.csv", reporting="usd", known=KNOWN)
    assert {rate.currency for rate in rates} >= {"eur", "gbp", "jpy"}
    assert all("not market data" in rate.source for rate in rates)
