"""What an account is told about a reading that is unknown."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.explain import take_apart
from include.scoring.readings import NEVER
from include.scoring.unknown import rule_of, unknown_when
from include.scoring.why import AccountDay, why_unknown
from tests.unit.scoring.families import CURVE, with_measures
from tests.unit.scoring.worlds import ACCOUNTS, FIRST, readings, series, spec, worlds


def number(text):
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


DAY = number("2026-05-20")
KNOWN = number("2026-05-01")
LAST = number("2026-05-04")
ONE = {"op": "level", "series": "events"}
SUM = {"op": "sum", "series": "events"}


@pytest.fixture(scope="session")
def measure_of(build_card):
    def build(family="own", **reading):
        card = with_measures(build_card({"a": (1.0, [(1.0, CURVE)])}), [(family, reading)])
        return card.measures[0]

    return build


def account_day(known_from=KNOWN, **changes):
    """An account with one event on 2026-05-04, and of seats that nothing is known of."""
    own = {"events": series([(0, LAST, 1.0)], [known_from]), "seats": series([], [NEVER])}
    return replace(AccountDay(DAY, own), **changes)


@pytest.mark.parametrize(
    ("reading", "at", "because"),
    [
        ({"op": "level", "series": "seats"}, {}, "seats was never linked to this account"),
        ({"op": "level", "series": "pulse"}, {}, "pulse was never linked to this account"),
        (SUM, {"known_from": DAY + 1}, "events is not known before 2026-05-21"),
        (SUM | {"lag": 28}, {}, "events is not known before 2026-05-01"),
        (
            SUM | {"history": 28},
            {},
            "events is known since 2026-05-01; 28 days are full on 2026-05-28",
        ),
        (
            {"op": "mean_per_day", "series": "events", "window": 21},
            {},
            "events is known since 2026-05-01; 21 days are full on 2026-05-21",
        ),
        (
            {"op": "latest", "series": "events", "max_age": 15},
            {},
            "the last events is of 2026-05-04, more than 15 days ago",
        ),
        (
            {"op": "latest", "series": "events"},
            {"day": number("2026-05-03")},
            "there is no events yet",
        ),
        (
            {"op": "days_since_last", "series": "events"},
            {"day": number("2026-05-03")},
            "there is no events yet",
        ),
        (
            {"op": "mean_per_active_day", "series": "events", "window": 7},
            {},
            "there is no events in the 7 days up to 2026-05-20",
        ),
        (
            SUM,
            {"held": {"events": "only 40% of the accounts are linked."}},
            "events is held back: only 40% of the accounts are linked.",
        ),
        (
            ONE,
            {"blocked_by": {"events": "events"}},
            "events leaves out what has no value, which events counts",
        ),
        (
            {"op": "days_to_first", "series": "events"},
            {"term_start": number("2026-05-10")},
            "there is no events since 2026-05-10",
        ),
        (
            {"op": "days_to_first", "series": "events"},
            {"term_start": number("2026-04-10")},
            "the term began on 2026-04-10, and events is not known before 2026-05-01",
        ),
        ({"op": "milestone", "of": ONE, "month": 6, "target": 1.0}, {}, "there is no term"),
        (
            {"op": "milestone", "of": ONE, "month": 6, "target": 1.0},
            {"term_start": number("2026-01-15")},
            "month 6 of the term ends on 2026-07-14",
        ),
        (
            {"op": "milestone", "of": ONE, "month": 1, "target": 1.0},
            {"term_start": number("2026-01-15")},
            "on 2026-02-14: events is not known before 2026-05-01",
        ),
        (
            SUM,
            {"series": {"events": series([(0, LAST, 1e12)], [KNOWN])}},
            "events has values too large to be added up exactly",
        ),
        (
            {"op": "divide", "top": SUM, "bottom": SUM | {"window": 7}},
            {},
            "events is 0",
        ),
        (
            {"op": "divide", "top": SUM, "bottom": {"op": "level", "series": "seats"}},
            {},
            "seats was never linked to this account",
        ),
        (
            {"op": "ratio_to_previous", "series": "events", "window": 14},
            {},
            "events is known since 2026-05-01; 28 days are full on 2026-05-28",
        ),
    ],
)
def test_the_cause_is_told(measure_of, reading, at, because):
    assert why_unknown(measure_of(**reading), account_day(**at)) == because


def test_the_day_on_which_people_took_a_value_back_is_told(measure_of):
    said = replace(series([(0, LAST, 3), (0, LAST + 2, np.nan)], [KNOWN]), may_be_cleared=True)
    at = replace(account_day(), series={"pulse": said})
    latest = measure_of(op="latest", series="pulse", max_age=120)
    assert why_unknown(latest, at) == "pulse was cleared on 2026-05-06"


def test_what_is_known_by_now_and_what_others_decide_is_told_by_the_rule(measure_of):
    known = measure_of(**SUM, history=3)
    assert why_unknown(known, account_day()) == "events is not known for 3 days yet"
    whole = measure_of("sum", **SUM)
    assert why_unknown(whole, account_day(known_from=NEVER)) == (
        "for this account or one below it: events is not known for this account yet"
    )


@pytest.mark.parametrize(
    ("reading", "rule"),
    [
        (SUM, "events is not known for this account yet"),
        ({"op": "active_users", "window": 28}, "active_users_28d is not known for 28 days yet"),
        (
            {"op": "mean_per_active_day", "series": "events", "window": 7},
            "events is not known for 7 days yet, or there was none in them",
        ),
        (
            {"op": "days_to_first", "series": "events"},
            (
                "events is not known for this account yet, or no events since the term began, or "
                "events was not known when the term began"
            ),
        ),
        (
            {"op": "milestone", "of": ONE, "month": 6, "target": 1.0},
            (
                "there is no term, or month 6 of the term is not over, or events is not known for "
                "this account yet"
            ),
        ),
        (
            {"op": "ratio_to_previous", "series": "events"},
            "events is not known for 56 days yet, or events is 0",
        ),
    ],
)
def test_every_operation_has_its_rule(reading, rule):
    assert rule_of(spec(**reading)) == rule


@given(worlds, readings, st.integers(0, ACCOUNTS - 1), st.integers(FIRST, FIRST + 20))
def test_whatever_is_unknown_has_a_cause(measure_of, world, reading, account, day):
    measure = measure_of(**SUM).model_copy(update={"reading": reading})
    alone = world.only([account])
    at = AccountDay(
        day,
        {name: series(rows, alone.known[name]) for name, rows in alone.rows.items()},
        world.term(account, day),
        alone.blocked_by,
    )
    unknown = np.isnan(alone.read([reading], day, day)[0, 0, 0])
    because = why_unknown(measure, at)
    assert because
    if not unknown:
        assert because == unknown_when(measure)


def test_the_receipt_shows_the_rule_and_the_cause(retention):
    found = take_apart(np.full(14, np.nan), retention, at=account_day(known_from=DAY))
    days_used = found.categories[0].measures[1]
    assert days_used.unknown_when == "events is not known for 28 days yet"
    assert days_used.unknown_because == (
        "events is known since 2026-05-20; 28 days are full on 2026-06-16"
    )
