"""Accounts that were scored by hand, in decimals: golden/accounts.md."""

from pathlib import Path

import numpy as np
import pytest

from include.scoring.circumstances import Circumstances, Codes
from include.scoring.flags import flags_raised, rules_in
from include.scoring.score import score
from include.scoring.scorecard import load_scorecard

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("seats", "features", "tickets", "csat", "pulse", "review", "overdue", "idle")


def read_table(title):
    """The rows of the table under a heading, by account."""
    _, _, below = (GOLDEN / "accounts.md").read_text().partition(f"\n## {title}\n")
    lines = [line for line in below.partition("\n## ")[0].splitlines() if line.startswith("|")]
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def number(cell):
    return np.nan if cell == "-" else float(cell)


def codes(words):
    known = sorted({word for word in words if word != "-"})
    return Codes(np.array([known.index(w) if w != "-" else -1 for w in words]), tuple(known))


@pytest.fixture(scope="module")
def card():
    return load_scorecard(GOLDEN / "golden.v1.yaml")


@pytest.fixture(scope="module")
def scores(card):
    rows = list(read_table("Given").values())
    overrides = [row["override"] for row in rows]
    at = Circumstances(
        month=np.array([int(row["month"]) for row in rows]),
        override_to=np.array(
            [number(one.strip("^") if one[0] != "x" else "-") for one in overrides]
        ),
        override_factor=np.array([number(one[1:] if one[0] == "x" else "-") for one in overrides]),
        may_raise=np.array([one[0] == "^" for one in overrides]),
        attributes={
            name: codes([row[name] for row in rows]) for name in ("segment", "tier", "sponsor")
        },
    )
    readings = np.array([[number(row[name]) for name in NAMES] for row in rows])
    return score(readings, card, at)


def test_the_table_is_of_the_measures_of_the_card(card):
    assert card.measure_names == NAMES


def test_points_are_those_worked_by_hand(scores):
    for i, row in enumerate(read_table("Worked").values()):
        expected = [number(row[name]) for name in NAMES[:6]]
        np.testing.assert_array_equal(scores.points[i, :6], expected, row["account"])


@pytest.mark.parametrize("column", ["base", "score", "floor", "ceiling", "coverage"])
def test_numbers_are_those_worked_by_hand_to_the_last_bit(scores, column):
    for i, row in enumerate(read_table("Worked").values()):
        expected = number(row[column])
        np.testing.assert_equal(getattr(scores, column)[i], expected, row["account"])


def test_bands_are_those_worked_by_hand(scores, card):
    names = [*(band.name for band in card.bands), "unknown"]
    expected = {name: row["band"] for name, row in read_table("Worked").items()}
    assert dict(zip(expected, [names[band] for band in scores.band], strict=True)) == expected


def test_rules_act_or_are_undecided_as_worked_by_hand(scores, card):
    rules = read_table("Rules")
    for i, name in enumerate(read_table("Given")):
        row = rules.get(name, {"acts": "", "undecided": "", "raised": ""})
        acts = [rule.name for rule in rules_in(int(scores.fired[i]), card)]
        undecided = [rule.name for rule in rules_in(int(scores.undecided[i]), card)]
        raised = [flag.name for flag in flags_raised(scores.fired, card)[i]]
        found = {"acts": acts, "undecided": undecided, "raised": raised}
        assert {key: ", ".join(names) for key, names in found.items()} == {
            key: row[key] for key in found
        }, name
