"""Names in HogQL: columns, and paths such as person.properties.email."""

import re
from collections.abc import Collection, Sequence

from sqlglot import exp

from sandbox.vendors.posthog_http import invalid
from sandbox.vendors.posthog_sql import identifier, json_at, unsupported

MOST_ALIASES = 5
GROUP_PART = re.compile(r"group_([0-4])")


class Names:
    """`sources` are the names of tables, `aliases` what a name of a select list stands for."""

    def __init__(self, sources: Collection[str], aliases: dict[str, exp.Expression]) -> None:
        self._sources = sources
        self._aliases = aliases

    def meaning(self, node: exp.Expression) -> exp.Expression:
        """What an alias stands for, through aliases of aliases; any other expression itself."""
        for _ in range(MOST_ALIASES):
            if not isinstance(node, exp.Column) or node.name not in self._aliases:
                break
            node = self._aliases[node.name]
        return node

    def show(self, node: exp.Column | exp.Dot) -> str:
        return self.path([part.name for part in node.parts])

    def path(self, parts: Sequence[str]) -> str:
        """400 for a path that leads nowhere; whether a column exists the database says."""
        prefix = ""
        if len(parts) > 1 and parts[0] in self._sources:
            prefix, parts = f"{identifier(parts[0])}.", parts[1:]
        if len(parts) == 1:
            return prefix + ("*" if parts[0] == "*" else identifier(parts[0]))
        first, second, *rest = parts
        if first == "properties":
            return json_at(f"{prefix}properties", [second, *rest])
        if first == "person":
            return self._person(prefix, second, rest)
        if group := GROUP_PART.fullmatch(first):
            return self._group(prefix, group[1], second, rest)
        raise invalid(f"Unable to resolve field: {'.'.join(parts)}")

    def bracketed(self, column: exp.Expression, key: str) -> str:
        """properties['x'] is properties.x, also behind `person` and the like."""
        if not isinstance(column, exp.Column) or column.name != "properties":
            raise unsupported("text in brackets behind anything but properties")
        return self.path([*(part.name for part in column.parts), key])

    def _person(self, prefix: str, second: str, rest: Sequence[str]) -> str:
        if second == "properties" and rest:
            return json_at(f"{prefix}person_properties", rest)
        if second in ("id", "created_at") and not rest:
            return f"{prefix}person_{second}"
        raise invalid(f"Unable to resolve field: person.{second}")

    def _group(self, prefix: str, index: str, second: str, rest: Sequence[str]) -> str:
        if second == "properties" and rest:
            return json_at(f"{prefix}group_{index}_properties", rest)
        if second == "key" and not rest:
            return f'{prefix}"$group_{index}"'
        if second == "created_at" and not rest:
            return f"{prefix}group_{index}_created_at"
        raise invalid(f"Unable to resolve field: group_{index}.{second}")
