"""What a row must say, and the words for what is wrong with it."""

import pytest

from tests.unit.inputs.conftest import HEAD
from tests.unit.inputs.test_csv import ROW, one


def test_a_row_is_an_entry_with_its_moment_in_utc(read):
    assert one(read, "ann,2026-03-01,100,Roadmap fit,4,well", zone="Europe/Berlin") == {
        "account": "100", "measure": "roadmap_fit", "when": "2026-02-28T23:00:00+00:00",
        "who": "ann", "value": 4.0, "comment": "well",
    }  # fmt: skip
    moment = one(read, "ann,2026-03-01 09:30+02:00,100,fit,4,")["when"]
    assert moment == "2026-03-01T07:30:00+00:00"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2026-03-01,100,fit,4,", "who is empty"),
        ("ann,,100,fit,4,", "when is empty"),
        ("ann,2026-03-01,,fit,4,", "account is empty"),
        ("ann,2026-03-01,100,,4,", "measure is empty"),
        ("ann,2026-03-01,100,fit,,left", "there is a comment, but no value"),
        ("ann,03/04/2026,100,fit,4,", "when is '03/04/2026', which is no day for certain"),
        ("ann,2026-02-30,100,fit,4,", "when is '2026-02-30', which is no day for certain"),
        ("ann,2026-04-03,100,fit,4,", "when is 2026-04-03: in the future"),
        ("ann,0206-03-01,100,fit,4,", "when is 0206-03-01: before 1990"),
        ("ann,2026-03-01,100,fit,good,", "value is 'good', which is no number"),
        ("ann,2026-03-01,100,fit,nan,", "value is 'nan', which is no number"),
        ("ann,2026-03-01,100,fit,85%,", "value is '85%', which is no number"),
        ("ann,2026-03-01,100,fit,9000000000000,", "value is beyond 1,000,000,000,000"),
        ("ann,2026-03-01,100,größe,4,", "'größe' is no name of a measure"),
        ("ann,2026-03-01,100,fit,4,x,y", "there are more cells than columns"),
        (f"ann,2026-03-01,{'x' * 201},fit,4,", "account has more than 200 characters"),
        ("ann,2026-03-01,1\0,fit,4,", "account has a character that no text has"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(read, row, reason):
    assert one(read, row).startswith(reason)


def test_all_mistakes_of_a_row_are_told_at_once(read):
    assert one(read, "ann,soon,100,fit,x,").count(";") >= 1


def test_only_the_measures_and_ranges_of_the_settings_are_taken(read):
    assert one(read, ROW, measures=["fit"])["value"] == 4.0
    assert one(read, "ann,2026-03-01,100,fti,4,", measures=["fit"]) == (
        "there is no measure fti; did you mean fit?"
    )
    assert one(read, "ann,2026-03-01,100,Fit,6,", measures=["fit"]) == "value is 6: above 5"
    assert one(read, "ann,2026-03-01,100,fit,0,", measures=["fit"]) == "value is 0: below 1"


def test_two_rows_of_one_key_count_once_if_they_agree_and_else_the_second_goes_back(read):
    records, faults = read(f"{HEAD}\n{ROW}\n{ROW}\nann,2026-03-01,100,fit,5,\n".encode())
    assert [record["value"] for record in records] == [4.0]
    assert faults == [(4, "says other than row 2 of the same account, measure, time and person")]


def test_who_withdraws_an_entry_leaves_it_without_a_value(read):
    assert one(read, "ann,2026-03-01,100,fit,Withdraw,")["value"] is None
