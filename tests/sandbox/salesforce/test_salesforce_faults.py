"""Ordered faults in Salesforce's own words and envelopes."""

from contextlib import contextmanager

import pytest

from sandbox.faults import Faults, FaultyApp
from sandbox.state import State
from sandbox.vendors.salesforce import build
from tests.sandbox.salesforce.conftest import ACCOUNT, END, ROWS, Org, make_world
from tests.sandbox.stage import StillClock, staged

SOQL = "SELECT Id FROM Contact ORDER BY Id"
PEOPLE = [{"person_no": number} for number in range(1, 451)]
SMALL = {"headers": {"Sforce-Query-Options": "batchSize=200"}}


@contextmanager
def broken(*rules, **rows):
    """An org that answers with these faults once a client has its token."""
    state, faults = State(make_world(**rows), StillClock(END), limits=False), Faults()
    with staged(FaultyApp(build(state), "salesforce", faults)) as base:
        org = Org(base, state)
        faults.replace([{"vendor": "salesforce", **rule} for rule in rules])
        with org.session:
            yield org


def walk(org):
    """The ids of each page."""
    page = org.query(SOQL, **SMALL)
    pages = [page]
    while not page["done"]:
        page = org.get(page["nextRecordsUrl"], **SMALL)
        pages.append(page)
    return [[record["Id"] for record in one["records"]] for one in pages]


def test_an_expired_token_is_told_in_an_array():
    with broken({"path": "/services/data/", "fault": "expire_token"}, **ROWS) as org:
        assert org.refused("GET", "/limits") == (
            401,
            "INVALID_SESSION_ID",
            "Session expired or invalid",
        )
        assert org.get("/limits")


@pytest.mark.parametrize(
    ("code", "said"), [(403, "REQUEST_LIMIT_EXCEEDED"), (503, "SERVER_UNAVAILABLE")]
)
def test_statuses_come_with_their_codes(code, said):
    rule = {"path": "/services/data/", "fault": "status", "code": code}
    with broken(rule, **ROWS) as org:
        assert org.refused("GET", "/limits")[:2] == (code, said)


@pytest.mark.parametrize("after", [0, 1])
def test_an_empty_page_says_more_and_loses_nothing(after):
    rule = {"path": "/services/data/v66.0/query", "fault": "empty_page", "after": after}
    with broken(rule, accounts=[{}], people=PEOPLE) as org:
        pages = walk(org)
        assert pages[after] == []
        assert len({one for ids in pages for one in ids}) == 450


def test_a_row_can_stand_on_both_sides_of_a_page_boundary():
    rule = {"path": "/services/data/v66.0/query", "fault": "duplicate"}
    with broken(rule, accounts=[{}], people=PEOPLE) as org:
        first, second, _ = walk(org)
        assert first[-1] == second[0]


def test_a_record_can_lose_its_id():
    rule = {"path": "/services/data/v66.0/query", "fault": "no_id"}
    with broken(rule, **ROWS) as org:
        (record,) = org.query("SELECT Id FROM Account LIMIT 1")["records"]
        assert "Id" not in record


def test_one_row_of_a_collection_can_fail():
    path, errors = "/services/data/v66.0/composite", [{"statusCode": "UNABLE_TO_LOCK_ROW"}]
    rules = [
        {"path": path, "fault": "set", "field": "success", "value": False},
        {"path": path, "fault": "set", "field": "errors", "value": errors},
    ]
    with broken(*rules, **ROWS) as org:
        row = {"attributes": {"type": "Account"}, "id": ACCOUNT, "Phone": "1"}
        (answer,) = org.ask("PATCH", "/composite/sobjects", json={"records": [row]}).json()
        assert (answer["success"], answer["errors"]) == (False, errors)


def test_names_of_headers_keep_their_capitals_behind_faults():
    rule = {"path": "/services/data/", "fault": "slow", "seconds": 0}
    with broken(rule, **ROWS) as org:
        assert "Sforce-Limit-Info" in set(org.ask("GET", "/limits").raw.headers)
