"""Flows from kickoff over training to the first business review, and those that skip a step."""

import pytest
from sqlalchemy import text

from .conftest import company, meeting


@pytest.fixture
def flows(store):
    """Finished and skipping flows by day."""

    def read():
        with store.connect() as connection:
            rows = connection.execute(
                text(
                    "select day, name, value from health.account_day join health.series "
                    "using (series_id) where name like 'flows%' order by day, name"
                )
            ).all()
        return [(row.day.isoformat(), row.name.removeprefix("flows_"), row.value) for row in rows]

    return read


def held(number, day, kind):
    return meeting(str(number), on=f"{day}T10:00:00Z", kind=kind)


def test_a_flow_ends_with_the_first_review_after_its_kickoff(conformed, flows):
    """Requirements 000-13, 000-19."""
    conformed(
        companies=[company("100")],
        meetings=[
            held(1, "2026-01-05", "Kickoff"),
            held(2, "2026-01-20", "Training"),
            held(3, "2026-03-01", "Business review"),
            held(4, "2026-06-01", "Business review"),  # of no new flow
            held(5, "2026-07-01", "Kickoff"),
            held(6, "2026-08-01", "Business review"),
            held(7, "2026-08-02", "Training"),  # too late
            held(8, "2026-09-01", "Kickoff"),  # not finished
        ],
    )
    assert flows() == [
        ("2026-03-01", "finished", 1),
        ("2026-08-01", "finished", 1),
        ("2026-08-01", "skipping", 1),
    ]


def test_a_review_without_a_kickoff_before_it_skips(conformed, flows):
    conformed(
        companies=[company("100")],
        meetings=[held(1, "2026-01-20", "Training"), held(2, "2026-03-01", "Business review")],
    )
    assert flows() == [("2026-03-01", "finished", 1), ("2026-03-01", "skipping", 1)]


def test_a_training_that_is_entered_late_mends_the_flow(conformed, flows):
    conformed(
        companies=[company("100")],
        meetings=[held(1, "2026-01-05", "Kickoff"), held(2, "2026-03-01", "Business review")],
    )
    assert ("2026-03-01", "skipping", 1) in flows()
    conformed(meetings=[held(3, "2026-02-01", "Training")])
    assert flows() == [("2026-03-01", "finished", 1)]
