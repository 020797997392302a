"""A card with targets, rules and a carry policy, from the day's run to its replay and its proof."""

import json
from datetime import date, timedelta

import pytest

from include.pipeline.thinning import thin_before
from tests.database.scores.circumstances.conftest import ACCOUNTS, FIRST, LAST

SAME = (
    "score, base, floor, ceiling, coverage, band, fired, undecided, context, readings::text,"
    " points::text"
)


def days(first=FIRST, last=LAST):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def run(world, first=FIRST, last=LAST):
    for day in days(first, last):
        assert world.run(day)["failed"] == 0


def content(world, basis):
    return world.rows(
        f"select as_of, account_id, {SAME} from health.snapshot where basis = :basis order by 1, 2",
        basis=basis,
    )


def test_a_replay_of_days_that_ran_live_gives_their_rows_again(world):
    world.run(FIRST - timedelta(days=1))
    run(world)
    world.backfill(FIRST - timedelta(days=1), LAST, facts=True)
    live, again = content(world, "live"), content(world, "reconstructed")
    assert len(live) == len(again) == 13 * ACCOUNTS
    # The very first live day has nothing stored before it; a replay looks further back.
    later = FIRST + timedelta(days=3)
    same = [row for row in live if row[0] >= later]
    assert same == [row for row in again if row[0] >= later]
    assert {"carried" in row[10] for row in same} == {True, False}
    assert len({row[8] for row in same}) > 4
    assert world.verify(FIRST - timedelta(days=1)).is_good


def test_a_reading_is_carried_for_its_days_with_its_age_in_readings_and_receipt(world):
    run(world, FIRST, FIRST + timedelta(days=1))
    world.execute(
        "delete from health.account_day using health.series where name = 'pulse'"
        " and account_day.series_id = series.series_id and account_id = 1"
    )
    world.happens(FIRST + timedelta(days=1), account=1, name="pulse", value=3.0)
    run(world, FIRST + timedelta(days=1), FIRST + timedelta(days=7))
    ages, pulses = [], []
    for day in days(FIRST + timedelta(days=1), FIRST + timedelta(days=7)):
        context, readings = world.snapshot(1, day, "context, readings")
        ages.append(context.get("carried", {}).get("pulse", 0))
        pulses.append(readings[1])
        (carried,) = world.rows(
            "select carried from health.reading where account_id = 1 and as_of = :day"
            " order by revision desc limit 1",
            day=day,
        )[0]
        assert carried == context.get("carried")
    # max_age 1: read on its own day and the next; then four days more.
    assert ages == [0, 0, 1, 2, 3, 4, 0]
    assert pulses[:6] == [3.0] * 6
    assert str(pulses[6]) == "nan"
    assert world.verify(FIRST, FIRST + timedelta(days=7)).is_good


def test_two_days_with_a_day_missed_between_them_count_both(world):
    world.execute(
        "delete from health.account_day using health.series where name = 'pulse'"
        " and account_day.series_id = series.series_id and account_id = 2 and day > :day",
        day=FIRST,
    )
    world.happens(FIRST, account=2, name="pulse", value=2.0)
    world.run(FIRST)
    world.run(FIRST + timedelta(days=3))
    context, readings = world.snapshot(2, FIRST + timedelta(days=3), "context, readings")
    assert (context["carried"], readings[1]) == ({"pulse": 3}, 2.0)


def test_another_card_takes_over_readings_but_not_what_was_carried(world):
    run(world, FIRST, FIRST + timedelta(days=5))
    carried = world.rows("select count(*) from health.reading where carried is not null")[0][0]
    text = (world.folder / "ruled.v1.yaml").read_text()
    path = world.folder / "ruled.v2.yaml"
    path.write_text(
        text.replace("version: 1", "version: 2").replace(
            "        when_unknown: { carry_days: 4 }\n", ""
        )
    )
    from dataclasses import replace

    from include.scoring.scorecard import load_scorecard

    later = replace(world, job=replace(world.job, shadows=(load_scorecard(path),)))
    later.backfill(FIRST, FIRST + timedelta(days=5), card="ruled.v2")
    rows = world.rows(
        "select mine.readings[2]::text = 'NaN', live.carried is not null"
        " from health.reading as mine inner join health.scorecard using (scorecard_id)"
        " inner join health.reading as live on mine.account_id = live.account_id"
        " and mine.as_of = live.as_of and live.basis = 'live' where scorecard.version = 2"
    )
    assert len(rows) == 6 * ACCOUNTS
    assert carried > 5
    assert all(is_unknown for is_unknown, was_carried in rows if was_carried)


