"""Whole days on which a vendor was down, sent one bad record, or had changed a field."""

from datetime import timedelta

import pytest

from include.connections import credentials_at_hand
from include.errors import RejectData, RetryLater
from include.pipeline.reconciled import reconcile
from tests.database.conftest import migrated, server
from tests.drills.days import DAY, days, job_on

__all__ = ["migrated", "server"]
NEXT, AFTER = DAY + timedelta(days=1), DAY + timedelta(days=2)
TICKETS = {"vendor": "zendesk", "path": "/api/v2/incremental/tickets"}
DOWN = {"vendor": "stripe", "path": "/v1/*", "fault": "status", "code": 503, "times": -1}
POISON = {**TICKETS, "fault": "set", "field": "created_at", "value": "never", "n": 0}
DRIFT = {**TICKETS, "fault": "rename_field", "field": "status", "to": "state", "times": -1}
PUBLISHED = "select distinct as_of from health.publication order by as_of"
ASIDE = "select distinct record_id, reason from raw.quarantine where stage = 'raw'"
# What a day rests on: facts by day, and what was read from them. Scores hold trends too, over days
# that a disturbed store has not.
KNOWN = """
select 'series', md5(string_agg(concat_ws(' ', name, account_id, day, value), ',' order by name,
    account_id, day)) from health.account_day join health.series using (series_id)
union all select 'readings', md5(string_agg(account_id || ' ' || digest, ',' order by account_id))
from health.reading where as_of = :day and basis = 'live'
order by 1
"""
SCORES = """
select account_id, digest from health.snapshot where as_of = :day and basis = 'live'
"""


@pytest.fixture(scope="module")
def calm(server, migrated, tmp_path_factory):
    """Three days on which nothing happened: what is known after each, and every score."""
    with days(server, migrated, tmp_path_factory.mktemp("calm")) as shop:
        found = {}
        for day in (DAY, NEXT, AFTER):
            shop.pass_until(day)
            shop.run(day)
            found[day] = shop.rows(KNOWN, day=day)
        assert all(value for rows in found.values() for _, value in rows)
        yield found, dict(shop.rows(SCORES, day=DAY))


@pytest.fixture
def shop(server, migrated, tmp_path):
    with days(server, migrated, tmp_path) as found:
        yield found


def published(shop):
    return [day for (day,) in shop.rows(PUBLISHED)]


def test_a_vendor_down_all_day_costs_that_day_and_nothing_else(shop, calm):
    shop.run(DAY)
    shop.pass_until(NEXT)
    shop.spoil(DOWN)
    tasks = shop.tasks(NEXT)
    tasks["extract hubspot"]()
    with pytest.raises(RetryLater, match=r"stripe: GET \S+ answered 503"):
        tasks["extract stripe"]()
    assert published(shop) == [DAY], "yesterday is in force"
    shop.spoil()
    shop.pass_until(AFTER)
    shop.run(AFTER)
    assert published(shop) == [DAY, AFTER]
    assert shop.rows(KNOWN, day=AFTER) == calm[0][AFTER]


def test_a_poison_record_is_set_aside_and_every_other_account_has_its_score(shop, calm):
    shop.spoil(POISON)
    shop.run(DAY)
    assert published(shop) == [DAY]
    ((_, reason),) = shop.rows(ASIDE)
    assert reason == "created_at is missing or no time"
    scores = dict(shop.rows(SCORES, day=DAY))
    different = {account for account, digest in calm[1].items() if scores[account] != digest}
    assert set(scores) == set(calm[1])
    assert len(different) <= 1, "the ticket's account at most"


def test_a_field_under_another_name_stops_the_day_until_its_records_are_fetched_again(shop, calm):
    shop.spoil(DRIFT)
    with pytest.raises(RejectData, match=r"zendesk\.tickets: status is missing"):
        shop.run(DAY)
    assert published(shop) == []
    shop.spoil()  # the vendor mended it, and sends no record again that did not change
    with pytest.raises(RejectData, match=r"zendesk\.tickets: status is missing"):
        shop.run(DAY)
    enter = credentials_at_hand(shop.settings, "zendesk", shop.vendors.connections)
    with job_on(shop.url) as job:
        repaired = {
            one.stream: one.repaired for one in reconcile(job, "zendesk", enter, DAY, repairs=True)
        }
    assert repaired["tickets"] > 50
    shop.run(DAY)
    assert published(shop) == [DAY]
    assert shop.rows(ASIDE) == []
    assert shop.rows(KNOWN, day=DAY) == calm[0][DAY]
