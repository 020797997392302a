"""From the base to the score, step by step, for any rules, circumstances and number of decimals."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.context import Context, Override, circumstances_of
from include.scoring.explain import take_apart
from include.scoring.score import score

NAN = float("nan")
LINE = ((0.0, 0.0), (100.0, 100.0))
ANY_READING = st.one_of(st.just(NAN), st.floats(0, 100).map(lambda x: round(x, 3)))
LOW = {"measure": "m0", "below": 50.0}
HIGH = {"measure": "m1", "at_least": 40.0, "by": "tier", "values": {"key": 60.0}}
TIER = {"attribute": "tier", "is": ("key", "watch")}
EFFECTS = st.one_of(
    st.builds(lambda x: {"kind": "penalty", "factor": x}, st.sampled_from([0.8, 0.333333, 0.95])),
    st.builds(lambda x: {"kind": "interaction", "add": x}, st.sampled_from([-30.0, 7.5, 60.0])),
    st.builds(lambda x: {"kind": "cap", "at": x}, st.floats(0, 100)),
    st.builds(lambda x: {"kind": "floor", "at": x}, st.floats(0, 100)),
    st.builds(lambda x: {"kind": "red", "to": x}, st.floats(0, 44)),
    st.just({"kind": "flag", "follow_up": "Ask.", "owner": "CSM", "within_days": 5}),
)
CONTEXTS = st.builds(
    Context,
    attributes=st.sampled_from([{}, {"tier": "key"}, {"tier": "other"}]),
    override=st.one_of(
        st.none(),
        st.builds(Override, id=st.just(1), to=st.floats(0, 100), may_raise=st.booleans()),
        st.builds(Override, id=st.just(1), factor=st.sampled_from([0.0, 0.25, 0.9])),
    ),
)


@st.composite
def rules(draw):
    found = []
    for k, effect in enumerate(draw(st.lists(EFFECTS, max_size=6))):
        when = (LOW, HIGH)
        if effect["kind"] != "interaction":
            when = draw(st.sampled_from([(LOW,), (HIGH,), (TIER,), (LOW, TIER)]))
        found.append({"name": f"rule{k}", "why": "It is so.", "when": when, **effect})
    return tuple(found)


@given(
    found=rules(), context=CONTEXTS, places=st.integers(0, 9),
    readings=st.lists(ANY_READING, min_size=3, max_size=3),
)  # fmt: skip
def test_parts_sum_to_the_base_and_steps_lead_from_it_to_the_score(
    build_card, found, context, places, readings
):
    card = build_card(
        {"a": (2.0, [(3.0, LINE), (1.0, LINE)]), "b": (1.0, [(1.0, LINE)])}, rules=found,
        min_coverage=0.0,
    )  # fmt: skip
    row = np.array(readings)
    whole = take_apart(row, card, context=context, places=places)
    scores = score(row[None, :], card, circumstances_of(np.zeros(1, np.intp), [context]))
    if np.isnan(scores.score[0]):
        assert (whole.score, whole.base, whole.steps) == (None, None, ())
        return
    assert whole.score == round(float(scores.score[0]), places)
    contributed = sum(Decimal(repr(part.contributed)) for part in whole.categories)
    assert contributed == Decimal(repr(whole.base))
    ends = [whole.base, *(step.after for step in whole.steps)]
    assert [step.before for step in whole.steps] == ends[:-1]
    assert ends[-1] == whole.score
    acting = [rule.kind for k, rule in enumerate(card.rules) if int(scores.fired[0]) >> k & 1]
    shown = [step.kind for step in whole.steps if step.kind != "override"]
    assert sorted(shown) == sorted(kind for kind in acting if kind != "flag")
    order = ("interaction", "penalty", "floor", "cap", "red")
    assert shown == sorted(shown, key=order.index)
    assert len(whole.flags) == acting.count("flag")
    assert [step.kind for step in whole.steps][len(shown) :] == ["override"] * bool(
        context.override
    )
    assert all(rule.not_known for rule in whole.undecided)


def test_each_step_names_what_it_does(build_card):
    found = [
        {"kind": "red", "to": 30.0}, {"kind": "cap", "at": 70.0}, {"kind": "floor", "at": 20.0},
        {"kind": "penalty", "factor": 0.8}, {"kind": "interaction", "add": -5.0},
    ]  # fmt: skip
    ruled = tuple(
        {"name": f"rule{k}", "why": "It is so.", "when": (LOW, HIGH), **one}
        for k, one in enumerate(found)
    )
    card = build_card({"a": (1.0, [(1.0, LINE), (3.0, LINE)])}, rules=ruled)
    context = Context(attributes={"tier": "none"}, override=Override(id=7, to=90.0, may_raise=True))
    whole = take_apart(np.array([40.0, 100.0]), card, context=context)
    assert [(step.does, step.before, step.after) for step in whole.steps] == [
        ("-5 points to the base", 85, 80), ("score x 0.8, 20 % off the top", 80, 64),
        ("score at least 20", 64, 64), ("score at most 70", 64, 64),
        ("hard red: score at most 30", 64, 30), ("set to 90", 30, 90),
    ]  # fmt: skip
    assert (whole.base, whole.score) == (85, 90)


@pytest.mark.parametrize(
    ("policy", "reading", "points", "used"),
    [
        ("unknown", NAN, None, None),
        ("zero", NAN, 0, "0 points, which count as known"),
        ({"neutral": 60.0}, NAN, 60, "60 points, which count as unknown"),
        ({"neutral": 60.0}, 30.0, 30, None),
        ({"carry_days": 5}, NAN, None, "no reading in 5 days to carry forward"),
        ({"carry_days": 5}, 30.0, 30, "carried forward: the reading is 2 days old"),
    ],
)
def test_the_policy_that_stepped_in_is_said(build_card, policy, reading, points, used):
    card = build_card({"a": (1.0, [(1.0, LINE), (1.0, LINE)])})
    content = card.model_dump(by_alias=True)
    content["categories"][0]["measures"][0]["when_unknown"] = policy
    carried = {"m0": 2} if used and used.startswith("carried") else {}
    whole = take_apart(
        np.array([reading, 50.0]), type(card).model_validate(content),
        context=Context(carried=carried),
    )  # fmt: skip
    part = whole.categories[0].measures[0]
    assert (part.points, part.policy_used) == (points, used)
    assert part.carried_days == len(carried) * 2
