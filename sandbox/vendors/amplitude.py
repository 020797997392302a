"""Amplitude's API on the wire: export, dashboard queries, users and ingestion at one address.

At Amplitude ingestion has a host of its own.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from fastapi import FastAPI, Request, Response

from sandbox.state import State
from sandbox.vendors.amplitude_export import Export, Project
from sandbox.vendors.amplitude_http import Cost, Entrance, Handler, Refused, answer, refusal
from sandbox.vendors.amplitude_reports import Reports, cost_of
from sandbox.vendors.amplitude_users import Users
from sandbox.vendors.amplitude_writes import Writes
from sandbox.vendors.product_events import Events, events_of

THE_PROJECT = Project()


def build(state: State, project: Project = THE_PROJECT) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    now = state.clock.now
    events, uploaded = _made_when_asked(state, project)
    entrance = Entrance(state.doors["amplitude"], limits=state.limits, now=now)
    writes = Writes(state.journal, project, entrance.knows, now)
    reports = Reports(project, events, now)
    users = Users(state.world, project, events, now)

    def get(path: str, handler: Handler, cost: Cost | None = None, kind: str = "rest") -> None:
        app.add_route(f"/api{path}", entrance.guarded(handler, cost, kind), methods=["GET"])

    get("/2/export", Export(project, uploaded, writes.events, now).answer)
    get("/2/events/segmentation", reports.segmentation, cost_of)
    get("/2/users", reports.users, cost_of)
    get("/2/sessions/average", reports.session_lengths, cost_of)
    get("/2/events/list", reports.event_list)
    get("/2/taxonomy/event", reports.event_types)
    get("/2/annotations", lambda _call: answer({"data": []}))
    get("/2/usersearch", users.search, kind="users")
    get("/2/useractivity", users.activity, kind="users")
    get("/3/cohorts", users.cohorts)
    get("/5/cohorts/request/{id}", users.ask_for_cohort)
    get("/5/cohorts/request-status/{id}", users.cohort_status)
    get("/5/cohorts/request/{id}/file", users.cohort_file)
    ingestion = {
        "/2/httpapi": writes.upload,
        "/batch": writes.upload,
        "/groupidentify": writes.identify_groups,
        "/identify": writes.identify_users,
    }
    for path, handler in ingestion.items():
        app.add_route(path, entrance.guarded(handler, kind=""), methods=["POST"])
    app.add_exception_handler(404, _no_endpoint)
    app.add_exception_handler(405, _no_method)
    return app


def _made_when_asked(
    state: State, project: Project
) -> tuple[Callable[[], Events], Callable[[], Events]]:
    """Return the world's events, in the order of happening and in that of their upload."""

    @cache
    def events() -> Events:
        return events_of(state.world, late_days=project.late_days)

    @cache
    def uploaded() -> Events:
        return events().take(np.argsort(events().arrived, kind="stable"))

    return events, uploaded


async def _no_endpoint(_request: Request, _error: Exception) -> Response:
    return refusal(Refused(404, "Not Found"))


async def _no_method(_request: Request, _error: Exception) -> Response:
    return refusal(Refused(405, "Method Not Allowed"))
