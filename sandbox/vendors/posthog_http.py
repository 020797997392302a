"""PostHog's answers to what it cannot do: one body shape with type, code, detail and attr."""

from typing import Any


class Refused(Exception):
    """An answer other than 2xx, with its whole body."""

    def __init__(self, status: int, body: dict[str, Any], *, retry_after_s: int = 0) -> None:
        super().__init__(f"{status} {body['detail']}")
        self.status = status
        self.body = body
        self.headers = {"Retry-After": str(retry_after_s)} if retry_after_s else {}


def invalid(detail: str, *, code: str = "invalid_input", attr: str | None = None) -> Refused:
    """400: the query, or another part of the request, is wrong."""
    return Refused(400, _body("validation_error", code, detail, attr))


def malformed(detail: str) -> Refused:
    """400: the body cannot be read at all."""
    return Refused(400, _body("invalid_request", "parse_error", detail))


def not_authenticated() -> Refused:
    detail = "Authentication credentials were not provided."
    return Refused(401, _body("authentication_error", "not_authenticated", detail))


def wrong_key() -> Refused:
    """Also for a project key (`phc_…`), which is for capture only."""
    detail = "Invalid Personal API key."
    return Refused(401, _body("authentication_error", "invalid_personal_api_key", detail))


def not_found(detail: str = "Not found.") -> Refused:
    return Refused(404, _body("invalid_request", "not_found", detail))


def not_allowed(method: str) -> Refused:
    detail = f'Method "{method}" not allowed.'
    return Refused(405, _body("invalid_request", "method_not_allowed", detail))


def throttled(wait_s: int) -> Refused:
    detail = f"Request was throttled. Expected available in {wait_s} seconds."
    return Refused(429, _body("throttled_error", "rate_limited", detail), retry_after_s=wait_s)


def too_many_at_once(most: int) -> Refused:
    """Another text than the rate's, with a guess at when a place is free."""
    detail = f"Exceeded maximum concurrency limit: {most} for key: api:query:per-team"
    return Refused(429, _body("throttled_error", "throttled", detail), retry_after_s=1)


def timed_out() -> Refused:
    detail = "Query has hit the max execution time before completing."
    return Refused(504, _body("server_error", "query_timeout", detail))


def _body(kind: str, code: str, detail: str, attr: str | None = None) -> dict[str, Any]:
    return {"type": kind, "code": code, "detail": detail, "attr": attr}
