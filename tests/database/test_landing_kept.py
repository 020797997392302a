"""A landing that ends early is gone on with: nothing lost, nothing doubled, nothing seen before."""

import random
from datetime import date

import pytest
from sqlalchemy import Engine, text

from include.errors import FixConfig, RetryLater
from include.warehouse.landing import Landed, land, last_state
from include.warehouse.page import Page

DAY = date(2026, 11, 1)
COUNT, PAGE = 200, 10


def put(store: Engine, pages, run_id="run-1", keep_every_s=300.0) -> Landed:
    return land(
        store, run_id=run_id, as_of=DAY, source="desk", vendor="zendesk", stream="tickets",
        pages=pages, keep_every_s=keep_every_s,
    )  # fmt: skip


def pages(state, *, stop=None, error=RetryLater, version=1):
    """Yield the list behind the state's mark; raise before page `stop`, counted from 0."""
    first = (state or {}).get("behind", 0)
    for place, start in enumerate(range(first, COUNT, PAGE)):
        if place == stop:
            raise error("the day's quota is used up")
        rows = [{"id": number, "n": version} for number in range(start, start + PAGE)]
        resume = {"behind": start + PAGE} if start + PAGE < COUNT else None
        yield Page(rows, {"whole": version}, resume=resume)


def state_of(store):
    return last_state(store, "desk", "tickets")


def rows(store, statement):
    with store.begin() as connection:
        return connection.execute(text(statement)).all()


def waiting(store):
    return {row.record_id for row in rows(store, "select record_id from raw.waiting")}


def stop_at(store, stop, **more):
    with pytest.raises(RetryLater):
        put(store, pages(state_of(store), stop=stop), **more)


def test_nothing_counts_until_the_rest_has_come(store):
    stop_at(store, 3)
    assert waiting(store) == set()
    assert state_of(store) == {"behind": 30}
    assert put(store, pages(state_of(store))) == Landed(COUNT, 0, 0, COUNT, 0)
    assert waiting(store) == set(map(str, range(COUNT)))
    assert state_of(store) == {"whole": 1}
    assert len(rows(store, "select 1 from raw.record")) == COUNT


@pytest.mark.parametrize("seed", range(10))
def test_wherever_it_is_cut_however_often_the_end_is_the_same(store, seed):
    rng = random.Random(seed)
    for _ in range(rng.randrange(1, 8)):
        stop_at(store, rng.randrange(0, 3), keep_every_s=rng.choice([0.0, 300.0]))
    done = put(store, pages(state_of(store)))
    assert (done.received, done.changed) == (COUNT, COUNT)
    assert waiting(store) == set(map(str, range(COUNT)))
    assert len(rows(store, "select 1 from raw.record")) == COUNT
    assert state_of(store) == {"whole": 1}


def test_all_of_it_belongs_to_the_run_that_brought_the_end(store):
    stop_at(store, 3, run_id="run-1")
    put(store, pages(state_of(store)), run_id="run-2")
    (volume,) = rows(store, "select run_id, received from raw.volume")
    assert tuple(volume) == ("run-2", COUNT)


def test_one_that_takes_long_is_kept_on_its_way(store):
    """As where the process is killed: no error is raised that could still be heard."""

    def killed():
        yield from pages(None, stop=5, error=KeyboardInterrupt)

    with pytest.raises(KeyboardInterrupt):
        put(store, killed(), keep_every_s=0.0)
    assert state_of(store) == {"behind": 50}
    done = put(store, pages(state_of(store)))
    assert done.received == COUNT
    assert len(rows(store, "select 1 from raw.record")) == COUNT


def test_records_that_come_again_behind_the_cut_are_not_doubled(store):
    stop_at(store, 3)
    again = pages({"behind": 20})
    assert put(store, again) == Landed(COUNT + PAGE, 0, PAGE, COUNT, 0)
    assert len(rows(store, "select 1 from raw.record")) == COUNT


def test_a_record_that_changed_meanwhile_has_both_versions(store):
    stop_at(store, 3)
    put(store, pages({"behind": 20}, version=2))
    found = rows(store, "select payload ->> 'n' as n from raw.record where record_id = '25'")
    assert sorted(row.n for row in found) == ["1", "2"]
    (newest,) = rows(store, "select payload ->> 'n' as n from raw.waiting where record_id = '25'")
    assert newest.n == "2"


def test_what_a_person_must_mend_does_not_cost_the_way_so_far(store):
    with pytest.raises(FixConfig):
        put(store, pages(None, stop=4, error=FixConfig))
    assert state_of(store) == {"behind": 40}


def test_without_a_way_on_nothing_is_kept(store):
    with pytest.raises(RetryLater):
        put(store, (Page([{"id": 1}], {"whole": 1}) if turn == 0 else stop() for turn in range(2)))
    assert state_of(store) is None
    put(store, pages(None))
    assert len(rows(store, "select 1 from raw.batch")) == 1


def stop():
    raise RetryLater("the vendor is away")


def test_nobody_goes_on_with_what_is_a_week_old(store):
    stop_at(store, 3)
    with store.begin() as connection:
        connection.execute(text("update raw.batch set started_at = now() - interval '9 days'"))
    assert state_of(store) is None
    assert put(store, pages(None)) == Landed(COUNT, 0, 0, COUNT, 0)
    assert len(rows(store, "select 1 from raw.batch")) == 1
