"""The last known reading holds for some days more, and says how old it is."""

import numpy as np
import pytest

from include.scoring.carry import carry_along, carry_over, read_ages, write_ages

NAN = float("nan")
NOW, GAP = True, False


def along(values, is_scored=None, *, days=3):
    readings = np.array(values, float)[None, :, None]
    scored = np.array([is_scored or [NOW] * len(values)])
    ages = carry_along(readings, scored, [days])
    return readings[0, :, 0].tolist(), ages[0, :, 0].tolist()


@pytest.mark.parametrize(
    ("values", "filled", "ages"),
    [
        ([7, NAN, NAN, NAN, NAN], [7, 7, 7, 7, NAN], [0, 1, 2, 3, 0]),
        ([NAN, NAN, 5, NAN, 6], [NAN, NAN, 5, 5, 6], [0, 0, 0, 1, 0]),
        ([1, 2, 3, 0, NAN], [1, 2, 3, 0, 0], [0, 0, 0, 0, 1]),
        ([NAN, NAN, NAN], [NAN, NAN, NAN], [0, 0, 0]),
    ],
)
def test_a_reading_holds_for_so_many_days_and_no_longer(values, filled, ages):
    found, how_old = along(values)
    np.testing.assert_array_equal(found, filled)
    assert how_old == ages


def test_nothing_is_carried_over_days_on_which_the_account_is_no_customer():
    found, ages = along([7, NAN, NAN, NAN], [NOW, GAP, NOW, NOW])
    np.testing.assert_array_equal(found, [7, NAN, NAN, NAN])
    assert ages == [0, 0, 0, 0]
    before_the_term, _ = along([7, NAN], [GAP, NOW])
    np.testing.assert_array_equal(before_the_term, [7, NAN])


def test_each_measure_has_its_own_days_and_0_carries_nothing():
    readings = np.array([[[1.0, 2.0, 3.0], [NAN] * 3, [NAN] * 3]])
    ages = carry_along(readings, np.ones((1, 3), bool), [0, 1, 2])
    np.testing.assert_array_equal(readings[0, :, 0], [1, NAN, NAN])
    np.testing.assert_array_equal(readings[0, :, 1], [2, 2, NAN])
    np.testing.assert_array_equal(readings[0, :, 2], [3, 3, 3])
    assert ages[0].tolist() == [[0, 0, 0], [0, 1, 1], [0, 0, 2]]


def test_day_by_day_from_the_day_before_is_the_same_as_all_days_at_once():
    generator = np.random.default_rng(4)
    readings = generator.uniform(0, 9, (50, 40, 3)).round(1)
    readings[generator.random(readings.shape) < 0.6] = NAN
    days, at_once = [2, 5, 0], readings.copy()
    ages = carry_along(at_once, np.ones(readings.shape[:2], bool), days)
    assert (ages > 0).sum() > 500
    last, old = np.full((50, 3), NAN), np.zeros((50, 3), np.int16)
    for day in range(40):
        today = readings[:, day].copy()
        old = carry_over(today, (last, old + np.int16(1)), days)
        last = today
        np.testing.assert_array_equal(today, at_once[:, day])
        np.testing.assert_array_equal(old, ages[:, day])


def test_ages_are_written_once_for_all_rows_that_share_them():
    ages = np.array([[0, 0], [3, 0], [0, 0], [3, 0], [1, 12]], np.int16)
    codes, words = write_ages(ages, ["csat", "nps"])
    assert [words[code] if code >= 0 else None for code in codes] == [
        None, '{"csat":3}', None, '{"csat":3}', '{"csat":1,"nps":12}',
    ]  # fmt: skip
    np.testing.assert_array_equal(read_ages(codes, words, ["csat", "nps"]), ages)
    nothing = write_ages(np.zeros((2, 2), np.int16), ["csat", "nps"])
    assert (nothing[0].tolist(), nothing[1]) == ([-1, -1], [])
