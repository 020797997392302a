"""Which row stands for an account and which day may be seen, where an outcome has several cards."""

from datetime import date

import pytest
from sqlalchemy import text

DAY = date(2026, 3, 1)
CARDS = """
insert into health.scorecard (name, version, digest, body)
select 'card' || n, 1, 'x', '{}' from generate_series(1, 3) as n;
insert into health.run (run_id, kind, as_of)
select 'run' || n, 'daily', '2026-03-01' from generate_series(1, 9) as n;
select health.ensure_partitions('2026-03-01', '2026-03-01');
"""
SNAPSHOT = """
insert into health.snapshot (account_id, as_of, scorecard_id, basis, revision, run_no, digest,
    coverage, band, direction, categories, points, readings, drivers)
values (:account, '2026-03-01', :card, :basis, :revision, :run, 1, 1, 'red', 'stable',
    '{}', '{}', '{}', '{}')
"""
PUBLISH = "insert into health.publication (as_of, scorecard_id, run_no) values (:day, :card, 1)"
SHOWN = "select account_id, scorecard_id, revision from health.shown_on(:day, :cards) order by 1, 2"


@pytest.fixture
def rows(store):
    """Enter rows as (account, card, basis, revision, run); ask which are shown, and whether."""

    class Rows:
        def enter(self, *rows):
            names = ("account", "card", "basis", "revision", "run")
            with store.begin() as connection:
                for row in rows:
                    connection.execute(text(SNAPSHOT), dict(zip(names, row, strict=True)))

        def publish(self, card):
            with store.begin() as connection:
                connection.execute(text(PUBLISH), {"day": DAY, "card": card})

        def shown(self, *cards):
            with store.connect() as connection:
                found = connection.execute(text(SHOWN), {"day": DAY, "cards": list(cards)})
                return [tuple(row) for row in found]

        def may_be_seen(self, *cards):
            with store.connect() as connection:
                asked = text("select health.may_be_seen(:day, :cards)")
                return connection.scalar(asked, {"day": DAY, "cards": list(cards)})

    with store.begin() as connection:
        for statement in CARDS.split(";")[:-1]:
            connection.execute(text(statement))
    return Rows()


def test_each_account_has_the_row_of_whichever_card_scored_it(rows):
    rows.enter((1, 1, "live", 1, 1), (2, 2, "live", 1, 1), (3, 3, "live", 1, 1))
    assert rows.shown(1, 2) == [(1, 1, 1), (2, 2, 1)]
    assert rows.shown(2) == [(2, 2, 1)]
    assert rows.shown() == []


def test_the_later_run_of_a_day_wins_whichever_way_the_account_went(rows):
    rows.enter((1, 1, "live", 1, 1), (1, 2, "live", 1, 2))
    rows.enter((2, 2, "live", 1, 1), (2, 1, "live", 1, 2))
    assert rows.shown(1, 2) == rows.shown(2, 1) == [(1, 2, 1), (2, 1, 1)]
    assert rows.shown(1) == [(1, 1, 1), (2, 1, 1)]


def test_a_live_row_stands_before_a_reconstructed_one_of_a_later_run(rows):
    rows.enter((1, 1, "live", 1, 1), (1, 2, "reconstructed", 1, 5))
    assert rows.shown(1, 2) == [(1, 1, 1)]


def test_of_one_card_the_newest_revision_stands_and_one_run_never_shows_two_rows(rows):
    rows.enter((1, 1, "live", 1, 1), (1, 1, "live", 2, 3), (1, 2, "live", 1, 2))
    rows.enter((2, 1, "live", 1, 1), (2, 2, "live", 1, 1))
    assert rows.shown(1, 2) == [(1, 1, 2), (2, 2, 1)]


def test_a_day_is_seen_once_all_cards_that_scored_somebody_live_are_published(rows):
    rows.enter((1, 1, "live", 1, 1), (2, 2, "live", 1, 1), (2, 3, "reconstructed", 1, 1))
    assert rows.may_be_seen(1, 2, 3) is False
    rows.publish(1)
    assert rows.may_be_seen(1) is True
    assert rows.may_be_seen(1, 2, 3) is False
    rows.publish(2)
    assert rows.may_be_seen(1, 2, 3) is True
