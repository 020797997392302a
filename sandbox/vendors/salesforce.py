"""Salesforce's APIs on the wire: routes, bearer tokens, the daily limit, what every answer carries.

Vendor facts: REST API and Bulk API 2.0 developer guides, checked Nov 2026.
"""

import gzip
from collections.abc import Awaitable, Callable, Mapping

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sandbox.state import State
from sandbox.vendors import salesforce_bulk_v1 as bulk_v1
from sandbox.vendors import salesforce_oauth as oauth
from sandbox.vendors import salesforce_soap as soap
from sandbox.vendors.salesforce_bulk_v1_forms import Wrong, to_refusal
from sandbox.vendors.salesforce_describe import NEWEST, OLDEST, versions
from sandbox.vendors.salesforce_http import BASE, Call, Refused, Reply, not_found
from sandbox.vendors.salesforce_limits import Allowance
from sandbox.vendors.salesforce_org import VENDOR, Org, Settings
from sandbox.vendors.salesforce_routes import Desk, Handler, routes

Answer = Callable[[Request], Awaitable[Response]]
OLDER_BULK = "/services/async/{version}"
LONGEST_ADDRESS = 16_384
SMALLEST_PACKED = 1_024


def build(state: State, *, settings: Settings | None = None) -> FastAPI:
    """The org of a world as an application; `settings` only where a test needs another org."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    org = Org(state, settings or Settings())
    tokens = oauth.Tokens(org, state.doors[VENDOR])
    allowance = Allowance(org.settings.daily_requests, is_enforced=state.limits)
    desk = Desk(org, tokens, allowance)
    app.add_route("/services/oauth2/token", open_to_all(desk, oauth.token), methods=["POST"])
    app.add_route(
        "/services/oauth2/revoke", open_to_all(desk, oauth.revoke), methods=["GET", "POST"]
    )
    for path in ("/services/data", "/services/data/"):
        app.add_route(path, open_to_all(desk, list_versions), methods=["GET"])
    for path in ("/services/Soap/u/{version}", "/services/Soap/u/{version}/"):
        app.add_route(path, open_to_all(desk, soap.login), methods=["POST"])
    for path in ("/services/oauth2/userinfo", "/id/{org}/{user}"):
        app.add_route(path, told_to_users(desk, soap.identity), methods=["GET", "POST"])
    for method, path, handler in routes():
        app.add_route(f"{BASE}{path}", guarded(desk, handler), methods=[method])
    for method, path, answer in bulk_v1.ROUTES:
        app.add_route(f"{OLDER_BULK}{path}", in_older_form(desk, answer), methods=[method])
    app.add_exception_handler(HTTPException, unknown)
    return app


def list_versions(tokens: oauth.Tokens, call: Call) -> Reply:
    del tokens, call
    return Reply(body=versions())


def open_to_all(desk: Desk, handler: Callable[[oauth.Tokens, Call], Reply]) -> Answer:
    async def answer(request: Request) -> Response:
        call = await to_call(request)
        return to_response(handler(desk.tokens, call), call)

    return answer


def told_to_users(desk: Desk, handler: Callable[[oauth.Tokens, Call], Reply]) -> Answer:
    """Behind the token alone: who asks is told in words, not in JSON, where it is a wrong one."""

    async def answer(request: Request) -> Response:
        call = await to_call(request)
        try:
            check_token(desk.tokens, call)
        except Refused:
            return Response("Bad_OAuth_Token", 403, media_type="text/html")
        return to_response(handler(desk.tokens, call), call)

    return answer


def in_older_form(desk: Desk, handler: bulk_v1.Handler) -> Answer:
    """Behind the session in a header of its own; refusals in the first Bulk API's shape."""

    async def answer(request: Request) -> Response:
        call = await to_call(request)
        try:
            check_session(desk.tokens, call)
            reply = handler(desk.org, desk.older_jobs, call)
        except Wrong as wrong:
            reply = to_refusal(wrong, call)
        except Refused as refused:
            reply = to_refusal(Wrong(refused.code, str(refused)), call)
        return to_response(reply, call)

    return answer


def guarded(desk: Desk, handler: Handler) -> Answer:
    """Behind address length, token, version and allowance; refusals become an array of errors."""

    async def answer(request: Request) -> Response:
        call = await to_call(request)
        if (too_long := check_length(request)) is not None:
            return too_long
        try:
            check_token(desk.tokens, call)
            check_version(call)
            desk.allowance.take()
            reply = handler(desk, call)
        except Refused as refused:
            reply = Reply(refused.status, refused.body())
        return to_response(reply, call, desk.allowance.headers())

    return answer


async def to_call(request: Request) -> Call:
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = await request.body()
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return Call(
        request.method,
        base_of(request),
        dict(request.path_params),
        dict(request.query_params),
        headers,
        body,
    )


def base_of(request: Request) -> str:
    """The address by which the client came, also through a proxy that ends its TLS."""
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    return f"{scheme}://{request.headers.get('host', request.url.netloc)}"


def check_length(request: Request) -> Response | None:
    """Address and headers together may have 16,384 bytes; what is over is not answered in JSON."""
    target = len(request.scope["raw_path"]) + len(request.scope["query_string"])
    headers = sum(len(name) + len(value) for name, value in request.scope["headers"])
    if target > LONGEST_ADDRESS:
        return Response("URI Too Long", 414, media_type="text/plain")
    if target + headers > LONGEST_ADDRESS:
        return Response("Request Header Fields Too Large", 431, media_type="text/plain")
    return None


def check_token(tokens: oauth.Tokens, call: Call) -> None:
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "oauth"):
        raise Refused(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")
    if not tokens.accepts(token.strip()):
        raise Refused(401, "INVALID_SESSION_ID", "Session expired or invalid")


def check_session(tokens: oauth.Tokens, call: Call) -> None:
    if not tokens.accepts(call.headers.get("x-sfdc-session", "")):
        raise Wrong("InvalidSessionId", "Unable to find session id")


def check_version(call: Call) -> None:
    number, _, minor = call.version.partition(".")
    if not number.isdigit() or minor != "0" or int(number) > NEWEST:
        raise not_found()
    if int(number) < OLDEST:
        raise Refused(410, "UNSUPPORTED_API_VERSION", "This API version is no longer supported")


def to_response(reply: Reply, call: Call, told: Mapping[str, str] | None = None) -> Response:
    """Packed where the client takes gzip and there is something to pack; `told`: more headers.

    Names of headers are written with their capitals, as Salesforce does: a connector looks for
    them without.
    """
    body = reply.encoded()
    headers = {**reply.headers, **(told or {})}
    if reply.status == 401:
        headers["WWW-Authenticate"] = "Token"
    if len(body) >= SMALLEST_PACKED and "gzip" in call.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, 5), "gzip"
    response = Response(body, reply.status, headers, media_type=reply.media if body else None)
    capitals = {name.lower(): name for name in (*headers, "Content-Type", "Content-Length")}
    response.raw_headers = [
        (capitals[name.decode()].encode(), value) for name, value in response.raw_headers
    ]
    return response


async def unknown(request: Request, error: Exception) -> Response:
    """What no route answers; a known path with another method is a 405."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    refused = not_found()
    if status == 405:
        message = f"HTTP Method '{request.method}' not allowed. Allowed are GET, HEAD"
        refused = Refused(405, "METHOD_NOT_ALLOWED", message)
    return Response(orjson.dumps(refused.body()), refused.status, media_type="application/json")
