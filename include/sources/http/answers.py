"""One answer of a vendor: read whole, decoded, and named in words that are safe to log."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import requests
from urllib3.exceptions import HTTPError

from include.errors import RejectData, RetryLater
from include.sources.http.session import Wire

Body = Any
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


def read_whole(response: requests.Response, place: Place, wire: Wire) -> bytes:
    """Return the decoded body; RetryLater if it is cut or too slow, RejectData if too large."""
    deadline = time.monotonic() + wire.answer_s
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            chunks.append(chunk)
            size += len(chunk)
            if size > wire.longest_body:
                raise RejectData(f"{place} answered with more than {wire.longest_body:,} bytes.")
            if time.monotonic() > deadline:
                raise RetryLater(f"{place} took more than {wire.answer_s:.0f} s to answer.")
    except (HTTPError, OSError):
        raise RetryLater(f"{place}: the connection broke in the middle of the answer.") from None
    return b"".join(chunks)


def json_of(body: bytes, response: requests.Response, place: Place) -> Body:
    """Decode a body; None if there is none. What is no JSON may be JSON the next time."""
    if not body and response.status_code in (202, 204):
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        what = _kind_of(body, response.headers.get("Content-Type", ""))
        raise RetryLater(
            f"{place} answered {response.status_code} with {what} instead of JSON."
        ) from None


def _kind_of(body: bytes, content_type: str) -> str:
    start = body.lstrip()[:15].lower()
    if not start:
        return "an empty body"
    if "html" in content_type.lower() or start.startswith((b"<!doctype", b"<html")):
        return "an HTML page"
    if start.startswith((b"{", b"[")):
        return "JSON that is cut short or broken"
    return "text"