def test_an_account_that_changes_its_segment_keeps_its_past(world):
    run(world, FIRST, FIRST + timedelta(days=5))
    before = {day: world.snapshot(3, day, SAME) for day in days(FIRST, FIRST + timedelta(days=5))}
    changed = FIRST + timedelta(days=6)
    world.becomes("segment", "Small", account=3, since=changed)
    run(world, changed, LAST)
    for day, row in before.items():
        assert world.snapshot(3, day, SAME) == row
        assert row[8]["attributes"] == {"segment": "Enterprise"}
    assert world.snapshot(3, changed, "context")[0]["attributes"] == {"segment": "Small"}
    world.backfill(FIRST, LAST, facts=True)
    for day in days(FIRST + timedelta(days=4), LAST):
        assert world.snapshot(3, day, "context ->> 'attributes'") == world.snapshot(
            3, day, "context ->> 'attributes'", basis="reconstructed"
        )
    assert world.verify().is_good


def test_rules_that_ask_for_what_is_not_known_are_undecided_and_never_act(world):
    world.run(FIRST)
    rows = world.rows("select account_id, fired & 4, undecided & 4 from health.snapshot order by 1")
    assert [row[1:] for row in rows] == [(0, 4)] * ACCOUNTS
    world.becomes("tier", "watch", account=1)
    world.becomes("tier", "none", account=2)
    world.run(FIRST, run_id="again")
    score, fired, undecided = world.snapshot(1, FIRST, "score, fired & 4, undecided & 4")
    assert (score <= 20, fired, undecided) == (True, 4, 0)
    assert world.snapshot(2, FIRST, "fired & 4, undecided & 4") == (0, 0)
    assert world.verify(FIRST, FIRST).is_good


def test_an_override_acts_on_its_days_and_is_in_the_row(world):
    world.execute(
        "insert into health.override (account_id, to_score, reason, evidence, author, valid_from,"
        " valid_to, entered_at) values"
        " (5, 7.5, 'outage', 'seen', 'ann', '2026-03-02', '2026-03-03', '2026-02-01')"
    )
    run(world, FIRST, FIRST + timedelta(days=3))
    found = [
        world.snapshot(5, day, "score, base, context") for day in days(FIRST, date(2026, 3, 4))
    ]
    assert [row[0] == 7.5 for row in found] == [False, True, True, False]
    assert found[1][1] > 7.5
    assert found[1][2]["override"] == {"id": 1, "to": 7.5}
    assert world.verify(FIRST, FIRST + timedelta(days=3)).is_good


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("context = jsonb_set(context, '{attributes,segment}', '\"Small\"')", "digest"),
        ("context = context || '{\"month\": 1}'", "digest"),
        ("context = null", "digest"),
        ('context = \'{"month": "seven"}\'', "context"),
        ("context = '[]'", "context"),
        ('context = context || \'{"override": {"id": 9, "to": 1.0}}\'', "score"),
        ('context = context || \'{"carried": {"pulse": 3}}\'', "carried"),
        ("base = 12.5", "base"),
        ("fired = fired # 1", "rules that act"),
        ("undecided = undecided # 8", "rules that are undecided"),
        ("undecided = -1", "rules that are undecided"),
    ],
)
def test_what_somebody_changed_in_a_context_is_found_and_named(world, change, named):
    world.run(FIRST)
    assert world.verify(FIRST, FIRST).is_good
    world.execute(f"update health.snapshot set {change} where account_id = 7")
    found = world.verify(FIRST, FIRST)
    (finding,) = found.findings
    assert (found.rows, finding.account_id) == (ACCOUNTS, 7)
    assert {named, "digest"} <= {one.what for one in finding.differences}


def test_a_context_of_equal_meaning_in_other_words_is_the_same(world):
    world.run(FIRST)
    world.execute("update health.snapshot set context = (context::text || '  ')::jsonb")
    assert world.verify(FIRST, FIRST).is_good


def test_thinned_rows_keep_their_context_and_are_verified_by_it(world):
    run(world, FIRST, FIRST + timedelta(days=4))
    thinned = thin_before(world.job, LAST)
    assert thinned["receipts"] > 2 * ACCOUNTS
    found = world.verify(FIRST, FIRST + timedelta(days=4))
    assert (found.is_good, found.thinned) == (True, thinned["receipts"])
    world.execute(
        "update health.snapshot set context = context - 'attributes' where as_of = :day"
        " and account_id = 3",
        day=FIRST + timedelta(days=1),
    )
    assert world.verify(FIRST, FIRST + timedelta(days=4)).differing == 1


def test_a_second_run_writes_nothing_and_a_changed_age_is_a_revision(world):
    run(world, FIRST, FIRST + timedelta(days=2))
    before = world.content(), world.content("reading")
    world.run(FIRST + timedelta(days=2), run_id="again")
    assert (world.content(), world.content("reading")) == before
    (account, age) = world.rows(
        "select account_id, carried ->> 'pulse' from health.reading where carried is not null"
        " and as_of = :day order by 1 limit 1",
        day=FIRST + timedelta(days=2),
    )[0]
    assert json.loads(age) >= 1
    value = world.snapshot(account, FIRST + timedelta(days=2), "readings[2]")[0]
    world.happens(FIRST + timedelta(days=2), account=account, name="pulse", value=value)
    world.run(FIRST + timedelta(days=2), run_id="third")
    assert [row[1:4] for row in world.content("reading") if row not in before[1]] == [
        (account, "live", 1)
    ]
