"""Long lists by REST: windows of the stamp, counted and then read side by side."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from include.errors import RetryLater
from include.sources.salesforce_org import PAGE
from tests.unit.sources.conftest import Reply
from tests.unit.sources.salesforce.conftest import DATA, USER, found, page_of, read, refused, user

COUNT = 5 * PAGE
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
BOUND = re.compile(r"SystemModstamp (>=|<) (\S+)")
NO_BULK = {"bulk_above": 10 * COUNT}


def stamped(number, hours):
    stamp = (FIRST + timedelta(hours=number * hours)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return user(f"{number:018}", stamp)


def within(records, soql):
    """The records of a query's window, as the org would find them."""
    bounds = {sign: datetime.fromisoformat(told) for sign, told in BOUND.findall(soql)}
    least, end = bounds.get(">=", FIRST), bounds.get("<", datetime.max.replace(tzinfo=UTC))
    return [one for one in records if least <= datetime.fromisoformat(one["SystemModstamp"]) < end]


@pytest.fixture
def busy(org):
    """An org of 10,000 users, two of whom changed every hour; a page's rest comes by its place."""
    records = [stamped(number // 2, 1) | {"Id": f"{number:018}"} for number in range(COUNT)]
    lists = {}

    def answer(asked):
        rows = within(records, asked.soql)
        if "COUNT()" in asked.soql or "LIMIT 1" in asked.soql:
            return page_of(asked, rows)
        lists[len(lists)] = rows
        return page(len(lists) - 1, 0)

    def page(which, place):
        rows, following = lists[which], f"{which}-{place + PAGE}"
        if place + PAGE < len(rows):
            org.answers[f"GET /query/{following}"] = lambda _: page(which, place + PAGE)
            return Reply(found(*rows[place : place + PAGE], following=following))
        return Reply(found(*rows[place:]))

    org.serve("User", *USER, records=records)
    org.answers["GET /query"] = answer
    return org


def listed(org):
    return [soql for soql in org.queries() if "Name" in soql]


def test_every_record_of_many_pages_comes_once_in_windows_that_fit_one(busy, opened):
    records, _ = read(opened(**NO_BULK), "users")
    assert sorted(one["Id"] for one in records) == [f"{number:018}" for number in range(COUNT)]
    assert len(listed(busy)) > COUNT / PAGE
    assert not any("/query/" in asked.path for asked in busy.asked)


def test_counting_costs_no_more_calls_than_some_for_each_page(busy, opened):
    read(opened(**NO_BULK), "users")
    assert len([soql for soql in busy.queries() if "COUNT()" in soql]) < 4 * COUNT / PAGE


def test_what_changed_in_one_second_is_one_list(busy, opened):
    """As after a load of data: no window of time is narrow enough for a page."""
    together = [user(f"{number:018}") for number in range(COUNT)]

    def answer(asked):
        rows = within(together, asked.soql)
        if "COUNT()" in asked.soql or "LIMIT 1" in asked.soql:
            return page_of(asked, rows)
        return Reply(found(*rows))

    busy.answers["GET /query"] = answer
    assert len(read(opened(**NO_BULK), "users")[0]) == COUNT
    assert len(listed(busy)) == 1


def test_an_error_in_one_window_ends_the_reading(busy, opened):
    answer = busy.answers["GET /query"]
    busy.answers["GET /query"] = lambda asked: (
        refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)
        if "Name" in asked.soql and ">=" in asked.soql
        else answer(asked)
    )
    with pytest.raises(RetryLater, match="24 hours are used up"):
        read(opened(**NO_BULK), "users")


def test_no_window_is_asked_for_beyond_our_share_of_the_day(busy, opened):
    """The answers tell what the org's programs have used: at four fifths of it we stop."""
    answer, used = busy.answers["GET /query"], iter(range(795, 10_000))

    def telling(asked):
        reply = answer(asked)
        told = {"Sforce-Limit-Info": f"api-usage={next(used)}/1000"}
        return Reply(reply.body, headers=told, status=reply.status)

    busy.answers["GET /query"] = telling
    with pytest.raises(RetryLater, match="limit of 800 requests"):
        read(opened(**NO_BULK), "users")
    assert len([asked for asked in busy.asked if asked.path == f"{DATA}/query"]) <= 12
