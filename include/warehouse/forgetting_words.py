"""Words by which forgotten people are found in columns of texts, and taken out of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from include.warehouse.database import query

# Not swept by text: treated by themselves; the list; what people released, whose digest is tested;
# and receipts with the overrides they stand on, which are evidence and never change.
LEFT_ALONE = (
    "raw.record", "raw.forgotten_address", "raw.forgotten_person", "raw.forgetting", "raw.stream",
    "health.scorecard", "health.playbook", "health.series", "health.series_file",
    "health.override", "health.snapshot", "health.reading",
)  # fmt: skip
EVIDENCE = (
    "health.override.evidence", "health.override.author", "health.override.second_person",
    "health.override.ended_by", "health.snapshot.context", "health.reading.carried",
)  # fmt: skip
FIRMS = ("core.account", "core.organization", "core.customer", "core.unmatched")  # named as people


@dataclass(frozen=True, slots=True)
class Words:
    """What to look for: addresses and full names, each with what stands for it."""

    addresses: Mapping[str, str] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)

    @property
    def patterns(self) -> dict[str, str | None]:
        """Regular expressions that find any of the addresses, and any of the names."""
        return {
            "pattern": either(self.addresses),
            "names": either(self.names) if self.names else None,
        }


def either(plain: Iterable[str]) -> str:
    return "|".join(
        rf"(?<![\w.+-]){re.sub(r'([^0-9A-Za-z_])', _escaped, one)}(?![\w-])"
        for one in sorted(plain)
    )


def _escaped(found: re.Match[str]) -> str:
    if found[1] == "@":  # in a URL it is written the other way
        return "(?:@|%40)"
    return f"\\{found[1]}" if found[1].isascii() else found[1]


def sweep(connection: Connection, words: Words) -> dict[str, int]:
    """Replace what is left of addresses and names in all other columns; count cells by table."""
    found: dict[str, int] = {}
    columns = connection.execute(query("forget/columns"), {"left_alone": list(LEFT_ALONE)}).all()
    for schema, table, column, kind in sorted(columns, key=lambda row: row.table_name):
        name = f"{schema}.{table}"
        instead = dict(words.addresses)
        if name not in FIRMS:
            instead |= words.names
        cells = _replace(connection, (schema, table, column, kind), instead)
        if cells:
            found[name] = found.get(name, 0) + cells
    return found


def _replace(
    connection: Connection, column: tuple[str, str, str, str], instead: Mapping[str, str]
) -> int:
    """Replace words in one column; what stands there as key or value stays equal to its like."""
    schema, table, name, kind = column
    place, cell = f'"{schema}"."{table}"', f'"{name}"'
    exists = text(f"select exists(select 1 from {place} where {cell}::text ~* :pattern)")  # noqa: S608
    if not connection.execute(exists, {"pattern": either(instead)}).scalar_one():
        return 0
    change = text(
        f"update {place} set {cell} = {_replaced(cell, kind)} where {cell}::text ~* :pattern"  # noqa: S608
    )
    return sum(
        connection.execute(change, {"pattern": either([old]), "new": new}).rowcount
        for old, new in instead.items()
    )


def _replaced(cell: str, kind: str) -> str:
    if kind == "text[]":
        return (
            "array(select regexp_replace(item, :pattern, :new, 'gi') "  # noqa: S608 - our own names
            f"from unnest({cell}) with ordinality as entry (item, place) order by place)"
        )
    return f"cast(regexp_replace({cell}::text, :pattern, :new, 'gi') as {kind})"


def evidence_left(connection: Connection, words: Words) -> int:
    """Count the cells of overrides and receipts that name somebody who was forgotten."""
    pattern = either([*words.addresses, *words.names])
    total = 0
    for place in EVIDENCE:
        table, _, column = place.rpartition(".")
        count = text(f"select count(*) from {table} where {column}::text ~* :pattern")  # noqa: S608
        total += connection.execute(count, {"pattern": pattern}).scalar_one()
    return total
