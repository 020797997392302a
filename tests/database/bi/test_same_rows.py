"""Views cannot ask the functions that choose rows and days; here both answer, and agree."""

from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import text

from include.warehouse.database import transaction

FIRST = date(2026, 2, 26)
DAYS, CARDS, ACCOUNTS, RUNS = 6, 4, 12, 9
SETUP = """
insert into health.scorecard (name, version, digest, body)
select 'card' || n, 1, 'x', '{}' from generate_series(1, 4) as n;
insert into health.run (run_id, kind, as_of)
select 'run' || n, 'daily', '2026-03-01' from generate_series(1, 9) as n;
select health.ensure_partitions('2026-02-01', '2026-03-31')
"""
SNAPSHOT = """
insert into health.snapshot (account_id, as_of, scorecard_id, basis, revision, run_no, digest,
    coverage, band, direction, categories, points, readings, drivers)
values (:account, :day, :card, :basis, :revision, :run, 1, 1, 'red', 'stable',
    '{}', '{}', '{}', '{}') on conflict do nothing
"""
DECK = """
insert into health.deck (as_of, scorecard_id, outcome, is_shadow)
values (:day, :card, :outcome, :shadow)
"""
PUBLISH = "insert into health.publication (as_of, scorecard_id, run_no) values (:day, :card, 1)"
VIEW = """
select account_id, scorecard_id, basis, revision from health.seen_score
where outcome = :outcome and as_of = :day order by 1
"""
FUNCTION = """
select account_id, scorecard_id, basis, revision
from health.shown_on(:day, cast(:cards as smallint[])) order by 1
"""
MAY_BE_SEEN = "select health.may_be_seen(:day, cast(:cards as smallint[]))"


@pytest.mark.parametrize("seed", range(4))
def test_the_views_see_the_rows_and_days_that_people_see(store, seed):
    generator = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    decks: dict[tuple[date, str], list[int]] = {}
    with transaction(store) as connection:
        for statement in SETUP.split(";"):
            connection.execute(text(statement))
        for day in days:
            for card in range(1, CARDS + 1):
                outcome = ["retention", "adoption"][card // 4]
                shadow = bool(generator.random() < 0.2)
                if generator.random() < 0.8:
                    asked = {"day": day, "card": card, "outcome": outcome, "shadow": shadow}
                    connection.execute(text(DECK), asked)
                    if not shadow:
                        decks.setdefault((day, outcome), []).append(card)
                if generator.random() < 0.8:
                    connection.execute(text(PUBLISH), {"day": day, "card": card})
                connection.execute(text(SNAPSHOT), rows(generator, day, card))
        counts = [check(connection, day, outcome, cards) for (day, outcome), cards in decks.items()]
    assert any(counts)
    assert not all(counts), "some day should wait for a card"


def rows(generator, day, card):
    """Return up to a few revisions an account, live and reconstructed, in runs by chance."""
    return [
        {
            "account": int(generator.integers(1, ACCOUNTS)), "day": day, "card": card,
            "basis": str(generator.choice(["live", "reconstructed"])),
            "revision": int(generator.integers(0, 3)), "run": int(generator.integers(1, RUNS)),
        }
        for _ in range(int(generator.integers(1, 30)))
    ]  # fmt: skip


def check(connection, day, outcome, cards):
    """Compare one day of an outcome; return how many rows were seen."""
    found = connection.execute(text(VIEW), {"day": day, "outcome": outcome}).all()
    asked = {"day": day, "cards": cards}
    may = connection.scalar(text(MAY_BE_SEEN), asked)
    wanted = connection.execute(text(FUNCTION), asked).all() if may else []
    assert list(map(tuple, found)) == list(map(tuple, wanted))
    return len(found)


def test_a_day_run_again_without_a_card_forgets_it_and_a_day_held_stays(shop):
    """The deck of a day is that of its last live run."""
    shop = shop.with_card(2, events="{ op: sum, series: events, window: 7 }")
    deck = "select scorecard_id, outcome, is_shadow from health.deck where as_of = :day order by 1"
    yesterday, today = date(2026, 3, 30), date(2026, 3, 31)
    shop.run(yesterday)
    assert shop.rows(deck, day=yesterday) == [(1, "retention", False), (2, "retention", True)]
    shop.run(today)
    shop.run(yesterday, run_id="again")
    assert len(shop.rows(deck, day=yesterday)) == 2
    shop.execute("insert into health.scorecard (name, version, digest, body) values"
                 " ('old', 1, '', '')")  # fmt: skip
    shop.execute(
        "insert into health.deck select :day, scorecard_id, 'retention', false"
        " from health.scorecard where name = 'old'", day=today,
    )  # fmt: skip
    shop.run(today, run_id="today again")
    assert shop.rows(deck, day=today) == [(1, "retention", False), (2, "retention", True)]
