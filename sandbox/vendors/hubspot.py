"""HubSpot's CRM on the wire: routes in both path versions, the bearer token, the limits.

Vendor facts: HubSpot developer documentation and published API descriptions, checked Nov 2026.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import uuid4

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sandbox.limits import SlidingWindow
from sandbox.state import State
from sandbox.vendors import hubspot_associations as associations
from sandbox.vendors import hubspot_changes as changes
from sandbox.vendors import hubspot_groups as groups
from sandbox.vendors import hubspot_objects as objects
from sandbox.vendors import hubspot_people as people
from sandbox.vendors import hubspot_properties as properties
from sandbox.vendors.hubspot_http import Call, Refused, Reply, not_found, rate_limited
from sandbox.vendors.hubspot_oauth import PATHS as TOKEN_PATHS
from sandbox.vendors.hubspot_oauth import Tokens
from sandbox.vendors.hubspot_older import OLDER_ROUTES
from sandbox.vendors.hubspot_portal import (
    VENDOR,
    Handler,
    Portal,
    Settings,
    reading,
    reading_at,
)
from sandbox.vendors.hubspot_search import search

CONTENT_TYPE = "application/json;charset=utf-8"
VERSIONS = frozenset(("v3", "v4", "2025-09", "2026-03", "2026-09"))
# Addresses with hundreds of property names fail; a connector splits them from 15,000 characters on.
LONGEST_QUERY = 16_000
Answer = Callable[[Request], Awaitable[Response]]

NO_CREDENTIALS = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can "
    "find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)


def find(portal: Portal, call: Call) -> Reply:
    return search(portal.store, call, portal.now_epoch())


# Method, API family, path below it. The families' paths differ between the numbered versions
# (/crm/v3/objects/…) and the dated ones (/crm/objects/2026-03/…).
ROUTES: tuple[tuple[str, str, str, Handler], ...] = (
    ("GET", "objects", "/{type}", reading(objects.list_records)),
    ("POST", "objects", "/{type}", changes.create_one),
    ("POST", "objects", "/{type}/search", find),
    ("POST", "objects", "/{type}/batch/read", reading_at(objects.read_batch)),
    ("POST", "objects", "/{type}/batch/update", changes.update_batch),
    ("POST", "objects", "/{type}/batch/upsert", changes.upsert_batch),
    ("POST", "objects", "/{type}/batch/create", changes.create_batch),
    ("POST", "objects", "/{type}/batch/archive", changes.archive_batch),
    ("GET", "objects", "/{type}/{id}", reading(objects.get_record)),
    ("PATCH", "objects", "/{type}/{id}", changes.update_one),
    ("DELETE", "objects", "/{type}/{id}", changes.archive_one),
    ("GET", "properties", "/{type}", reading(properties.list_properties)),
    ("POST", "properties", "/{type}", properties.create_property),
    ("POST", "properties", "/{type}/batch/create", properties.create_batch),
    ("POST", "properties", "/{type}/batch/read", reading_at(properties.read_batch)),
    ("POST", "properties", "/{type}/batch/archive", properties.archive_batch),
    ("GET", "properties", "/{type}/groups", reading(groups.list_groups)),
    ("POST", "properties", "/{type}/groups", groups.create_group),
    ("GET", "properties", "/{type}/groups/{name}", reading(groups.get_group)),
    ("PATCH", "properties", "/{type}/groups/{name}", groups.change_group),
    ("DELETE", "properties", "/{type}/groups/{name}", groups.archive_group),
    ("GET", "properties", "/{type}/{name}", reading(properties.get_property)),
    ("PATCH", "properties", "/{type}/{name}", properties.change_property),
    ("DELETE", "properties", "/{type}/{name}", properties.archive_property),
    ("GET", "owners", "", reading(people.list_owners)),
    ("GET", "owners", "/{id}", reading(people.get_owner)),
    ("GET", "pipelines", "/{type}", reading(people.list_pipelines)),
    ("GET", "pipelines", "/{type}/{id}", reading(people.get_pipeline)),
    ("GET", "pipelines", "/{type}/{id}/stages", reading(people.list_stages)),
    ("POST", "associations", "/{from}/{to}/batch/read", reading_at(associations.read_batch)),
    ("GET", "associations", "/{from}/{to}/labels", reading(associations.list_labels)),
)
LINKS = "/{type}/{id}/associations/{to}"


class Gate:
    """Who may pass: the token, then the burst, search and daily limits."""

    def __init__(self, state: State, settings: Settings, tokens: Tokens) -> None:
        self._tokens = tokens
        self._counted = state.limits
        self._settings = settings
        self._burst = SlidingWindow(settings.burst, settings.burst_s, state.clock.now)
        self._searches = SlidingWindow(settings.searches_per_s, 1.0, state.clock.now)
        self._day, self._today = "", 0

    def refusal(self, request: Request, portal: Portal) -> tuple[Response | None, dict[str, str]]:
        """The answer to a caller who may not pass, and the limit headers of any answer."""
        if not self._tokens.accepts(request.headers.get("authorization")):
            error = Refused(401, NO_CREDENTIALS, category="INVALID_AUTHENTICATION")
            refused = to_response(Reply(401, error.body()))
            refused.headers["X-HubSpot-Auth-Failure"] = "401 Unauthorized"
            return refused, {}
        if not self._counted:
            return None, {}
        if portal.today() != self._day:
            self._day, self._today = portal.today(), 0
        if self._today >= self._settings.daily:
            return too_many("DAILY", "You have reached your daily limit."), self._headers(0)
        self._today += 1
        if request.url.path.endswith("/search"):
            return self._search(), {}
        taken = self._burst.take()
        if taken.allowed:
            return None, self._headers(taken.remaining)
        message = "You have reached your ten_secondly_rolling limit."
        return too_many("TEN_SECONDLY_ROLLING", message), self._headers(0)

    def _search(self) -> Response | None:
        """Search has a limit of its own, and its replies tell nothing about any limit."""
        if self._searches.take().allowed:
            return None
        return too_many("SECONDLY", "You have reached your secondly limit.")

    def _headers(self, remaining: int) -> dict[str, str]:
        return {
            "X-HubSpot-RateLimit-Max": str(self._settings.burst),
            "X-HubSpot-RateLimit-Remaining": str(remaining),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(int(self._settings.burst_s * 1000)),
            "X-HubSpot-RateLimit-Daily": str(self._settings.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(self._settings.daily - self._today),
        }


def build(state: State, *, settings: Settings | None = None) -> FastAPI:
    """The portal of a world as an application; `settings` only where a test needs other limits."""
    settings = settings or Settings()
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    portal = Portal(state, settings)
    tokens = Tokens(state.doors[VENDOR].secret, state.clock)
    serve = partial(endpoint, portal, Gate(state, settings, tokens))
    for method, family, path, handler in ROUTES:
        numbered = "v4" if family == "associations" else "v3"
        add(app, method, (f"/crm/{numbered}/{family}{path}",), serve(handler))
        add(app, method, (f"/crm/{family}/{{version}}{path}",), serve(handler))
    by_record = serve(reading(associations.list_by_record))
    add(app, "GET", (f"/crm/v4/objects{LINKS}", f"/crm/objects/{{version}}{LINKS}"), by_record)
    add(app, "GET", (f"/crm/v3/objects{LINKS}",), serve(reading(associations.list_by_record_v3)))
    for method, path, handler in OLDER_ROUTES:
        add(app, method, (path,), serve(handler))
    add(app, "POST", TOKEN_PATHS, open_endpoint(portal, lambda _portal, call: tokens.grant(call)))
    told = open_endpoint(portal, lambda _portal, call: tokens.tell(call))
    add(app, "GET", ("/oauth/v1/access-tokens/{token}",), told)
    app.add_exception_handler(HTTPException, no_such_route)
    return app


def add(app: FastAPI, method: str, paths: tuple[str, ...], answer: Answer) -> None:
    """Each path also with a slash at its end, as the official client sends it for owners."""
    for path in paths:
        app.add_route(path, answer, methods=[method])
        app.add_route(f"{path}/", answer, methods=[method])


def endpoint(portal: Portal, gate: Gate, handler: Handler) -> Answer:
    async def answer(request: Request) -> Response:
        if len(request.url.query) > LONGEST_QUERY:
            return Response("URI Too Long", 414, media_type="text/plain")
        refused, headers = gate.refusal(request, portal)
        response = refused or to_response(handle(portal, handler, await to_call(request)))
        response.headers.update(headers)
        return response

    return answer


def open_endpoint(portal: Portal, handler: Handler) -> Answer:
    """Where a caller gets the token that every other address asks for."""

    async def answer(request: Request) -> Response:
        return to_response(handle(portal, handler, await to_call(request)))

    return answer


def handle(portal: Portal, handler: Handler, call: Call) -> Reply:
    try:
        if call.path.get("version", "v3") not in VERSIONS:
            raise not_found()
        return handler(portal, call)
    except Refused as refused:
        return Reply(refused.status, refused.body())


async def to_call(request: Request) -> Call:
    return Call(
        method=request.method,
        url=str(request.url).split("?", maxsplit=1)[0],
        path=dict(request.path_params),
        query=request.query_params.multi_items(),
        body=await request.body(),
        source=request.headers.get("x-sandbox-source", "INTEGRATION"),
    )


def to_response(reply: Reply) -> Response:
    body = b"" if reply.body is None else orjson.dumps(reply.body)
    headers = {"X-HubSpot-Correlation-Id": str(uuid4())}
    if isinstance(reply.body, dict) and "correlationId" in reply.body:
        headers["X-HubSpot-Correlation-Id"] = reply.body["correlationId"]
    if reply.location:
        headers["Location"] = reply.location
    return Response(body, reply.status, headers, media_type=CONTENT_TYPE if body else None)


def too_many(policy: str, message: str) -> Response:
    return to_response(Reply(429, rate_limited(policy, message)))


async def no_such_route(_request: Request, error: Exception) -> Response:
    """An unknown path or method, in HubSpot's words."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        refused = Refused(405, "Method not allowed", category="VALIDATION_ERROR")
        return to_response(Reply(405, refused.body()))
    return to_response(Reply(404, not_found().body()))
