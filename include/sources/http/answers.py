"""One answer of a vendor: read whole, decoded, and named in words that are safe to log."""

import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import msgspec
import orjson
import requests
from urllib3.exceptions import HTTPError

from include.errors import RejectData, RetryLater
from include.sources.http.session import Wire
from include.warehouse.json_text import mended

Body = Any
Decode = Callable[[bytes], Body]
BROKEN = (orjson.JSONDecodeError, msgspec.DecodeError, UnicodeDecodeError, RecursionError)
CHUNK = 2**18


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message comes from; never a host, a query or a body."""

    vendor: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.vendor}: {self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. body is decoded JSON, or None where the vendor sent nothing.

    The headers' names are matched in any case.
    """

    status: int
    body: Body
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Download:
    """A whole body in a temporary file, read from its start. Closing it removes the file."""

    status: int
    file: BinaryIO
    headers: Mapping[str, str]
    place: Place

    def __enter__(self) -> "Download":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def read_whole(response: requests.Response, place: Place, wire: Wire) -> bytes:
    """Return the decoded body without a byte order mark, with which some proxies begin a text.

    RetryLater if it is cut or too slow, RejectData if too large.
    """
    body = b"".join(_chunks(response, place, wire.longest_body, wire.answer_s))
    return body.removeprefix(BOM_UTF8)


def spool(response: requests.Response, place: Place, wire: Wire) -> Download:
    """Write the decoded body into a temporary file; errors as for `read_whole`."""
    file = TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        for chunk in _chunks(response, place, wire.longest_download, wire.download_s):
            file.write(chunk)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Download(response.status_code, file, response.headers, place)


def _chunks(
    response: requests.Response, place: Place, longest: int, patience_s: float
) -> Iterator[bytes]:
    deadline = time.monotonic() + patience_s
    size = 0
    try:
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            size += len(chunk)
            if size > longest:
                raise RejectData(f"{place} answered with more than {longest:,} bytes.")
            if time.monotonic() > deadline:
                raise RetryLater(f"{place} took more than {patience_s:.0f} s to answer.")
            yield chunk
    except (HTTPError, OSError):
        raise RetryLater(f"{place}: the connection broke in the middle of the answer.") from None


def json_of(body: bytes, response: requests.Response, place: Place, decode: Decode) -> Body:
    """Decode a body; None if there is none. What is no JSON may be JSON the next time.

    Vendors do send half surrogate pairs, of texts cut in the middle of an emoji: those are mended.
    """
    if not body and response.status_code in (201, 202, 204):
        return None
    try:
        return decode(body)
    except msgspec.ValidationError:
        raise RejectData(f"{place}: the answer does not have the form that it should.") from None
    except BROKEN:
        pass
    try:
        return decode(mended(body))
    except BROKEN:
        what = _kind_of(body, response.headers.get("Content-Type", ""))
        raise RetryLater(
            f"{place} answered {response.status_code} with {what} instead of JSON."
        ) from None


def raw_rows(rows: str, *others: str) -> Decode:
    """Return a decoder that leaves each record of the list `rows` as its bytes.

    Records that are stored as they came need no decoding: that is four times as fast. `others` are
    the fields of the page that its paging rule reads; one that is not sent is None.
    """
    paging = [(name, Any, None) for name in others]
    decoder = msgspec.json.Decoder(msgspec.defstruct("Page", [(rows, list[msgspec.Raw]), *paging]))

    def decode(body: bytes) -> Body:
        return msgspec.structs.asdict(decoder.decode(body))

    return decode


def _kind_of(body: bytes, content_type: str) -> str:
    start = body.lstrip()[:15].lower()
    if not start:
        return "an empty body"
    if "html" in content_type.lower() or start.startswith((b"<!doctype", b"<html")):
        return "an HTML page"
    if start.startswith((b"{", b"[")):
        return "JSON that is cut short or broken"
    return "text"
