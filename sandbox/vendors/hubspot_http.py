"""What every HubSpot handler takes and gives: one parsed call, one reply, one kind of refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import orjson


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` None: an empty body, as for 204. `location`: the address of what was made."""

    status: int
    body: Any = None
    location: str = ""


class Refused(Exception):
    """An answer in HubSpot's CRM error shape; `errors` are its per-value details."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        category: str = "VALIDATION_ERROR",
        errors: Sequence[dict[str, Any]] = (),
        context: dict[str, list[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.errors = list(errors)
        self.context = context

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "status": "error",
            "message": str(self),
            "correlationId": str(uuid4()),
        }
        if self.errors:
            body["errors"] = self.errors
        if self.context is not None:
            body["context"] = self.context
        return {**body, "category": self.category}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: path parameters, query pairs in their order, raw body.

    `source` is who writes: INTEGRATION, or CRM_UI for a person (header X-Sandbox-Source).
    """

    method: str
    url: str  # scheme, host and path, without the query
    path: dict[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    source: str = "INTEGRATION"

    def text(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    def names(self, name: str) -> list[str]:
        """The values of a list parameter, given repeatedly or joined by commas."""
        given = (value for key, value in self.query if key == name)
        return [part.strip() for value in given for part in value.split(",") if part.strip()]

    def flag(self, name: str) -> bool:
        """`true` in any case (the official Python client sends `True`); anything else is false."""
        return (self.text(name) or "").lower() == "true"

    def limit(self, default: int, most: int, name: str = "limit") -> int:
        given = self.text(name)
        if not given:
            return default
        if not given.isdigit() or int(given) < 1:
            raise Refused(400, f"Invalid limit '{given}': it must be a positive integer")
        if int(given) > most:
            raise Refused(400, f"The maximum limit is {most}, but {given} was requested.")
        return int(given)

    def json(self) -> dict[str, Any]:
        try:
            parsed = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise Refused(400, f"Invalid input JSON on line 1, column 1: {error}") from error
        if not isinstance(parsed, dict):
            raise Refused(400, "Invalid input JSON on line 1, column 1: an object was expected")
        return parsed

    def link(self, after: str) -> str:
        """The address of the next page: this one with another `after`."""
        kept = [(key, value) for key, value in self.query if key != "after"]
        return f"{self.url}?{urlencode([*kept, ('after', after)])}"


def rate_limited(policy: str, message: str) -> dict[str, Any]:
    """The 429 body, which is not the CRM error shape (vendor issue threads, checked Nov 2026)."""
    return {
        "status": "error",
        "message": message,
        "errorType": "RATE_LIMIT",
        "correlationId": str(uuid4()),
        "policyName": policy,
        "requestId": str(uuid4()),
    }


def not_found() -> Refused:
    return Refused(404, "resource not found", category="OBJECT_NOT_FOUND")


def objects_of(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects in a body; none is an empty one, anything else a 400."""
    rows = body.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(400, f"Invalid input JSON: '{name}' must be a list of objects")
    return rows


def texts_of(body: dict[str, Any], name: str) -> list[str]:
    """A list of texts in a body; none is an empty one, anything else a 400."""
    texts = body.get(name)
    if texts is None:
        return []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Refused(400, f"Invalid input JSON: '{name}' must be a list of strings")
    return texts


def inputs_of(body: dict[str, Any], most: int) -> list[dict[str, Any]]:
    """The rows of a batch body; more than `most` is a 400."""
    if "inputs" not in body:
        raise Refused(400, "Invalid input JSON: some required fields were not set: [inputs]")
    inputs = objects_of(body, "inputs")
    if len(inputs) > most:
        raise Refused(400, f"The maximum batch size is {most}, but {len(inputs)} inputs were sent.")
    return inputs


def batch_reply(
    results: Sequence[dict[str, Any]],
    errors: Sequence[dict[str, Any]],
    at: str,
    *,
    status: int = 200,
) -> Reply:
    """207 as soon as one row failed. Results come in no promised order: here the last comes first,
    so that a client that trusts positions fails in its tests."""
    body: dict[str, Any] = {
        "status": "COMPLETE",
        "results": list(reversed(results)),
        "startedAt": at,
        "completedAt": at,
    }
    if not errors:
        return Reply(status, body)
    return Reply(207, {**body, "numErrors": len(errors), "errors": list(errors)})


def row_error(message: str, category: str, context: dict[str, list[str]]) -> dict[str, Any]:
    """One failed row of a batch."""
    return {
        "status": "error",
        "category": category,
        "message": message,
        "context": context,
        "errors": [],
        "links": {},
    }
