"""What a Salesforce field is, and short ways to write one down.

Types and flags are the words of the describe call (REST API developer guide, checked Nov 2026).
"""

from dataclasses import dataclass, replace
from typing import Any

NUMBERS = frozenset(("int", "double", "currency", "percent"))
TEXTS = frozenset(
    ("string", "textarea", "picklist", "multipicklist", "email", "phone", "url", "combobox")
)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an object.

    refers: the objects that a lookup may lead to; relationship: the name of the way up, for
    `Owner.Email`; children: the name of the way down, for `(SELECT Id FROM Contacts)`.
    values: a picklist's entries; others are refused only where `restricted`.
    """

    name: str
    type: str
    label: str = ""
    length: int = 0
    precision: int = 0
    scale: int = 0
    required: bool = False
    createable: bool = True
    updateable: bool = True
    filterable: bool = True
    custom: bool = False
    external_id: bool = False
    unique: bool = False
    refers: tuple[str, ...] = ()
    relationship: str | None = None
    children: str | None = None
    values: tuple[str, ...] = ()
    restricted: bool = False
    description: str | None = None

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @property
    def is_text(self) -> bool:
        return self.type in TEXTS

    @property
    def is_id(self) -> bool:
        return self.type in ("id", "reference")


def text(name: str, length: int = 255, *, kind: str = "string", required: bool = False) -> Field:
    return Field(name, kind, length=length, required=required)


def number(name: str, precision: int = 18, scale: int = 0, *, kind: str = "double") -> Field:
    return Field(name, kind, precision=precision, scale=scale)


def whole(name: str) -> Field:
    return Field(name, "int", precision=8)


def flag(name: str) -> Field:
    return Field(name, "boolean", required=True)


def day(name: str) -> Field:
    return Field(name, "date")


def moment(name: str) -> Field:
    return Field(name, "datetime")


def choice(name: str, *values: str, several: bool = False) -> Field:
    kind = "multipicklist" if several else "picklist"
    return Field(name, kind, length=4099 if several else 255, values=values)


def lookup(name: str, *refers: str, children: str | None = None, required: bool = False) -> Field:
    """A reference; the way up is called like the field without Id."""
    up = name.removesuffix("Id")
    return Field(
        name,
        "reference",
        length=18,
        required=required,
        refers=refers,
        relationship=up,
        children=children,
    )


def read_only(field: Field) -> Field:
    """Set by Salesforce itself."""
    return replace(field, createable=False, updateable=False)


def custom(field: Field, label: str, **more: Any) -> Field:  # noqa: ANN401 - the flags of Field
    return replace(field, custom=True, label=label, **more)


SYSTEM: tuple[Field, ...] = (
    read_only(flag("IsDeleted")),
    read_only(moment("CreatedDate")),
    read_only(lookup("CreatedById", "User")),
    read_only(moment("LastModifiedDate")),
    read_only(lookup("LastModifiedById", "User")),
    read_only(moment("SystemModstamp")),
)
ID = read_only(Field("Id", "id", length=18, required=True))


@dataclass(frozen=True, slots=True)
class Kind:
    """One object. `writes`: clients may create, change and delete its records."""

    name: str
    prefix: str
    label: str
    plural: str
    fields: tuple[Field, ...]
    writes: bool = True

    @property
    def is_replicated(self) -> bool:
        """Whether /updated and /deleted answer for it."""
        return self.writes and any(field.name == "IsDeleted" for field in self.fields)
