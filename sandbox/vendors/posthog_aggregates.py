"""Aggregations of HogQL in DuckDB's words."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from sandbox.vendors.posthog_functions import AGGREGATES, COUNTS
from sandbox.vendors.posthog_http import invalid
from sandbox.vendors.posthog_sql import arguments_of, expect, name_of


class Aggregates:
    """Prints aggregations; `show` prints their arguments. `If` behind a name adds a condition."""

    def __init__(self, show: Callable[[exp.Expression], str]) -> None:
        self._show = show

    def aggregate(self, node: exp.Expression) -> str:
        name, given = name_of(node), arguments_of(node)
        conditions = []
        if name.endswith("if") and is_aggregate(name) and given:
            *given, last = given
            name, conditions = name[:-2], [self._show(last)]
        if name == "count":
            inner, around = self._count(given), "{}"
        elif name in AGGREGATES:
            inner, around = self._aggregated(name, given, node), AGGREGATES[name][1]
        else:
            raise invalid(f"Unsupported aggregation '{node.this}(...)'")
        if name == "grouparray":
            conditions.append(f"{self._show(given[0])} IS NOT NULL")
        if conditions:
            inner = f"{inner} FILTER (WHERE {' AND '.join(conditions)})"
        if name == "grouparray" and isinstance(node, exp.ParameterizedAgg):
            return f"list_slice({around.format(inner)}, 1, {_count_of(node)})"
        return around.format(inner)

    def _aggregated(self, name: str, given: Sequence[exp.Expression], node: exp.Expression) -> str:
        template = AGGREGATES[name][0]
        if name in COUNTS and given:
            shown = ", ".join(map(self._show, given))
            return template.format(shown if len(given) == 1 else f"({shown})")
        expect(name, given, template.count("{0}") + template.count("{1}"))
        share = "0.5"
        if isinstance(node, exp.ParameterizedAgg):
            share = ", ".join(map(self._show, node.args["expressions"]))
        return template.format(*map(self._show, given), p=share)

    def _count(self, given: Sequence[exp.Expression]) -> str:
        if not given or isinstance(given[0], exp.Star):
            return "count(*)"
        if isinstance(given[0], exp.Distinct):
            shown = ", ".join(map(self._show, given[0].expressions))
            return f"count(DISTINCT {shown if len(given[0].expressions) == 1 else f'({shown})'})"
        expect("count", given, 1)
        return f"count({self._show(given[0])})"


def is_aggregate(name: str) -> bool:
    """`name` in lower case, with `if` behind it or without."""
    return name.removesuffix("if") in (*AGGREGATES, "count")


def _count_of(node: exp.ParameterizedAgg) -> int:
    (count,) = node.args["expressions"]
    if not count.name.isdecimal():
        raise invalid("groupArray(n) expects a whole number")
    return int(count.name)
