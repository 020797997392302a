from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.crm.catalogue import Vocabulary, catalogue_of
from include.crm.gates import check_plan
from include.crm.plan import Desired, Rules, change_of, decide, survey
from include.crm.values import Sentences, Snapshot
from include.crm_settings import Crm
from include.errors import RejectData

DAY = date(2026, 11, 1)
SHOWN = Snapshot(72.0, "green", 1.0, "steady", 0.9)

score = st.none() | st.floats(0, 100)
snapshot = st.none() | st.builds(
    Snapshot,
    score=score,
    band=st.sampled_from(["red", "yellow", "green", "unknown"]),
    change_30d=st.none() | st.floats(-100, 100),
    direction=st.sampled_from(["up", "down", "steady"]),
    coverage=st.floats(0, 1),
)


WORDS = Vocabulary(("red", "yellow", "green"), ("up", "down", "steady"))


def rules(as_of=DAY, dead_band=1.0, newest=None):
    catalogue = catalogue_of(Crm(dead_band=dead_band), None, WORDS, lambda name: name)
    return Rules(catalogue, as_of, newest or as_of)


def row(shown, known=None, as_of=DAY):
    return Desired(1, "9100", rules().catalogue.values(shown, as_of, "9100"), known or {})


def acknowledged(wanted, day, reason="Usage fell."):
    """What the CRM shows after everything that differs was written and acknowledged."""
    return {**wanted.known, **change_of(wanted, Sentences(reason), rules(day)).new}


def after(shown, later, days=1, dead_band=1.0):
    """The decision on `later`, `days` after `shown` was acknowledged."""
    day = DAY + timedelta(days=days)
    known = acknowledged(row(shown), DAY)
    return decide(row(later, known, day), rules(day, dead_band))


def test_a_record_never_written_gets_every_property():
    change = change_of(row(SHOWN), Sentences("Usage fell."), rules())
    assert decide(row(SHOWN), rules()) == "send"
    assert set(change.new) == set(rules().catalogue.names)
    assert change.old == {}


@given(snapshot, st.text(max_size=50))
def test_once_everything_is_acknowledged_nothing_is_left_to_send(shown, reason):
    known = acknowledged(row(shown), DAY, reason)
    assert decide(row(shown, known), rules()) == "unchanged"


@given(st.lists(snapshot, min_size=2, max_size=12))
def test_what_the_crm_shows_never_lags_further_than_the_dead_band(days):
    known = {}
    for n, shown in enumerate(days):
        day = DAY + timedelta(days=n)
        today = row(shown, known, day)
        if decide(today, rules(day)) == "send":
            known = acknowledged(today, day)
            assert decide(row(shown, known, day), rules(day)) == "unchanged"
        for name in ("cs_health_band", "cs_health_trend"):
            assert known.get(name, "") == today.values[name]
        wanted, there = today.values["cs_health_score"], known.get("cs_health_score", "")
        assert (wanted == "") == (there == "")
        assert not wanted or abs(float(wanted) - float(there)) < 1.0


def test_a_score_that_trembles_is_held():
    assert after(SHOWN, replace(SHOWN, score=72.9)) == "held"


def test_a_score_that_moves_by_the_dead_band_is_sent():
    assert after(SHOWN, replace(SHOWN, score=73.0)) == "send"
    assert after(SHOWN, replace(SHOWN, score=71.0)) == "send"


def test_without_a_dead_band_any_difference_is_sent():
    assert after(SHOWN, replace(SHOWN, score=72.1), dead_band=0.0) == "send"


def test_slow_drift_is_sent_in_the_end():
    known, sent = acknowledged(row(SHOWN), DAY), []
    for n in range(1, 6):
        day = DAY + timedelta(days=n)
        today = row(replace(SHOWN, score=72.0 + 0.3 * n), known, day)
        if decide(today, rules(day)) == "send":
            sent.append(n)
            known = acknowledged(today, day)
    assert sent == [4]


@pytest.mark.parametrize(
    "later",
    [
        replace(SHOWN, score=71.9, band="yellow"),
        replace(SHOWN, direction="down"),
        replace(SHOWN, score=None),
        replace(SHOWN, change_30d=None),
        replace(SHOWN, coverage=0.85),
        None,
    ],
)
def test_a_new_band_trend_or_gap_is_always_sent(later):
    assert after(SHOWN, later) == "send"


def test_a_new_day_alone_is_not_sent():
    assert after(SHOWN, SHOWN) == "unchanged"


def test_the_day_is_sent_after_seven_days_of_silence():
    assert after(SHOWN, SHOWN, days=6) == "unchanged"
    assert after(SHOWN, SHOWN, days=7) == "send"
    assert after(SHOWN, replace(SHOWN, score=72.4), days=7) == "send"


