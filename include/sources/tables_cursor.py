"""Where reading a table goes on: the newest value of a column that rises, less an overlap."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from include.errors import RejectData

Value = datetime | date | int | float | str
NUMBER = re.compile(r"\d{1,18}(\.\d{1,9})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})([ T])(\d{2}:\d{2}(:\d{2})?).*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far back a later run begins. minutes: of times and days; numbers: of numbers."""

    minutes: int
    numbers: int


class Newest:
    """The newest value of a cursor that was seen. place: for messages."""

    def __init__(self, place: str, before: Value | None) -> None:
        self._place = place
        self.value: Any = before

    def see_all(self, values: Iterable[Any]) -> None:
        """Take note of values; NULL says nothing. RejectData for values that have no one order."""
        known = [_plain(value) for value in values if value is not None]
        if not known:
            return
        try:
            highest = max(known)
            self.value = highest if self.value is None else max(self.value, highest)
        except TypeError:
            raise RejectData(
                f"{self._place}: the values of the cursor are of several kinds; cast it."
            ) from None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a database
    """Return a number as one, also where a file holds it as text: 10 comes after 9."""
    if isinstance(value, Decimal) or (isinstance(value, str) and NUMBER.fullmatch(value)):
        return _number(str(value))
    return value


def _number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)


def start_of(newest: Value, overlap: Overlap) -> Value:
    """Return from which value on rows are read again."""
    back = timedelta(minutes=overlap.minutes)
    match newest:
        case datetime():
            return newest - back
        case date():
            return newest - timedelta(days=-(-overlap.minutes // 1440))
        case int() | float():
            return newest - overlap.numbers
    if DAY.fullmatch(newest):
        return start_of(date.fromisoformat(newest), overlap).isoformat()  # type: ignore[union-attr]
    if found := MOMENT.fullmatch(newest):
        moment = datetime.fromisoformat(f"{found[1]}T{found[3]}") - back
        return moment.isoformat(sep=found[2], timespec="seconds")
    return newest


def believed(newest: Value | None, as_of: date, before: Value | None) -> Value | None:
    """Return the newest value, but none after the end of as_of, and none before `before`.

    A stamp from the future would hide all real changes until then; running an old day again must
    not hide what came since.
    """
    if newest is None:
        return before
    ends = datetime.combine(as_of + timedelta(days=1), time(), UTC)
    match newest:
        case datetime():
            newest = min(newest, ends if newest.tzinfo else ends.replace(tzinfo=None))
        case date():
            newest = min(newest, as_of)
        case str() if MOMENT.fullmatch(newest) or DAY.fullmatch(newest):
            newest = min(newest, ends.strftime("%Y-%m-%d"))
    return newest if before is None else max(newest, before)


def to_state(value: Value) -> dict[str, Any]:
    """Write a value so that JSON keeps its kind."""
    match value:
        case datetime():
            return {"time": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
    return {"plain": value}


def from_state(state: dict[str, Any] | None) -> Value | None:
    match state:
        case {"time": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"plain": int() | float() | str() as value}:
            return value
    return None
