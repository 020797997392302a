"""Mixpanel's API on the wire: export, queries and ingestion, behind one address.

At Mixpanel they have hosts of their own: data (export), the bare name (queries) and api
(ingestion). Queries also stand below /api/2.0.
"""

from functools import cache

from fastapi import FastAPI, Request, Response

from sandbox.state import State
from sandbox.vendors.mixpanel_export import Export, Project
from sandbox.vendors.mixpanel_http import Entrance, Handler, Refused, refusal
from sandbox.vendors.mixpanel_profiles import Profiles
from sandbox.vendors.mixpanel_reports import Reports, nothing
from sandbox.vendors.mixpanel_writes import Writes
from sandbox.vendors.product_events import Events, events_of

THE_PROJECT = Project()
QUERY_ROOTS = ("/api/query", "/api/2.0")


def build(state: State, project: Project = THE_PROJECT) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    now = state.clock.now

    @cache
    def events() -> Events:
        return events_of(state.world, late_days=project.late_days)

    world = state.world
    entrance = Entrance(state.doors["mixpanel"], limits=state.limits, now=now)
    writes = Writes(state.journal, now)
    reports = Reports(project, events, now)
    profiles = Profiles(world, project, events, writes.profiles, now)

    def serve(path: str, methods: str, kind: str, handler: Handler) -> None:
        app.add_route(path, entrance.guarded(handler, kind), methods=methods.split())

    serve("/api/2.0/export", "GET", "export", Export(project, events, writes.events, now).answer)
    for root in QUERY_ROOTS:
        serve(f"{root}/engage", "GET POST", "query", profiles.query)
        serve(f"{root}/engage/properties", "GET POST", "query", profiles.properties)
        serve(f"{root}/engage/revenue", "GET", "query", reports.revenue)
        serve(f"{root}/cohorts/list", "GET POST", "query", profiles.cohorts)
        serve(f"{root}/segmentation", "GET", "query", reports.segmentation)
        serve(f"{root}/events/names", "GET", "query", reports.event_names)
        serve(f"{root}/events/properties/top", "GET", "query", reports.property_names)
        serve(f"{root}/funnels/list", "GET", "query", nothing([]))
        serve(f"{root}/annotations", "GET", "query", nothing({"status": "ok", "annotations": []}))
    for path in ("/api/app/projects/{project_id}/annotations", "/api/query/annotations/list"):
        serve(path, "GET", "query", nothing({"status": "ok", "results": []}))
    serve("/import", "POST", "import", writes.imported)
    serve("/track", "GET POST", "", writes.track)
    serve("/engage", "GET POST", "", writes.people)
    serve("/groups", "GET POST", "", writes.groups)
    app.add_exception_handler(404, _no_endpoint)
    app.add_exception_handler(405, _no_method)
    return app


async def _no_endpoint(request: Request, _error: Exception) -> Response:
    return refusal(Refused(404, "Not Found"), request.url.path)


async def _no_method(request: Request, _error: Exception) -> Response:
    return refusal(Refused(405, "Method not allowed"), request.url.path)
