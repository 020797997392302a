"""Workbooks: what people see counts, and what they do not see does not."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from include.sources import inputs_xlsx
from include.sources.inputs_sheet import Unreadable
from include.sources.inputs_xlsx import read_xlsx, write_xlsx, xlsx_of
from tests.unit.inputs.conftest import HEAD

COLUMNS = HEAD.split(",")
ROW = ["ann", date(2026, 3, 1), "100", "fit", 4, None]


def book(*rows, head=COLUMNS, change=None):
    workbook = Workbook()
    for row in [head, *rows]:
        workbook.active.append(row)
    if change:
        change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_dates_numbers_and_ids_are_read_as_cells_hold_them(read):
    half_past = datetime.fromisoformat("2026-03-01T09:30")
    rows = (ROW, ["ann", half_past, 9100000024, "fit", 3.5, "text"])
    records, faults = read(book(*rows), ".xlsx")
    assert [(one["when"][:16], one["account"], one["value"]) for one in records] == [
        ("2026-03-01T00:00", "100", 4.0), ("2026-03-01T09:30", "9100000024", 3.5),
    ]  # fmt: skip
    assert faults == []


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        (1, 46082, "when is 46082, a number; format the cell as a date"),
        (2, 1234567890123456789, "account is a number that the spreadsheet has rounded"),
        (2, date(2026, 3, 1), "account is no text"),
        (4, "=1/0", "a formula has no stored value"),
        (4, True, "value is 'True', which is no number"),
        (4, "#N/A", "value is '#N/A', which is no number"),
        (4, "3,5", "value is '3,5': a comma can mean two things"),
    ],
)
def test_what_is_wrong_with_a_cell_is_said(read, place, cell, reason):
    row = [*ROW]
    row[place] = cell
    records, faults = read(book(row), ".xlsx")
    assert records == []
    assert faults[0][0] == 2
    assert faults[0][1].startswith(reason)


def test_a_formula_counts_by_the_value_that_was_stored_with_it(read):
    def calculated(content):
        """Add to a formula what a spreadsheet stores beside it, which openpyxl does not write."""
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, part.replace(b"<f>2+2</f><v />", b"<f>2+2</f><v>4</v>")
                             .replace(b"<f>2+2</f><v/>", b"<f>2+2</f><v>4</v>"))  # fmt: skip
        return out.getvalue()

    records, faults = read(calculated(book([*ROW[:4], "=2+2", None])), ".xlsx")
    assert ([one["value"] for one in records], faults) == ([4.0], [])


def test_a_merged_cell_counts_for_every_row_that_it_spans(read):
    rows = [ROW, ["", None, "101", "fit", 2, None]]
    merged = book(*rows, change=lambda workbook: [
        workbook.active.merge_cells("A2:A3"), workbook.active.merge_cells("B2:B3")
    ])  # fmt: skip
    records, faults = read(merged, ".xlsx")
    assert [(one["who"], one["account"], one["when"][:10]) for one in records] == [
        ("ann", "100", "2026-03-01"), ("ann", "101", "2026-03-01")
    ]  # fmt: skip
    assert faults == []


def test_hidden_sheets_are_not_read_and_sheets_without_our_columns_are_left_alone(read):
    def change(workbook):
        workbook.create_sheet("help").append(["How to fill this in"])
        for name, state in (("second", "visible"), ("old", "hidden"), ("older", "veryHidden")):
            sheet = workbook.create_sheet(name)
            sheet.append(COLUMNS)
            sheet.append([*ROW[:2], name, *ROW[3:]])
            sheet.sheet_state = state

    records, _ = read(book(ROW, change=change), ".xlsx")
    assert [record["account"] for record in records] == ["100", "second"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 half of it", "was cut while it was copied"),
        (b"\xd0\xcf\x11\xe0 ...", "It has a password or is an old .xls"),
        (book(head=["who", "when"]), "look at account, measure, value"),
        (book(head=[]), "It is empty."),
    ],
)
def test_what_is_wrong_with_a_workbook_as_a_whole_is_said(content, words):
    with pytest.raises(Unreadable) as error:
        read_xlsx(content)
    assert words in str(error.value)


def test_what_unpacks_into_too_much_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (inputs_xlsx.MOST_UNPACKED + 1))
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(Unreadable, match="larger than 100,000,000 bytes"):
        read_xlsx(out.getvalue())


def test_rows_that_go_back_are_text_that_no_spreadsheet_calculates():
    (sheet,) = read_xlsx(xlsx_of([("inputs", [COLUMNS, [*ROW[:5], "=cmd|' /C calc'!A0"]])]))
    back = load_workbook(io.BytesIO(write_xlsx([(sheet, [(sheet.lines[0], "=why")])])))
    cells = next(back.active.iter_rows(min_row=2))
    assert [cell.data_type for cell in cells[5:]] == ["s", "s"]
    assert [cell.value for cell in cells[2:]] == ["100", "fit", 4, "=cmd|' /C calc'!A0", "=why"]
