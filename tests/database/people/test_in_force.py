from datetime import date

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from include.errors import FixConfig
from include.warehouse import overrides
from include.warehouse.database import transaction
from include.warehouse.revisions import EPOCH


def number(day):
    return (date.fromisoformat(day) - EPOCH).days


@pytest.fixture
def held(store, accounts):
    """Which override counts on some days of the first account: held("2026-03-01", …)."""

    def run(*days, basis="live", scorecard="retention", account=0):
        asked = np.array([number(day) for day in days], np.int32)
        with transaction(store) as connection:
            found = overrides.in_force(
                connection, np.array(accounts, np.int32), date(2026, 1, 1), date(2026, 12, 31),
                scorecard=scorecard, basis=basis,
            )  # fmt: skip
        places = found.places(np.full(len(days), accounts[account], np.int32), asked)
        return [int(found.override_id[place]) if place >= 0 else None for place in places]

    return run


def test_an_override_holds_from_its_first_to_its_last_day(enter, held):
    first = enter(first=date(2026, 3, 1), days=3)
    days = ("2026-02-28", "2026-03-01", "2026-03-03", "2026-03-04")
    assert held(*days) == [None, first, first, None]
    assert held("2026-03-02", account=1) == [None]


def test_a_live_day_never_knows_what_was_entered_after_it(enter, held):
    late = enter(first=date(2026, 3, 1), days=30, entered=date(2026, 3, 10))
    days = ("2026-03-01", "2026-03-09", "2026-03-10")
    assert held(*days) == [None, None, late]
    assert held(*days, basis="reconstructed") == [late, late, late]


def test_an_ended_override_no_longer_holds_on_the_day_it_is_ended(store, enter, held):
    short = enter(first=date(2026, 3, 1), days=30)
    with transaction(store) as connection:
        connection.execute(
            text("update health.override set ended_at = '2026-03-10', ended_by = 'Kim'")
        )
    for basis in ("live", "reconstructed"):
        assert held("2026-03-09", "2026-03-10", basis=basis) == [short, None]


def test_an_override_may_be_about_one_scorecard_only(enter, held):
    enter(scorecard="adoption")
    assert held("2026-03-05", scorecard="retention") == [None]
    assert held("2026-03-05", scorecard="adoption") != [None]


def test_two_may_not_hold_on_one_day_unless_they_are_about_different_scorecards(enter):
    enter(first=date(2026, 3, 1), days=10, scorecard="adoption")
    enter(first=date(2026, 3, 1), days=10, scorecard="retention")
    with pytest.raises(FixConfig, match=r"Override 1 .*acquired, by Jo.* until 2026-03-10"):
        enter(first=date(2026, 3, 10), days=10)
    enter(first=date(2026, 3, 11), days=10)


def test_the_values_and_the_runs_of_days_come_as_arrays(store, accounts, enter):
    enter(first=date(2026, 3, 1), days=400, to=None, factor=0.8)
    enter(1, first=date(2026, 3, 5), days=2, to=90.0, may_raise=True)
    with transaction(store) as connection:
        found = overrides.in_force(
            connection, np.array(accounts[:2], np.int32), date(2026, 3, 2), date(2026, 3, 31),
            scorecard="retention", basis="live",
        )  # fmt: skip
    np.testing.assert_array_equal(found.to, [np.nan, 90])
    np.testing.assert_array_equal(found.factor, [0.8, np.nan])
    assert found.may_raise.tolist() == [False, True]
    assert found.first_day.tolist() == [number("2026-03-02"), number("2026-03-05")]
    assert found.last_day.tolist() == [number("2026-03-31"), number("2026-03-06")]


def test_nobody_overrode_anything_is_an_answer_too(held):
    assert held("2026-03-01") == [None]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("delete from health.override", "never deleted"),
        ("update health.override set to_score = 90", "never changes"),
        ("update health.override set valid_to = '2030-01-01'", "never changes"),
    ],
)
def test_nothing_that_somebody_said_is_deleted_or_changed(store, enter, statement, said):
    enter()
    with pytest.raises(DBAPIError, match=said), store.begin() as connection:
        connection.execute(text(statement))


def test_an_end_is_as_final_as_the_rest(store, enter):
    number = enter(first=date(2026, 3, 1), days=3)
    with transaction(store) as connection:
        overrides.end(connection, number, by="Kim")
    with pytest.raises(FixConfig, match="ended already, by Kim"), transaction(store) as connection:
        overrides.end(connection, number, by="Lee")
