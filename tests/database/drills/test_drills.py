"""Bad days in the store: after each, scores are those of a day on which nothing happened."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from include.errors import FixConfig
from include.pipeline.job import Job
from include.scoring.scorecard import load_scorecard
from include.warehouse.database import open_store
from tests.database.drills.conftest import YESTERDAY, run_errors, told, until_done
from tests.database.histories.conftest import TODAY

FULL = """
create function public.no_room() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file: No space left on device' using errcode = '53100';
end $$;
create trigger no_room before insert on {table} for each row execute function public.no_room();
"""


@pytest.mark.parametrize("table", ["health.reading", "health.snapshot", "health.publication"])
def test_a_full_disk_stops_the_run_and_costs_nothing(shop, undisturbed, table):
    shop.execute(FULL.format(table=table))
    with pytest.raises(FixConfig, match=r"refused us .*No space left on device"):
        shop.run(TODAY)
    assert told(shop).published == undisturbed["yesterday"].published
    assert "No space left on device" in run_errors(shop)[0]
    shop.execute("drop function public.no_room() cascade")  # room was made
    shop.run(TODAY)
    assert told(shop) == undisturbed["today"]
    assert run_errors(shop) == []


def test_two_runs_of_one_day_at_once_leave_one_day(shop, undisturbed):
    start = Barrier(2)

    def run(name):
        engine = open_store(shop.engine.url.render_as_string(hide_password=False))
        own = replace(shop, job=replace(shop.job, engine=engine))
        start.wait()
        try:
            return until_done(lambda: own.run(TODAY, run_id=name))
        finally:
            engine.dispose()

    with ThreadPoolExecutor(2) as both:
        list(both.map(run, ("one", "two")))
    assert told(shop) == undisturbed["today"]
    assert run_errors(shop) == []


def test_a_clock_that_was_set_back_moves_nothing_that_people_see(shop, undisturbed):
    shop.run(TODAY)
    assert shop.run(YESTERDAY, run_id="of a day that was before") == {"held": 1}
    found, expected = told(shop), undisturbed["today"]
    assert found.published == expected.published
    assert [row for row in found.snapshots if row[2] == "live"] == expected.snapshots


def test_a_released_scorecard_that_was_changed_stops_the_run_until_it_is_put_back(
    shop, undisturbed
):
    path = shop.folder / "plain.v1.yaml"
    good = path.read_text()
    path.write_text(good.replace("[40, 100]", "[80, 100]"))
    changed = replace(shop, job=replace(shop.job, cards=(load_scorecard(path),)))
    with pytest.raises(FixConfig, match=r"plain.*version"):
        changed.run(TODAY)
    assert told(shop) == undisturbed["yesterday"]
    path.write_text(good)
    put_back = replace(shop, job=Job(shop.engine, shop.job.settings, (load_scorecard(path),)))
    put_back.run(TODAY)
    assert told(shop) == undisturbed["today"]
