"""The steps by which changes are taken apart do what the rules do to scores."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from include.scoring import rules_at_work
from include.scoring.circumstances import Circumstances
from include.scoring.rule_steps import ACTING, override_steps, step_of
from include.scoring.rules import BY_KIND
from include.scoring.scorecard import load_scorecard
from include.settings import ROOT

WHEN = ({"measure": "logins", "below": 1.0}, {"measure": "tickets", "above": 5.0})
CARD = load_scorecard(ROOT / "scorecards/retention.v1.yaml")
POINTS = st.floats(0, 100)
MILLIONTHS = st.integers(1, 999_999).map(lambda n: n / 1e6)
UNKNOWN = st.just(np.nan)
RULES = st.one_of(
    st.builds(lambda add: {"kind": "interaction", "add": add}, st.floats(-100, 100)),
    st.builds(lambda factor: {"kind": "penalty", "factor": factor}, MILLIONTHS),
    st.builds(lambda at: {"kind": "floor", "at": at}, POINTS),
    st.builds(lambda at: {"kind": "cap", "at": at}, POINTS),
    st.builds(lambda to: {"kind": "red", "to": to}, POINTS),
)
SCORES = st.integers(0, 100 * 10**9).map(lambda each: np.array([float(each)]))


@given(written=RULES, score=SCORES)
def test_a_step_does_what_the_rule_does_to_a_score(written, score):
    rule = BY_KIND[written["kind"]].model_validate(
        written | {"name": "one", "why": "Because.", "when": WHEN}
    )
    whole = rules_at_work.step_of(rule)(score.copy())
    assert abs(np.rint(step_of(rule).of(score)) - whole) <= 1
    if rule.kind != "penalty":
        assert step_of(rule).of(score) == whole


@given(score=SCORES, factor=UNKNOWN | MILLIONTHS, to=UNKNOWN | POINTS, may_raise=st.booleans())
def test_the_steps_of_an_override_do_what_it_does_to_a_score(score, factor, to, may_raise):
    at = Circumstances(np.zeros(1, int), np.array([to]), np.array([factor]), np.array([may_raise]))
    taken = score
    for step in override_steps(at):
        taken = np.rint(step.of(taken))
    assert abs(taken - rules_at_work.settled(score.copy(), 0, CARD, at)) <= 1


def test_every_kind_but_the_flag_is_a_step_and_acts_in_the_order_of_the_kernel():
    assert ACTING == ("interaction", "penalty", "floor", "cap", "red")
