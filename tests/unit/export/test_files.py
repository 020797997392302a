"""Files of an export: whole or not at all, typed, safe for spreadsheets, in bounded memory."""

import csv
import re
import stat
import tracemalloc
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest
from openpyxl import load_workbook

from include.errors import FixConfig
from include.export.cells import MOST_LETTERS, NOT_XML, Formula, Head, Input, letters
from include.export.csv_file import write_csv
from include.export.parquet_file import write_parquet
from include.export.rows import Column, Table
from include.export.sheets import MOST_ROWS, Book
from include.export.whole_file import whole_file
from tests.unit.test_hostile_text import SHOWN

UNESCAPED = re.compile("_x005F_")  # which openpyxl does not read back
COLUMNS = (
    Column("id", "integer"), Column("name", "text", "It's said"), Column("day", "date"),
    Column("at", "moment"), Column("score", "decimal", "", 12, 9), Column("reading", "float"),
    Column("arr", "decimal", "", 38, 9), Column("is", "boolean"), Column("count", "bigint"),
)  # fmt: skip
AT = datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC)
FULL = (1, "Kite", date(2026, 3, 1), AT, Decimal("78.400000000"), 1 / 3,
        Decimal("12345678901234567890.100000000"), True, 2**40)  # fmt: skip
EMPTY = (2, *[None] * 8)
BLANK = (3, "", None, None, Decimal("0.000000000"), 0.0, None, False, 0)


def table(*rows):
    return Table(COLUMNS, iter(rows))


def test_a_csv_holds_each_value_exactly_and_nothing_for_the_unknown(tmp_path):
    path = tmp_path / "out.csv"
    assert write_csv(table(FULL, EMPTY, BLANK), path) == 3
    with path.open(encoding="utf-8", newline="") as file:
        head, full, empty, blank = csv.reader(file)
    assert head == [column.name for column in COLUMNS]
    assert full == [
        "1", "Kite", "2026-03-01", "2026-03-01T04:05:06+00:00", "78.4", "0.3333333333333333",
        "12345678901234567890.1", "true", "1099511627776",
    ]  # fmt: skip
    assert empty == ["2", *[""] * 8]
    assert blank == ["3", "", "", "", "0", "0.0", "", "false", "0"]


def test_a_parquet_file_has_types_and_nulls_and_says_what_it_is(tmp_path):
    path = tmp_path / "out.parquet"
    assert write_parquet(table(FULL, EMPTY, BLANK), path, {"what": "a 'test'"}) == 3
    found = duckdb.sql(f"from '{path}'")
    assert [str(one) for one in found.types] == [
        "INTEGER", "VARCHAR", "DATE", "TIMESTAMP WITH TIME ZONE", "DECIMAL(12,9)", "DOUBLE",
        "DECIMAL(38,9)", "BOOLEAN", "BIGINT",
    ]  # fmt: skip
    assert found.fetchall() == [FULL, EMPTY, BLANK]
    kept = duckdb.sql(f"select decode(key), decode(value) from parquet_kv_metadata('{path}')")
    assert {("what", "a 'test'"), ("column.name", "It's said")} <= set(kept.fetchall())
    assert [one.name for one in tmp_path.iterdir()] == ["out.parquet"]


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "null"])
def test_hostile_texts_are_no_formula_and_come_back_whole(tmp_path, name):
    said = SHOWN[name]
    row = (1, said, *[None] * 7)
    write_csv(table(row), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        cell = list(csv.reader(file))[1][1]
    assert cell in (said, f"'{said}")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    write_parquet(table(row), tmp_path / "out.parquet", {})
    assert duckdb.sql(f"select name from '{tmp_path / 'out.parquet'}'").fetchall() == [(said,)]
    with sheet_of(tmp_path / "out.xlsx") as sheet:
        sheet.append([said])
    read = load_workbook(tmp_path / "out.xlsx")["Sheet"]["A1"]
    assert read.data_type in ("s", "inlineStr")
    assert UNESCAPED.sub("_", read.value or "") == NOT_XML.sub("\ufffd", said)[:MOST_LETTERS]


@contextmanager
def sheet_of(path):
    book = Book(path, ["Sheet"])
    with book.sheet("Sheet", [10]) as sheet:
        yield sheet
    book.close()


def test_a_sheet_holds_each_value_as_its_type(tmp_path):
    with sheet_of(tmp_path / "out.xlsx") as sheet:
        sheet.append(FULL)
        sheet.append(EMPTY)
        sheet.append([float("nan"), Input(2.5), Head("head"), Formula("1+1")])
    found = load_workbook(tmp_path / "out.xlsx")["Sheet"]
    full, empty, ours = ([cell.value for cell in row] for row in found.iter_rows())
    assert full[:2] == [1, "Kite"]
    assert full[2:4] == [datetime(2026, 3, 1), AT.replace(tzinfo=None)]  # noqa: DTZ001 - as read
    assert full[4:] == [78.4, 1 / 3, float(FULL[6]), True, 2**40]
    assert empty == [2, *[None] * 8]
    assert ours[:4] == ["nan", 2.5, "head", "=1+1"]
    assert [found["C1"].number_format, found["E1"].number_format] == ["yyyy-mm-dd", "0.0##"]
    assert found["C3"].font.b
    assert found["B3"].fill.fgColor.rgb == "FFFFF9C4"


def test_a_sheet_with_more_rows_than_excel_takes_is_refused_with_the_way_out(tmp_path):
    with sheet_of(tmp_path / "out.xlsx") as sheet:
        sheet.rows = MOST_ROWS
        with pytest.raises(FixConfig, match=r"1,048,576 rows at most.*--format parquet or csv"):
            sheet.append([Head("one more")])


def test_columns_are_named_as_workbooks_name_them():
    from openpyxl.utils import get_column_letter

    assert [letters(n) for n in range(1, 16_385)] == [
        get_column_letter(n) for n in range(1, 16_385)
    ]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("old")

    def half():
        yield FULL
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError), whole_file(out) as path:
        write_csv(Table(COLUMNS, half()), path)
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_only_its_owner_reads_a_file(tmp_path):
    with whole_file(tmp_path / "out.csv") as path:
        path.write_text("new")
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(FixConfig, match="cannot write this file: No such file"):
        whole_file(tmp_path / "nowhere" / "out.csv").__enter__()
    with pytest.raises(FixConfig, match="this is a folder"):
        whole_file(tmp_path).__enter__()


def write_sheet(rows, path):
    with sheet_of(path) as sheet:
        for row in rows.rows:
            sheet.append(row)
    return sheet.rows


@pytest.mark.parametrize(
    "write", [write_csv, lambda *given: write_parquet(*given, {}), write_sheet]
)
def test_memory_does_not_grow_with_the_rows(tmp_path, write):
    write(table(FULL), tmp_path / "out")  # what is imported once
    tracemalloc.start()
    assert write(table(*[FULL] * 1), tmp_path / "out") == 1
    write(Table(COLUMNS, (FULL for _ in range(50_000))), tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
