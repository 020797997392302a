"""What people get wrong in readings, and the whole message that each mistake gets."""

import pytest

from include.errors import FixConfig
from include.scoring.scorecard import parse_scorecard
from tests.unit.scoring.test_bad_scorecards import AT, GOOD, OPS

PLAIN = OPS.removesuffix(", days_to_first, divide, ratio_to_previous, milestone")
LEVEL = "{op: level, series: seats}"
HERE = f"line 22, {AT}[0].reading"


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        ("{op: mean, series: events}", f'.op: "mean" is not valid; valid here: {OPS}.'),
        (
            "{op: mean_per_day, series: events, history: 3}",
            ".history: there is no such key; valid here: op, series, window, lag.",
        ),
        (
            "{op: active_users, series: events}",
            ".series: there is no such key; valid here: op, window, lag.",
        ),
        (
            "{op: active_users, window: 999}",
            '.window: there is no series "active_users_999d"; did you mean "active_users_28d"?',
        ),
        ("{op: active_users, window: 0}", ".window: must be at least 1, but is 0."),
        (
            "{op: ratio_to_previous, series: events, lag: 7}",
            ".lag: there is no such key; valid here: op, series, window.",
        ),
        (
            "{op: days_to_first, series: events, until: sofar}",
            '.until: "sofar" is not valid; did you mean "so_far"?',
        ),
        (
            "{op: days_to_first, series: events, before_known: zero}",
            '.before_known: "zero" is not valid; valid here: unknown, nothing.',
        ),
        (
            f"{{op: milestone, of: {LEVEL}, moth: 6, target: 0.8}}",
            '.moth: there is no such key; did you mean "month"?',
        ),
        (f"{{op: milestone, of: {LEVEL}, month: 6}}", ".target: this key is missing."),
        (
            f"{{op: milestone, of: {LEVEL}, month: 0, target: 1}}",
            ".month: must be at least 1, but is 0.",
        ),
        (
            f"{{op: milestone, of: {LEVEL}, month: 6, target: 0}}",
            ".target: must be more than 0, but is 0.",
        ),
        (
            "{op: milestone, of: {op: level, series: seets}, month: 6, target: 1}",
            '.of.series: there is no series "seets"; did you mean "seats"?',
        ),
        (
            "{op: milestone, of: {op: latest, series: pulse, max_ages: 6}, month: 6, target: 1}",
            '.of.max_ages: there is no such key; did you mean "max_age"?',
        ),
        (
            f"{{op: milestone, of: {{op: divide, top: {LEVEL}}}, month: 6, target: 1}}",
            ".of.bottom: this key is missing.",
        ),
        (
            f"{{op: divide, top: {{op: zzz, series: events}}, bottom: {LEVEL}}}",
            f'.top.op: "zzz" is not valid; valid here: {PLAIN}.',
        ),
        (
            f"{{op: divide, top: {{op: days_to_first, series: events}}, bottom: {LEVEL}}}",
            '.top.op: "days_to_first" is not valid; did you mean "days_at_zero"?',
        ),
    ],
)
def test_the_message_says_where_and_what(reading, message):
    text = GOOD.replace("{op: active_days, series: events, window: 28}", reading)
    assert text != GOOD
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(text, "demo.v1.yaml")
    assert str(caught.value) == f"demo.v1.yaml, {HERE}{message}"
