"""/composite and /composite/batch: up to 25 requests in one call, each answered as if alone.

A request of /composite may use what an earlier one answered, as `@{reference.field}` (REST API
developer guide on composite resources, checked Nov 2026).
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

from sandbox.vendors.salesforce_http import Call, Json, Refused, Reply, malformed_json

MOST_REQUESTS, MOST_QUERIES = 25, 5
REFERENCE = re.compile(r"@\{(\w+)\.([\w.\[\]]+)\}")
Dispatch = Callable[[Call], Reply]


def composite(dispatch: Dispatch, call: Call) -> Reply:
    """One after the other. Where all or none is asked for, what follows a failure is not tried.

    What was written before the failure stays written here, unlike in a real org.
    """
    body = call.fields()
    requests = _requests(body, "compositeRequest")
    answered: dict[str, Any] = {}
    told: list[Json] = []
    stopped = False
    for request in requests:
        reference = str(request.get("referenceId"))
        halted = Reply(400, [_halted()])
        reply = halted if stopped else _answer(dispatch, call, request, answered)
        answered[reference] = reply.body
        stopped = stopped or (bool(body.get("allOrNone")) and reply.status >= 400)
        told.append(
            {
                "body": reply.body,
                "httpHeaders": dict(reply.headers),
                "httpStatusCode": reply.status,
                "referenceId": reference,
            }
        )
    return Reply(body={"compositeResponse": told})


def batch(dispatch: Dispatch, call: Call) -> Reply:
    """Requests that do not know of each other; their addresses begin with the version."""
    body = call.fields()
    results = []
    for request in _requests(body, "batchRequests"):
        url = f"/services/data/{str(request.get('url', '')).lstrip('/')}"
        inner = {"method": request.get("method"), "url": url, "body": request.get("richInput")}
        reply = _answer(dispatch, call, inner, {})
        results.append({"statusCode": reply.status, "result": reply.body})
    has_errors = any(one["statusCode"] >= 400 for one in results)
    return Reply(body={"hasErrors": has_errors, "results": results})


def _requests(body: Json, name: str) -> list[Json]:
    requests = body.get(name)
    if not isinstance(requests, list) or not all(isinstance(one, dict) for one in requests):
        raise malformed_json(f"{name} must be an array of objects")
    if len(requests) > MOST_REQUESTS:
        message = f"Limit of {MOST_REQUESTS} requests exceeded in one call"
        raise Refused(400, "LIMIT_EXCEEDED", message)
    addresses = [str(one.get("url")) for one in requests]
    costly = sum("/query" in one or "/composite/sobjects" in one for one in addresses)
    if name == "compositeRequest" and costly > MOST_QUERIES:
        message = f"Limit of {MOST_QUERIES} queries and collections exceeded in one call"
        raise Refused(400, "LIMIT_EXCEEDED", message)
    return requests


def _answer(dispatch: Dispatch, call: Call, request: Json, answered: dict[str, Any]) -> Reply:
    try:
        return dispatch(_inner(call, _filled(request, answered)))
    except Refused as refused:
        return Reply(refused.status, refused.body())


def _inner(call: Call, request: Json) -> Call:
    """The request as a call of its own, whose only known place is its address."""
    parts = urlsplit(str(request.get("url", "")))
    given = request.get("body")
    return Call(
        str(request.get("method", "GET")).upper(),
        call.base,
        {"address": unquote(parts.path)},
        dict(parse_qsl(parts.query, keep_blank_values=True)),
        {},
        b"" if given is None else orjson.dumps(given),
    )


def _filled(value: Any, answered: dict[str, Any]) -> Any:  # noqa: ANN401
    """The request with what earlier answers said in the place of the references."""
    if isinstance(value, dict):
        return {key: _filled(one, answered) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, answered) for one in value]
    if not isinstance(value, str):
        return value
    return REFERENCE.sub(lambda found: str(_found(answered, found[1], found[2])), value)


def _found(answered: dict[str, Any], reference: str, path: str) -> Any:  # noqa: ANN401
    value: Any = answered.get(reference)
    for step in re.findall(r"\w+", path):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            message = f"Invalid reference specified. No value for {reference}.{path} found"
            raise Refused(400, "PROCESSING_HALTED", message) from error
    return value


def _halted() -> Json:
    message = (
        "The transaction was rolled back since another operation in the same transaction failed."
    )
    return {"errorCode": "PROCESSING_HALTED", "message": message}
