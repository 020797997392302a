"""One account taken apart, as it stands in a terminal."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from include.scoring.explain import take_apart
from include.scoring.scorecard import load_scorecard
from include.settings import ROOT
from include.shown.explanation_text import reading_of, show_explanation
from include.shown.terminal import console

ROW = {
    "name": "Acme", "crm_id": "1003", "as_of": date(2026, 3, 30), "basis": "live", "revision": 0,
    "change_30d": None, "direction": "stable", "slope_30d": None, "streak_days": 0,
    "below_since": None, "confirmed_band": "red", "band": "red", "held": [],
}  # fmt: skip


@pytest.fixture(params=[72, 80, 110, 120])
def width(request):
    was = console.width
    console.width = request.param
    yield request.param
    console.width = was


def test_what_is_good_is_said_to_the_end_however_narrow_the_terminal(width):
    card = load_scorecard(ROOT / "scorecards" / "retention.v1.yaml")
    with console.capture() as shown:
        show_explanation(ROW, take_apart(np.ones(len(card.measures)), card), card)
    lines = shown.get().splitlines()
    assert "…" not in shown.get()
    assert max(map(len, lines)) <= width
    told = {word for line in lines for word in line.split()}
    assert {word for measure in card.measures for word in measure.good.split()} <= told


def test_a_large_reading_and_one_just_short_of_its_target_are_read_to_the_digit():
    card = load_scorecard(ROOT / "scorecards" / "retention.v1.yaml")
    part = take_apart(np.ones(len(card.measures)), card).categories[0].measures[0]
    assert reading_of(replace(part, reading=23_456.0)) == "23,456"
    assert reading_of(replace(part, reading=0.9987, target=0.999)) == "0.9987"
    assert reading_of(replace(part, reading=None)) == "unknown"
