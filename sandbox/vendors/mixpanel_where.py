"""Mixpanel's segmentation expressions: `properties["$email"] == "a@b.c" and defined(user["x"])`.

Known: and, or, not, in, comparisons, + - * /, brackets, text, numbers, true, false, null,
defined(), number(), string(), boolean(), datetime(), lists, and the roots properties, user, event.
Anything else is refused. Form: Mixpanel's page on segmentation expressions, checked Nov 2026.
"""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson

from sandbox.vendors.mixpanel_http import Refused

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<sign>==|!=|<=|>=|[<>()\[\],+*/-])|(?P<word>[A-Za-z_$][\w$]*))"""
)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SUMS = {"+": operator.add, "-": operator.sub}
PRODUCTS = {"*": operator.mul, "/": operator.truediv}
WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
ROOTS = ("properties", "user", "event")
Value = Callable[[dict[str, Any]], Any]


def compiled(text: str) -> Value:
    """Return what tells the value of an expression for one set of properties; 400 if it is none."""
    parser = _Parser(_tokens(text), text)
    value = parser.either()
    parser.end()
    return value


def holds(value: Value, properties: dict[str, Any]) -> bool:
    return value(properties) is True


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if match is None:
            raise _invalid(text)
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        place = match.end()
    return [*found, ("end", "")]


def _invalid(text: str) -> Refused:
    return Refused(400, f"Invalid selector expression: {text}")


class _Parser:
    """Recursive descent; each method reads one level of binding."""

    def __init__(self, tokens: list[tuple[str, str]], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._at = 0

    def end(self) -> None:
        if self._tokens[self._at][0] != "end":
            raise _invalid(self._text)

    def either(self) -> Value:
        left = self._both()
        while self._take("or"):
            left = _either(left, self._both())
        return left

    def _both(self) -> Value:
        left = self._not()
        while self._take("and"):
            left = _both(left, self._not())
        return left

    def _not(self) -> Value:
        if self._take("not"):
            inner = self._not()
            return lambda row: not inner(row)
        return self._compared()

    def _compared(self) -> Value:
        left = self._sum()
        is_negative = self._tokens[self._at][1] == "not" and self._take("not")
        if self._take("in"):
            within = _within(left, self._sum())
            return (lambda row: not within(row)) if is_negative else within
        sign = self._tokens[self._at][1]
        if self._tokens[self._at][0] == "sign" and sign in COMPARISONS:
            self._at += 1
            return _compared(COMPARISONS[sign], left, self._sum())
        return left

    def _sum(self) -> Value:
        left = self._product()
        while (sign := self._one_of(SUMS)) is not None:
            left = _calculated(SUMS[sign], left, self._product())
        return left

    def _product(self) -> Value:
        left = self._single()
        while (sign := self._one_of(PRODUCTS)) is not None:
            left = _calculated(PRODUCTS[sign], left, self._single())
        return left

    def _single(self) -> Value:
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return _constant(_unquoted(text))
        if kind == "number":
            return _constant(float(text) if "." in text else int(text))
        if text == "(":
            inner = self.either()
            self._needed(")")
            return inner
        if text == "[":
            return self._list()
        return self._named(text)

    def _named(self, text: str) -> Value:
        if text.lower() in WORDS:
            return _constant(WORDS[text.lower()])
        if text in ROOTS and self._take("["):
            name = self._single()({})
            self._needed("]")
            return _property(str(name))
        if text in FUNCTIONS and self._take("("):
            inner = self.either()
            self._needed(")")
            return _applied(FUNCTIONS[text], inner)
        raise _invalid(self._text)

    def _list(self) -> Value:
        items = []
        while not self._take("]"):
            items.append(self._single())
            self._take(",")
        return lambda row: [item(row) for item in items]

    def _take(self, text: str) -> bool:
        is_next = self._tokens[self._at][1] == text and self._tokens[self._at][0] != "text"
        self._at += is_next
        return is_next

    def _one_of(self, signs: dict[str, Any]) -> str | None:
        return next((sign for sign in signs if self._take(sign)), None)

    def _needed(self, text: str) -> None:
        if not self._take(text):
            raise _invalid(self._text)


def _unquoted(text: str) -> Any:  # noqa: ANN401
    if text[0] == '"':
        return orjson.loads(text)
    return text[1:-1].replace("\\'", "'")


def _constant(value: object) -> Value:
    return lambda _row: value


def _property(name: str) -> Value:
    """`$time` is another name of an event's time."""
    return lambda row: row.get(name, row.get("time") if name == "$time" else None)


def _either(left: Value, right: Value) -> Value:
    return lambda row: bool(left(row)) or bool(right(row))


def _both(left: Value, right: Value) -> Value:
    return lambda row: bool(left(row)) and bool(right(row))


def _within(left: Value, right: Value) -> Value:
    def value(row: dict[str, Any]) -> bool:
        part, whole = left(row), right(row)
        if isinstance(whole, list):
            return part in whole
        return isinstance(whole, str) and isinstance(part, str) and part in whole

    return value


def _compared(compare: Callable[[Any, Any], bool], left: Value, right: Value) -> Value:
    def value(row: dict[str, Any]) -> bool:
        try:
            return compare(left(row), right(row))
        except TypeError:
            return False

    return value


def _calculated(calculate: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
    def value(row: dict[str, Any]) -> Any:  # noqa: ANN401
        try:
            return calculate(left(row), right(row))
        except (TypeError, ZeroDivisionError):
            return None

    return value


def _applied(function: Callable[[Any], Any], inner: Value) -> Value:
    return lambda row: function(inner(row))


def _number(value: Any) -> float | None:  # noqa: ANN401
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _moment(value: Any) -> float | None:  # noqa: ANN401
    """Epoch seconds; ISO text without a zone is UTC."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp()
        except ValueError:
            return None
    return _number(value)


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "defined": lambda value: value is not None,
    "number": _number,
    "string": lambda value: None if value is None else str(value),
    "boolean": bool,
    "datetime": _moment,
}
