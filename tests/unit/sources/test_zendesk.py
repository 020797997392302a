import logging

import orjson
import pytest

from include.errors import RejectData
from include.settings import Credentials
from include.sources import open_source
from include.sources.base import NotShown
from include.sources.support_zendesk import changed_at
from include.vendor_settings import Zendesk
from tests.unit.sources.conftest import END, QUICK, Reply

EXPORTS = ("organizations", "users", "tickets")


def records_of(source, stream, state=None):
    return [
        orjson.loads(bytes(record)) if not isinstance(record, dict) else record
        for page in source.pages(stream, state=state, as_of=END)
        for record in page.records
    ]


def test_all_tickets_of_the_world_come_with_their_metrics(opened, world):
    tickets = records_of(opened("zendesk"), "tickets")
    assert len(tickets) == len(world["tickets"]) > 0
    assert all(ticket["metric_set"]["ticket_id"] == ticket["id"] for ticket in tickets)


def test_all_organizations_and_ratings_of_the_world_come(opened, world):
    source = opened("zendesk")
    assert len(records_of(source, "organizations")) == len(world["organizations"]) > 0
    assert len(records_of(source, "satisfaction_ratings")) == len(world["ratings"]) > 0


def test_the_next_run_starts_from_zendesks_own_mark(opened, served):
    source = opened("zendesk")
    state = list(source.pages("tickets", state=None, as_of=END))[-1].state
    assert set(state) == {"after_cursor"}
    assert records_of(source, "tickets", state) == []


def test_an_export_is_one_request_when_nothing_is_new(opened, served):
    source = opened("zendesk")
    for stream in EXPORTS:
        state = list(source.pages(stream, state=None, as_of=END))[-1].state
        served.reset_requests()
        list(source.pages(stream, state=state, as_of=END))
        assert sum(row["count"] for row in served.requests()) == 1, stream


def test_a_plan_without_ratings_is_no_failure_and_is_said(opened_own, sandbox, caplog):
    sandbox.faults = [
        {"vendor": "zendesk", "path": "/api/v2/satisfaction", "fault": "status", "code": 403,
         "body": "Forbidden", "times": -1},
    ]  # fmt: skip
    with caplog.at_level(logging.WARNING):
        assert records_of(opened_own("zendesk"), "satisfaction_ratings") == []
        with pytest.raises(NotShown, match="shows none"):
            list(opened_own("zendesk").ids("satisfaction_ratings", END))
    assert "no satisfaction ratings in this plan" in caplog.text


def test_a_token_enters_as_user_slash_token_and_without_a_user_as_a_bearer(vendor):
    page = {"tickets": [], "after_cursor": "x", "end_of_stream": True}
    vendor.answer(Reply(page))
    for user in ("a@kite.example", "a@kite.example/token", ""):
        settings = Zendesk(vendor="zendesk", name="zendesk", connection="c")
        source = open_source(settings, Credentials(vendor.url, "tok", user), wire=QUICK)
        list(source.pages("tickets", state=None, as_of=END))
    basic = "Basic YUBraXRlLmV4YW1wbGUvdG9rZW46dG9r"  # a@kite.example/token:tok
    assert [asked.headers["authorization"] for asked in vendor.asked] == [
        basic,
        basic,
        "Bearer tok",
    ]


def test_the_first_question_has_a_start_and_the_later_ones_a_cursor(vendor):
    vendor.answer(
        Reply({"tickets": [{"id": 1}], "after_cursor": "x", "end_of_stream": False}),
        Reply({"tickets": [], "after_cursor": "y", "end_of_stream": True}),
    )
    settings = Zendesk(vendor="zendesk", name="zendesk", connection="c")
    source = open_source(settings, Credentials(vendor.url, "tok", "u"), wire=QUICK)
    pages = list(source.pages("tickets", state=None, as_of=END))
    assert [page.state for page in pages] == [{"after_cursor": "x"}, {"after_cursor": "y"}]
    common = {"per_page": ["1000"], "include": ["metric_sets"]}
    assert vendor.asked[0].query == {**common, "start_time": ["946684800"]}
    assert vendor.asked[1].query == {**common, "cursor": ["x"]}


def test_records_stay_as_they_came(vendor):
    vendor.answer(
        Reply(b'{"tickets": [{"id": 1, "n": 1.10, "big": 12345678901234567890123}], '
              b'"after_cursor": "x", "end_of_stream": true}')
    )  # fmt: skip
    settings = Zendesk(vendor="zendesk", name="zendesk", connection="c")
    source = open_source(settings, Credentials(vendor.url, "tok", "u"), wire=QUICK)
    (page,) = source.pages("tickets", state=None, as_of=END)
    assert bytes(page.records[0]) == b'{"id": 1, "n": 1.10, "big": 12345678901234567890123}'


@pytest.mark.parametrize("body", [{}, {"tickets": None}, [], {"tickets": {"id": 1}}])
def test_an_export_of_another_form_is_rejected(vendor, body):
    vendor.answer(Reply(body))
    settings = Zendesk(vendor="zendesk", name="zendesk", connection="c")
    source = open_source(settings, Credentials(vendor.url, "tok", "u"), wire=QUICK)
    with pytest.raises(RejectData, match="zendesk: GET /api/v2/incremental/tickets/cursor"):
        list(source.pages("tickets", state=None, as_of=END))


@pytest.mark.parametrize("row", [7, None, {}, {"updated_at": None}, {"updated_at": "yesterday"}])
def test_a_stamp_that_is_none_moves_nothing(row):
    assert changed_at(row) is None
