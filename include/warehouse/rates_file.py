"""The table of exchange rates that people keep: a CSV file, read strictly, each mistake by line.

Columns: currency, day, rate, source; in any order, others are not looked at. A line says: from that
day on, one major unit of the currency is worth `rate` major units of the reporting currency.
"""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from include.errors import FixConfig

COLUMNS = ("currency", "day", "rate", "source")
NUMBER = re.compile(r"\d{1,15}(\.\d{1,15})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MAX_BYTES = 50_000_000
SHOWN = 10  # mistakes in one message


@dataclass(frozen=True, slots=True)
class Rate:
    """What one major unit of `currency` is worth in the reporting currency from `day` on."""

    currency: str
    day: date
    rate: Decimal
    source: str


def read_rates(path: Path, *, reporting: str, known: Collection[str]) -> list[Rate]:
    """Read the rates of a file; every mistake is FixConfig, with its line. known: all currencies.

    A line for the reporting currency must say 1 and is left out: so that the rates of another
    reporting currency are not taken for ours.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FixConfig(
            f"Cannot read the exchange rates {path} (rates.file in health.yaml): {error.strerror}."
        ) from error
    if len(content) > MAX_BYTES:
        raise FixConfig(f"{path} is larger than {MAX_BYTES:,} bytes; it cannot be a rates file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FixConfig(f"{path} is not UTF-8 text; save it as CSV UTF-8.") from error
    return parse_rates(text, where=str(path), reporting=reporting, known=known)


def parse_rates(text: str, *, where: str, reporting: str, known: Collection[str]) -> list[Rate]:
    """Parse the text of a rates file, as `read_rates` does."""
    found: dict[tuple[str, date], tuple[int, Rate]] = {}
    mistakes = []
    for line, entered in _lines(text, where):
        try:
            rate = _rate(entered, text_is_decimal_comma=";" in _head(text), known=known)
            _refuse_other_reporting(rate, reporting)
            _refuse_second(rate, *found.setdefault((rate.currency, rate.day), (line, rate)))
        except ValueError as mistake:
            mistakes.append(f"line {line}: {mistake}")
    if mistakes:
        more = f"; and {len(mistakes) - SHOWN} more" if len(mistakes) > SHOWN else ""
        raise FixConfig(f"{where}: " + "; ".join(mistakes[:SHOWN]) + more + ".")
    if not found:
        raise FixConfig(f"{where} holds no rate; to use none, take rates.file out of health.yaml.")
    return [rate for _, rate in found.values() if rate.currency != reporting]


def _head(text: str) -> str:
    return text.lstrip().split("\n", 1)[0]


def _lines(text: str, where: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the cells of each line that is not blank, by column.

    Cells beyond the columns stand under an empty name.
    """
    if not text.strip():
        raise FixConfig(f"{where} is empty; its first line must be {','.join(COLUMNS)}.")
    reader = csv.reader(
        text.splitlines(), delimiter=";" if ";" in _head(text) else ",", strict=True
    )
    columns: list[str] = []
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if not any(trimmed):
                continue
            if columns:
                beyond = "".join(trimmed[len(columns) :])
                yield reader.line_num, {**dict(zip(columns, trimmed, strict=False)), "": beyond}
            else:
                columns = _columns(trimmed, where)
    except csv.Error as error:
        raise FixConfig(f"{where}, line {reader.line_num}: not CSV ({error}).") from error


def _columns(cells: list[str], where: str) -> list[str]:
    columns = [cell.lower() for cell in cells]
    missing = [name for name in COLUMNS if columns.count(name) != 1]
    if missing:
        raise FixConfig(
            f"{where}: its first line must name the columns {','.join(COLUMNS)} once each; "
            f"look at {', '.join(missing)}."
        )
    return columns


def _rate(entered: dict[str, str], *, text_is_decimal_comma: bool, known: Collection[str]) -> Rate:
    """Return what a line says; ValueError says what is wrong with it."""
    cells = {name: entered.get(name, "") for name in COLUMNS}
    currency = cells["currency"].lower()
    if entered[""]:
        raise ValueError("there are more cells than columns; is a comma part of a number?")
    if currency not in known:
        raise ValueError(f"{cells['currency']!r} is no currency of ISO 4217 that we know")
    number = cells["rate"].replace(",", ".") if text_is_decimal_comma else cells["rate"]
    if not NUMBER.fullmatch(number) or not Decimal(number):
        raise ValueError(f"the rate {cells['rate']!r} is no number above 0")
    if not cells["source"]:
        raise ValueError("the source is missing: say where the rate comes from")
    return Rate(currency, _day(cells["day"]), Decimal(number), cells["source"])


def _day(entered: str) -> date:
    try:
        if DAY.fullmatch(entered):
            return date.fromisoformat(entered)
    except ValueError:
        pass
    raise ValueError(f"{entered!r} is no day; write it as YYYY-MM-DD")


def _refuse_second(rate: Rate, first_line: int, first: Rate) -> None:
    if first != rate:
        raise ValueError(f"says other than line {first_line} of {rate.currency} on {rate.day}")


def _refuse_other_reporting(rate: Rate, reporting: str) -> None:
    if rate.currency == reporting and rate.rate != 1:
        raise ValueError(
            f"{reporting} is the reporting currency, so its rate is 1; are these rates for another?"
        )
