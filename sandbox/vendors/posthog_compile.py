"""A HogQL tree in DuckDB's words. Only what is named here passes; anything else is a 400."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlglot import exp

from sandbox.vendors import posthog_times as times
from sandbox.vendors.posthog_aggregates import Aggregates, is_aggregate
from sandbox.vendors.posthog_calls import Calls, interval
from sandbox.vendors.posthog_compare import FUNCTIONS, OPERATORS, Comparisons
from sandbox.vendors.posthog_functions import CASTS
from sandbox.vendors.posthog_http import invalid
from sandbox.vendors.posthog_names import Names
from sandbox.vendors.posthog_relations import Relations
from sandbox.vendors.posthog_sql import (
    identifier,
    is_text,
    only,
    quoted,
    unsupported,
)

SIGNS = {
    exp.And: "AND",
    exp.Or: "OR",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.DPipe: "||",
}
NUMBER = re.compile(r"\d+(\.\d*)?([eE][+-]?\d+)?")


class Compiler:
    """Prints one parsed query; `zone` is the project's time zone, `now` the world's time."""

    def __init__(self, tree: exp.Query, now: datetime, zone: str) -> None:
        self._relations = Relations(tree, self.show)
        self._names = Names(self._relations.names, self._relations.aliases)
        self._comparisons = Comparisons(self.show, self._names.meaning, zone)
        self._calls = Calls(self.show, self._names.meaning, now, zone)
        self._aggregates = Aggregates(self.show)
        self._printers = self._choose_printers()

    def query(self, tree: exp.Query, limit: int | None = None) -> str:
        """With `limit` in the place of the query's own, where it is given."""
        return self._relations.query(tree, limit)

    def number(self, node: exp.Expression | None) -> int | None:
        """The value of a LIMIT or OFFSET; None where there is none."""
        if node is None:
            return None
        only(node, "expression")
        if is_text(node.expression) or not node.expression.name.isdecimal():
            raise invalid("LIMIT and OFFSET must be whole numbers")
        return int(node.expression.name)

    def show(self, node: exp.Expression) -> str:
        """Any expression."""
        kind = type(node)
        if isinstance(node, exp.Add | exp.Sub) and isinstance(node.right, exp.Interval):
            return self._calls.shifted(node)
        if kind in SIGNS:
            return f"({self.show(node.left)} {SIGNS[kind]} {self.show(node.right)})"
        if kind in OPERATORS:
            return self._comparisons.compare(OPERATORS[kind], node.left, node.right)
        if isinstance(node, exp.Query):
            return f"({self.query(node)})"
        if kind in self._printers:
            return self._printers[kind](node)
        raise unsupported(kind.__name__)

    def _choose_printers(self) -> dict[type, Callable[[Any], str]]:
        aggregate = self._aggregates.aggregate
        return {
            exp.Column: self._names.show,
            exp.Dot: self._dot,
            exp.Bracket: self._bracket,
            exp.In: self._comparisons.is_in,
            exp.Between: self._comparisons.between,
            exp.Like: self._like,
            exp.ILike: self._like,
            exp.Anonymous: self._call,
            exp.AnonymousAggFunc: aggregate,
            exp.CombinedAggFunc: aggregate,
            exp.ParameterizedAgg: aggregate,
            exp.CombinedParameterizedAgg: aggregate,
            exp.Case: self._case,
            exp.If: self._if,
            exp.Cast: self._cast,
            exp.Window: self._window,
            exp.Literal: _literal,
            exp.Star: _star,
            exp.Boolean: lambda node: str(node.this).upper(),
            exp.Null: lambda _: "NULL",
            exp.Paren: lambda node: f"({self.show(node.this)})",
            exp.Not: lambda node: f"(NOT {self.show(node.this)})",
            exp.Neg: lambda node: f"(- {self.show(node.this)})",
            exp.Is: lambda node: f"({self.show(node.this)} IS {self.show(node.expression)})",
            exp.Exists: lambda node: f"EXISTS {self.show(node.this)}",
            exp.Array: lambda node: f"[{self._listed(node)}]",
            exp.Tuple: lambda node: f"({self._listed(node)})",
            exp.Interval: lambda node: interval(self.show(node.this), node.args["unit"].name),
            exp.Alias: lambda node: f"{self.show(node.this)} AS {identifier(node.alias)}",
        }

    def _listed(self, node: exp.Expression) -> str:
        return ", ".join(map(self.show, node.expressions))

    def _dot(self, node: exp.Dot) -> str:
        if not all(isinstance(part, exp.Identifier) for part in node.parts):
            raise unsupported("a dot behind anything but a name")
        return self._names.path([part.name for part in node.parts])

    def _bracket(self, node: exp.Bracket) -> str:
        (index,) = node.expressions
        if is_text(index):
            return self._names.bracketed(node.this, index.name)
        if not isinstance(index, exp.Literal):
            raise unsupported("brackets around anything but a constant")
        # The parser counts from 0, ClickHouse and DuckDB from 1.
        return f"({self.show(node.this)})[{int(index.name) + 1}]"

    def _like(self, node: exp.Like | exp.ILike) -> str:
        only(node, "this", "expression", "negate")
        word = "LIKE" if isinstance(node, exp.Like) else "ILIKE"
        negation = "NOT " if node.args.get("negate") else ""
        return f"({self.show(node.this)} {negation}{word} {self.show(node.expression)})"

    def _call(self, node: exp.Anonymous) -> str:
        name = str(node.this).lower()
        if name in FUNCTIONS and len(node.expressions) == 2:
            left, right = node.expressions
            return self._comparisons.compare(FUNCTIONS[name], left, right)
        if is_aggregate(name):  # written in capitals: COUNT, SUM
            return self._aggregates.aggregate(node)
        return self._calls.call(node)

    def _case(self, node: exp.Case) -> str:
        shown = ["CASE"]
        for branch in node.args["ifs"]:
            when = (
                branch.this if node.this is None else exp.EQ(this=node.this, expression=branch.this)
            )
            shown.append(f"WHEN {self.show(when)} THEN {self.show(branch.args['true'])}")
        default = node.args.get("default")
        return " ".join([*shown, f"ELSE {self.show(default)}" if default else "", "END"])

    def _if(self, node: exp.If) -> str:
        """The question mark of ClickHouse: a ? b : c."""
        true, false = (self.show(node.args[way]) for way in ("true", "false"))
        return f"CASE WHEN {self.show(node.this)} THEN {true} ELSE {false} END"

    def _cast(self, node: exp.Cast) -> str:
        kind = node.args["to"].this.name
        if kind not in CASTS:
            raise unsupported(f"CAST to {kind}")
        if kind == "DATE" and is_text(node.this):
            return times.date_literal(node.this.name)
        return f"CAST({self.show(node.this)} AS {CASTS[kind]})"

    def _window(self, node: exp.Window) -> str:
        only(node, "this", "partition_by", "order", "over")
        parts = node.args.get("partition_by") or []
        clauses = [f"PARTITION BY {', '.join(map(self.show, parts))}"] if parts else []
        if node.args.get("order"):
            clauses.append(self._relations.order(node.args["order"]))
        return f"{self.show(node.this)} OVER ({' '.join(clauses)})"


def _literal(node: exp.Literal) -> str:
    if node.is_string:
        return quoted(node.name)
    if not NUMBER.fullmatch(node.name):
        raise unsupported(f"the number {node.name[:20]}")
    return str(node.name)


def _star(node: exp.Star) -> str:
    only(node)
    return "*"
