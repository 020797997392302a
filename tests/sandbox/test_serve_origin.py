from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sandbox.origin import Asked, decide, remember
from sandbox.world.simulate import simulate

START, END = date(2026, 3, 1), date(2026, 3, 4)


def test_without_a_word_it_is_400_days_up_to_yesterday():
    before, origin, after = datetime.now(UTC), decide(Asked()), datetime.now(UTC)
    assert (origin.accounts, origin.seed) == (500, 1)
    assert origin.end + timedelta(days=1) in {before.date(), after.date()}
    assert (origin.end - origin.start).days == 399


def test_days_count_back_from_the_end():
    assert decide(Asked(days=4, end=END)).start == START


@pytest.fixture
def kept(tmp_path):
    """A state folder that remembers a small world."""
    origin = decide(Asked(accounts=5, seed=3, start=START, end=END, state_dir=tmp_path))
    remember(origin, simulate(accounts=5, seed=3, start=START, end=END))
    return Asked(state_dir=tmp_path)


def test_a_later_end_extends_the_remembered_world(kept):
    later = decide(replace(kept, end=date(2026, 3, 9)))
    assert (later.accounts, later.seed, later.start) == (5, 3, START)
    assert later.end == date(2026, 3, 9)


def test_the_number_of_days_does_not_move_a_remembered_start(kept):
    assert decide(replace(kept, end=END, days=2)).start == START


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"seed": 4}, "keeps a world with seed 3, not 4"),
        ({"accounts": 6}, "keeps a world with accounts 5, not 6"),
        ({"start": END}, "keeps a world with start 2026-03-01, not 2026-03-04"),
    ],
)
def test_another_world_needs_another_folder(kept, said, message):
    with pytest.raises(ValueError, match=message):
        decide(replace(kept, end=END, **said))


def test_tables_and_simulation_do_not_share_a_folder(kept, tmp_path):
    with pytest.raises(ValueError, match="keeps a simulated world"):
        decide(replace(kept, tables=tmp_path))


def test_tables_decide_their_own_days(tmp_path):
    with pytest.raises(ValueError, match="--seed, --end cannot go with --tables"):
        decide(Asked(tables=tmp_path, seed=1, end=END))


@pytest.mark.parametrize(
    ("said", "message"), [({"days": 0}, "at least 1"), ({"days": 2, "start": START}, "not both")]
)
def test_contradictions_are_refused(said, message):
    with pytest.raises(ValueError, match=message):
        decide(Asked(end=END, **said))


def test_a_spoilt_world_file_is_named(kept):
    (kept.state_dir / "world.json").write_text("{")
    with pytest.raises(ValueError, match=r"world\.json is not a world file"):
        decide(kept)
