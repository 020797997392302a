"""What names in a query stand for: fields of an object, of its parents, and functions of them.

Names count in any case. What the running user may not see does not exist (SOQL reference and
public issue threads for the messages, checked Nov 2026).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.vendors.salesforce_columns import Column, Value
from sandbox.vendors.salesforce_fields import Field, Kind
from sandbox.vendors.salesforce_http import Refused
from sandbox.vendors.salesforce_org import Readable
from sandbox.vendors.salesforce_soql_dates import PARTS
from sandbox.vendors.salesforce_soql_syntax import Operand, Path, shown

Read = Callable[[int], Value]
# What may be read of a parent that can be one of several objects.
OF_ANY_PARENT = frozenset(
    ("id", "name", "type", "email", "firstname", "lastname", "title", "phone")
)
SAME = frozenset(("TOLABEL", "FORMAT", "CONVERTTIMEZONE", "CONVERTCURRENCY", ""))
TYPE = Field("Type", "picklist")
ADDRESS = ("City", "Country", "PostalCode", "Street")


@dataclass(frozen=True, slots=True)
class Bound:
    """A name that was found: what it is, how it is called, and how a row's value is read."""

    field: Field
    name: str
    read: Read


class Scope:
    """One object's names. `text` is the query, for messages; `alias` what it calls the object."""

    def __init__(self, org: Readable, kind: Kind, text: str, alias: str | None = None) -> None:
        self.org = org
        self.kind = kind
        self.text = text
        self.table = org.store[kind.name]
        self._fields = org.fields(kind)
        self._own_names = {kind.name.lower(), (alias or kind.name).lower()}

    def every(self) -> list[Field]:
        return [*self._fields.values()]

    def bind(self, operand: Operand) -> Bound:
        if isinstance(operand, Path):
            return self.path(self.without_alias(operand).parts, operand.at)
        if operand.argument is None:
            raise self.refused("MALFORMED_QUERY", operand.at, f"unexpected token: '{operand.name}'")
        inner = self.bind(operand.argument)
        if operand.name in SAME:
            return replace(inner, name=operand.alias or inner.name)
        part = PARTS.get(operand.name)
        if part is None or inner.field.type not in ("date", "datetime"):
            message = f"field {inner.name} does not support {operand.name}"
            raise self.refused("INVALID_FIELD", operand.at, message)
        kind = "date" if operand.name == "DAY_ONLY" else "double"
        field = Field(inner.field.name, kind)
        return Bound(field, operand.alias or "expr0", _through(inner.read, part))

    def path(self, parts: tuple[str, ...], at: int) -> Bound:
        head, *rest = parts
        if not rest:
            field = self.field(head, at)
            return Bound(field, field.name, self._read(field))
        up = self.lookup(head)
        if up is None:
            raise self.no_relationship(head, at)
        return self._above(up, tuple(rest), at)

    def without_alias(self, path: Path) -> Path:
        """The path from the object on: `a.Name` of `FROM Account a` is Name."""
        head, *rest = path.parts
        is_own = rest and head.lower() in self._own_names and self.lookup(head) is None
        return Path(tuple(rest), path.at) if is_own else path

    def field(self, name: str, at: int) -> Field:
        field = self._fields.get(name.lower())
        if field is None:
            message = (
                f"No such column '{name}' on entity '{self.kind.name}'. If you are attempting to "
                "use a custom field, be sure to append the '__c' after the custom field name. "
                "Please reference your WSDL or the describe call for the appropriate names."
            )
            raise self.refused("INVALID_FIELD", at, message)
        return field

    def lookup(self, name: str) -> Field | None:
        """The reference whose way up is called so."""
        wanted = name.lower()
        return next(
            (one for one in self._fields.values() if (one.relationship or "").lower() == wanted),
            None,
        )

    def parents(self, up: Field) -> dict[str, "Scope"]:
        """What a reference can lead to, by key prefix."""
        kinds = [kind for name in up.refers if (kind := self.org.kind(name))]
        return {kind.prefix: Scope(self.org, kind, self.text) for kind in kinds}

    def refused(self, code: str, at: int, message: str) -> Refused:
        return Refused(400, code, shown(self.text, at, message))

    def no_relationship(self, name: str, at: int) -> Refused:
        message = (
            f"Didn't understand relationship '{name}' in field path. If you are attempting to use "
            "a custom relationship, be sure to append the '__r' after the custom relationship "
            "name. Please reference your WSDL or the describe call for the appropriate names."
        )
        return self.refused("INVALID_FIELD", at, message)

    def _above(self, up: Field, rest: tuple[str, ...], at: int) -> Bound:
        ids = self.table.column(up.name)
        parents = self.parents(up)
        if len(up.refers) == 1:
            (scope,) = parents.values()
            bound = scope.path(rest, at)
            read = _upwards(ids, scope.table.rows, bound.read)
            return replace(bound, name=f"{up.relationship}.{bound.name}", read=read)
        if rest[0].lower() not in OF_ANY_PARENT:
            raise self.refused("INVALID_FIELD", at, f"No such column '{rest[0]}' on entity 'Name'.")
        reads = {
            prefix: (scope.table.rows, _of_any(scope, rest[0])) for prefix, scope in parents.items()
        }
        name = rest[0][:1].upper() + rest[0][1:]
        return Bound(replace(TYPE, name=name), f"{up.relationship}.{name}", _either(ids, reads))

    def _read(self, field: Field) -> Read:
        if field.type != "address":
            return self.table.column(field.name).__getitem__
        parts = {part: self.table.column(f"Billing{part}") for part in ADDRESS}
        return lambda row: _address({part: column[row] for part, column in parts.items()})


def _upwards(ids: Column, rows: dict[str, int], read: Read) -> Read:
    """A parent's value by the child's row; none where there is no parent."""

    def above(row: int) -> Value:
        parent = rows.get(str(ids[row]))
        return None if parent is None else read(parent)

    return above


def _of_any(scope: Scope, name: str) -> Read:
    """A value of one of the objects that a parent can be, by its id's text."""
    if name.lower() == "type":
        return lambda _row: scope.kind.name
    field = next((one for one in scope.every() if one.name.lower() == name.lower()), None)
    return lambda row: scope.table.value(field.name, row) if field else None


def _either(ids: Column, parents: dict[str, tuple[dict[str, int], Read]]) -> Read:
    """The value of whichever object the id is of."""

    def above(row: int) -> Value:
        parent_id = str(ids[row])
        rows, read = parents.get(parent_id[:3], ({}, lambda _row: None))
        parent = rows.get(parent_id)
        return None if parent is None else read(parent)

    return above


def _through(read: Read, part: Callable[[str], str | float]) -> Read:
    def taken(row: int) -> Value:
        value = read(row)
        return None if value is None else part(str(value))

    return taken


def _address(parts: dict[str, Value]) -> Any:  # noqa: ANN401 - an object, as compound fields are
    if not any(parts.values()):
        return None
    shown_parts = {name[0].lower() + name[1:]: value for name, value in parts.items()}
    return {**shown_parts, "geocodeAccuracy": None, "latitude": None, "longitude": None}
