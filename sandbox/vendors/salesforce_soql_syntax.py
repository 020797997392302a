"""SOQL text to a syntax tree; what is not understood is a 400 MALFORMED_QUERY, never dropped.

The grammar is that of the SOQL reference (checked Nov 2026) without TYPEOF, geolocation, data
categories and bind variables. Errors show where they are, as the real ones do.
"""

import re
from dataclasses import dataclass

from sandbox.vendors.salesforce_http import Refused

TOKEN = re.compile(
    r"(?P<text>'(?:\\.|[^'\\])*')"
    r"|(?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))?(?![\w:]))"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w:]))"
    r"|(?P<name>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)"
    r"|(?P<sign><=|>=|!=|<>|[=<>(),:])"
    r"|(?P<unknown>\S)"
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """In capitals where it can be a keyword, else empty."""
        return self.text.upper() if self.kind == "name" else ""


@dataclass(frozen=True, slots=True)
class Path:
    """A field, perhaps of a parent: Owner.Email is ("Owner", "Email")."""

    parts: tuple[str, ...]
    at: int

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Function:
    """`COUNT()` has no argument; `alias` is the name that the select list gives it."""

    name: str
    argument: "Path | Function | None"
    at: int
    alias: str | None = None


Operand = Path | Function


@dataclass(frozen=True, slots=True)
class Literal:
    """kind: text, number, moment, flag, null, or range for LAST_N_DAYS:30 and its like."""

    kind: str
    text: str
    at: int
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Compare:
    left: Operand
    sign: str
    right: Literal


@dataclass(frozen=True, slots=True)
class Among:
    """sign: IN, NOT IN, INCLUDES or EXCLUDES."""

    left: Operand
    sign: str
    right: "tuple[Literal, ...] | Query"


@dataclass(frozen=True, slots=True)
class Both:
    """word: AND or OR."""

    word: str
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


Condition = Compare | Among | Both | Not


@dataclass(frozen=True, slots=True)
class Order:
    by: Operand
    is_descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """`text` is the whole text, for messages. Nothing is checked against an org yet."""

    text: str
    select: tuple["Operand | Query", ...]
    source: Token
    alias: str | None = None
    where: Condition | None = None
    group: tuple[Operand, ...] = ()
    having: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    all_rows: bool = False


def to_tokens(text: str) -> list[Token]:
    tokens = [
        Token(str(found.lastgroup), found.group(), found.start()) for found in TOKEN.finditer(text)
    ]
    for token in tokens:
        if token.kind == "unknown":
            raise unexpected(text, token)
    return tokens


def unexpected(text: str, token: Token | None) -> Refused:
    if token is None:
        return Refused(400, "MALFORMED_QUERY", "unexpected token: '<EOF>'")
    message = f"unexpected token: '{token.text}'"
    return Refused(400, "MALFORMED_QUERY", shown(text, token.at, message))


def shown(text: str, at: int, message: str) -> str:
    """The message below the line that it is about, with an arrow at the place."""
    before = text[:at]
    row, start = before.count("\n") + 1, before.rfind("\n") + 1
    line, column = text[start:].split("\n", 1)[0], at - start
    window = line[max(0, column - 30) : column + 40]
    arrow = " " * min(column, 30) + "^"
    return f"\n{window}\n{arrow}\nERROR at Row:{row}:Column:{column + 1}\n{message}"
