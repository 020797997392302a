"""Hostile ids, names and values from vendors: stored as they are, or set aside; never obeyed."""

import json

import pytest
from sqlalchemy import text

from include import reports
from include.errors import FixConfig
from include.settings import ROOT, load_settings
from include.warehouse.conform import conform
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.facts.conftest import AS_OF, company
from tests.unit.test_hostile_text import HOSTILE

# What PostgreSQL cannot hold in a text becomes the sign for "unreadable".
STORED = {
    name: value.replace("\x00", "\N{REPLACEMENT CHARACTER}").replace(
        "\ud83d", "\N{REPLACEMENT CHARACTER}"
    )
    for name, value in HOSTILE.items()
}
TABLES = "select count(*) from information_schema.tables"


def arrive(store, stream, *records):
    return land(store, run_id="run-1", as_of=AS_OF, source="hubspot", vendor="hubspot",
                stream=stream, pages=[Page(list(records))])  # fmt: skip


def as_sent(record):
    """As bytes, with escapes, which is how most records come."""
    return json.dumps(record).encode()


def only(store, statement, **values):
    with store.begin() as connection:
        return connection.execute(text(statement), values).scalar_one()


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_name_becomes_a_fact_and_nothing_else(store, name):
    before = only(store, TABLES)
    sent = company("100", name=HOSTILE[name], domain=HOSTILE[name], industry=HOSTILE[name])
    assert arrive(store, "companies", as_sent(sent)).changed == 1
    conform(store, load_settings(ROOT / "health.yaml"))
    assert only(store, "select name from core.account") == STORED[name]
    assert only(store, TABLES) == before


@pytest.mark.parametrize("name", list(HOSTILE))
def test_an_id_is_stored_or_set_aside_and_named_in_full(store, name):
    landed = arrive(store, "companies", as_sent(company(HOSTILE[name])))
    assert landed.changed + landed.rejected == 1
    if landed.rejected:
        assert only(store, "select reason from raw.quarantine")
    else:
        assert only(store, "select record_id from raw.record") == STORED[name]


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in ("null", "half a pair")])
def test_what_somebody_asks_for_is_only_looked_for(store, name):
    arrive(store, "companies", as_sent(company("100", name="Kite")))
    conform(store, load_settings(ROOT / "health.yaml"))
    with store.begin() as connection, pytest.raises(FixConfig, match="No account is called"):
        reports.find_account(connection, HOSTILE[name])
