"""Forget people: take what is personal out of the store, keep the numbers, and let none come back.

See docs/privacy.md for what is stored of whom. All in one transaction, while nothing lands.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Row, text

from include.errors import FixConfig, RetryLater
from include.warehouse.database import query, transaction
from include.warehouse.raw_rows import digests_of
from include.warehouse.redaction import ADDRESS, PEOPLE, Forgotten, digest_of, pseudonym_of

CHUNK = 500
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
NOBODY = "(forgotten)"


@dataclass(frozen=True, slots=True)
class Done:
    """What was forgotten: addresses, people's own records, versions of records, cells elsewhere.

    evidence: overrides and receipts that still name them.
    """

    addresses: int
    people: int
    records: int
    cells: int
    evidence: int
    tables: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Words:
    """What to look for: addresses with their pseudonyms, and full names."""

    addresses: Mapping[str, str] = field(repr=False)
    names: Sequence[str] = field(repr=False)

    @property
    def pattern(self) -> str:
        """A regular expression that finds any of the addresses."""
        return _either(self.addresses)


def forgotten_in(engine: Engine, stream_id: int) -> Forgotten:
    """Return whom a landing of the stream has to leave out."""
    with transaction(engine) as connection:
        return _forgotten_in(connection, stream_id)


def forget(connection: Connection, addresses: Iterable[str]) -> Done:
    """Forget everybody who has one of these addresses, and their other addresses with them.

    FixConfig where one is no address; RetryLater while something lands. Doing it again finds
    nothing. The space of what is gone is free for others once the tables are vacuumed.
    """
    wanted = {_checked(address) for address in addresses}
    _hold_still(connection)
    salt = connection.execute(text("select salt from raw.forgetting")).scalar_one()
    people = _find_people(connection, wanted)
    wanted |= {
        found.lower()
        for said in _own_texts(connection, ("email",)) if people
        for found in ADDRESS.findall(said) if not found.startswith("forgotten-")
    }  # fmt: skip
    people += _find_people(connection, wanted)
    words = _Words(
        {address: pseudonym_of(salt, address) for address in sorted(wanted)},
        _full_names(connection),
    )
    digests = [digest_of(salt, address) for address in words.addresses]
    connection.execute(query("forget/add_addresses"), {"digests": digests})
    records = _change_records(connection, words.pattern)
    connection.execute(query("forget/drop_contacts"))
    for statement in ("forget/drop_comments", "forget/drop_reasons"):
        connection.execute(query(statement), {"pattern": words.pattern})
    found = _sweep(connection, words)
    return Done(
        len(wanted), people, records, sum(found.values()), _evidence(connection, words),
        frozenset(found) | ({"raw.record", "raw.quarantine"} if records else set()),
    )  # fmt: skip


def addresses_of_account(connection: Connection, account_id: int) -> list[str]:
    """Return the addresses of the people at an account."""
    binds = {"account_id": account_id}
    return list(connection.execute(query("forget/addresses_of_account"), binds).scalars())


def _checked(address: str) -> str:
    plain = address.strip().lower()
    if not ADDRESS.fullmatch(plain) or "@" not in plain:
        raise FixConfig(f"{address!r} is no e-mail address.")
    return plain


def _hold_still(connection: Connection) -> None:
    connection.execute(text("select pg_advisory_xact_lock(hashtext('health conform'))"))
    for row in connection.execute(query("forget/lock_landings")).all():
        if not row.is_free:
            raise RetryLater(f"{row.source}: {row.stream} is landing; forget once it is done.")


def _find_people(connection: Connection, addresses: Iterable[str]) -> int:
    vendors, streams = zip(*sorted(PEOPLE), strict=True)
    binds = {"vendors": list(vendors), "streams": list(streams), "pattern": _either(addresses)}
    return connection.execute(query("forget/add_people"), binds).rowcount


def _own_texts(connection: Connection, keys: Sequence[str]) -> list[str]:
    return list(connection.execute(query("forget/own_texts"), {"keys": list(keys)}).scalars())


def _full_names(connection: Connection) -> list[str]:
    """Return names of two words or more that stood in the people's own records."""
    rows = connection.execute(query("forget/own_names")).scalars()
    return sorted({name.strip() for name in rows if len(name.split()) > 1})


