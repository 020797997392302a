"""What BI tools see is what people see (002-25): the same rows, days, words and numbers."""

from dataclasses import replace
from itertools import pairwise

import pytest

from include import reports
from include.reports import accounts_on, published_day
from include.scoring.explain import take_apart
from include.scoring.scorecard import parse_scorecard
from include.warehouse.database import transaction
from tests.database.bi.conftest import TODAY, YESTERDAY, seen
from tests.database.histories.conftest import EVENTS, card_text
from tests.database.histories.test_several_cards import SEGMENTS

SAME = (
    "account_id", "crm_id", "name", "segment", "owner", "renewal_date", "arr", "entered_arr",
    "entered_currency", "as_of", "basis", "score", "band", "confirmed_band", "coverage",
    "change_7d", "change_30d", "change_90d", "streak_days", "below_since", "scorecard",
)  # fmt: skip


def test_accounts_today_says_what_the_list_of_accounts_says(published):
    """Requirement 002-25."""
    with transaction(published.engine) as connection:
        day = published_day(connection, published.job.deck.asked(), None)
        listed = accounts_on(connection, day, limit=1000)
    assert len(listed) == 30
    own = {row["account_id"]: row for row in seen(published, "accounts_today")}
    assert len(own) == 30
    for row in listed:
        assert {name: row[name] for name in SAME} == {
            name: own[row["account_id"]][name] for name in SAME
        }
    assert {row["owner"] for row in own.values()} == {"Bo"}
    assert {row["arr"] for row in own.values()} == {1200, 1320, None}
    assert {row["days_to_renewal"] for row in own.values()} == {30}
    assert all(row["days_old"] >= 0 for row in own.values())


def test_history_has_each_published_day_once_an_account_and_no_shadow(published):
    published.backfill(TODAY, card="everyone.v1")
    rows = seen(published, "history")
    assert len(rows) == 60
    assert {row["as_of"] for row in rows} == {YESTERDAY, TODAY}
    assert {row["scorecard"] for row in rows} == {"key.v1", "everyone.v1"}
    assert {row["basis"] for row in rows} == {"live"}
    assert {(row["as_of"], row["newest_no"]) for row in rows} == {(TODAY, 1), (YESTERDAY, 2)}
    assert {row["scorecard"]: row["is_shadow"] for row in seen(published, "dim_scorecard")} == {
        "key.v1": False, "everyone.v1": False, "draft.v1": True,
    }  # fmt: skip


def test_a_day_waits_until_all_its_cards_have_passed(published):
    published.execute(
        "delete from health.publication where as_of = :day and scorecard_id = :card",
        day=TODAY, card=published.rows("select scorecard_id from health.scorecard"
        " where name = 'everyone'")[0][0],
    )  # fmt: skip
    assert {row["as_of"] for row in seen(published, "accounts_today")} == {YESTERDAY}
    assert {row["as_of"] for row in seen(published, "history")} == {YESTERDAY}
    assert [row["day"] for row in seen(published, "dim_day") if row["is_published"]] == [YESTERDAY]


def test_movers_are_those_whose_score_moved_since_the_day_before(published):
    scores = {(row["account_id"], row["as_of"]): row["score"] for row in seen(published, "history")}
    moved = {row["account_id"]: row for row in seen(published, "movers")}
    changed = {
        account for account in range(1, 31) if scores[account, TODAY] != scores[account, YESTERDAY]
    }
    assert changed
    assert set(moved) == changed
    for account, row in moved.items():
        now, before = scores[account, TODAY], scores[account, YESTERDAY]
        assert (row["score"], row["previous_score"]) == (now, before)
        assert row["movement"] == ("up" if now > before else "down")
        assert row["change_1d"] == pytest.approx(now - before)


def test_one_who_is_not_scored_any_more_has_left(published):
    published.execute(
        "delete from health.snapshot where account_id = 1 and as_of = :day", day=TODAY
    )
    published.execute(
        "delete from health.snapshot where account_id = 2 and as_of = :day", day=YESTERDAY
    )
    moved = {row["account_id"]: row["movement"] for row in seen(published, "movers")}
    assert (moved[1], moved[2]) == ("left", "new")


def test_the_facts_of_measures_add_up_to_the_coverage_and_the_readings(published):
    measures = {row["measure_id"]: row for row in seen(published, "dim_measure")}
    facts = seen(published, "fact_measure", "day = :day", day=TODAY)
    assert facts
    with transaction(published.engine) as connection:
        cards = reports.numbered(connection, published.job.cards)
    for row in seen(published, "fact_score", "day = :day", day=TODAY):
        own = [one for one in facts if one["account_id"] == row["account_id"]]
        own.sort(key=lambda one: one["measure_id"])
        card = cards[row["scorecard_id"]]
        assert [measures[one["measure_id"]]["name"] for one in own] == list(card.measure_names)
        known = sum(measures[one["measure_id"]]["share"] for one in own if one["is_known"])
        assert known == pytest.approx(row["coverage"], abs=1e-8)
        readings = [float("nan") if one["reading"] is None else one["reading"] for one in own]
        explained = take_apart(readings, card)
        assert explained.score == row["score"]
        parts = [part for category in explained.categories for part in category.measures]
        assert [part.points for part in parts] == [one["points"] for one in own]


