"""What a card asks of accounts on days is looked up for all of them at once."""

from datetime import date, timedelta

import numpy as np
import pytest

from include.pipeline.circumstances import contexts, load, months_of
from include.pipeline.spans import number
from include.scoring.terms import end_of_month
from include.warehouse.database import transaction
from include.warehouse.intern import Coded
from tests.database.scores.circumstances.conftest import FIRST, LAST

EVIL = 'O\'Brien "<script>alert(1)</script>" \\u0000 {"a": 1} é\u2028' + "x" * 5_000


def loaded(world, cells, *, basis="reconstructed"):
    accounts = np.array([account for account, _ in cells], np.int32)
    days = np.array([number(day) for _, day in cells], np.int32)
    with transaction(world.engine) as connection:
        return load(connection, world.card, accounts, days, basis=basis)


def words(codes):
    return [codes.words[code] if code >= 0 else None for code in codes.codes]


def test_an_attribute_is_that_at_the_end_of_each_day(world):
    since = FIRST + timedelta(days=3)
    world.becomes("segment", "Small", account=3, since=since)
    cells = [(3, since), (1, FIRST), (3, since - timedelta(days=1)), (3, LAST), (11, LAST)]
    found = loaded(world, cells).at.attributes["segment"]
    assert words(found) == ["Small", "Mid", "Enterprise", "Small", None]


def test_an_attribute_that_nobody_entered_is_not_known_of_anybody(world):
    found = loaded(world, [(1, FIRST), (2, LAST)]).at
    assert words(found.attributes["tier"]) == [None, None]


def test_values_are_as_people_wrote_them(world):
    world.becomes("tier", EVIL, account=2)
    found = loaded(world, [(1, FIRST), (2, FIRST)])
    assert words(found.at.attributes["tier"]) == [None, EVIL]
    written = contexts(found, Coded.none(2))
    assert '"tier"' not in written.words[written.codes[0]]
    assert EVIL in [part.get("tier") for part in _attributes(written)]


def _attributes(written):
    import json

    return [json.loads(word).get("attributes", {}) for word in written.words]


def test_the_month_is_that_of_the_term_in_force(world):
    world.execute("delete from core.term where account_id = 4")
    world.execute(
        "update core.term set spans = datemultirange(daterange('2026-01-31', '2026-03-05'),"
        " daterange('2026-03-07', null)), first_day = '2026-01-31' where account_id = 5"
    )
    asked = [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 5), date(2026, 3, 7)]
    cells = [(4, FIRST), *((5, day) for day in asked), (1, date(2025, 12, 29))]
    assert loaded(world, cells).at.month.tolist() == [0, 1, 2, 0, 2, 0]


def test_months_end_where_those_of_milestones_end():
    generator = np.random.default_rng(2)
    start = generator.integers(number(date(2019, 1, 1)), number(date(2025, 1, 1)), 4_000)
    start[:3] = [number(date(2024, 1, 31)), number(date(2023, 1, 31)), number(date(2024, 2, 29))]
    for month in (1, 2, 13, 40):
        last = end_of_month(start, month).astype(np.int32)
        assert (months_of(start.astype(np.int32), last) == month).all()
        assert (months_of(start.astype(np.int32), last + np.int32(1)) == month + 1).all()
    assert (months_of(start.astype(np.int32), start.astype(np.int32)) == 1).all()


@pytest.mark.parametrize(("basis", "day", "expected"), [
    ("live", date(2026, 3, 4), False), ("reconstructed", date(2026, 3, 4), True),
    ("reconstructed", date(2026, 3, 6), False),
])  # fmt: skip
def test_overrides_hold_on_their_days_and_live_from_when_they_were_entered(
    world, basis, day, expected
):
    world.execute(
        "insert into health.override (account_id, to_score, reason, evidence, author, valid_from,"
        " valid_to) values (2, 30, 'outage', 'seen', 'ann', '2026-03-03', '2026-03-05')"
    )
    found = loaded(world, [(1, day), (2, day)], basis=basis)
    assert (found.override[1] > 0, found.at.override_to[1] == 30) == (expected, expected)
    assert (found.override[0], np.isnan(found.at.override_to[0])) == (-1, True)


def test_rows_that_stood_on_the_same_share_one_text(world):
    days = [FIRST + timedelta(days=n) for n in range(12)]
    cells = [(account, day) for day in days for account in (3, 6, 9)]
    carried = Coded(np.array([0] + [-1] * 35), ['{"pulse":2}'])
    written = contexts(loaded(world, cells), carried)
    assert len(cells) == len(written.codes) == 36
    assert len(written.words) < 8
    assert written.words[written.codes[0]] == (
        '{"attributes":{"segment":"Enterprise"},"carried":{"pulse":2},"month":3}'
    )


def test_nothing_asked_of_nobody_is_nothing(world):
    found = loaded(world, [])
    assert (len(found.override), contexts(found, Coded.none(0)).codes.tolist()) == (0, [])
