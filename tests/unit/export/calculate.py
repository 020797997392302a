"""A workbook computed by a program that is not ours (formulas), cell by cell."""

from pathlib import Path

from openpyxl import load_workbook


def calculate(path: Path, sheet: str = "Scores", heads: int = 3) -> list[dict[str, object]]:
    """Return the rows of a sheet by the heads above them, every formula computed."""
    values = computed(path)
    found = load_workbook(path)[sheet]
    names = [cell.value for cell in found[heads]]
    return [
        {
            name: values.get((sheet.upper(), cell.coordinate), cell.value)
            for name, cell in zip(names, row, strict=True)
        }
        for row in found.iter_rows(min_row=heads + 1)
    ]


def computed(path: Path) -> dict[tuple[str, str], object]:
    """Return what every cell shows, by its sheet (in capitals) and name."""
    import formulas

    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    found = {}
    for key, ranges in solution.items():
        sheet, _, cell = str(key).rpartition("!")
        if ":" not in cell and hasattr(ranges, "value"):
            found[sheet.rpartition("]")[2].strip("'"), cell] = _plain(ranges.value[0, 0])
    return found


def _plain(value: object) -> object:
    """A cell that shows nothing is None, whatever the program calls it."""
    return None if str(value) in ("", "empty") else getattr(value, "item", lambda: value)()


def change(path: Path, row: tuple[str, ...], number: float, *, column: int) -> None:
    """Put another number in a row of the sheet of the card. row: texts of its first cells."""
    book = load_workbook(path)
    [found] = [
        cells
        for cells in book["Scorecard"].iter_rows()
        if tuple(cell.value for cell in cells[: len(row)]) == row
    ]
    found[column - 1].value = number
    book.save(path)
