"""A query's select list as a function from a row to a record with its `attributes`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.vendors.salesforce_columns import Column
from sandbox.vendors.salesforce_http import Json, Refused
from sandbox.vendors.salesforce_soql_scope import OF_ANY_PARENT, Scope
from sandbox.vendors.salesforce_soql_syntax import Function, Operand, Path, Query

Below = Callable[[Scope, Query], Callable[[int], Json | None]]
Part = Callable[[int], Any]
MOST_WITH_ALL = 200


@dataclass(slots=True)
class Shape:
    """What a record consists of, in the order of the select list."""

    scope: Scope
    data: str
    parts: dict[str, Part] = field(default_factory=dict)

    def __call__(self, row: int) -> Json:
        record: Json = {"attributes": self.attributes(row)}
        for name, part in self.parts.items():
            record[name] = part(row)
        return record

    def attributes(self, row: int) -> Json:
        name = self.scope.kind.name
        url = f"{self.data}/sobjects/{name}/{self.scope.table.value('Id', row)}"
        return {"type": name, "url": url}


def to_shape(scope: Scope, select: Sequence[Operand | Query], below: Below, data: str) -> Shape:
    shape = Shape(scope, data)
    above: dict[str, list[Path]] = {}
    for given in select:
        item = scope.without_alias(given) if isinstance(given, Path) else given
        if isinstance(item, Query):
            shape.parts[item.source.text] = below(scope, item)
        elif isinstance(item, Path) and (up := _way_up(scope, item)):
            if up not in above:
                above[up] = []
                shape.parts[up] = lambda _row: None  # its place in the order
            above[up].append(Path(item.parts[1:], item.at))
        else:
            bound = scope.bind(item)
            shape.parts[_free(shape, bound.name, item)] = bound.read
    for name, paths in above.items():
        shape.parts[name] = _parent(scope, name, paths, data)
    return shape


def _free(shape: Shape, name: str, item: Operand) -> str:
    """The name of a part; functions without an alias are numbered, a field comes only once."""
    if isinstance(item, Function) and name == "expr0":
        return f"expr{sum(1 for one in shape.parts if one.startswith('expr'))}"
    if name in shape.parts:
        message = f"duplicate field selected: {name}"
        raise shape.scope.refused("MALFORMED_QUERY", item.at, message)
    return name


def _way_up(scope: Scope, path: Path) -> str | None:
    """The relationship that a path begins with; checks the path in any case."""
    if len(path.parts) == 1:
        return None
    scope.bind(path)
    up = scope.lookup(path.parts[0])
    return None if up is None else up.relationship


def _parent(scope: Scope, name: str, paths: list[Path], data: str) -> Part:
    up = scope.lookup(name)
    assert up is not None, "the path was checked"
    parents = scope.parents(up)
    shapes = {
        prefix: to_shape(one, paths, nothing_below, data) if len(up.refers) == 1
        else _of_any(one, paths, data)
        for prefix, one in parents.items()
    }  # fmt: skip
    return _upwards(scope.table.column(up.name), shapes, is_single=len(up.refers) == 1)


def _upwards(ids: Column, shapes: dict[str, Shape], *, is_single: bool) -> Part:
    only = next(iter(shapes.values())) if is_single else None

    def above(row: int) -> Json | None:
        parent_id = str(ids[row])
        shape = only or shapes.get(parent_id[:3])
        parent = None if shape is None else shape.scope.table.rows.get(parent_id)
        return None if shape is None or parent is None else shape(parent)

    return above


def _of_any(scope: Scope, paths: list[Path], data: str) -> Shape:
    """A parent that can be one of several objects: what it lacks is null."""
    shape = Shape(scope, data)
    known = {one.name.lower(): one.name for one in scope.every()}
    for path in paths:
        asked = path.parts[0]
        column = known.get(asked.lower())
        if asked.lower() == "type":
            shape.parts["Type"] = lambda _row: scope.kind.name
        elif column is not None and asked.lower() in OF_ANY_PARENT:
            shape.parts[column] = scope.table.column(column).__getitem__
        else:
            shape.parts[asked] = lambda _row: None
    return shape


def nothing_below(scope: Scope, query: Query) -> Callable[[int], Json | None]:
    raise scope.no_relationship(query.source.text, query.source.at)


def expanded(scope: Scope, query: Query) -> list[Operand | Query]:
    """FIELDS(ALL), (STANDARD) and (CUSTOM) written out; the first and the last need a LIMIT."""
    items: list[Operand | Query] = []
    for item in query.select:
        if not (isinstance(item, Function) and item.name == "FIELDS"):
            items.append(item)
            continue
        word = item.argument.text.upper() if isinstance(item.argument, Path) else ""
        if word not in ("ALL", "STANDARD", "CUSTOM"):
            raise Refused(400, "MALFORMED_QUERY", f"unexpected token: '{word}'")
        if word != "STANDARD" and not (query.limit and query.limit <= MOST_WITH_ALL):
            message = (
                "The SOQL FIELDS function must have a LIMIT of at most 200 when used with "
                "FIELDS(ALL) or FIELDS(CUSTOM)."
            )
            raise scope.refused("MALFORMED_QUERY", item.at, message)
        items += [
            Path((one.name,), item.at)
            for one in scope.every()
            if word == "ALL" or one.custom is (word == "CUSTOM")
        ]
    return items
