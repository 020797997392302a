"""What moved a score: parts by hand, and by kind."""

import numpy as np
import pytest

from include.scoring.attribution import attribute
from include.scoring.change import change_parts, main_parts
from include.scoring.circumstances import Circumstances, Codes
from include.scoring.side import Side
from tests.unit.scoring.changes import RISING, TIERS, card, content, measure

NAN = np.nan
LINE = [(0, 0), (100, 100)]
PENALTY = {
    "name": "no_review", "kind": "penalty", "why": "No review in six months.", "factor": 0.8,
    "when": [{"measure": "days", "above": 180}],
}  # fmt: skip


def small(*rules, **changes):
    use = [measure("a", LINE, 1), measure("b", LINE, 1), measure("days", LINE, 0)]
    care = [measure("c", LINE, 1)]
    categories = [
        {"name": "use", "weight": 2, "measures": use},
        {"name": "care", "weight": 1, "measures": care},
    ]
    return card(**{"categories": categories, "rules": list(rules), **changes})


def day(own, readings, *, carried=(), **circumstances):
    at = Circumstances.none(1)
    kept = {name: getattr(at, name) for name in Circumstances.__dataclass_fields__}
    is_carried = np.array([[name in carried for name in own.measure_names]])
    return Side.scored(
        own, np.array([readings], float), Circumstances(**kept | circumstances), is_carried
    )


def parts(then, now, sources=None):
    sources = sources or {}
    return change_parts(attribute(then, now, sources), (then, now), 0, sources)


def told(found):
    return {(part.kind, part.name): part.points for part in found}


def test_the_account_of_the_documentation():
    own = small(PENALTY)
    then, now = day(own, [50, 50, 90, 80]), day(own, [80, 50, 200, NAN])
    assert (then.score[0], now.score[0]) == (60, 52)
    assert told(parts(then, now)) == {
        ("behaviour", "a"): 13.5, ("penalty", "no_review"): -12.5, ("missing", "c"): -9,
    }  # fmt: skip


def test_parts_shown_to_one_decimal_sum_to_the_shown_change():
    own = small()
    found = parts(day(own, [50, 50, NAN, 50]), day(own, [50.2, 50.2, NAN, 50.2]))
    assert [part.points for part in found] == pytest.approx([0.2 / 3] * 3, abs=2e-9)
    assert sum(part.points for part in found) == pytest.approx(0.2, abs=1e-12)
    assert [part.shown for part in found] == [0.1, 0.1, 0.0]


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ([50, 50, 0, 80], [50, 50, 0, 80], {}),
        ([50, 50, 0, 80], [50, 50, 300, 80], {}),  # weighs nothing
        ([50, 50, 0, NAN], [50, 50, 0, 80], {("arrived", "c"): 10}),
        ([50, NAN, 0, 80], [50, 80, 0, 80], {("arrived", "b"): 10}),
        ([50, NAN, 0, NAN], [NAN, 90, 0, NAN], {("missing", "a"): 20, ("arrived", "b"): 20}),
        ([NAN] * 4, [50, 50, 0, 50], {}),
        ([50, 50, 0, 50], [NAN] * 4, {}),
    ],
)
def test_what_came_to_be_known_or_ceased_is_held_against_what_is_known_on_both_days(
    then, now, expected
):
    own = small()
    assert told(parts(day(own, then), day(own, now))) == expected


def test_a_new_reading_after_one_carried_forward_is_no_behaviour():
    own = small()
    then = day(own, [50, 50, 0, 80], carried=["c"])
    assert told(parts(then, day(own, [50, 50, 0, 20]))) == {("stale", "c"): -20}
    assert told(parts(then, day(own, [50, 50, 0, NAN]))) == {("stale", "c"): -10}
    still = day(own, [50, 50, 0, 20], carried=["c"])
    assert told(parts(day(own, [50, 50, 0, 80]), still)) == {("behaviour", "c"): -20}


def test_what_the_source_did_is_not_said_of_the_customer():
    own = small()
    then, now = day(own, [50, 50, 0, 80]), day(own, [90, 50, 0, 80])
    [part] = parts(then, now, {"a": "it moved up for 92% of accounts on 2026-11-20"})
    assert part.kind == "source"
    assert part.words == (
        "Label of a went from 50 to 90: the source's change, not the customer's (it moved up for "
        "92% of accounts on 2026-11-20)"
    )


def tiered(tier, month=6):
    codes = Codes(np.array([TIERS.index(tier)]), TIERS)
    return {"attributes": {"tier": codes}, "month": np.array([month])}


