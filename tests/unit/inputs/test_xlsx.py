"""Workbooks: what people see counts, and what they do not see does not."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from include.sources import inputs_unpacked
from include.sources.inputs_sheet import Unreadable
from include.sources.inputs_xlsx import read_xlsx, write_xlsx, xlsx_of
from tests.unit.inputs.conftest import HEAD

COLUMNS = HEAD.split(",")
ROW = ["ann", date(2026, 3, 1), "100", "fit", 4, None]

WORKSHEET = (
    "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>%s</worksheet>"
)


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
        (4, "1.234", "value is '1.234': a point before three digits can mean two things"),
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
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (inputs_unpacked.MOST_UNPACKED + 1))
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(Unreadable, match="larger than 100,000,000 bytes"):
        read_xlsx(out.getvalue())


def part(sheet, sheets=1):
    """A workbook whose sheets are this text within <worksheet>."""
    out = io.BytesIO()
    empty = book(change=lambda workbook: [workbook.create_sheet() for _ in range(sheets - 1)])
    with zipfile.ZipFile(io.BytesIO(empty)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            is_sheet = name.startswith("xl/worksheets/")
            new.writestr(name, WORKSHEET % sheet if is_sheet else old.read(name))
    return out.getvalue()


def row(cells, attributes=""):
    texts = "".join(f"<c t='inlineStr'><is><t>{cell}</t></is></c>" for cell in cells)
    return f"<row {attributes}>{texts}</row>"


def filled(rows="", after="", sheets=1):
    texts = ["ann", "2026-03-01", "100", "fit", "4"]
    return part(f"<sheetData>{row(COLUMNS)}{row(texts)}{rows}</sheetData>{after}", sheets)


def test_merged_cells_over_a_whole_sheet_take_no_memory(read):
    merged = "".join(f"<mergeCell ref='{one}'/>" for one in ("A3:XFD1048576", "H1:CZ100000"))
    content = filled(after=f"<mergeCells>{merged}</mergeCells>")
    tracemalloc.start()
    try:
        records, faults = read(content, ".xlsx")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert ([one["account"] for one in records], faults) == (["100"], [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (filled("<row>" + "<c/>" * 200_000 + "</row>"), "a row or a text of many thousand parts"),
        (filled(after="<mergeCells>" + "<mergeCell ref='A1:C3'/>" * 150_000 + "</mergeCells>"),
         "hundreds of thousands of formats, links or merged cells"),
        (filled(after=f"<x a='{' ' * 1_100_000}'/>"), "tags of many megabytes"),
        (filled("<row/>" * 1_000_000), "more than 1,000,000 rows and texts"),
        (filled("<row r='999999999999'><c><v>1</v></c></row>"), "more than 100,000 rows, perhaps"),
        (filled(row(["", "", "", "", "", "x"], "r='100150'")), "more than 100,000 rows, perhaps"),
        (filled("<row r='2'><c><v>1</v></c></row>"), "It is a damaged workbook"),
        (filled("<row r='many'><c><v>1</v></c></row>"), "It is a damaged workbook"),
        (filled(after="<mergeCells><mergeCell ref='A:A'/></mergeCells>"), "a damaged workbook"),
        (part("")[:-30], "was cut while it was copied"),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_would_take_much_memory_or_lose_rows_is_not_read(content, words):
    assert len(content) < 100_000
    with pytest.raises(Unreadable) as error:
        read_xlsx(content)
    assert words in str(error.value)


def test_a_document_type_is_not_let_in():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]><x>&a;</x>")
    with pytest.raises(Unreadable, match="damaged"):
        read_xlsx(out.getvalue())


def test_what_lies_hidden_under_merged_cells_does_not_count(read):
    hidden = row(["bea", "2026-03-01", "999", "fit", "1"])
    content = filled(hidden, "<mergeCells><mergeCell ref='A2:E3'/></mergeCells>")
    assert read(content, ".xlsx") == ([], [])


def test_more_sheets_than_people_fill_in_are_not_read():
    with pytest.raises(Unreadable, match="more than 100 sheets"):
        read_xlsx(book(change=lambda workbook: [workbook.create_sheet() for _ in range(100)]))


def test_rows_of_all_sheets_count_together():
    last = "<row r='60001'><c><v>1</v></c></row>"
    merged = "<mergeCells><mergeCell ref='A2:A60001'/></mergeCells>"
    with pytest.raises(Unreadable, match="more than 100,000 rows; split it"):
        read_xlsx(filled(last, merged, sheets=2))


def test_rows_that_go_back_are_text_that_no_spreadsheet_calculates():
    (sheet,) = read_xlsx(xlsx_of([("inputs", [COLUMNS, [*ROW[:5], "=cmd|' /C calc'!A0"]])]))
    back = load_workbook(io.BytesIO(write_xlsx([(sheet, [(sheet.lines[0], "=why")])])))
    cells = next(back.active.iter_rows(min_row=2))
    assert [cell.data_type for cell in cells[5:]] == ["s", "s"]
    assert [cell.value for cell in cells[2:]] == ["100", "fit", 4, "=cmd|' /C calc'!A0", "=why"]
