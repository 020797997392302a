"""What every Zendesk handler takes and gives: one call, one reply, one kind of refusal.

Zendesk answers errors in four shapes: `error` as text with or without `description`, `error` as an
object, and a list `errors` (public connector sources and issue threads, checked Nov 2026).
"""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """An answer other than 2xx, with its whole body."""

    def __init__(self, status: int, body: dict[str, Any], **headers: str) -> None:
        super().__init__(f"{status} {body}")
        self.reply = Reply(
            status, body, {name.replace("_", "-"): headers[name] for name in headers}
        )


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` is as the client wrote it, with `.json` or without."""

    origin: str  # scheme, host and port
    path: str
    ids: dict[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def text(self, name: str) -> str | None:
        """The last value wins, as in Rails; an empty value is as good as none."""
        return next((value for key, value in reversed(self.query) if key == name and value), None)

    def names(self, name: str) -> list[str]:
        """The parts of a comma-separated parameter."""
        return [part.strip() for part in (self.text(name) or "").split(",") if part.strip()]

    def flag(self, name: str) -> bool:
        return (self.text(name) or "").lower() in ("true", "1")

    def number(self, name: str) -> int | None:
        given = self.text(name)
        if given is None:
            return None
        try:
            return int(given)
        except ValueError as error:
            raise invalid_attribute(name, "must be an integer") from error

    def record_id(self, name: str = "id") -> int:
        """404 when it is no number: Zendesk has no such record."""
        given = self.ids[name]
        if not given.isdigit():
            raise record_not_found()
        return int(given)

    def json(self) -> dict[str, Any]:
        """400 unless the body is a JSON object."""
        try:
            parsed = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise unprocessable("Unprocessable Entity", "The JSON cannot be parsed") from error
        if not isinstance(parsed, dict):
            raise unprocessable("Unprocessable Entity", "A JSON object was expected")
        return parsed

    def link(self, **changes: str | int) -> str:
        """This request's address with some query parameters put, and None of the others lost."""
        kept = {key: value for key, value in self.query if key not in changes}
        return f"{self.origin}{self.path}?{urlencode({**kept, **changes}, safe='[]')}"

    def page_link(self, way: str, cursor: str) -> str:
        """The address of the page after or before a cursor."""
        kept = {k: v for k, v in self.query if k not in ("page[after]", "page[before]")}
        query = urlencode({f"page[{way}]": cursor, **kept}, safe="[]")
        return f"{self.origin}{self.path}?{query}"


def may_enter(authorization: str | None, secret: str) -> bool:
    """`secret` is "email/token:token": whole as Basic, or its last part as Bearer."""
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip() == secret.partition("/token:")[2]
    if scheme.lower() != "basic":
        return False
    try:
        return base64.b64decode(given, validate=True).decode() == secret
    except (binascii.Error, UnicodeDecodeError):
        return False


def not_authenticated() -> Refused:
    body = {"error": "Couldn't authenticate you"}
    return Refused(401, body, WWW_Authenticate='Basic realm="Web Password"')


def record_not_found() -> Refused:
    return Refused(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid_endpoint() -> Refused:
    return Refused(404, {"error": "InvalidEndpoint", "description": "Not found"})


def invalid_attribute(name: str, why: str) -> Refused:
    message = (
        f"You passed an invalid value for the {name} attribute. Invalid parameter: {name} {why}"
    )
    return Refused(400, {"error": {"title": "Invalid attribute", "message": message}})


def invalid_pagination(code: str, detail: str) -> Refused:
    """`code`: InvalidPaginationDepth or InvalidPaginationParameter."""
    title = "The pagination parameters of this request cannot be served"
    return Refused(400, {"errors": [{"code": code, "title": title, "detail": detail}]})


def unprocessable(error: str, description: str, details: dict[str, Any] | None = None) -> Refused:
    body: dict[str, Any] = {"error": error, "description": description}
    return Refused(422, body | ({"details": details} if details else {}))


def record_invalid(attribute: str, kind: str, description: str) -> Refused:
    """One attribute of a written record is wrong; `kind` such as DuplicateValue."""
    problem = {"error": kind, "description": description}
    return unprocessable("RecordInvalid", "Record validation errors", {attribute: [problem]})


def too_many(description: str, wait_s: int, *, error: str = "APIRateLimitExceeded") -> Refused:
    return Refused(429, {"error": error, "description": description}, Retry_After=str(wait_s))
