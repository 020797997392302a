"""What every Intercom handler takes and gives: one call, one reply, one kind of refusal.

All errors have one shape, `error.list` with codes; the codes and words are those of the published
API description 2.16 (checked Nov 2026).
"""

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
    """An answer other than 2xx; the door adds the request's id."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message

    def reply(self, request_id: str) -> Reply:
        errors = [{"code": self.code, "message": self.message}]
        body = {"type": "error.list", "request_id": request_id, "errors": errors}
        return Reply(self.status, body)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `version`: as the client named it, or the app's own, such as (2, 16)."""

    origin: str  # scheme, host and port
    path: str
    version: tuple[int, int]
    ids: dict[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def text(self, name: str) -> str | None:
        """The last value wins; an empty value is as good as none."""
        return next((value for key, value in reversed(self.query) if key == name and value), None)

    def flag(self, name: str) -> bool:
        return (self.text(name) or "").lower() in ("true", "1")

    def number(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1 to `most`; 400 for anything else."""
        given = self.text(name)
        return usual if given is None else whole(given, name, most)

    def json(self) -> dict[str, Any]:
        """400 unless the body is a JSON object."""
        try:
            parsed = orjson.loads(self.body or b"{}")
        except orjson.JSONDecodeError as error:
            raise bad_request("The JSON in the request body is malformed") from error
        if not isinstance(parsed, dict):
            raise bad_request("The request body must be a JSON object")
        return parsed

    def link(self, **changes: int) -> str:
        """This request's address with some query parameters put, and none of the others lost."""
        kept = {key: value for key, value in self.query if key not in changes}
        return f"{self.origin}{self.path}?{urlencode({**kept, **changes})}"


def whole(given: object, name: str, most: int) -> int:
    """Text or a number as clients send it; 400 unless it is whole and from 1 to `most`."""
    text = str(given)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise invalid(f"{name} must be a number between 1 and {most}")
    return int(text)


def unauthorized() -> Refused:
    return Refused(401, "unauthorized", "Access Token Invalid")


def bad_request(message: str) -> Refused:
    return Refused(400, "bad_request", message)


def invalid(message: str) -> Refused:
    return Refused(400, "parameter_invalid", message)


def missing(message: str) -> Refused:
    return Refused(400, "parameter_not_found", message)


def not_found(message: str = "Resource Not Found", code: str = "not_found") -> Refused:
    return Refused(404, code, message)


def no_company() -> Refused:
    return not_found("Company Not Found", "company_not_found")


def no_version(message: str) -> Refused:
    return Refused(400, "intercom_version_invalid", message)


def too_many(limit: int, seconds: int) -> Refused:
    message = f"Exceeded rate limit of {limit} in {seconds}_seconds"
    return Refused(429, "rate_limit_exceeded", message)
