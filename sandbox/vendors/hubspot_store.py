"""HubSpot's records in memory, by column: a value is text, or None where nobody entered one."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.vendors.hubspot_catalog import ALIASES, Kind
from sandbox.vendors.hubspot_http import Refused

Column = list[str | None]
Version = dict[str, Any]
# Ids of records that clients create, far above those of any world, so that a longer world of the
# same seed can never claim one.
CREATED_FROM = 400_000_000_000


@dataclass(frozen=True, slots=True)
class Spec:
    """One association type: `label` None is the unlabelled kind, `inline` its name in v3 lists."""

    type_id: int
    label: str | None
    inline: str


@dataclass(frozen=True, slots=True)
class Link:
    to_id: int
    specs: tuple[Spec, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A write that the search index has not taken in yet; `before` None: the record is new."""

    visible_at: float
    row: int
    before: dict[str, str | None] | None


@dataclass(slots=True)
class Table:
    """The records of one type, ordered by id; rows are positions in every column."""

    kind: Kind
    ids: list[int]
    columns: dict[str, Column]
    archived_at: dict[int, str] = field(default_factory=dict)  # by row
    merged_into: dict[int, int] = field(default_factory=dict)  # losing id to winning id
    history: dict[str, dict[int, list[Version]]] = field(default_factory=dict)  # newest first
    unseen: list[Unseen] = field(default_factory=list)

    def column(self, name: str) -> Column:
        """The values of a property; all None for one that no record has."""
        return self.columns.get(name) or [None] * len(self.ids)

    def value(self, name: str, row: int) -> str | None:
        column = self.columns.get(name)
        return column[row] if column else None

    def row_of(self, record_id: int) -> int | None:
        """The row with this id, or of the record that it was merged into."""
        seen: set[int] = set()
        while record_id in self.merged_into and record_id not in seen:
            seen.add(record_id)
            record_id = self.merged_into[record_id]
        at = bisect_left(self.ids, record_id)
        return at if at < len(self.ids) and self.ids[at] == record_id else None

    def find(self, text: str, id_property: str | None = None) -> int | None:
        """The row that a client means by an id, or by the value of a property."""
        if id_property in (None, "hs_object_id"):
            return self.row_of(int(text)) if text.isdigit() else None
        column = self.column(id_property)
        wanted = text.lower() if id_property == "email" else text
        return next((row for row, value in enumerate(column) if value == wanted), None)

    def live(self, row: int) -> bool:
        return row not in self.archived_at

    def rows_from(self, record_id: int, *, archived: bool) -> Iterator[int]:
        """Rows with an id of at least this one, in order of their ids."""
        for row in range(bisect_left(self.ids, record_id), len(self.ids)):
            if (row in self.archived_at) is archived:
                yield row

    def next_id(self) -> int:
        return max(CREATED_FROM, self.ids[-1] + 1 if self.ids else 0)

    def append(self, record_id: int) -> int:
        self.ids.append(record_id)
        for column in self.columns.values():
            column.append(None)
        return len(self.ids) - 1

    def put(self, name: str, row: int, value: str | None) -> None:
        if name not in self.columns:
            self.columns[name] = [None] * len(self.ids)
        self.columns[name][row] = value

    def versions(self, name: str, row: int) -> list[Version]:
        """All values a property has had, newest first; a never changed one dates from the start.

        The time of the last change is its own date.
        """
        kept = self.history.get(name, {}).get(row)
        if kept is not None:
            return kept
        value = self.value(name, row)
        if value is None:
            return []
        if name == self.kind.modified:
            return [{"value": value, "timestamp": value, "sourceType": "CALCULATED"}]
        at = self.value(self.kind.created, row)
        return [{"value": value, "timestamp": at, "sourceType": "IMPORT", "sourceId": "1"}]

    def indexed_before(self, now: float) -> dict[int, dict[str, str | None] | None]:
        """What the search index still holds for rows written lately: old values, or no row."""
        self.unseen = [write for write in self.unseen if write.visible_at > now]
        old: dict[int, dict[str, str | None] | None] = {}
        for write in reversed(self.unseen):
            later = old.get(write.row) or {}
            old[write.row] = None if write.before is None else {**later, **write.before}
        return old


@dataclass(slots=True)
class Store:
    """The whole portal."""

    tables: dict[str, Table]
    properties: dict[str, dict[str, dict[str, Any]]]
    groups: dict[str, dict[str, dict[str, Any]]]
    owners: list[dict[str, Any]]
    pipelines: list[dict[str, Any]]
    links: dict[tuple[str, str], dict[int, list[Link]]] = field(default_factory=dict)

    def kind(self, name: str) -> Kind:
        kind = ALIASES.get(name)
        if kind is None:
            raise Refused(400, f"Unable to infer object type from: {name}")
        return kind

    def table(self, name: str) -> Table:
        return self.tables[self.kind(name).name]

    def known(self, kind: Kind) -> dict[str, dict[str, Any]]:
        """The live properties of a type, by name."""
        every = self.properties[kind.name]
        return {name: shown for name, shown in every.items() if not shown["archived"]}

    def linked(self, origin: Kind, target: Kind, record_id: int) -> list[Link]:
        """Associations to records that are not archived, in order of their ids."""
        table = self.tables[target.name]
        links = self.links.get((origin.name, target.name), {}).get(record_id, ())
        rows = ((link, table.row_of(link.to_id)) for link in links)
        alive = (link for link, row in rows if row is not None and table.live(row))
        return sorted(alive, key=lambda link: link.to_id)

    def linked_ids(self, origin: Kind, target: Kind, record_id: int) -> list[int]:
        return [link.to_id for link in self.linked(origin, target, record_id)]

    def link(self, ends: tuple[str, str], from_id: int, to: Link) -> None:
        self.links.setdefault(ends, {}).setdefault(from_id, []).append(to)


def shown_names(kind: Kind, known: dict[str, Any], asked: Sequence[str]) -> list[str]:
    """The properties of an answer: the asked ones that exist, and the three that always come.

    Nothing asked: the type's defaults. Unknown names are left out without a word.
    """
    wanted = asked or kind.defaults
    always = (kind.created, kind.modified, "hs_object_id")
    return list(dict.fromkeys(name for name in (*wanted, *always) if name in known))
