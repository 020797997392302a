"""PostHog's private API on loopback: paths, keys and throttles; the work is in `posthog_*`.

Every path below a project also stands below /api/environments, with and without a slash behind.
"""

import math
from collections.abc import Callable
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from sandbox.limits import SlidingWindow
from sandbox.state import State
from sandbox.vendors.posthog_engine import Engine
from sandbox.vendors.posthog_http import (
    Refused,
    not_allowed,
    not_authenticated,
    not_found,
    throttled,
    wrong_key,
)
from sandbox.vendors.posthog_lists import Call, Lists
from sandbox.vendors.posthog_queries import Queries
from sandbox.vendors.posthog_smaller import EMPTY, Definitions, no_such, nothing
from sandbox.vendors.posthog_store import Project, open_store

# Requests in 60 seconds and in an hour, by kind (vendor documentation, checked Nov 2026).
LIMITS = {"query": (240, 2400), "analytics": (240, 1200), "crud": (480, 4800)}
MINUTE_S, HOUR_S = 60.0, 3600.0

Handler = Callable[[Request, bytes], tuple[int, bytes]]
THE_PROJECT = Project()


def build(state: State, project: Project = THE_PROJECT) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    now = state.clock.now
    store = open_store(state.world, now(), project)
    queries = Queries(Engine(store, project, now), now, has_limits=state.limits)
    lists, definitions = Lists(store, project, now), Definitions(store)
    door = Door(state, project)

    def serve(method: str, path: str, kind: str, handler: Handler) -> None:
        endpoint = door.guarded(handler, kind)
        for slash in ("/", ""):
            app.add_route(f"/api/{path}{slash}", endpoint, methods=[method])

    for root in ("projects", "environments"):
        below = f"{root}/{{project_id}}"
        serve("POST", f"{below}/query", "query", lambda _, body: queries.ask(body))
        serve("GET", f"{below}/query/{{query_id}}", "crud", _status(queries))
        serve("GET", f"{below}/groups_types", "analytics", _listed(lists.group_types))
        serve("GET", f"{below}/groups", "analytics", _listed(lists.groups))
        serve("GET", f"{below}/groups/find", "analytics", _listed(lists.find_group))
        serve("GET", f"{below}/persons", "analytics", _listed(lists.persons))
        serve("GET", f"{below}/persons/{{id}}", "analytics", _one(lists.person))
        serve("GET", f"{below}/events", "analytics", _listed(lists.events))
        serve("GET", f"{below}/event_definitions", "crud", _listed(definitions.listed))
        serve("GET", f"{below}/event_definitions/{{id}}", "crud", _one(definitions.one))
        for name in EMPTY:
            serve("GET", f"{below}/{name}", "crud", _listed(nothing))
            serve("GET", f"{below}/{name}/{{id}}", "crud", _one(no_such))
        serve("GET", below, "crud", _fixed(_described(project)))
    serve("GET", "projects", "crud", _fixed(_page_of(_described(project))))
    serve("GET", "users/@me", "crud", _fixed(_me(project)))
    app.add_exception_handler(404, _no_endpoint)
    app.add_exception_handler(405, _no_method)
    return app


def _status(queries: Queries) -> Handler:
    return lambda request, _: queries.status(request.path_params["query_id"])


def _one(handler: Callable[[str], Any]) -> Handler:
    return lambda request, _: (200, orjson.dumps(handler(request.path_params["id"])))


def _fixed(body: dict[str, Any]) -> Handler:
    return lambda _request, _body: (200, orjson.dumps(body))


def _listed(handler: Callable[[Call], Any]) -> Handler:
    def answer(request: Request, _body: bytes) -> tuple[int, bytes]:
        url = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
        return 200, orjson.dumps(handler(Call(url, dict(request.query_params))))

    return answer


def _described(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "uuid": "00000000-0000-4000-8000-000000000001",
        "organization": "00000000-0000-4000-8000-0000000000aa",
        "name": "Kite",
        "api_token": "phc_SandboxSandboxSandboxSandboxSandbox0001",
        "timezone": project.time_zone,
        "is_demo": False,
    }


def _page_of(row: dict[str, Any]) -> dict[str, Any]:
    return {"count": 1, "next": None, "previous": None, "results": [row]}


def _me(project: Project) -> dict[str, Any]:
    described = _described(project)
    return {
        "uuid": "00000000-0000-4000-8000-0000000000bb",
        "distinct_id": "sandbox",
        "first_name": "Sandbox",
        "email": "sandbox@kite.example",
        "team": described,
        "organization": {"id": described["organization"], "name": "Kite", "teams": [described]},
    }


class Door:
    """Lets in who knows the key, to the one project, at the rate of the kind of request."""

    def __init__(self, state: State, project: Project) -> None:
        self._key = state.doors["posthog"].secret
        self._project = project
        now = state.clock.now
        self._windows = {
            kind: (SlidingWindow(minute, MINUTE_S, now), SlidingWindow(hour, HOUR_S, now))
            for kind, (minute, hour) in (LIMITS if state.limits else {}).items()
        }

    def guarded(self, handler: Handler, kind: str) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            try:
                self._check(request)
                self._count(kind)
                status, body = await run_in_threadpool(handler, request, await request.body())
            except Refused as refused:
                return _refusal(refused)
            return Response(body, status, media_type="application/json")

        return endpoint

    def _check(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if not key or scheme.lower() != "bearer":
            raise not_authenticated()
        if key.strip() != self._key:
            raise wrong_key()
        asked = request.path_params.get("project_id", "@current")
        if asked not in ("@current", str(self._project.id)):
            raise not_found("Project not found.")

    def _count(self, kind: str) -> None:
        for window in self._windows.get(kind, ()):
            taken = window.take()
            if not taken.allowed:
                raise throttled(math.ceil(taken.wait_s))


def _refusal(refused: Refused) -> Response:
    body = orjson.dumps(refused.body)
    return Response(body, refused.status, refused.headers, "application/json")


async def _no_endpoint(_request: Request, _error: Exception) -> Response:
    return _refusal(not_found("Endpoint not found."))


async def _no_method(request: Request, _error: Exception) -> Response:
    return _refusal(not_allowed(request.method))
