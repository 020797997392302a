"""How a trend is put into words."""

from datetime import date

import pytest

from include.shown.trend_text import chance, since


@pytest.mark.parametrize(
    ("p", "words"),
    [(None, "p unknown"), (0.0, "p < 0.001"), (0.0004, "p < 0.001"), (0.001, "p 0.001"),
     (0.0496, "p 0.050")],
)  # fmt: skip
def test_chance_is_said_to_a_thousandth_and_never_as_none_at_all(p, words):
    assert chance(p) == words


@pytest.mark.parametrize(
    ("first", "words"),
    [(date(2026, 3, 2), "since 2026-03-02"), (date(2026, 3, 1), "since 2026-03-01 or longer")],
)
def test_what_began_before_anybody_looked_may_have_lasted_longer(first, words):
    assert since(first, date(2026, 5, 30)) == words
