"""Two stores for the same days: one that lives through them in calm, and one under storms."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import Engine

from include.warehouse.database import open_store
from include.warehouse.embedded import Lease
from tests.database import conftest as database
from tests.database.conftest import create, drop
from tests.soak.month import Month, days_asked, month, show

pytest.register_assert_rewrite("tests.soak.laws")
server, migrated = database.server, database.migrated


@pytest.fixture(scope="module")
def lived(request: pytest.FixtureRequest, server: Lease, migrated: str) -> Iterator[Month]:
    """The days that were asked for, lived through with the vendors of the module's SETTINGS."""
    with ExitStack() as stack:
        names = (f"test_{os.getpid()}_soak_{weather}" for weather in ("calm", "stormy"))
        stores = [stack.enter_context(lent(server, migrated, name)) for name in names]
        lived = stack.enter_context(month(request.module.SETTINGS, *stores))
        lived.live_through(days_asked())
        show(lived.report())
        yield lived


@contextmanager
def lent(server: Lease, template: str, name: str) -> Iterator[Engine]:
    store = open_store(create(server, name, template))
    try:
        yield store
    finally:
        store.dispose()
        drop(server, name)
