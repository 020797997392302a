"""A measure that its source changed for most accounts is held, marked and released."""

import json
from datetime import timedelta

import pytest

from include import pipeline
from include.pipeline import common_cause
from include.pipeline import job as job_verbs
from include.pipeline.job import open_run
from include.pipeline.sources_changes import Release, by_source, held_sentence, release
from include.pipeline.verify import verify
from include.warehouse.database import transaction
from tests.database.common_cause.conftest import MEAN, TODAY

DAY = timedelta(days=1)


def verdicts(shop, day):
    return dict(
        shop.rows("select measure, verdict from health.measure_move where as_of = :day", day=day)
    )


def let_go(shop, as_what, last=TODAY):
    with transaction(shop.engine) as connection:
        return release(connection, 1, Release("events", last, as_what, "Ada"))


def test_a_source_that_doubles_its_numbers_is_held_at_the_last_reading(shop):
    before = shop.run(TODAY - DAY)
    assert (before["measures"], before["held"]) == (2, 0)
    shop.doubles(TODAY)
    assert shop.run(TODAY) == {"measures": 2, "held": 1, "let_through": 0, "reported": 0}
    assert verdicts(shop, TODAY) == {"events": "held", "tickets": "usual"}
    [yesterday] = shop.readings(TODAY - DAY)
    true, kept = shop.readings(TODAY)
    assert kept == yesterday < true
    [(context, score)] = shop.rows(
        "select context::text, score from health.snapshot where as_of = :day and account_id = 1",
        day=TODAY,
    )
    assert json.loads(context)["carried"] == {"events": 1}
    assert score is not None


def test_the_book_keeps_what_was_read_beside_what_was_read_again_to_hold_it(held):
    stages = held.rows(
        "select stage, part, counts ->> 'inserted', counts ->> 'revised' from health.run_stage"
        " inner join health.run using (run_no)"
        " where as_of = :day and stage in ('read', 'hold') order by run_stage.finished_at",
        day=TODAY,
    )  # fmt: skip
    part = f"plain.v1 {TODAY}"
    assert stages == [("read", part, "31", "0"), ("hold", part, "0", "31")]


def test_what_is_held_comes_out_the_same_when_computed_again(held):
    assert verify(held.job, [TODAY]).is_good


def test_a_second_run_of_a_held_day_writes_nothing(held):
    before = held.content("reading"), held.content()
    held.run(TODAY)
    held.run(TODAY, run_id="once more")
    assert (held.content("reading"), held.content()) == before
    assert verdicts(held, TODAY)["events"] == "held"


def test_weekends_and_mondays_hold_nothing(shop):
    found = [shop.run(TODAY + n * DAY)["held"] for n in range(8)]
    assert found == [0] * 8


def test_what_stays_moved_is_held_until_the_settings_let_it_through(shop):
    limits = shop.job.settings.common_cause.model_copy(update={"hold_days": 3})
    shop = shop.with_settings(common_cause=limits)
    shop.run(TODAY - DAY)
    shop.doubles(TODAY)
    seen = []
    for n in range(5):
        shop.run(TODAY + n * DAY)
        seen.append(verdicts(shop, TODAY + n * DAY)["events"])
    assert seen[:4] == ["held", "held", "held", "let_through"]
    [last_good] = shop.readings(TODAY - DAY)
    assert shop.readings(TODAY + 2 * DAY)[-1] == last_good
    assert shop.readings(TODAY + 3 * DAY)[-1] != last_good
    with transaction(shop.engine) as connection:
        told = by_source(connection, 1, TODAY - DAY, TODAY + 4 * DAY)
        assert by_source(connection, 1, TODAY + 3 * DAY, TODAY + 4 * DAY) == {}
    assert list(told) == ["events"]
    assert told["events"].startswith("it moved up for ")
    assert told["events"].endswith(f"of accounts on {TODAY + 3 * DAY}")


