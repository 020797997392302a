"""Intercom's records, good by default, landed for real."""

import copy

import pytest
from sqlalchemy import text

from include.settings import ROOT, load_settings
from include.vendor_settings import Intercom
from include.warehouse.conform import conform
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.facts.conftest import AS_OF
from tests.database.records import epoch

MARCH = epoch("2026-03-01T09:00")
CLOSED = epoch("2026-03-02T10:00")
RATED = epoch("2026-03-03T10:00")


def firm(firm_id="c1", company_id="kite", **changes):
    return {
        "type": "company", "id": firm_id, "company_id": company_id, "name": f"Firm {firm_id}",
        "website": None, "created_at": MARCH, "custom_attributes": {},
    } | changes  # fmt: skip


def person(person_id="p1", *company_ids, email=None, more=False):
    data = [{"type": "company", "id": one} for one in company_ids]
    return {
        "type": "contact", "id": person_id, "role": "user", "email": email,
        "companies": {"data": data, "total_count": len(data), "has_more": more},
    }  # fmt: skip


def conversation(conversation_id="1", person_id="p1", **changes):
    """Closed, answered after 35 minutes and rated 4."""
    return {
        "type": "conversation", "id": conversation_id, "state": "closed", "priority": "urgent",
        "created_at": MARCH, "updated_at": RATED, "company": None,
        "source": {"type": "conversation", "delivered_as": "customer_initiated"},
        "contacts": {"contacts": [{"type": "contact", "id": person_id}] if person_id else []},
        "first_contact_reply": {"created_at": MARCH},
        "statistics": {"time_to_admin_reply": 2100, "last_close_at": CLOSED, "count_reopens": 0},
        "conversation_rating": {"rating": 4, "created_at": CLOSED, "updated_at": RATED},
    } | changes  # fmt: skip


def ticket(ticket_id="9", word="resolved", **changes):
    parts = [{"ticket_state": word, "created_at": CLOSED}] if word == "resolved" else []
    return {
        "type": "ticket", "id": ticket_id, "category": "Customer", "created_at": MARCH,
        "ticket_state": {"category": word}, "open": word != "resolved",
        "contacts": {"contacts": [{"id": "p1"}]}, "ticket_parts": {"ticket_parts": parts},
    } | changes  # fmt: skip


GOOD = {
    "companies": firm(),
    "contacts": person("p1", "c1", email="ana@kite.example"),
    "conversations": conversation(),
    "tickets": ticket(),
    "deleted_conversations": {"type": "conversation", "id": "7", "deleted_at": MARCH},
}


@pytest.fixture
def settings():
    return load_settings(ROOT / "health.yaml")


@pytest.fixture
def intercom():
    return Intercom(vendor="intercom", name="intercom", connection="c")


@pytest.fixture
def arrived(store, settings, intercom):
    """Land records of Intercom's streams, and HubSpot's companies as `accounts`; conform all."""

    def run(accounts=(), **streams):
        both = settings.model_copy(update={"sources": (*settings.sources, intercom)})
        landings = [("intercom", stream, records) for stream, records in streams.items()]
        for source, stream, records in [*landings, ("hubspot", "companies", accounts)]:
            land(store, run_id="run", as_of=AS_OF, source=source, vendor=source, stream=stream,
                 pages=[Page(copy.deepcopy(list(records)))])  # fmt: skip
        conform(store, both)
        return both

    return run


@pytest.fixture
def rows(store):
    def read(statement):
        with store.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    return read
