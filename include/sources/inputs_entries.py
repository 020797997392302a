"""From a row that somebody typed to a record, or to what is wrong with it; nothing is guessed."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from include.say import written
from include.sources.inputs_sheet import Cell, Line, Sheet, is_blank
from include.vendor_settings.inputs import MEASURE, Range

KEY = ("account", "measure", "when", "who")
WITHDRAW = "withdraw"  # in place of a value: what was entered there holds no longer
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
BY_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3}){1,4}")  # 1.234.567, or the fraction 1.234
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}.*")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LARGEST = 1e12
EXACT = 1e15  # whole numbers from here on lose digits in a spreadsheet
LONGEST = {"who": 80, "account": 200, "comment": 1000}
LONGEST_KEY = 450  # bytes

Record = dict[str, Any]


class Mistake(Exception):
    """What is wrong with a row or a cell, for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What entries must keep to. latest: no entry is about a later moment.

    time_zone: of days and of times without one. measures: the only ones there are; empty: any.
    """

    time_zone: ZoneInfo
    latest: datetime
    measures: Mapping[str, Range]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that counts, and what it says."""

    sheet: Sheet
    line: Line
    record: Record


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that goes back, and why."""

    sheet: Sheet
    line: Line
    reason: str


def understand(sheets: Iterable[Sheet], rules: Rules) -> tuple[list[Entry], list[Fault]]:
    """Return the rows of a file that count, and those that go back.

    A row without value and comment is one that nobody filled in: neither. Of two rows with the same
    key the second goes back, unless both say the same.
    """
    good: dict[tuple[str, ...], Entry] = {}
    faults = []
    for sheet in sheets:
        for line in sheet.lines:
            try:
                record = record_of(sheet, line, rules)
                if record is not None:
                    _keep(good, Entry(sheet, line, record))
            except Mistake as mistake:
                faults.append(Fault(sheet, line, str(mistake)))
    return list(good.values()), faults


def _keep(good: dict[tuple[str, ...], Entry], entry: Entry) -> None:
    first = good.setdefault(tuple(entry.record[name] for name in KEY), entry)
    if first.record != entry.record:
        raise Mistake(
            f"says other than row {first.line.number} of the same account, measure, time and person"
        )


def record_of(sheet: Sheet, line: Line, rules: Rules) -> Record | None:
    """Return what a row says, None where nobody filled it in; Mistake names them all."""
    cells = sheet.named(line)
    if sheet.has_formula(line):
        raise Mistake(
            "a formula has no stored value; open and save the file in a spreadsheet, or type the "
            "value"
        )
    if is_blank(cells["value"]) and is_blank(cells.get("comment")):
        return None
    if any(not is_blank(cell) for cell in line.cells[len(sheet.head) :]):
        raise Mistake("there are more cells than columns; is a separator part of a text?")
    return _checked(
        measure=lambda: _measure(cells["measure"], rules),
        account=lambda: _text("account", cells["account"]),
        when=lambda: _moment(cells["when"], rules),
        who=lambda: _text("who", cells["who"]),
        value=lambda: _value(cells["value"], sheet, rules.measures.get(_plain(cells["measure"]))),
        comment=lambda: _comment(cells.get("comment")),
    )


def _checked(**readers: Callable[[], Any]) -> Record:
    """Read every cell, so that all mistakes of a row are told at once."""
    record: Record = {}
    mistakes = []
    for name, read in readers.items():
        try:
            record[name] = read()
        except Mistake as mistake:
            mistakes.append(str(mistake))
    if not mistakes and len("|".join(record[name] for name in KEY).encode()) > LONGEST_KEY:
        mistakes.append("account and who are too long together")
    if mistakes:
        raise Mistake("; ".join(mistakes))
    return record


def _text(name: str, cell: Cell) -> str:
    if is_blank(cell):
        raise Mistake(f"{name} is empty")
    if isinstance(cell, bool | date | datetime | time):
        raise Mistake(f"{name} is no text; format the cell as text")
    if isinstance(cell, int | float):
        if abs(cell) >= EXACT or cell != int(cell):
            raise Mistake(f"{name} is a number that the spreadsheet has rounded; format it as text")
        return str(int(cell))
    text = str(cell).strip()
    if "\0" in text:
        raise Mistake(f"{name} has a character that no text has (NUL)")
    if len(text) > LONGEST[name]:
        raise Mistake(f"{name} has more than {LONGEST[name]} characters")
    return text


def _comment(cell: Cell) -> str | None:
    return None if is_blank(cell) else _text("comment", str(cell))


def _measure(cell: Cell, rules: Rules) -> str:
    if is_blank(cell):
        raise Mistake("measure is empty")
    name = _plain(cell)
    if not re.fullmatch(MEASURE, name):
        raise Mistake(
            f"{str(cell)[:60]!r} is no name of a measure: letters a to z, digits and underscores, "
            "at most 41, the first one a letter"
        )
    if rules.measures and name not in rules.measures:
        near = get_close_matches(name, rules.measures, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(rules.measures)}"
        raise Mistake(f"there is no measure {name}; {hint}")
    return name


def _plain(cell: Cell) -> str:
    """Write the name of a measure as we do: Roadmap fit is roadmap_fit."""
    return re.sub(r"[\s-]+", "_", str(cell).strip().lower())


def _moment(cell: Cell, rules: Rules) -> str:
    """Return the moment as UTC in ISO 8601; of a day, its beginning."""
    moment = _as_moment(cell, rules.time_zone)
    if moment < EARLIEST:
        raise Mistake(f"when is {moment.date()}: before 1990")
    if moment > rules.latest:
        raise Mistake(f"when is {moment.date()}: in the future")
    return moment.astimezone(UTC).isoformat()


def _as_moment(cell: Cell, zone: ZoneInfo) -> datetime:
    if is_blank(cell):
        raise Mistake("when is empty")
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=zone)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), zone)
    if isinstance(cell, int | float):
        raise Mistake(f"when is {cell!r}, a number; format the cell as a date")
    text = str(cell).strip()
    try:
        if DAY.fullmatch(text) or MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except ValueError:
        pass
    raise Mistake(f"when is {text[:40]!r}, which is no day for certain; write YYYY-MM-DD")


def _value(cell: Cell, sheet: Sheet, allowed: Range | None) -> float | None:
    if is_blank(cell):
        raise Mistake("there is a comment, but no value")
    if isinstance(cell, str) and cell.strip().lower() == WITHDRAW:
        return None
    number = _number(cell, sheet)
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise Mistake(f"value is beyond {LARGEST:,.0f}")
    if allowed and allowed.lowest is not None and number < allowed.lowest:
        raise Mistake(f"value is {written(number)}: below {written(allowed.lowest)}")
    if allowed and allowed.highest is not None and number > allowed.highest:
        raise Mistake(f"value is {written(number)}: above {written(allowed.highest)}")
    return number


def _number(cell: Cell, sheet: Sheet) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = str(cell).strip()
    plain = _with_a_point(text) if sheet.has_decimal_commas else text
    if isinstance(cell, str) and NUMBER.fullmatch(plain):
        if BY_THOUSANDS.fullmatch(text) and "." in plain and not sheet.has_decimal_points:
            raise Mistake(
                f"value is {text!r}: a point before three digits can mean two things; write it "
                f"without, or the fraction as {text}0 (only in CSV files with commas it is a "
                "decimal point)"
            )
        return float(plain)
    if isinstance(cell, str) and "," in text and NUMBER.fullmatch(text.replace(",", ".")):
        raise Mistake(
            f"value is {text[:40]!r}: a comma can mean two things; write it with a point or "
            "without (only in CSV files with semicolons it is a decimal comma)"
        )
    raise Mistake(f"value is {text[:40]!r}, which is no number (or {WITHDRAW!r})")


def _with_a_point(text: str) -> str:
    """Write 3,5 as 3.5, and 1.234,5 or 1.234.567 without the points that part thousands."""
    whole, comma, decimals = text.partition(",")
    if BY_THOUSANDS.fullmatch(whole) and (comma or whole.count(".") > 1):
        whole = whole.replace(".", "")
    return f"{whole}.{decimals}" if comma else whole
