"""Records on their way into raw.record: their ids, their digests, the bytes of a binary COPY.

A digest is of the bytes as they came, so it recognises the same answer at once. Whether other bytes
mean other content is decided by jsonb, for which the order of keys means nothing.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec
import orjson

from include.warehouse.encode import HEADER, TRAILER
from include.warehouse.json_text import mended
from include.warehouse.page import Page

FIELDS = 6  # of raw.record, in the order of landing/copy.sql
PIECES = 6  # of bytes that one row is made of
LONGEST_ID = 500  # bytes: an index entry must fit a third of a page
PLAIN_KEY = ("id",)
DIGEST = blake2b(digest_size=16)
SIZE = struct.Struct(">i")
# What stands before a payload of so many bytes: the field's size and jsonb's format version.
SIZES = [SIZE.pack(size + 1) + b"\x01" for size in range(4096)]


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


class Unusable(Exception):
    """Why a record has no usable id."""


def sort_out(page: Page) -> tuple[list[tuple[bytes, Any]], list[Reject]]:
    """Return (id, JSON bytes) of each usable record, and the others with what is wrong."""
    usable: list[tuple[bytes, Any]] = []
    rejects: list[Reject] = []
    for record in page.records:
        is_bytes = isinstance(record, (msgspec.Raw, bytes))
        payload = record if is_bytes else orjson.dumps(record)
        try:
            name = _name_in(record, page.key) if is_bytes else _name_of(record, page.key)
        except Unusable as reason:
            rejects.append(Reject(str(reason), bytes(payload)))
        else:
            usable.append((name, payload))
    return usable, rejects


def _name_in(payload: bytes | msgspec.Raw, key: tuple[str, ...]) -> bytes:
    """Return the id of a record that is still JSON; reading nothing else of it is twice as fast."""
    if key == PLAIN_KEY:
        try:
            name = str(read_id(payload).id).encode()
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
        else:
            if 0 < len(name) <= LONGEST_ID and b"\x00" not in name:
                return name
    try:
        return _name_of(orjson.loads(mended(bytes(payload))), key)
    except orjson.JSONDecodeError:
        raise Unusable("It is no JSON.") from None


def _name_of(record: Any, key: tuple[str, ...]) -> bytes:  # noqa: ANN401 - any JSON value
    if not isinstance(record, dict):
        raise Unusable("It is no JSON object.")
    values = [record.get(field) for field in key]
    for field, value in zip(key, values, strict=True):
        if type(value) not in (int, str) or value == "":
            raise Unusable(f"It has no {field}.")
    name = "|".join(map(str, values)).encode()
    if len(name) > LONGEST_ID or b"\x00" in name:
        raise Unusable(f"Its {' and '.join(key)} cannot be an id: too long, or U+0000 in it.")
    return name


class Rows:
    """Rows gathered for the next COPY; the fields that a landing's rows share are made once."""

    def __init__(self, batch: Batch) -> None:
        shared = struct.pack(">hiqih", FIELDS, 8, batch.batch_id, 2, batch.stream_id)
        self._fronts = [shared + SIZE.pack(size) for size in range(LONGEST_ID + 1)]
        self._pieces: list[Any] = []
        self.size = 0

    def add(
        self, usable: list[tuple[bytes, Any]], known: Mapping[bytes, bytes], *, moment_us: int
    ) -> int:
        """Add those whose digest is not the known one; return how many were left out.

        moment_us: when the records arrived, in microseconds since 2000-01-01 UTC.
        """
        pieces, fronts, size = self._pieces, self._fronts, self.size
        moment = struct.pack(">iqi", 8, moment_us, DIGEST.digest_size)
        before = len(pieces)
        for name, payload in usable:
            hashed = DIGEST.copy()
            hashed.update(payload)
            digest = hashed.digest()
            if known and known.get(name) == digest:
                continue
            length = len(payload)
            front = SIZES[length] if length < 4096 else SIZE.pack(length + 1) + b"\x01"
            pieces += (fronts[len(name)], name, moment, digest, front, payload)
            size += length
        self.size = size
        return len(usable) - (len(pieces) - before) // PIECES

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
        found[place - 1 : place + 1] = SIZE.pack(len(payload) + 1) + b"\x01", payload
    return found


def halves(pieces: list[Any]) -> Iterator[list[Any]]:
    middle = len(pieces) // PIECES // 2 * PIECES
    yield pieces[:middle]
    yield pieces[middle:]


def reject_of(pieces: list[Any], reason: str) -> Reject:
    """Return the one row as a reject that is kept as text: as JSON it was refused."""
    name, payload = pieces[1].decode(), bytes(pieces[PIECES - 1])
    return Reject(f"PostgreSQL cannot store it: {reason}.", payload, name, is_json=False)
