"""Comparisons in HogQL: tuples place by place, and text beside a time as a time."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from sandbox.vendors import posthog_times as times
from sandbox.vendors.posthog_http import invalid
from sandbox.vendors.posthog_sql import is_text, only

OPERATORS = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
FUNCTIONS = {
    "equals": "=",
    "notequals": "<>",
    "less": "<",
    "lessorequals": "<=",
    "greater": ">",
    "greaterorequals": ">=",
}

Nodes = Sequence[exp.Expression]
Print = Callable[[exp.Expression], str]
Meaning = Callable[[exp.Expression], exp.Expression]


class Comparisons:
    """`show` prints the sides, `meaning` looks through aliases.

    `zone` is the project's, in which bare text is a time.
    """

    def __init__(self, show: Print, meaning: Meaning, zone: str) -> None:
        self._show = show
        self._meaning = meaning
        self._zone = zone

    def compare(self, operator: str, left: exp.Expression, right: exp.Expression) -> str:
        ours, theirs = members(left), members(right)
        if not ours and not theirs:
            return f"({self._beside(left, right)} {operator} {self._beside(right, left)})"
        if len(ours) != len(theirs):
            raise invalid("Cannot compare tuples of different sizes")
        return self._tuples(operator, ours, theirs)

    def _tuples(self, operator: str, left: Nodes, right: Nodes) -> str:
        """Place by place, so that each pair finds its common type."""
        first = self.compare(operator, left[0], right[0])
        if len(left) == 1:
            return first
        rest = self._tuples(operator, left[1:], right[1:])
        if operator in ("=", "<>"):
            return f"({first} {'AND' if operator == '=' else 'OR'} {rest})"
        strict = self.compare(operator[0], left[0], right[0])
        return f"({strict} OR ({self.compare('=', left[0], right[0])} AND {rest}))"

    def _beside(self, node: exp.Expression, other: exp.Expression) -> str:
        other = self._meaning(other)
        if is_text(node) and times.is_time(other):
            return times.instant_literal(node.name, times.zone_of(other, self._zone))
        if is_text(node) and times.is_date(other):
            return times.date_literal(node.name)
        return self._show(node)

    def is_in(self, node: exp.In) -> str:
        """An empty list holds nothing."""
        only(node, "this", "expressions", "query", "field")
        if node.args.get("query"):
            return f"({self._show(node.this)} IN {self._show(node.args['query'])})"
        options = self._options(node)
        if not options:
            return "FALSE"
        if members(node.this):
            return f"({' OR '.join(self.compare('=', node.this, one) for one in options)})"
        shown = ", ".join(self._beside(one, node.this) for one in options)
        return f"({self._show(node.this)} IN ({shown}))"

    def _options(self, node: exp.In) -> Nodes:
        field = node.args.get("field")
        if field is None:
            return node.expressions
        return members(field) or (field.expressions if isinstance(field, exp.Array) else [field])

    def between(self, node: exp.Between) -> str:
        low = self.compare(">=", node.this, node.args["low"])
        return f"({low} AND {self.compare('<=', node.this, node.args['high'])})"


def members(node: exp.Expression) -> Nodes:
    """The places of a tuple, also where it is spelt tuple(…); none for what is no tuple."""
    if isinstance(node, exp.Paren):
        return members(node.this)
    is_call = isinstance(node, exp.Anonymous) and str(node.this).lower() == "tuple"
    return node.expressions if is_call or isinstance(node, exp.Tuple) else []
