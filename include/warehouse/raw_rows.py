"""Records on their way into raw.record: their ids, their digests, the bytes of a binary COPY.

A digest is of the bytes as they came, so it recognises the same answer at once. Whether other bytes
mean other content is decided by jsonb, for which the order of keys means nothing.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain, repeat
from typing import Any

import msgspec
import orjson

from include.warehouse.encode import HEADER, TRAILER
from include.warehouse.json_text import mended
from include.warehouse.page import Page
from include.warehouse.redaction import Forgotten

FIELDS = 6  # of raw.record, in the order of landing/copy.sql
PIECES = 6  # of bytes that one row is made of
LONGEST_ID = 500  # bytes: an index entry must fit a third of a page
PLAIN_KEY = ("id",)
BYTES = (bytes, msgspec.Raw)
EMPTY_HASH = blake2b(digest_size=16)
SIZE = struct.Struct(">i")


def before_payload(size: int) -> bytes:
    """Return what stands before a jsonb field's text: its size and the format's version."""
    return SIZE.pack(size + 1) + b"\x01"


SIZES = [before_payload(size) for size in range(4096)]  # most records are small


class IdOnly(msgspec.Struct):
    """All that is read of a record that is still JSON."""

    id: int | str


read_id = msgspec.json.Decoder(IdOnly).decode


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be a row. is_json: the payload may be stored as JSON, not only text."""

    reason: str
    payload: bytes
    record_id: str | None = None
    is_json: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """One landing. opened_us: its start, in microseconds since 2000-01-01 UTC by the database.

    has_past: the stream has records from landings before this one.
    """

    batch_id: int
    stream_id: int
    opened_us: int
    has_past: bool


def sort_out(page: Page) -> tuple[list[bytes], list[Any], list[Reject]]:
    """Return the ids and the JSON bytes of the usable records, and the others with the reason."""
    names: list[bytes] = []
    payloads: list[Any] = []
    rejects: list[Reject] = []
    has_plain_key = page.key == PLAIN_KEY
    for record in page.records:
        try:  # most records are bytes, and reading nothing but the id is four times as fast
            name = str(read_id(record).id).encode() if has_plain_key else b""
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError):
            name = b""
        if 0 < len(name) <= LONGEST_ID and b"\x00" not in name:
            names.append(name)
            payloads.append(record)
            continue
        examined = _examine(record, page.key)
        if isinstance(examined, Reject):
            rejects.append(examined)
        else:
            names.append(examined[0])
            payloads.append(examined[1])
    return names, payloads, rejects


def _examine(record: Any, key: tuple[str, ...]) -> tuple[bytes, bytes] | Reject:  # noqa: ANN401
    """Return id and JSON bytes of a record of any form, or what is wrong with it."""
    payload = bytes(record) if isinstance(record, BYTES) else _bytes_of(record)
    try:
        content = orjson.loads(mended(payload)) if isinstance(record, BYTES) else record
    except orjson.JSONDecodeError:
        return Reject("It is no JSON, or nested too deep.", payload, is_json=False)
    if not isinstance(content, dict):
        return Reject("It is no JSON object.", payload)
    values = [content.get(field) for field in key]
    for field, value in zip(key, values, strict=True):
        if type(value) not in (int, str) or value == "":
            return Reject(f"It has no {field}.", payload)
    name = "|".join(map(str, values)).encode()
    if len(name) > LONGEST_ID or b"\x00" in name:
        return Reject(f"Its {' and '.join(key)} cannot be an id: too long, or U+0000.", payload)
    return name, payload


def _bytes_of(record: Any) -> bytes:  # noqa: ANN401
    """Return a record as JSON; a copy, since what orjson returns keeps 4 kB of memory at least."""
    return bytes(memoryview(orjson.dumps(record)))


def without_forgotten(rejects: Iterable[Reject], forgotten: Forgotten) -> list[Reject]:
    """Return records that cannot be rows without the addresses of those who were forgotten."""
    return [
        replace(
            reject,
            payload=forgotten.in_bytes(reject.payload, reject.record_id or ""),
            record_id=None if reject.record_id is None else forgotten.in_text(reject.record_id),
        )
        for reject in rejects
    ]


def digests_of(payloads: Iterable[Any]) -> list[bytes]:
    """Return 128 bits of each; a copy of an empty hash is made faster than a new one."""
    found = []
    for payload in payloads:
        hashed = EMPTY_HASH.copy()
        hashed.update(payload)
        found.append(hashed.digest())
    return found


class Rows:
    """Rows gathered for the next COPY; the fields that a landing's rows share are made once."""

    def __init__(self, batch: Batch) -> None:
        shared = struct.pack(">hiqih", FIELDS, 8, batch.batch_id, 2, batch.stream_id)
        self._fronts = [shared + SIZE.pack(size) for size in range(LONGEST_ID + 1)]
        self._pieces: list[Any] = []
        self.size = 0

    def add(
        self, names: list[bytes], digests: list[bytes], payloads: list[Any], *, moment_us: int
    ) -> None:
        """Add a row for each; moment_us: when they came, microseconds since 2000-01-01 UTC."""
        moment = struct.pack(">iqi", 8, moment_us, EMPTY_HASH.digest_size)
        sizes = list(map(len, payloads))
        rows = zip(
            [self._fronts[len(name)] for name in names],
            names,
            repeat(moment),
            digests,
            [SIZES[size] if size < len(SIZES) else before_payload(size) for size in sizes],
            payloads,
            strict=False,  # the moment repeats for ever
        )
        self._pieces.extend(chain.from_iterable(rows))
        self.size += sum(sizes)

    def take(self) -> list[Any]:
        """Return what was gathered and start anew."""
        pieces, self._pieces, self.size = self._pieces, [], 0
        return pieces


def copy_of(pieces: list[Any]) -> bytes:
    """Return a whole binary COPY of these rows."""
    return b"".join([HEADER, *pieces, TRAILER])


def with_mended_payloads(pieces: list[Any]) -> list[Any]:
    """Return the rows with U+FFFD where a payload holds what PostgreSQL cannot store."""
    found = list(pieces)
    for place in range(PIECES - 1, len(pieces), PIECES):
        payload = mended(bytes(pieces[place]))
        found[place - 1 : place + 1] = before_payload(len(payload)), payload
    return found


def halves(pieces: list[Any]) -> Iterator[list[Any]]:
    middle = len(pieces) // PIECES // 2 * PIECES
    yield pieces[:middle]
    yield pieces[middle:]


def reject_of(pieces: list[Any], reason: str) -> Reject:
    """Return the one row as a reject that is kept as text: as JSON it was refused."""
    name, payload = pieces[1].decode(), bytes(pieces[PIECES - 1])
    return Reject(f"PostgreSQL cannot store it: {reason}.", payload, name, is_json=False)
