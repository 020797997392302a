"""How numbers stand in sentences: without exponents, with the digits that people compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.say import shown, written

NUMBERS = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (23_456, "23,456"), (23_456.789, "23,456.79"), (1_234_567, "1,234,567"), (0.5, "0.5"),
        (0.0543, "0.0543"), (0.00123, "0.0012"), (0.00004, "0.00004"), (-0.002, "-0.002"),
        (0, "0"), (-0.0, "0"), (-1e-12, "0"),
    ],
)  # fmt: skip
def test_a_reading_has_two_decimals_or_two_digits_where_it_is_small(reading, words):
    assert shown(reading) == words


def test_a_reading_has_as_many_digits_as_tell_it_from_another():
    assert (shown(0.9987, 0.999), shown(0.999, 0.9987)) == ("0.9987", "0.999")
    assert shown(1 / 3, 1 / 3) == "0.33"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1_500_000, "1,500,000"), (1_234_567.5, "1,234,567.5"), (0.00005, "0.00005"),
        (0.125, "0.125"), (100 * (1 - 0.9), "10"), (-0.0, "0"),
    ],
)  # fmt: skip
def test_what_a_person_wrote_keeps_its_digits(number, words):
    assert written(number) == words


@given(NUMBERS)
def test_no_number_has_an_exponent_and_none_but_dust_is_zero(number):
    assert "e" not in (shown(number) + written(number)).lower()
    assert float(written(number).replace(",", "")) == pytest.approx(number, rel=1e-11)
    assert float(shown(number).replace(",", "")) == pytest.approx(number, rel=0.05, abs=1e-9)
