import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.say import shown
from include.scoring.attribution import attribute
from include.scoring.change import change_parts
from include.scoring.circumstances import Circumstances
from include.scoring.reasons import main_drivers, main_reasons
from include.scoring.side import Side
from tests.unit.scoring.changes import card as full_card
from tests.unit.scoring.changes import side

NAN = np.nan
LINE = [(0, 0), (100, 100)]
KINDS = {
    "behaviour": (" rose from ", " fell from "), "arrived": ("New data: ",),
    "missing": ("Missing data: ",), "stale": ("Old data: ",),
    "target": ("The target of ",), "override": ("A person's override ",),
    "penalty": ("A penalty ",), "cap": ("A cap ",), "floor": ("A floor ",),
    "red": ("A hard red ",), "interaction": ("A rule for two measures ",),
}  # fmt: skip


@pytest.fixture(scope="module")
def card(build_card):
    return build_card({"a": (1.0, [(1.0, LINE), (1.0, LINE)]), "b": (1.0, [(2.0, LINE)])})


def day(card, rows, **circumstances):
    nothing = Circumstances.none(len(rows))
    kept = {name: getattr(nothing, name) for name in Circumstances.__dataclass_fields__}
    return Side.scored(card, np.array(rows, float), Circumstances(**kept | circumstances))


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ([50, 50, 50], [50, 17.2, 50], "Label of m1 fell from 50 to 17.2 (-8.2 points)."),
        ([50, 50, 50], [60, 10, 55], "Label of m1 fell from 50 to 10 (-10.0 points)."),
        ([50, 50, 50], [70, 40, 52], "Label of m0 rose from 50 to 70 (+5.0 points)."),
        ([50, 50, 50], [90, 20, 40], "Label of m1 fell from 50 to 20 (-7.5 points)."),
        ([50, 50, NAN], [50, 50, 10], "New data: Label of m2 became known, 10 (-20.0 points)."),
        (
            [50, 50, 90],
            [50, 50, NAN],
            "Missing data: Label of m2 is no longer known; it was 90 (-20.0 points).",
        ),
        ([50, 50, 50], [50, 50, 50], None),
        ([50, 50, 50], [50, 50.1, 50], None),
        ([50, 120, 50], [50, 500, 50], None),
        # Shown as +0.2: two of the three parts of +0.06 show as +0.1.
        ([50, 50, 50], [50.24, 50.24, 50.12], "Label of m1 rose from 50 to 50.24 (+0.1 points)."),
        ([NAN, NAN, NAN], [50, 50, 50], None),
        ([50, 50, 50], [NAN, NAN, NAN], None),
    ],
)
def test_the_reason_is_what_moved_the_score_most(card, before, after, sentence):
    assert main_reasons(day(card, [before]), day(card, [after])) == [sentence]


def test_the_reason_reads_like_a_sentence_on_the_default_card(retention):
    before = np.full(14, NAN)
    before[0], before[2] = 0.61, 1.0
    after = before.copy()
    after[0] = 0.34
    assert main_reasons(day(retention, [before]), day(retention, [after])) == [
        "Share of seats active in 28 days fell from 0.61 to 0.34 (-20.0 points)."
    ]


def test_what_a_source_did_is_said_of_the_source(card):
    told = {"m0": "it moved up for 92% of accounts on 2026-11-20"}
    [sentence] = main_reasons(day(card, [[50, 50, 50]]), day(card, [[90, 50, 50]]), told)
    assert sentence == (
        "Label of m0 went from 50 to 90: the source's change, not the customer's (it moved up for "
        "92% of accounts on 2026-11-20) (+10.0 points)."
    )


@given(st.integers(0, 999), st.integers(0, 999))
def test_a_reason_says_what_the_largest_part_in_the_direction_is(one, other):
    then, now = side(FULL, one, 10), side(FULL, other, 10)
    found = attribute(then, now)
    for row, sentence in enumerate(main_reasons(then, now)):
        parts = change_parts(found, (then, now), row, {})
        if sentence is None:
            assert all(abs(part.points) < 0.06 for part in parts) or not parts
            continue
        change = float(found.change[row])
        [main] = [part for part in parts if sentence.startswith(part.words)][:1]
        assert f"({main.shown:+.1f} points)." in sentence
        assert any(words in sentence for words in KINDS[main.kind]), (main.kind, sentence)
        if abs(change) >= 0.05:
            assert main.points * change > 0
            assert main.points * np.sign(change) == max(p.points * np.sign(change) for p in parts)


FULL = full_card()


@given(st.integers(0, 999), st.integers(0, 999))
def test_many_rows_have_the_reasons_of_each_alone(one, other):
    then, now = side(FULL, one, 6), side(FULL, other, 6)
    alone = [slice(row, row + 1) for row in range(6)]
    assert main_reasons(then, now) == [
        sentence for row in alone for sentence in main_reasons(then.some(row), now.some(row))
    ]
    assert main_drivers(now) == [said for row in alone for said in main_drivers(now.some(row))]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([50, 20, 80], "Label of m1 is 20 and costs 20.0 points."),
        ([100, 100, 100], "No measure costs this account points."),
        ([99.96, 100, 100], "No measure costs this account points."),
        ([NAN, NAN, NAN], "Nothing is known about this account, so it has no score."),
        ([NAN, 20, NAN], "Label of m1 is 20 and costs 80.0 points."),
    ],
)
def test_the_main_driver_is_the_costliest_measure(card, row, sentence):
    assert main_drivers(day(card, [row])) == [sentence]


def test_a_rule_or_a_person_that_takes_more_than_any_measure_is_the_driver(build_card):
    cap = {"name": "late", "kind": "cap", "why": "Payment is on hold.", "at": 30,
           "when": ({"measure": "m0", "above": 10},)}  # fmt: skip
    card = build_card({"a": (1.0, [(1.0, LINE), (1.0, LINE)])}, rules=(cap,))
    assert main_drivers(day(card, [[90, 80]])) == [
        "A cap holds: payment is on hold (-55.0 points)."
    ]
    overridden = day(card, [[90, 80]], override_to=np.array([1.0]))
    assert main_drivers(overridden) == ["A cap holds: payment is on hold (-55.0 points)."]
    free = build_card({"a": (1.0, [(1.0, LINE), (1.0, LINE)])})
    assert main_drivers(day(free, [[90, 80]], override_to=np.array([40.0]))) == [
        "A person's override holds (-45.0 points)."
    ]


@pytest.mark.parametrize(
    ("reading", "other", "text"),
    [
        (0.614, None, "0.61"),
        (0.614, 0.612, "0.614"),
        (12, None, "12"),
        (1_234.5, None, "1,234.5"),
        (0, None, "0"),
        (100, 1, "100"),
        (0.000000001, 0, "0.000000001"),
    ],
)
def test_a_reading_shows_as_many_decimals_as_it_needs(reading, other, text):
    assert shown(reading, other) == text
