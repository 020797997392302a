"""Chargebee's filters: `field[operator]=value`, with lists and ranges as text.

Which operators a kind of field has: filter types of the official clients, checked Nov 2026. `after`
and `before` leave their moment out, `between` takes both ends in, `on` is a day of UTC.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from sandbox.vendors.chargebee_http import wrong_value

DAY = 86_400
BRACKETED = re.compile(r"([a-z][a-z0-9_.\[\]]*)\[([a-z_]+)\]")
# One element of ["a","b"], ['a', 'b'] or [1, 2]: clients write all three.
ELEMENT = re.compile(r""""([^"]*)"|'([^']*)'|([^,\[\]"'\s]+)""")
WORDS = ("is", "is_not", "in", "not_in", "is_present")
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "text": (*WORDS, "starts_with"),
    "choice": WORDS,
    "flag": ("is", "is_present"),
    "number": ("is", "is_not", "lt", "lte", "gt", "gte", "between", "is_present"),
    "time": ("after", "before", "on", "between", "is_present"),
}
Value = Any
Test = Callable[[Value], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field must meet. A missing value meets `is_not`, `not_in` and absence only.

    low, high: no value below or above can meet it, so that a sorted list need not be walked whole.
    """

    field: str
    test: Test
    low: float = -inf
    high: float = inf


def to_conditions(pairs: Iterable[tuple[str, str]], kinds: Mapping[str, str]) -> list[Condition]:
    """Read all filters among the parameters; a field that cannot be filtered is refused."""
    conditions = []
    for name, text in pairs:
        match = BRACKETED.fullmatch(name)
        if match is None or match[1] == "sort_by":
            continue
        field, operator = match[1].replace("[", ".").replace("]", ""), match[2]
        kind = "text" if field.startswith("cf_") else kinds.get(field)
        if kind is None or operator not in OPERATORS[kind]:
            raise wrong_value(name, "is not a supported filter")
        test = _test(kind, operator, name, text)
        conditions.append(Condition(field, test, *_ends(kind, operator, text)))
    return conditions


def flag_of(name: str, text: str) -> bool:
    """true or false in any case: some clients write True."""
    if text.lower() not in {"true", "false"}:
        raise wrong_value(name, "invalid value, should be one of [true, false]")
    return text.lower() == "true"


def whole_of(name: str, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,15}", text.strip()):
        raise wrong_value(name, "should be a valid integer")
    return int(text)


def elements_of(text: str) -> list[str]:
    """The elements of a list written as text."""
    return [next(filter(None, found), "") for found in ELEMENT.findall(text)]


def _test(kind: str, operator: str, name: str, text: str) -> Test:
    if operator == "is_present":
        asked = flag_of(name, text)
        return lambda value: (value is not None) == asked
    if operator in {"in", "not_in"}:
        among = {_typed(kind, name, element) for element in elements_of(text)}
        return lambda value: (value in among) == (operator == "in")
    if operator == "between":
        ends = [whole_of(name, element) for element in elements_of(text)]
        if len(ends) != 2:
            raise wrong_value(name, "should be a list of two values")
        return lambda value: value is not None and ends[0] <= value <= ends[1]
    return _compared(operator, _typed(kind, name, text))


def _ends(kind: str, operator: str, text: str) -> tuple[float, float]:
    """The lowest and the highest value that can meet a filter, both included."""
    if kind != "time" or operator == "is_present":
        return -inf, inf
    first, *rest = [int(element) for element in elements_of(text)]
    ends: dict[str, tuple[float, float]] = {
        "after": (first + 1, inf),
        "before": (-inf, first - 1),
        "between": (first, rest[0] if rest else first),
        "on": (first // DAY * DAY, first // DAY * DAY + DAY - 1),
    }
    return ends[operator]


def _typed(kind: str, name: str, text: str) -> str | int | bool:
    if kind == "flag":
        return flag_of(name, text)
    return whole_of(name, text) if kind in {"number", "time"} else text


def _compared(operator: str, asked: Any) -> Test:  # noqa: ANN401
    tests: dict[str, Test] = {
        "is": lambda value: value == asked,
        "is_not": lambda value: value != asked,
        "starts_with": lambda value: value is not None and str(value).startswith(asked),
        "lt": lambda value: value is not None and value < asked,
        "lte": lambda value: value is not None and value <= asked,
        "gt": lambda value: value is not None and value > asked,
        "gte": lambda value: value is not None and value >= asked,
        "after": lambda value: value is not None and value > asked,
        "before": lambda value: value is not None and value < asked,
        "on": lambda value: value is not None and value // DAY == asked // DAY,
    }
    return tests[operator]
