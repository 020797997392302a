"""Intercom's records that wait: what is set aside and why, and what passes."""

import copy

import pytest
from sqlalchemy import text

from include.checks import check_raw
from include.warehouse.conform import conform
from include.warehouse.database import transaction
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.facts.conftest import AS_OF, company

from .conftest import GOOD, conversation

BAD = (
    ("companies", {"created_at": "soon"}, "created_at is no time"),
    ("conversations", {"state": "vanished"}, "unknown state"),
    ("conversations", {"state": None}, "state is missing"),
    ("conversations", {"created_at": None}, "created_at is missing or no time"),
    ("conversations", {"created_at": 9_999_999_999}, "created_at lies in the future"),
    ("conversations", {"statistics": {"last_close_at": "x"}}, "the last close is no time"),
    ("conversations", {"statistics": {"time_to_admin_reply": "x"}}, "the reply time is no number"),
    ("conversations", {"statistics": {"time_to_admin_reply": -1}}, "the reply time is below zero"),
    ("tickets", {"created_at": "x"}, "created_at is missing or no time"),
)


@pytest.fixture
def checked(store, settings, intercom):
    """Land records by stream, check them, and return what was set aside and how many warnings."""
    two = settings.model_copy(update={"sources": (settings.crm_source, intercom)})

    def run(**streams):
        landings = [("intercom", stream, records) for stream, records in streams.items()]
        for source, stream, records in [*landings, ("hubspot", "companies", [company()])]:
            land(store, run_id="run", as_of=AS_OF, source=source, vendor=source, stream=stream,
                 pages=[Page(records)])  # fmt: skip
        with transaction(store) as connection:
            run_no = connection.execute(
                text(
                    "insert into health.run (run_id, kind, as_of) values ('run', 'daily', :day)"
                    " returning run_no"
                ),
                {"day": AS_OF},
            ).scalar_one()
        counts = check_raw(store, two, run_no=run_no, as_of=AS_OF)
        with store.connect() as connection:
            aside = connection.execute(
                text(
                    "select stream, record_id, reason from raw.quarantine"
                    " inner join raw.stream using (stream_id)"
                )
            ).all()
        conform(store, two)
        return {tuple(row) for row in aside}, counts["warned"]

    return run


def test_good_records_of_every_stream_pass(checked):
    assert checked(**{stream: [record] for stream, record in GOOD.items()}) == (set(), 0)


def test_each_bad_record_is_set_aside_for_its_reason_and_fails_nothing(checked):
    streams = {stream: [record] for stream, record in copy.deepcopy(GOOD).items()}
    for number, (stream, changes, _) in enumerate(BAD):
        streams[stream].append({**GOOD[stream], "id": f"bad-{number}", **changes})
    aside, _ = checked(**streams)
    assert aside == {(stream, f"bad-{n}", reason) for n, (stream, _, reason) in enumerate(BAD)}


def test_oddities_are_told_and_the_record_counts(checked, rows):
    odd = conversation("odd", priority="mild", conversation_rating={"rating": 9})
    aside, warned = checked(conversations=[odd])
    assert (aside, warned) == (set(), 2)
    assert rows("select ticket_id, priority from core.ticket") == [("odd", None)]
    assert rows("select * from core.survey_response") == []
