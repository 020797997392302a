"""What people say, from where they say it to the score: overrides and the pulse."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from include import pipeline
from include.pipeline.job import Job, open_run
from include.reports.causes import known_of
from include.reports.pulse import pulse_on, pulse_words
from include.scoring.family import parts_of
from include.scoring.scorecard import parse_scorecard
from include.scoring.why import why_unknown
from include.warehouse.database import transaction
from include.warehouse.overrides import Override, add, end
from tests.database.facts.conftest import arrive, company, conformed, settings
from tests.database.histories.conftest import CARD, TODAY, shop

__all__ = ["arrive", "conformed", "settings", "shop"]
LEVELS = """
      - name: csm_pulse
        label: Pulse
        weight: 1
        unit: level 1 to 4
        why: For the test.
        good: fine
        reading: { op: latest, series: pulse, max_age: 120 }
        levels: { lost: 5, bad: 30, fair: 60, fine: 95 }"""


def scores_of(shop, account, basis="live"):
    return shop.rows(
        "select as_of, score, base, band, context -> 'override' from health.snapshot"
        " where account_id = :account and basis = :basis order by as_of, revision",
        account=account, basis=basis,
    )  # fmt: skip


def say(shop, account, *, entered, first=None, **changed):
    """Enter an override as somebody did on a day."""
    first = first or entered
    wish = Override(
        account_id=account, scorecard=None, to=40.0, factor=None, may_raise=False,
        reason="acquired", evidence="Bought.", author="Jo", second=None, first_day=first,
        last_day=first + timedelta(days=30),
    )  # fmt: skip
    with transaction(shop.engine) as connection:
        number = add(connection, replace(wish, **changed))
    shop.execute("alter table health.override disable trigger keep")
    shop.execute("update health.override set entered_at = :at where override_id = :id",
                 at=entered, id=number)  # fmt: skip
    shop.execute("alter table health.override enable trigger keep")
    return number


def test_an_override_lowers_a_score_and_keeps_what_was_measured(shop):
    shop.run(TODAY - timedelta(days=1))
    [(_, measured, *_)] = scores_of(shop, 3)
    number = say(shop, 3, entered=TODAY, to=10.0)
    shop.run(TODAY)
    _, (_, score, base, band, stated) = scores_of(shop, 3)
    assert measured > 10 < base
    assert (score, band) == (10, "red")
    assert stated == {"id": number, "to": 10}


def test_001_16_a_company_that_is_acquired_drops_by_a_fifth_right_away(shop):
    number = say(shop, 3, entered=TODAY, to=None, factor=0.8)
    shop.run(TODAY)
    [(_, score, base, _, stated)] = scores_of(shop, 3)
    assert score == pytest.approx(base * 0.8, abs=1e-9)
    assert stated["id"] == number


def test_001_16_where_the_measured_score_is_lower_it_counts(shop):
    say(shop, 3, entered=TODAY, to=99.5)
    shop.run(TODAY)
    [(_, score, base, _, _)] = scores_of(shop, 3)
    assert base is None, "there is one only where something changed it"
    assert score < 99.5


def test_a_past_live_day_is_never_changed_by_a_later_word(shop):
    yesterday = TODAY - timedelta(days=1)
    shop.run(yesterday)
    before = scores_of(shop, 3)
    say(shop, 3, entered=TODAY, first=yesterday, to=10.0)
    shop.run(yesterday, run_id="again")
    assert scores_of(shop, 3) == before
    shop.run(TODAY)
    shop.backfill(yesterday, TODAY)
    assert [row[1] for row in scores_of(shop, 3)] == [before[0][1], 10]
    assert [row[1] for row in scores_of(shop, 3, "reconstructed")] == [10, 10]


def test_the_day_after_the_last_one_is_measured_again(shop):
    say(shop, 3, entered=TODAY - timedelta(days=9), to=10.0, last_day=TODAY - timedelta(days=1))
    shop.run(TODAY - timedelta(days=1))
    shop.run(TODAY)
    (_, lowered, *_), (_, measured, *_, stated) = scores_of(shop, 3)
    assert lowered == 10 < measured
    assert stated is None


def test_an_end_today_leaves_the_days_before_as_they_were(shop):
    number = say(shop, 3, entered=date(2026, 3, 1), to=10.0)
    with transaction(shop.engine) as connection:
        end(connection, number, by="Kim")
    shop.run(TODAY)
    assert scores_of(shop, 3)[0][1] == 10, "it was in force on that day, whenever it was ended"


def score_by_pulse(store, settings, *days):
    card = parse_scorecard(CARD.format(version=1, measures=LEVELS), "a test")
    job = Job(store, settings.model_copy(update={"history_days": 0}), (card,))
    for day in days:
        open_run(job, f"run {day}", str(day), "daily")
        pipeline.read(job, f"run {day}", str(day))
        pipeline.score(job, f"run {day}", str(day))
    return card


def test_a_cleared_pulse_is_unknown_from_that_day_on_in_the_score_and_in_words(
    store, settings, conformed
):
    record = company("100", csm_pulse="", lifecyclestage="customer")
    record["propertiesWithHistory"] = {
        "csm_pulse": [
            {"value": "", "timestamp": "2026-03-02T15:00:00Z"},
            {"value": "4", "timestamp": "2026-01-02T09:00:00Z"},
        ],
        "lifecyclestage": [{"value": "customer", "timestamp": "2025-01-01T00:00:00Z"}],
    }  # fmt: skip
    conformed(companies=[record])
    days = [date(2026, 3, day) for day in (1, 2, 3)]
    card = score_by_pulse(store, settings, *days)
    with transaction(store) as connection:
        rows = "select account_id, score from health.snapshot order by as_of"
        found = connection.exec_driver_sql(rows).all()
        account = found[0].account_id
        known = known_of(connection, card, (days[2], "live"), [account], parts_of(card))
        why = why_unknown(card.measures[0], known.of(account))
        said = pulse_words(pulse_on(connection, account, days[2]))
    assert [row.score for row in found] == [95, None, None]
    assert why == "pulse was cleared on 2026-03-02"
    assert said == "The pulse was cleared on 2026-03-02"


@pytest.mark.parametrize(
    ("owners", "who"),
    [
        ([], "user 77"),
        ([{"id": "5", "email": "kim@us.example", "userId": 77}], "kim@us.example"),
        ([{"id": "5", "email": "kim@us.example", "userIdIncludingInactive": 77, "archived": True}],
         "kim@us.example"),
    ],
)  # fmt: skip
def test_a_pulse_with_levels_goes_from_the_crm_to_the_score_and_says_who_set_it(
    store, settings, conformed, owners, who
):
    record = company("100", csm_pulse="2", csm_pulse_reason="New owner.", lifecyclestage="customer")
    record["propertiesWithHistory"] = {
        "csm_pulse": [
            {"value": "2", "timestamp": "2026-03-02T15:00:00Z", "sourceType": "CRM_UI",
             "sourceId": "userId:77", "updatedByUserId": 77},
            {"value": "4", "timestamp": "2026-01-02T09:00:00Z", "sourceType": "IMPORT"},
        ],
        "lifecyclestage": [{"value": "customer", "timestamp": "2025-01-01T00:00:00Z"}],
    }  # fmt: skip
    conformed(owners=owners, companies=[record])
    score_by_pulse(store, settings, date(2026, 3, 1), date(2026, 3, 2))
    with transaction(store) as connection:
        found = connection.exec_driver_sql(
            "select account_id, readings[1], score from health.snapshot order by as_of"
        ).all()
        account = found[0].account_id
        said = [pulse_words(pulse_on(connection, account, date(2026, 3, day))) for day in (1, 2)]
        assert pulse_on(connection, account, date(2025, 6, 1)) is None
    assert [tuple(row)[1:] for row in found] == [(4, 95), (2, 30)]
    assert said == [
        "The pulse was set to 4 on 2026-01-02",
        f"The pulse was set to 2 on 2026-03-02 by {who}: New owner.",
    ]
