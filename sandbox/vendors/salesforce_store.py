"""The records of an org: a table of columns for each object, made when somebody first asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.vendors.salesforce_columns import Column, Value
from sandbox.vendors.salesforce_fields import Kind
from sandbox.vendors.salesforce_ids import record_id

CREATED_FROM = 40_000_000  # the numbers of records that clients create


@dataclass(slots=True)
class Table:
    """Records of one object by row; a column that was never filled is empty."""

    kind: Kind
    columns: dict[str, Column]
    rows: dict[str, int] = field(init=False)
    created: int = 0

    def __post_init__(self) -> None:
        ids = self.columns.setdefault("Id", [])
        self.rows = {str(one): row for row, one in enumerate(ids)}

    def __len__(self) -> int:
        return len(self.columns["Id"])

    def column(self, name: str) -> Column:
        """The column itself: rows that are added later stand in it too."""
        if name not in self.columns:
            self.columns[name] = [None] * len(self)
        return self.columns[name]

    def value(self, name: str, row: int) -> Value:
        return self.column(name)[row]

    def put(self, name: str, row: int, value: Value) -> None:
        self.column(name)[row] = value

    def append(self, values: Mapping[str, Value]) -> int:
        """Add a record; what is not named has no value."""
        for name in values:
            self.column(name)
        for name, column in self.columns.items():
            column.append(values.get(name))
        row = len(self) - 1
        self.rows[str(values["Id"])] = row
        self.created += 1
        return row

    def remove(self, row: int) -> None:
        """Take a record away for good, as objects without a recycle bin do."""
        for column in self.columns.values():
            del column[row]
        self.rows = {str(one): at for at, one in enumerate(self.columns["Id"])}

    def is_deleted(self, row: int) -> bool:
        return "IsDeleted" in self.columns and self.columns["IsDeleted"][row] is True

    def find(self, name: str, value: Value) -> list[int]:
        """Rows that hold a value and are not deleted; text is compared without its case."""
        wanted = value.casefold() if isinstance(value, str) else value
        return [
            row
            for row, held in enumerate(self.column(name))
            if (held.casefold() if isinstance(held, str) else held) == wanted
            and not self.is_deleted(row)
        ]

    def next_id(self, ahead: int = 0) -> str:
        """An id that no record has; `ahead` skips those that are about to be given away."""
        return record_id(self.kind.prefix, CREATED_FROM + self.created + ahead)


class Store:
    """Tables by object, each built by its maker on first use and then kept."""

    def __init__(self, makers: Mapping[str, Callable[[], Table]]) -> None:
        self._makers = makers
        self._tables: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        if name not in self._tables:
            self.add(name, self._makers[name]())
        return self._tables[name]

    def add(self, name: str, table: Table) -> None:
        self._tables.setdefault(name, table)
