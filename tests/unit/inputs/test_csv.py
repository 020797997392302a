"""CSV files as people and their spreadsheets write them."""

import pytest

from include.sources.inputs_csv import csv_of, guarded, read_csv, unguarded
from include.sources.inputs_sheet import MOST_ROWS, Unreadable
from tests.unit.inputs.conftest import HEAD

ROW = "ann,2026-03-01,100,fit,4,"


def one(read, row, head=HEAD, **how):
    records, faults = read(f"{head}\n{row}\n".encode(), **how)
    assert len(records) + len(faults) == 1, (records, faults)
    return records[0] if records else faults[0][1]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_utf_8_is_read_with_and_without_a_mark_and_a_last_line_end(read, mark, end):
    records, faults = read(
        mark + HEAD.encode() + b"\r\n" + "änn,2026-03-01,Ö,fit,4,".encode() + end
    )
    assert [(record["who"], record["account"]) for record in records] == [("änn", "Ö")]
    assert faults == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "It is empty."),
        (b"\xff\xfeh\x00", 'It is UTF-16 ("Unicode text"); save it as "CSV UTF-8".'),
        (HEAD.encode() + b"\nann,2026-03-01,Gr\xf6n,", "It is not UTF-8 text, as line 2 shows"),
        (f'{HEAD}\n{ROW}\n"ann,2026'.encode(), "From line 3 on it is not CSV"),
        (b"who,when,accounts,measure,value\n", "look at account. Is 'accounts' misspelt?"),
        (b"who,when,account,account,measure,value\n", "look at account"),
        (("\n".join([HEAD, *[ROW] * (MOST_ROWS + 1)])).encode(), "more than 100,000 rows"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_as_a_whole_is_said(content, words):
    with pytest.raises(Unreadable) as error:
        read_csv(content)
    assert words in str(error.value)


def test_decimal_commas_are_read_between_semicolons_and_told_between_commas(read):
    head = HEAD.replace(",", ";")
    assert one(read, "ann;2026-03-01;100;fit;3,5;", head)["value"] == 3.5
    assert one(read, "ann;2026-03-01;100;fit;3.5;", head)["value"] == 3.5
    assert "a comma can mean two things" in one(read, 'ann,2026-03-01,100,fit,"3,5",')
    tabs = one(read, "ann\t2026-03-01\t100\tfit\t1,234\t", HEAD.replace(",", "\t"))
    assert "a comma can mean two things" in tabs


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1234", 1234), ("1,5", 1.5), ("-0,25", -0.25), ("3.5", 3.5), ("0.125", 0.125),
        ("1234.567", 1234.567), ("1.2340", 1.234), ("1.234,5", 1234.5), ("-12.345,678", -12345.678),
        ("1.234.567", 1_234_567), ("1.234.567,89", 1_234_567.89),
    ],
)  # fmt: skip
def test_between_semicolons_what_can_mean_only_one_number_is_read(read, typed, value):
    row = f"ann;2026-03-01;100;fit;{typed};"
    assert one(read, row, HEAD.replace(",", ";"))["value"] == value


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("typed", ["1.234", "-12.345", "+999.999"])
def test_a_point_before_three_digits_comes_back_where_it_may_be_of_thousands(
    read, typed, separator
):
    row = separator.join(["ann", "2026-03-01", "100", "fit", typed, ""])
    assert one(read, row, HEAD.replace(",", separator)) == (
        f"value is {typed!r}: a point before three digits can mean two things; write it without, "
        f"or the fraction as {typed}0 (only in CSV files with commas it is a decimal point)"
    )


def test_between_commas_a_point_is_a_decimal_point(read):
    assert one(read, "ann,2026-03-01,100,fit,1.234,")["value"] == 1.234


@pytest.mark.parametrize("typed", ["1.23,5", "1.234.56", "0.123.456", "1,234.5", "1.234,", "1,2,3"])
def test_what_is_written_like_no_number_is_none_between_semicolons(read, typed):
    row = f"ann;2026-03-01;100;fit;{typed};"
    assert "which is no number" in one(read, row, HEAD.replace(",", ";"))


@pytest.mark.parametrize(
    ("separator", "title"),
    [(";", "Pulse, March, all teams"), (",", "Pulse; March"), ("\t", "Pulse, March; all")],
)
def test_a_title_with_another_separator_does_not_decide_which_one_the_table_has(
    read, separator, title
):
    head = separator.join(f'"{name}"' for name in HEAD.split(","))
    row = separator.join(["ann", "2026-03-01", "100", "fit", "4", ""])
    assert one(read, row, f"{title}\n\n{head}")["value"] == 4.0


def test_a_head_may_have_a_title_above_any_order_any_case_and_columns_of_ones_own(read):
    content = b"Pulse of March\n\nMeasure,Note,VALUE,account,when,Who\nfit,x,4,100,2026-03-01,ann"
    records, faults = read(content)
    assert (records[0]["who"], records[0]["value"], records[0]["comment"]) == ("ann", 4.0, None)
    assert faults == []


def test_the_line_by_which_excel_names_its_separator_is_taken_at_its_word(read):
    records, _ = read(
        b"sep=;\r\n" + HEAD.replace(",", ";").encode() + b"\r\nann;2026-03-01;a,b;fit;4;\r\n"
    )
    assert records[0]["account"] == "a,b"


def test_a_comment_may_go_on_in_the_next_line_and_rows_keep_their_numbers(read):
    rows = f'{HEAD}\nann,2026-03-01,100,fit,4,"first\nsecond"\nann,2026-03-01,101,fit,x,\n'
    records, faults = read(rows.encode())
    assert records[0]["comment"] == "first\nsecond"
    assert [number for number, _ in faults] == [4]


def test_rows_that_nobody_filled_in_are_not_read(read):
    records, faults = read(f"{HEAD}\n,,100,fit,,\n\n;\n,,101,fit, ,\n".replace(";\n", "").encode())
    assert (records, faults) == ([], [])


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-x", "@cmd", "\t=1", "-1,5,6"])
def test_no_cell_that_goes_back_is_a_formula_and_none_is_changed_by_the_way(text):
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text
    assert csv_of([[text]]).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("number", ["-4", "+3.5", "-3,5"])
def test_a_negative_number_is_no_formula(number):
    assert guarded(number) == number