def _either(plain: Iterable[str]) -> str:
    return "|".join(
        rf"(?<![\w.+-]){re.sub(r'([^0-9A-Za-z_])', _escaped, one)}(?![\w-])"
        for one in sorted(plain)
    )


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1].isascii() else found[1]


def _forgotten_in(connection: Connection, stream_id: int) -> Forgotten:
    row = connection.execute(query("forget/stream"), {"stream_id": stream_id}).one()
    return Forgotten(
        row.vendor, row.stream, bytes(row.salt), frozenset(map(bytes, row.digests)),
        frozenset(row.own), frozenset(row.people),
    )  # fmt: skip


def _change_records(connection: Connection, pattern: str) -> int:
    """Leave of each version of a record, and of what was set aside, what may stay."""
    known: dict[int, Forgotten] = {}
    changed = 0
    reading = query("forget/records").execution_options(stream_results=True)
    found = connection.execute(reading, {"pattern": pattern})
    for rows in found.partitions(CHUNK):
        for stream_id in {row.stream_id for row in rows} - known.keys():
            known[stream_id] = _forgotten_in(connection, stream_id)
        kept = [(row, known[row.stream_id].in_record(row.payload, row.record_id)) for row in rows]
        kept = [(row, left) for row, left in kept if left is not row.payload]
        _write_records(connection, [one for one in kept if one[0].place_of == "raw.record"], known)
        _write_quarantine(connection, [one for one in kept if one[0].place_of != "raw.record"])
        changed += len(kept)
    return changed


def _write_records(
    connection: Connection, kept: Sequence[tuple[Row[Any], Any]], known: Mapping[int, Forgotten]
) -> None:
    payloads = [orjson.dumps(left) for _, left in kept]
    binds = {
        "places": [row.place for row, _ in kept],
        "record_ids": [known[row.stream_id].in_text(row.record_id) for row, _ in kept],
        "payloads": [payload.decode() for payload in payloads],
        "digests": digests_of(payloads),
    }
    connection.execute(query("forget/change_records"), binds)


def _write_quarantine(connection: Connection, kept: Sequence[tuple[Row[Any], Any]]) -> None:
    binds = {
        "places": [row.place for row, _ in kept],
        "payloads": [orjson.dumps(left).decode() for _, left in kept],
    }
    connection.execute(query("forget/change_quarantine"), binds)


def _sweep(connection: Connection, words: _Words) -> dict[str, int]:
    """Replace what is left of addresses and names in all other columns; count cells by table."""
    found: dict[str, int] = {}
    columns = connection.execute(query("forget/columns"), {"left_alone": list(LEFT_ALONE)}).all()
    for schema, table, column, kind in sorted(columns, key=lambda row: row.table_name):
        name = f"{schema}.{table}"
        instead = dict(words.addresses)
        if name not in FIRMS:
            instead |= dict.fromkeys(words.names, NOBODY)
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
    if not connection.execute(exists, {"pattern": _either(instead)}).scalar_one():
        return 0
    change = text(
        f"update {place} set {cell} = {_replaced(cell, kind)} where {cell}::text ~* :pattern"  # noqa: S608
    )
    return sum(
        connection.execute(change, {"pattern": _either([old]), "new": new}).rowcount
        for old, new in instead.items()
    )


def _replaced(cell: str, kind: str) -> str:
    if kind == "text[]":
        return (
            "array(select regexp_replace(item, :pattern, :new, 'gi') "  # noqa: S608 - our own names
            f"from unnest({cell}) with ordinality as entry (item, place) order by place)"
        )
    return f"cast(regexp_replace({cell}::text, :pattern, :new, 'gi') as {kind})"


def _evidence(connection: Connection, words: _Words) -> int:
    """Count the cells of overrides and receipts that name somebody who was forgotten."""
    pattern = _either([*words.addresses, *words.names])
    total = 0
    for place in EVIDENCE:
        table, _, column = place.rpartition(".")
        count = text(f"select count(*) from {table} where {column}::text ~* :pattern")  # noqa: S608
        total += connection.execute(count, {"pattern": pattern}).scalar_one()
    return total
