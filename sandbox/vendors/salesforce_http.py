"""What every handler takes and gives: a call, a reply, and refusals in Salesforce's words.

Errors of the REST API are an array of objects (REST API developer guide, checked Nov 2026).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

Json = dict[str, Any]
BASE = "/services/data/v{version}"


class Refused(Exception):
    """An answer in the shape of the REST API's errors."""

    def __init__(
        self, status: int, code: str, message: str, *, fields: Sequence[str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.fields = fields

    def body(self) -> list[Json]:
        error: Json = {"message": str(self), "errorCode": self.code}
        if self.fields is not None:
            error["fields"] = list(self.fields)
        return [error]


def not_found(message: str = "The requested resource does not exist") -> Refused:
    return Refused(404, "NOT_FOUND", message)


def malformed_json(message: str) -> Refused:
    return Refused(400, "JSON_PARSER_ERROR", message)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `base`: the address by which the client came; `version`: like 66.0.

    Headers have lower-case names; `path` holds what the route's pattern found.
    """

    method: str
    base: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def version(self) -> str:
        return self.path["version"]

    @property
    def data(self) -> str:
        """The path that addresses of this version begin with."""
        return BASE.format(version=self.version)

    def json(self) -> Any:  # noqa: ANN401
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise malformed_json(
                f"Unexpected character at [line:{error.lineno}, column:{error.colno}]"
            ) from error

    def fields(self) -> Json:
        """The JSON object that was sent."""
        document = self.json()
        if not isinstance(document, dict):
            raise malformed_json("The HTTP entity body is required to be an object")
        return document

    def options(self, header: str) -> dict[str, str]:
        """`name=value` pairs of a header, names in lower case."""
        pairs = (part.partition("=") for part in self.headers.get(header, "").split(","))
        return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


@dataclass(frozen=True, slots=True)
class Reply:
    """`body`: a JSON value, bytes as they are, or None for nothing at all."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = "application/json;charset=UTF-8"

    def encoded(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)
