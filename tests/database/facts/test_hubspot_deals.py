"""Deals of HubSpot that are no more: archived, or merged into another."""

import pytest
from sqlalchemy import text

from .conftest import company


def deal(deal_id, *, archived=False, merged=None, company_id="100"):
    return {
        "id": deal_id, "company_id": company_id, "createdAt": "2026-01-05T00:00:00Z",
        "archived": archived,
        "properties": {"amount": "100", "hs_is_closed": "false", "hs_merged_object_ids": merged},
    }  # fmt: skip


@pytest.fixture
def counted(store):
    """The deals that some account has."""

    def read():
        asked = text(
            "select opportunity_id from core.opportunity where source_account_id is not null "
            "order by 1"
        )
        with store.connect() as connection:
            return list(connection.execute(asked).scalars())

    return read


def test_deals_that_were_merged_are_counted_once_as_the_one_that_they_became(conformed, counted):
    conformed(companies=[company("100")], deals=[deal("1"), deal("2"), deal("3")])
    assert counted() == ["1", "2", "3"]
    conformed(deals=[deal("9", merged="1; 2")])
    assert counted() == ["3", "9"]
    conformed(deals=[deal("9", merged="9;1;2;")])  # its own id is no loser
    assert counted() == ["3", "9"]


def test_deals_that_come_with_the_one_that_they_became_are_not_counted_either(conformed, counted):
    conformed(companies=[company("100")], deals=[deal("1"), deal("9", merged="1")])
    assert counted() == ["9"]


def test_a_deal_that_a_reconciliation_marked_as_archived_belongs_to_no_company(conformed, counted):
    """It is marked in the payload that we have, which still names the company."""
    conformed(companies=[company("100")], deals=[deal("1"), deal("2")])
    conformed(deals=[deal("1", archived=True)])
    assert counted() == ["2"]
