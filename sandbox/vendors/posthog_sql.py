"""HogQL text to a syntax tree: values go in as constants of the tree, never as text.

HogQL is ClickHouse's SQL with `{placeholders}` and with `$` in names.
"""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.clickhouse import ClickHouse
from sqlglot.errors import SqlglotError

from sandbox.vendors.posthog_http import Refused, invalid

MOST_CHARACTERS = 50_000
# Text, quoted names and comments stay as they are; outside of them {name} is a placeholder and
# $name a name.
TOKEN = re.compile(
    r"""'(?:\\.|''|[^'\\])*'|`[^`]*`|"[^"]*"|--[^\n]*|/\*.*?\*/"""
    r"""|\{\s*(?P<placeholder>[A-Za-z_][\w.]*)\s*\}|(?P<name>\$\w+)""",
    re.DOTALL,
)
MARK = "__value_{}__"


class HogQL(ClickHouse):
    """Every function keeps the name that was written, so that one table says what each means."""

    class Parser(ClickHouse.Parser):
        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            "CAST": ClickHouse.Parser.FUNCTION_PARSERS["CAST"]
        }
        NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            "CASE": ClickHouse.Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]
        }


def parse(query: str, values: dict[str, Any]) -> exp.Query:
    """400 for what is no single SELECT, and for a placeholder without a value."""
    constants: dict[str, exp.Expression] = {}

    def marked(match: re.Match[str]) -> str:
        name = match["placeholder"]
        if match["name"]:
            return f"`{match['name']}`"
        if not name:
            return match[0]
        if name not in values:
            raise invalid(f"Unresolved placeholder: {{{name}}}")
        mark = MARK.format(len(constants))
        constants[mark] = _constant(values[name])
        return mark

    def filled(node: exp.Expression) -> exp.Expression:
        is_mark = isinstance(node, exp.Column) and not node.table and node.name in constants
        return constants[node.name].copy() if is_mark else node

    if len(query) > MOST_CHARACTERS:
        raise invalid(f"Query is longer than {MOST_CHARACTERS} characters")
    tree = _tree(TOKEN.sub(marked, query))
    return tree.transform(filled, copy=False)


def _constant(value: Any) -> exp.Expression:  # noqa: ANN401
    """A JSON value as a constant of the tree; 400 for an object."""
    if isinstance(value, dict):
        raise invalid("A placeholder's value must be text, a number, a boolean, null or a list")
    if isinstance(value, list):
        return exp.Array(expressions=[_constant(one) for one in value])
    return exp.Literal.string(value) if isinstance(value, str) else exp.convert(value)


def _tree(text: str) -> exp.Query:
    try:
        trees = sqlglot.parse(text, dialect=HogQL)
    except SqlglotError as error:
        said = re.sub(r"\x1b\[\d+m", "", str(error)).split("\n")[0]
        raise invalid(f"Syntax error: {said}") from error
    except RecursionError as error:
        raise invalid("Query is nested too deeply") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation):
        raise invalid("Only a single SELECT query can run")
    return trees[0]


def name_of(node: exp.Expression) -> str:
    """A function's name in lower case; "" for what is no function."""
    kinds = exp.Anonymous | exp.AnonymousAggFunc | exp.ParameterizedAgg
    return str(node.this).lower() if isinstance(node, kinds) else ""


def arguments_of(node: exp.Expression) -> list[exp.Expression]:
    """A function's arguments; a parametric one's stand behind its parameters."""
    parametric = isinstance(node, exp.ParameterizedAgg)
    return list(node.args.get("params" if parametric else "expressions") or [])


def only(node: exp.Expression, *allowed: str) -> None:
    """400 when a clause was written that the sandbox does not know: nothing is dropped silently."""
    for key, value in node.args.items():
        if value and key not in allowed:
            raise unsupported(f"{key.strip('_').upper()} in {type(node).__name__}")


def expect(name: str, given: Sequence[exp.Expression], count: int) -> None:
    """400 when a function has another number of arguments."""
    if len(given) != count:
        raise invalid(f"Function '{name}' expects {count} arguments, found {len(given)}")


def is_text(node: exp.Expression) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)


def identifier(name: str) -> str:
    """A name as the database's identifier."""
    return '"' + name.replace("\0", "").replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Text as the database's literal."""
    return "'" + text.replace("\0", "").replace("'", "''") + "'"


def json_at(sql: str, keys: Sequence[str]) -> str:
    """The text at a path of keys in a JSON column; missing where there is none."""
    steps = (key.replace("~", "~0").replace("/", "~1") for key in keys)
    return f"json_extract_string({sql}, {quoted(''.join(f'/{step}' for step in steps))})"


def unsupported(what: str) -> Refused:
    return invalid(f"Unsupported in this sandbox: {what}")
