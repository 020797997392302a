"""Intercom's API 2.16 on loopback: its paths. The work is in the `intercom_*` modules.

Not here: writing contacts, conversations and tickets, the search index's delay for new contacts.
"""

from fastapi import FastAPI

from sandbox.state import State
from sandbox.vendors.intercom_attributes import Attributes
from sandbox.vendors.intercom_companies import Companies
from sandbox.vendors.intercom_door import Door, Handler
from sandbox.vendors.intercom_reads import Reads
from sandbox.vendors.intercom_rows import Workspace
from sandbox.vendors.intercom_smaller import smaller
from sandbox.vendors.intercom_team import Team
from sandbox.vendors.intercom_writes import Writes


def build(state: State) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    door = Door(state)
    for (method, path), handler in _handlers(state).items():
        app.add_route(path, door.guarded(handler), methods=[method])
    app.add_exception_handler(404, door.no_endpoint)
    app.add_exception_handler(405, door.no_endpoint)
    return app


def _handlers(state: State) -> dict[tuple[str, str], Handler]:
    def now() -> float:
        return state.clock.now().timestamp()

    workspace = Workspace(state.world, state.clock.now())
    companies = Companies(workspace, now)
    attributes = Attributes(workspace.started_at)
    writes = Writes(workspace, companies, attributes, state.journal, now)
    return {
        **_team(Team(workspace.started_at), companies, attributes),
        **_companies(companies),
        **smaller(workspace),
        **_people(Reads(workspace, companies)),
        ("POST", "/companies"): writes.upsert,
        ("PUT", "/companies/{id}"): writes.update,
        ("DELETE", "/companies/{id}"): writes.delete,
        ("POST", "/data_attributes"): writes.create_attribute,
    }


def _team(
    team: Team, companies: Companies, attributes: Attributes
) -> dict[tuple[str, str], Handler]:
    return {
        ("GET", "/me"): team.me,
        ("GET", "/admins"): team.admins,
        ("GET", "/admins/activity_logs"): team.activity,
        ("GET", "/admins/{id}"): team.admin,
        ("GET", "/teams"): team.teams,
        ("GET", "/teams/{id}"): team.team,
        ("GET", "/segments"): companies.segments,
        ("GET", "/segments/{id}"): companies.segment,
        ("GET", "/counts"): companies.counts,
        ("GET", "/data_attributes"): attributes.listed,
    }


def _companies(companies: Companies) -> dict[tuple[str, str], Handler]:
    return {
        ("GET", "/companies"): companies.find,
        ("POST", "/companies/list"): companies.numbered,
        ("GET", "/companies/scroll"): companies.scroll,
        ("GET", "/companies/{id}"): companies.one,
        ("GET", "/companies/{id}/contacts"): companies.contacts,
        ("GET", "/companies/{id}/segments"): companies.segments_of,
        ("GET", "/contacts/{id}/companies"): companies.of_contact,
    }


def _people(reads: Reads) -> dict[tuple[str, str], Handler]:
    return {
        ("GET", "/contacts"): reads.contacts,
        ("POST", "/contacts/search"): reads.find_contacts,
        ("GET", "/contacts/find_by_external_id/{external_id}"): reads.contact_by_key,
        ("GET", "/contacts/{id}"): reads.contact,
        ("GET", "/conversations"): reads.conversations,
        ("POST", "/conversations/search"): reads.find_conversations,
        ("GET", "/conversations/deleted"): reads.deleted_conversations,
        ("GET", "/conversations/{id}"): reads.conversation,
        ("POST", "/tickets/search"): reads.find_tickets,
        ("GET", "/tickets/{id}"): reads.ticket,
    }
