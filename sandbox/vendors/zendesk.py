"""Zendesk Support on loopback: its paths. The work is in the `zendesk_*` modules.

Any path also takes `.json`. Links in answers go to the address that the client called.
"""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from sandbox.state import State
from sandbox.vendors.zendesk_changes import Changes
from sandbox.vendors.zendesk_door import Door, Handler, no_endpoint
from sandbox.vendors.zendesk_jobs import Jobs
from sandbox.vendors.zendesk_pages import Listing
from sandbox.vendors.zendesk_reads import Reads
from sandbox.vendors.zendesk_rows import Desk, iso
from sandbox.vendors.zendesk_search import Search
from sandbox.vendors.zendesk_settings import Settings
from sandbox.vendors.zendesk_sideloads import loading
from sandbox.vendors.zendesk_smaller import EMPTY, Smaller, empty, one_of
from sandbox.vendors.zendesk_streams import Streams
from sandbox.vendors.zendesk_threads import Threads
from sandbox.vendors.zendesk_writes import Writes


def build(state: State) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    door = Door(state)
    desk = Desk(state.world, state.clock.now())
    writes = Writes(desk, state.journal, state.clock.now)
    for path, handler in _exporting(Streams(desk, state.clock.now)).items():
        _serve(app, "GET", path, door.guarded(loading(handler, desk), is_export=True))
    reading = {
        **_looking_up(Smaller(desk)),
        **_searching(Search(desk, state.clock.now)),
        **_following(Threads(desk)),
        **_setting(Settings(desk)),
        **_belonging(Reads(desk)),
        **_reading(Reads(desk), desk, state),
    }
    reading |= _single(reading)
    for path, handler in reading.items():
        _serve(app, "GET", path, door.guarded(loading(handler, desk)))
    for (method, path), handler in _writing(Changes(writes, Jobs(writes, state.clock.now))).items():
        _serve(app, method, path, door.guarded(handler))
    app.add_exception_handler(404, no_endpoint)
    app.add_exception_handler(405, no_endpoint)
    return app


def _serve(app: FastAPI, method: str, path: str, endpoint: Callable[..., Any]) -> None:
    """With `.json` first, or a record's id would swallow it."""
    for suffix in (".json", ""):
        app.add_route(f"/api/v2{path}{suffix}", endpoint, methods=[method])


def _exporting(streams: Streams) -> dict[str, Handler]:
    return {
        "/incremental/tickets/cursor": streams.tickets_by_cursor,
        "/incremental/users/cursor": streams.users_by_cursor,
        "/incremental/tickets": streams.tickets_by_time,
        "/incremental/users": streams.users_by_time,
        "/incremental/organizations": streams.organizations,
        "/incremental/ticket_metric_events": streams.metric_events,
        "/incremental/ticket_events": streams.ticket_events,
    }


def _writing(changes: Changes) -> dict[tuple[str, str], Handler]:
    return {
        ("PUT", "/organizations/update_many"): changes.update_many,
        ("PUT", "/organizations/{id}"): changes.update,
        ("POST", "/organizations/create_or_update"): changes.create_or_update,
        ("POST", "/organization_fields"): changes.create_field,
        ("POST", "/tickets"): changes.create_ticket,
        ("GET", "/job_statuses"): changes.jobs,
        ("GET", "/job_statuses/{id}"): changes.job,
    }


def _looking_up(smaller: Smaller) -> dict[str, Handler]:
    return {path: empty(name) for path, name in EMPTY.items()} | {
        "/brands": smaller.brands,
        "/deleted_tickets": smaller.deleted_tickets,
        "/ticket_fields": smaller.ticket_fields,
        "/ticket_forms": smaller.ticket_forms,
        "/tickets/show_many": smaller.show_tickets,
    }


def _searching(search: Search) -> dict[str, Handler]:
    return {"/search": search.pages, "/search/count": search.count, "/search/export": search.export}


def _following(threads: Threads) -> dict[str, Handler]:
    return {
        "/ticket_audits": threads.all_audits,
        "/tickets/{id}/audits": threads.audits,
        "/tickets/{id}/audits/{audit_id}": threads.audit,
        "/tickets/{id}/comments": threads.comments,
    }


def _setting(settings: Settings) -> dict[str, Handler]:
    return {
        "/account/settings": settings.account,
        "/custom_statuses": settings.custom_statuses,
        "/custom_statuses/{id}": settings.custom_status,
        "/group_memberships": settings.group_memberships,
        "/groups/{group_id}/memberships": settings.group_memberships,
        "/users/{user_id}/group_memberships": settings.group_memberships,
        "/organizations/{id}/related": settings.organization_related,
        "/users/{id}/related": settings.user_related,
    }


def _belonging(reads: Reads) -> dict[str, Handler]:
    """What belongs to one user."""
    return {
        "/users/{user_id}/identities": reads.identities,
        "/users/{user_id}/organizations": reads.organizations,
        "/users/{user_id}/organization_memberships": reads.memberships,
        "/users/{requester_id}/tickets/requested": reads.tickets,
        "/users/{assignee_id}/tickets/assigned": reads.tickets,
        "/users/{user_id}/tickets/ccd": empty("tickets"),
    }


def _single(lists: dict[str, Handler]) -> dict[str, Handler]:
    """The records of short lists by their ids."""
    names = ("brand", "group", "group_membership", "organization_field", "ticket_field")
    return {
        f"/{name}s/{{id}}": one_of(lists[f"/{name}s"], f"{name}s", name)
        for name in (*names, "ticket_form", "deleted_user")
    }


def _reading(reads: Reads, desk: Desk, state: State) -> dict[str, Handler]:
    def count(rows: Callable[[], list[Any]]) -> Handler:
        now = state.clock.now
        return lambda _: {"count": {"value": len(rows()), "refreshed_at": iso(now())}}

    return {
        "/organizations": reads.organizations,
        "/organizations/count": count(desk.living_organizations),
        "/organizations/search": reads.find_organizations,
        "/organizations/show_many": reads.show_organizations,
        "/organizations/{organization_id}/organization_memberships": reads.memberships,
        "/organizations/{organization_id}/tickets": reads.tickets,
        "/organizations/{organization_id}/users": reads.users,
        "/organizations/{id}": reads.organization,
        "/organization_memberships": reads.memberships,
        "/organization_fields": reads.organization_fields,
        "/deleted_users": reads.deleted_users,
        "/users": reads.users,
        "/users/count": count(lambda: desk.users),
        "/users/search": reads.find_users,
        "/users/show_many": reads.show_users,
        "/users/me": reads.me,
        "/users/{id}": reads.user,
        "/user_fields": lambda call: Listing("user_fields", [], dict).page(call),
        "/groups": reads.groups,
        "/tickets": reads.tickets,
        "/tickets/count": count(desk.listed_tickets),
        "/tickets/{id}/metrics": reads.metrics_of_ticket,
        "/tickets/{id}": reads.ticket,
        "/ticket_metrics": reads.ticket_metrics,
        "/ticket_metrics/{id}": reads.ticket_metric,
        "/satisfaction_ratings": reads.ratings,
        "/satisfaction_ratings/count": count(lambda: desk.ratings),
        "/satisfaction_ratings/{id}": reads.rating,
    }
