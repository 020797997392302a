"""A CRM with a few hundred companies on loopback, and a store that has scores for them.

`desk` is HubSpot's, with the mark `both_crms` of desks.py Salesforce's too.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from include.settings import Credentials, load_settings
from include.sources.crm_hubspot import open_caller
from include.sources.http.session import Wire
from include.sources.salesforce_calls import Calls
from sandbox.serve import Sandbox, running
from sandbox.world.model import World
from sandbox.world.simulate import simulate
from tests.database.crm.desks import Desk, OnHubSpot, OnSalesforce, of_salesforce, start_over

QUICK = Wire(pace=0.001)


@pytest.fixture(scope="session")
def companies() -> World:
    """About 220 companies and nothing else; treat it as read-only."""
    world = simulate(accounts=250, seed=1, start=date(2026, 10, 25), end=date(2026, 10, 28))
    kept = {name: world[name] for name in ("accounts", "owners")}
    return replace(world, tables={name: world[name].head(0) for name in world.tables} | kept)


@pytest.fixture(scope="session")
def served(companies: World) -> Iterator[Sandbox]:
    """One sandbox for all tests, whose world never grows."""
    with running(companies, limits=False, grow=lambda world, _end: world) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(served: Sandbox) -> Sandbox:
    """As if it had just started: nothing written, no faults, no request counted."""
    start_over(served)
    return served


@pytest.fixture
def desk(request: pytest.FixtureRequest, store: Engine, sandbox: Sandbox) -> Iterator[Desk]:
    """Companies without any of our properties, and a store without any score."""
    if getattr(request, "param", "hubspot") == "salesforce":
        yield on_salesforce(store, sandbox)
        return
    there = sandbox.vendors["hubspot"]
    client = open_caller(Credentials(there["base_url"], there["token"]), wire=QUICK)
    yield OnHubSpot(store, sandbox, load_settings(), client)
    client.close()


def on_salesforce(store: Engine, sandbox: Sandbox) -> OnSalesforce:
    there = sandbox.vendors["salesforce"]
    credentials = Credentials(there["base_url"], there["token"], there["user"])
    calls = Calls(credentials, version="66.0", share=1.0, wire=QUICK)
    return OnSalesforce(store, sandbox, of_salesforce(), calls)