def test_what_the_source_mends_is_no_longer_held(held):
    held.execute(
        "update health.account_day set value = value / 2 from health.series"
        " where account_day.series_id = series.series_id and name = 'events' and day >= :first",
        first=TODAY,
    )
    held.run(TODAY + DAY)
    assert verdicts(held, TODAY + DAY)["events"] == "usual"
    assert len(held.readings(TODAY + DAY)) == 1


@pytest.mark.parametrize("as_what", ["source", "customers"])
def test_a_person_lets_it_through_as_what_it_is(held, as_what):
    assert let_go(held, as_what) == [TODAY]
    assert let_go(held, "customers") == []
    held.run(TODAY, run_id="after the release")
    assert held.readings(TODAY)[-1] == held.readings(TODAY)[0]
    assert held.run(TODAY + DAY)["held"] == 0
    assert verdicts(held, TODAY + DAY)["events"] == "not_compared"
    with transaction(held.engine) as connection:
        told = by_source(connection, 1, TODAY - DAY, TODAY + DAY)
    assert list(told) == (["events"] if as_what == "source" else [])
    assert held.rows(
        "select distinct released_by from health.measure_move where verdict = 'held'"
    ) == [("Ada",)]


def test_settings_that_hold_nothing_only_report(shop):
    limits = shop.job.settings.common_cause.model_copy(update={"hold_days": 0})
    shop = shop.with_settings(common_cause=limits)
    shop.run(TODAY - DAY)
    shop.doubles(TODAY)
    assert shop.run(TODAY)["reported"] == 1
    assert len(shop.readings(TODAY)) == 1


def test_what_is_held_is_said_of_every_account(held):
    with transaction(held.engine) as connection:
        said = held_sentence(connection, held.job.cards[0], 1, TODAY)
    assert said.startswith(
        "Held at the last reading before its source changed: events (it moved up"
    )
    assert said.endswith(f"of accounts on {TODAY}).")


def test_a_day_computed_after_a_later_one_is_not_watched(held):
    run_id = "an old day"
    job_verbs.open_run(held.job, run_id, str(TODAY - 3 * DAY))
    assert held.run(TODAY - 3 * DAY, run_id=run_id)["measures"] == 0


def test_another_card_replays_a_held_day_as_it_was_taken_then(held):
    later = held.with_card(2, events=MEAN)
    later.backfill(TODAY, card="plain.v2", run_id="replay")
    both = held.rows(
        "select scorecard.version, reading.readings[1] from health.reading"
        " join health.scorecard using (scorecard_id)"
        " where as_of = :day and account_id = 1 and (version = 2 or revision = 1) order by 1",
        day=TODAY,
    )
    assert [version for version, _ in both] == [1, 2]
    assert both[0][1] == both[1][1] == held.readings(TODAY - DAY)[-1]


def test_a_kill_between_the_verdict_and_the_second_reading_loses_nothing(shop):
    """What was entered as held is read again by the next try, and scored as held."""
    shop.run(TODAY - DAY)
    shop.doubles(TODAY)
    run = open_run(shop.job, "killed", str(TODAY))
    pipeline.read(shop.job, "killed", str(TODAY))
    common_cause._watch(shop.job, run, shop.job.cards[0])
    assert verdicts(shop, TODAY)["events"] == "held"
    assert len(shop.readings(TODAY)) == 1
    counts = pipeline.watch(shop.job, "killed", str(TODAY))
    assert counts["held"] == 0
    assert shop.readings(TODAY)[-1] == shop.readings(TODAY - DAY)[-1]


def test_ids_that_were_used_up_do_not_thin_out_the_accounts_that_are_watched(held):
    held.execute("select setval(pg_get_serial_sequence('core.account', 'account_id'), 90000000)")
    held.execute(
        "insert into core.account (source, source_account_id, name, lifecycle, created_at)"
        " values ('hubspot', 'last', 'Last', 'lead', '2025-10-01')"
    )
    held.execute("delete from health.measure_move")
    counts = pipeline.watch(held.job, f"daily {TODAY}", str(TODAY))
    assert counts["measures"] == 2
    watched = held.rows(
        "select accounts from health.measure_move where as_of = :day and measure = 'tickets'",
        day=TODAY,
    )
    assert watched == [(31,)]
