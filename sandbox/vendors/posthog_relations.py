"""SELECT and what it stands on: tables, subqueries, joins, order and limits."""

import re
from collections.abc import Callable

from sqlglot import exp

from sandbox.vendors.posthog_http import invalid
from sandbox.vendors.posthog_sql import HogQL, identifier, only, unsupported
from sandbox.vendors.posthog_store import TABLES

BESIDE_EVENT = re.compile(r"person|group_[0-4]")
CLAUSES = (
    "expressions",
    "distinct",
    "from_",
    "joins",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "with_",
)


class Relations:
    """Prints the queries of one tree; `show` prints expressions.

    `names` are the tables' and subqueries' names anywhere in the tree; `aliases` what a name that a
    select list gives stands for.
    """

    def __init__(self, tree: exp.Query, show: Callable[[exp.Expression], str]) -> None:
        self._show = show
        self._ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
        sources = tree.find_all(exp.Table, exp.Subquery)
        self.names = self._ctes | {source.alias_or_name for source in sources} - {""}
        self.aliases = {alias.alias: alias.this for alias in tree.find_all(exp.Alias)}
        self._is_wide = any(
            BESIDE_EVENT.fullmatch(part.name)
            for column in tree.find_all(exp.Column)
            for part in column.parts[:-1]
        )

    def query(self, node: exp.Expression, limit: int | None = None) -> str:
        """With `limit` in the place of the query's own, where it is given."""
        if isinstance(node, exp.Subquery):
            only(node, "this", "alias")
            return self.query(node.this, limit)
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, limit)
        if not isinstance(node, exp.Select):
            raise unsupported(type(node).__name__)
        only(node, *CLAUSES)
        return " ".join(part for part in self._parts(node, limit) if part)

    def _parts(self, node: exp.Select, limit: int | None) -> list[str]:
        distinct = node.args.get("distinct")
        if distinct:
            only(distinct)
        return [
            self._with(node),
            f"SELECT {'DISTINCT ' if distinct else ''}",
            ", ".join(map(self._selected, node.selects)),
            self._from(node),
            *map(self._join, node.args.get("joins") or []),
            self._clause(node, "where", "WHERE"),
            self._group(node),
            self._clause(node, "having", "HAVING"),
            *self._tail(node, limit),
        ]

    def _selected(self, node: exp.Expression) -> str:
        """What has no name of its own is named as it was written, also for a star around it."""
        is_named = isinstance(node, exp.Alias | exp.Column | exp.Dot | exp.Star)
        shown = self._show(node)
        return shown if is_named else f"{shown} AS {identifier(node.sql(HogQL))}"

    def _tail(self, node: exp.Query, limit: int | None) -> list[str]:
        order = node.args.get("order")
        shown = [self.order(order)] if order else []
        if limit is not None:
            shown.append(f"LIMIT {limit}")
        elif node.args.get("limit"):
            only(node.args["limit"], "expression")
            shown.append(f"LIMIT {self._show(node.args['limit'].expression)}")
        if node.args.get("offset"):
            only(node.args["offset"], "expression")
            shown.append(f"OFFSET {self._show(node.args['offset'].expression)}")
        return shown

    def _set_operation(self, node: exp.SetOperation, limit: int | None) -> str:
        only(node, "this", "expression", "distinct", "order", "limit", "offset", "with_")
        if not isinstance(node, exp.Union):
            raise unsupported(type(node).__name__)
        word = "UNION" if node.args.get("distinct") else "UNION ALL"
        sides = f"({self.query(node.left)}) {word} ({self.query(node.right)})"
        parts = [self._with(node), f"SELECT * FROM ({sides})", *self._tail(node, limit)]  # noqa: S608
        return " ".join(part for part in parts if part)

    def order(self, node: exp.Expression) -> str:
        """ClickHouse puts what is missing last, whichever way it sorts."""
        only(node, "expressions")
        shown = []
        for one in node.expressions:
            only(one, "this", "desc", "nulls_first")
            is_first = one.args.get("nulls_first")
            way = "DESC" if one.args.get("desc") else "ASC"
            shown.append(f"{self._show(one.this)} {way} NULLS {'FIRST' if is_first else 'LAST'}")
        return f"ORDER BY {', '.join(shown)}"

    def _with(self, node: exp.Query) -> str:
        given = node.args.get("with_")
        if not given:
            return ""
        only(given, "expressions")
        shown = [
            f"{identifier(cte.alias)} AS ({self.query(cte.this)})" for cte in given.expressions
        ]
        return f"WITH {', '.join(shown)}"

    def _from(self, node: exp.Select) -> str:
        given = node.args.get("from_")
        return f"FROM {self._source(given.this)}" if given else ""

    def _source(self, node: exp.Expression) -> str:
        if isinstance(node, exp.Subquery):
            only(node, "this", "alias")
            return f"({self.query(node.this)}){_alias(node)}"
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            raise unsupported(f"FROM {type(node.this).__name__}")
        only(node, "this", "alias")
        if node.name in self._ctes:
            return f"{identifier(node.name)}{_alias(node)}"
        if node.name not in TABLES:
            raise invalid(f'Unknown table "{node.name}".')
        is_wide = node.name == "events" and self._is_wide
        alias = _alias(node) or f' AS "{node.name}"'
        return f'"{node.name}{"_wide" if is_wide else ""}"{alias}'

    def _join(self, node: exp.Expression) -> str:
        only(node, "this", "side", "kind", "on", "using")
        words = [word for word in (node.side, node.kind) if word]
        if not set(words) <= {"LEFT", "INNER", "CROSS", "OUTER"}:
            raise unsupported(f"{' '.join(words)} JOIN")
        shown = f"{' '.join(words)} JOIN {self._source(node.this)}"
        if node.args.get("on"):
            return f"{shown} ON {self._show(node.args['on'])}"
        using = ", ".join(self._show(one) for one in node.args.get("using") or [])
        return f"{shown} USING ({using})" if using else shown

    def _clause(self, node: exp.Query, key: str, word: str) -> str:
        given = node.args.get(key)
        return f"{word} {self._show(given.this)}" if given else ""

    def _group(self, node: exp.Query) -> str:
        given = node.args.get("group")
        if not given:
            return ""
        only(given, "expressions")
        return f"GROUP BY {self._listed(given)}"

    def _listed(self, node: exp.Expression) -> str:
        return ", ".join(map(self._show, node.expressions))


def _alias(node: exp.Expression) -> str:
    alias = node.args.get("alias")
    if alias is None:
        return ""
    only(alias, "this")
    return f" AS {identifier(alias.name)}"