def test_silence_counts_from_the_last_write_where_the_crm_does_not_show_the_day():
    ours = catalogue_of(Crm(write=["score", "band", "reason"]), None, WORDS, lambda name: name)
    day = DAY + timedelta(days=40)
    wanted = ours.values(replace(SHOWN, score=72.4), day, "9100")
    known = ours.values(SHOWN, DAY, "9100")
    for days, decision in ((6, "held"), (7, "send")):
        written_on = str(day - timedelta(days=days))
        row = Desired(1, "9100", wanted, known, written_on=written_on)
        assert decide(row, Rules(ours, day, day)) == decision


def test_the_day_and_the_reason_go_along_with_any_write():
    known = acknowledged(row(SHOWN), DAY, "Usage fell.")
    tomorrow = DAY + timedelta(days=1)
    wanted = row(replace(SHOWN, score=60.0, band="yellow"), known, tomorrow)
    assert change_of(wanted, Sentences("A payment is late."), rules(tomorrow)).new == {
        "cs_health_score": "60",
        "cs_health_band": "yellow",
        "cs_health_reason": "A payment is late.",
        "cs_health_as_of": "2026-11-02",
    }


def test_a_change_names_the_values_it_replaces():
    known = acknowledged(row(SHOWN), DAY)
    change = change_of(row(replace(SHOWN, score=60.0), known), Sentences("Usage fell."), rules())
    assert change.new == {"cs_health_score": "60"}
    assert change.old == {"cs_health_score": "72"}


def test_an_older_day_never_overwrites_a_later_one():
    known = acknowledged(row(SHOWN, as_of=DAY), DAY)
    yesterday = DAY - timedelta(days=1)
    today = row(replace(SHOWN, score=10.0, band="red"), known, yesterday)
    assert decide(today, rules(yesterday, newest=DAY)) == "held"


def test_an_older_day_never_fills_a_record_that_a_later_one_emptied():
    emptied = acknowledged(row(None, acknowledged(row(SHOWN), DAY)), DAY)
    yesterday = DAY - timedelta(days=1)
    assert decide(row(SHOWN, emptied, yesterday), rules(yesterday, newest=DAY)) == "held"


def test_an_emptied_account_is_not_emptied_again_and_comes_back_whole():
    emptied = acknowledged(row(None, acknowledged(row(SHOWN), DAY)), DAY, "Usage fell.")
    assert set(emptied.values()) == {""}
    assert decide(row(None, emptied), rules()) == "unchanged"
    assert decide(row(SHOWN, emptied), rules()) == "send"


def test_the_counts_of_a_survey_add_up():
    known = acknowledged(row(SHOWN), DAY)
    tomorrow = DAY + timedelta(days=1)
    found = survey(
        [
            row(SHOWN, known, tomorrow),
            row(replace(SHOWN, score=72.5), known, tomorrow),
            row(replace(SHOWN, score=40.0, band="red"), known, tomorrow),
            row(SHOWN, None, tomorrow),
        ],
        rules(tomorrow),
    )
    assert (found.accounts, found.unchanged, found.held, len(found.changed)) == (4, 1, 1, 2)
    assert (found.with_band, found.flipped) == (3, 1)


def flips(flipped, steady, fresh=0):
    known = acknowledged(row(SHOWN), DAY)
    red = row(replace(SHOWN, band="red"), known)
    rows = [red] * flipped + [row(SHOWN, known)] * steady + [row(SHOWN)] * fresh
    return survey(rows, rules())


def check(found):
    check_plan(found, max_flipped=0.3, max_count=1.0)


def test_too_many_bands_flipping_at_once_stops_the_push():
    with pytest.raises(RejectData, match=r"4 of 10 accounts \(40%\)"):
        check(flips(4, 6))


def test_flips_within_the_limit_pass():
    assert flips(3, 7).flipped == 3
    check(flips(3, 7))


def test_a_first_push_has_nothing_to_flip():
    found = flips(0, 0, fresh=10)
    assert found.accounts == 10
    check(found)
    check(flips(4, 0, fresh=5))
    with pytest.raises(RejectData):
        check(flips(4, 1, fresh=5))


def counted(kept, gone, fresh):
    known = acknowledged(row(SHOWN), DAY)
    rows = [row(SHOWN, known)] * kept + [row(None, known)] * gone + [row(SHOWN)] * fresh
    return survey(rows, rules())


@pytest.mark.parametrize(
    ("gone", "fresh", "words"),
    [(3, 0, "3 accounts would lose their score"), (0, 3, "3 accounts would get a first score")],
)
def test_too_many_scores_that_come_or_go_stop_the_push(gone, fresh, words):
    with pytest.raises(RejectData, match=words):
        check_plan(counted(10 - gone, gone, fresh), max_flipped=0.3, max_count=0.2)


def test_some_scores_may_come_and_go():
    found = counted(8, 2, 2)
    assert (found.with_band, found.emptied, found.filled, found.flipped) == (10, 2, 2, 0)
    check_plan(found, max_flipped=0.3, max_count=0.2)
