"""Which operations have a meaning for which kind of series, and what the others are told."""

import json

import pytest

from include.errors import FixConfig
from include.scoring.fitting import OPS, kind_of
from include.scoring.reading_spec import BY_OP
from include.scoring.scorecard import Scorecard, parse_scorecard
from include.scoring.series import SERIES
from include.settings import ROOT
from tests.unit.scoring.test_bad_scorecards import AT, GOOD

PLAIN = "{op: active_days, series: events, window: 28}"
OF_TWO = {"divide", "milestone", "active_users"}  # of others, or of a series of their own
OPEN = "days_since_oldest, days_at_zero, days_above_zero"
WHEN = "active_days, days_since_last, days_without, days_to_first"


def card_text(reading):
    text = GOOD.replace(PLAIN, reading)
    assert text != GOOD or reading == PLAIN
    return text


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        (
            "{op: sum, series: pulse, window: 90}",
            (
                ".op: sum of pulse has no meaning, for the series holds what was last said; valid "
                f"here: latest, mean_per_active_day, {WHEN}."
            ),
        ),
        ("{op: level, series: manual_fit}", ".op: level of manual_fit has no meaning, "),
        ("{op: days_since_oldest, series: events}", ".op: days_since_oldest of events has no "),
        ("{op: days_at_zero, series: events}", ".op: days_at_zero of events has no meaning, "),
        ("{op: days_since_oldest, series: seats}", ".op: days_since_oldest of seats has no "),
        ("{op: ratio_to_previous, series: seats}", ".op: ratio_to_previous of seats has no "),
        (
            "{op: level, series: oldest_overdue_day}",
            (
                ".op: level of oldest_overdue_day has no meaning, for the series holds changes of "
                f"a level that is the number of a day; valid here: {OPEN}, {WHEN}."
            ),
        ),
        (
            "{op: divide, top: {op: level, series: pulse}, bottom: {op: level, series: seats}}",
            ".top.op: level of pulse has no meaning, ",
        ),
        (
            "{op: milestone, of: {op: sum, series: pulse}, month: 6, target: 1}",
            ".of.op: sum of pulse has no meaning, ",
        ),
    ],
)
def test_a_reading_that_says_nothing_is_refused_with_the_ops_that_fit(reading, message):
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(card_text(reading), "demo.v1.yaml")
    assert str(caught.value).startswith(f"demo.v1.yaml, line 22, {AT}[0].reading{message}")


@pytest.mark.parametrize("series", ["events", "seats", "oldest_overdue_day", "pulse"])
def test_every_op_that_fits_is_read(series):
    for op in OPS[kind_of(series)]:
        card = parse_scorecard(card_text(f"{{op: {op}, series: {series}}}"), "demo.v1.yaml")
        assert card.measures[0].reading.op == op


def test_each_series_can_be_read_and_each_op_reads_some_kind():
    assert {kind_of(name) for name in SERIES} <= set(OPS)
    assert {op for ops in OPS.values() for op in ops} == set(BY_OP) - OF_TWO


def test_a_stored_card_is_read_as_it_stands():
    card = parse_scorecard(GOOD, "demo.v1.yaml")
    body = card.model_dump(mode="json", by_alias=True)
    body["categories"][0]["measures"][0]["reading"] = {"op": "sum", "series": "pulse", "window": 9}
    assert Scorecard.model_validate_json(json.dumps(body)).measures[0].reading.op == "sum"


def test_the_documentation_has_the_same_table():
    text = (ROOT / "docs" / "series.md").read_text(encoding="utf-8")
    for kind, ops in OPS.items():
        assert f"| {kind} | {', '.join(f'`{op}`' for op in ops)} |" in text
