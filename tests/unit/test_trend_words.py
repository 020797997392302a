"""How a trend is put into words."""

import pytest

from include.shown.trend_text import chance


@pytest.mark.parametrize(
    ("p", "words"),
    [(None, "p unknown"), (0.0, "p < 0.001"), (0.0004, "p < 0.001"), (0.001, "p 0.001"),
     (0.0496, "p 0.050")],
)  # fmt: skip
def test_chance_is_said_to_a_thousandth_and_never_as_none_at_all(p, words):
    assert chance(p) == words
