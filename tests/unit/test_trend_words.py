"""How a trend is put into words."""

from datetime import date

import pytest

from include.reports.trend import Portfolio
from include.scoring.dips import Recovery
from include.shown.terminal import console
from include.shown.trend_text import chance, show_portfolio, since


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


def test_dips_that_are_too_young_to_tell_are_shown_beside_those_that_are_decided():
    group = Recovery("answered within 7 days", 9, 4, 5, 3, 0.6, 21.0, "only 5 decided: says little")
    found = Portfolio(date(2026, 1, 1), date(2026, 6, 29), 40, [], [group])
    with console.capture() as shown:
        show_portfolio(found, {}, 12)
    text = " ".join(shown.get().split())
    assert "group dips too young decided back share median days note" in text
    assert "answered within 7 days 9 4 5 3 60% 21" in text
    assert "Decided are dips that began by 2026-03-31" in text
