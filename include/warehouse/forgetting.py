"""Forget people: take what is personal out of the store, keep the numbers, and let none come back.

See docs/privacy.md for what is stored of whom. All in one transaction, while nothing lands.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Row, text

from include.errors import FixConfig, RetryLater
from include.warehouse.database import query, transaction
from include.warehouse.forgetting_words import Words, either, evidence_left, sweep
from include.warehouse.raw_rows import digests_of
from include.warehouse.redaction import (
    ADDRESS,
    ENTRIES,
    PEOPLE,
    Forgotten,
    alias_of,
    digest_of,
    pseudonym_of,
)

CHUNK = 500


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
        for found in ADDRESS.findall(said.replace("%40", "@")) if not found.startswith("forgotten-")
    }  # fmt: skip
    people += _find_people(connection, wanted)
    words = Words(
        {address: pseudonym_of(salt, address) for address in sorted(wanted)},
        {name: alias_of(salt, name) for name in _full_names(connection)},
    )
    digests = [digest_of(salt, address) for address in words.addresses]
    connection.execute(query("forget/add_addresses"), {"digests": digests})
    records = _change_records(connection, words)
    connection.execute(query("forget/drop_contacts"))
    for statement in ("forget/drop_comments", "forget/drop_reasons"):
        connection.execute(query(statement), words.patterns)
    found = sweep(connection, words)
    return Done(
        len(wanted), people, records, sum(found.values()), evidence_left(connection, words),
        frozenset(found) | ({"raw.record", "raw.quarantine"} if records else set()),
    )  # fmt: skip


def addresses_of_account(connection: Connection, account_id: int) -> list[str]:
    """Return the addresses of the people at an account."""
    binds = {"account_id": account_id}
    return list(connection.execute(query("forget/addresses_of_account"), binds).scalars())


def give_up_space(engine: Engine, tables: Iterable[str]) -> None:
    """Let no file of the server hold what is gone, nor what the planner noted of its values."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in sorted(tables):
            connection.execute(text(f"vacuum (analyze) {table}"))


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
    binds = {"vendors": list(vendors), "streams": list(streams), "pattern": either(addresses)}
    return connection.execute(query("forget/add_people"), binds).rowcount


def _own_texts(connection: Connection, keys: Sequence[str]) -> list[str]:
    return list(connection.execute(query("forget/own_texts"), {"keys": list(keys)}).scalars())


def _full_names(connection: Connection) -> list[str]:
    """Return names of two words or more that stood in the people's own records."""
    rows = connection.execute(query("forget/own_names")).scalars()
    return sorted({name.strip() for name in rows if len(name.split()) > 1})


def _forgotten_in(connection: Connection, stream_id: int) -> Forgotten:
    row = connection.execute(query("forget/stream"), {"stream_id": stream_id}).one()
    return Forgotten(
        row.vendor, row.stream, bytes(row.salt), frozenset(map(bytes, row.digests)),
        frozenset(row.own), frozenset(row.people),
    )  # fmt: skip


def _change_records(connection: Connection, words: Words) -> int:
    """Leave of each version of a record, and of what was set aside, what may stay."""
    known: dict[int, Forgotten] = {}
    changed = 0
    reading = query("forget/records").execution_options(stream_results=True)
    found = connection.execute(reading, words.patterns)
    names = tuple((re.compile(either([one]), re.I), words.names[one]) for one in words.names)
    for rows in found.partitions(CHUNK):
        for stream_id in {row.stream_id for row in rows} - known.keys():
            one = _forgotten_in(connection, stream_id)
            is_entries = (one.vendor, one.stream) in ENTRIES
            known[stream_id] = replace(one, names=names) if is_entries else one
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