def test_coverage_counts_who_is_known(published):
    facts = seen(published, "fact_measure", "newest_no = 1")
    rows = seen(published, "coverage")
    assert {row["measure"] for row in rows} == {"events", "tickets"}
    for row in rows:
        own = [one for one in facts if one["measure_id"] == row["measure_id"]]
        assert row["accounts"] == len(own) > 0
        assert row["known"] == sum(one["is_known"] for one in own)
        assert row["known_share"] == row["known"] / row["accounts"]


def test_a_thinned_receipt_keeps_its_readings_and_says_that_points_are_gone(published):
    before = seen(published, "fact_measure", "day = :day", day=TODAY)
    published.execute("update health.snapshot set points = '{}', readings = '{}', drivers = '{}'")
    after = seen(published, "fact_measure", "day = :day", day=TODAY)
    assert [one["reading"] for one in after] == [one["reading"] for one in before]
    assert any(one["reading"] is not None for one in after)
    assert {(one["points"], one["state"], one["is_known"]) for one in after} == {
        (None, "thinned", None)
    }


PULSE = "{ op: latest, series: pulse, max_age: 120 }"
NEUTRAL = "{ neutral: 40 }"
POLICIES = {"low": NEUTRAL, "none": "zero", "held": "{ carry_days: 3 }", "gone": "unknown"}


def test_each_measure_says_what_became_of_the_unknown(shop):
    """A reading without its target is as unknown as no reading."""
    text = card_text(1, aimed=EVENTS, **dict.fromkeys(POLICIES, PULSE))
    for name, policy in {"aimed": NEUTRAL, **POLICIES}.items():
        text = text.replace(f"label: {name}\n", f"label: {name}\n        when_unknown: {policy}\n")
    target = "target: { default: 9, by: segment, values: { Enterprise: 20 } }"
    text = text.replace("label: aimed\n", f"label: aimed\n        {target}\n")
    text = text.replace("min_coverage: 0.2", "min_coverage: 0")
    own = replace(shop, job=replace(shop.job, cards=(parse_scorecard(text, "policies"),)))
    own.execute(SEGMENTS)
    own.execute("delete from core.account_attribute where account_id <= 10")
    own.run(TODAY)
    shares = {row["measure_id"]: row["share"] for row in seen(own, "dim_measure")}
    names = {row["measure_id"]: row["name"] for row in seen(own, "dim_measure")}
    facts = seen(own, "fact_measure")
    states = {(names[one["measure_id"]], one["account_id"] > 10): one["state"] for one in facts}
    assert states == {
        ("aimed", False): "neutral", ("aimed", True): "measured",
        **{("low", one): "neutral" for one in (False, True)},
        **{("none", one): "zero" if one else "unknown" for one in (False, True)},
        **{(name, one): "unknown" for name in ("held", "gone") for one in (False, True)},
    }  # fmt: skip
    for row in seen(own, "fact_score"):
        known = [
            shares[one["measure_id"]]
            for one in facts
            if one["account_id"] == row["account_id"] and one["is_known"]
        ]
        assert sum(known) == pytest.approx(row["coverage"], abs=1e-8)


def test_days_have_their_calendar(published):
    days = seen(published, "dim_day")
    assert [row["day"] for row in days] == [YESTERDAY, TODAY]
    last = days[-1]
    assert (last["weekday_name"], last["weekday"], last["is_month_end"]) == ("Tuesday", 2, True)
    assert all(a["day"] < b["day"] for a, b in pairwise(days))


def test_bands_come_with_their_order_and_colour(published):
    bands = [row for row in seen(published, "dim_band") if row["scorecard_id"] == 1]
    assert [(row["band"], row["lower_score"]) for row in bands] == [("red", 0), ("green", 50)]
    assert bands[0]["colour"] == "#c62828"


def test_the_state_of_the_crm_is_that_of_the_last_write(published):
    published.execute(
        "insert into health.crm_write (run_no, source, account_id, record_id, old_values,"
        " new_values, status, answer) values"
        " (1, 'hubspot', 1, '1001', '{}', '{}', 'acknowledged', null),"
        " (1, 'hubspot', 1, '1001', '{}', '{}', 'rejected', 'is locked')"
    )
    published.execute(
        "insert into health.crm_record (source, record_id, account_id, acknowledged)"
        " values ('hubspot', '1001', 1, '{}')"
    )
    [row] = seen(published, "sync_status")
    assert (row["account_id"], row["status"], row["answer"]) == (1, "rejected", "is locked")
    assert row["acknowledged_at"] is not None
    assert row["fields_edited"] == 0