def with_target():
    target = {"default": 1, "by": "tier", "values": {"key": 2}, "months": [[1, 0.5], [6, 1]]}
    measures = [measure("a", RISING, 1, target=target), measure("b", RISING, 1)]
    return card(categories=[{"name": "use", "weight": 1, "measures": measures}], rules=[])


def test_another_segment_moves_the_target_not_the_customer():
    own = with_target()
    found = parts(day(own, [6, 5], **tiered("mid")), day(own, [6, 5], **tiered("key")))
    assert told(found) == {("target", "a"): -15}
    assert found[0].words == "The target of Label of a changed with tier (mid, now key)"


def test_a_reading_and_its_target_share_a_move_evenly_whichever_is_taken_first():
    own = with_target()
    found = parts(day(own, [6, 5], **tiered("mid")), day(own, [8, 5], **tiered("key", 3)))
    # points 60 -> 8 / (2 * 0.7) = 57.142857143; by the reading (20 + 14.285714286) / 2 of them
    assert told(found) == {("behaviour", "a"): 8.571428572, ("target", "a"): -10.0}
    [_, said] = sorted(found, key=lambda part: part.kind)
    assert said.words.endswith("tier (mid, now key) and the month of the term (6, now 3)")


def test_a_cap_that_holds_on_both_days_lets_nothing_through():
    cap = {"name": "late", "kind": "cap", "why": "Payment is on hold.", "at": 40,
           "when": [{"measure": "days", "above": 30}]}  # fmt: skip
    own = small(cap)
    assert parts(day(own, [50, 90, 31, 80]), day(own, [80, 50, 40, 60])) == ()
    found = parts(day(own, [50, 50, 0, 50]), day(own, [70, 50, 31, 50]))
    # the base gains 6.666666667; half of it passes: what the cap takes is the mean of 10 and 16.67
    assert told(found) == {("cap", "late"): -13.333333333, ("behaviour", "a"): 3.333333333}


def test_an_override_is_named_as_a_persons():
    own = small()
    then = day(own, [50, 50, 0, 50])
    now = day(own, [50, 50, 0, 50], override_to=np.array([30.0]))
    [part] = parts(then, now)
    assert (part.kind, part.points, part.words) == ("override", -20, "A person's override began")


def test_a_rule_that_cannot_be_decided_any_more_says_so():
    own = small(PENALTY)
    [part] = parts(day(own, [50, 50, 200, 50]), day(own, [50, 50, NAN, 50]))
    assert (part.kind, part.points) == ("penalty", 10)
    assert part.words == (
        "A penalty can no longer be decided for want of data: no review in six months"
    )


def test_another_scorecard_is_a_part_of_its_own():
    own = small()
    heavier = [
        {"name": "use", "weight": 1, "measures": [measure("a", LINE, 1), measure("b", LINE, 1)]},
        {"name": "care", "weight": 1, "measures": [measure("c", LINE, 1)]},
    ]
    other = small(version=2, categories=heavier)
    found = parts(day(own, [50, 50, 0, 80]), day(other, [50, 50, 80]))
    assert told(found) == {("scorecard", ""): 5}
    assert found[0].words == "The scorecard changed from built.v1 to built.v2"
    # 24 points, half by 1/3 and half by 1/4; the card adds 5 to the day before and 3 to this one
    both = told(parts(day(own, [50, 50, 0, 80]), day(other, [74, 50, 80])))
    assert both == {("behaviour", "a"): 7, ("scorecard", ""): 4}


def test_a_measure_of_one_card_only_counts_as_the_scorecards():
    more = content()["categories"]
    then, now = card(rules=[]), card(version=2, rules=[], categories=more[:2])
    found = parts(
        day(then, [5, 5, 5, 5, 5, 0, 5], **tiered("mid")),
        day(now, [5, 5, 5, 5, 5], **tiered("mid")),
    )
    assert {part.kind for part in found} == {"scorecard"}
    assert sum(part.points for part in found) == pytest.approx(
        float(attribute(day(then, [5, 5, 5, 5, 5, 0, 5], **tiered("mid")),
                        day(now, [5, 5, 5, 5, 5], **tiered("mid"))).change[0])
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "name"),
    [
        ([90, 0, 0, 50], "b"),
        ([90, 20, 0, 50], "a"),
        ([90, 10, 0, 50], "a"),
        ([50, 50, 0, 50], None),
    ],
)
def test_the_main_part_goes_the_way_of_the_change(now, name):
    own = small()
    sides = day(own, [50, 50, 0, 50]), day(own, now)
    [main] = main_parts(attribute(*sides), sides, {})
    assert (main and main.name) == name
