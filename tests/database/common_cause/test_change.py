"""`health change` and `health common-causes` as people type them, and the reasons of a push."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from include.pipeline.attribution import change_between, reasons
from include.warehouse.database import transaction
from tests.database.common_cause.conftest import MEAN, TODAY
from tests.database.typed import health_on

DAY = timedelta(days=1)


@pytest.fixture
def health(held, tmp_path):
    return health_on(held.engine, tmp_path, held.environment())


def test_parts_of_a_stored_change_sum_to_it(health, held):
    done = health("change", "Company 20", "--from", TODAY - 20 * DAY, "--to", TODAY, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    [(then, now)] = held.rows(
        "select earlier.score, later.score from health.snapshot as earlier,"
        " health.snapshot as later where earlier.account_id = 20 and later.account_id = 20"
        " and earlier.as_of = :first and later.as_of = :last",
        first=TODAY - 20 * DAY, last=TODAY,
    )  # fmt: skip
    assert (found["then"]["score"], found["now"]["score"]) == (then, now)
    assert (found["then"]["basis"], found["now"]["basis"]) == ("reconstructed", "live")
    assert found["parts"]
    assert found["comes_out"]
    assert sum(round(part["points"] * 1e9) for part in found["parts"]) == round((now - then) * 1e9)
    shown = sum(round(part["shown"] * 10) for part in found["parts"])
    assert shown == round(float(f"{found['change']:.1f}") * 10)


def test_the_change_is_shown_as_a_table_with_what_is_held(health):
    done = health("change", "1003")
    assert done.returncode == 0, done.stderr
    _, *lines = done.stdout.splitlines()  # the first one: how old they are
    assert lines[0] == "Company 3 (1003)"
    assert lines[1].startswith(f"  {TODAY - 30 * DAY}  ")
    assert lines[2].startswith(f"  {TODAY}  ")
    assert "plain.v1, live, revision 0" in lines[2]
    assert "Held at the last reading before its source changed: events" in " ".join(lines)
    assert lines[-1].split(maxsplit=1)[1].strip() == "all of the change"


def test_what_cannot_be_told_is_one_sentence(health):
    for arguments, message in (
        (["1003", "--to", "2020-01-01"], "FixConfig: The account has no score on 20"),
        (["1003", "--scorecard", "plain.v9"], "FixConfig: No scores are stored by a scorecard"),
        (["nobody"], "FixConfig: No account is called 'nobody'"),
    ):
        done = health("change", *arguments)
        assert done.returncode == 78
        assert done.stderr.startswith(message)


def test_a_stored_score_that_does_not_come_out_is_said_so(health, held):
    held.execute(
        "update health.snapshot set score = score + 1 where account_id = 3 and as_of = :day",
        day=TODAY,
    )
    done = health("change", "1003")
    assert done.returncode == 65
    assert done.stderr.startswith("RejectData: A stored score is not what its readings")


def test_what_is_held_is_listed_and_released_by_name(health, held):
    [row] = json.loads(health("common-causes", "list", "--json").stdout)
    assert (row["measure"], row["verdict"], row["direction"]) == ("events", "held", "up")
    assert row["share"] > 0.8 > row["usual_share"]
    table = health("common-causes", "list").stdout
    assert "up for" in table
    done = health("common-causes", "release", "events", "--as", "source", "--by", "Ada")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"events was held on {TODAY} and is let through from now on")
    again = health("common-causes", "release", "events", "--as", "source", "--by", "Bob")
    assert again.returncode == 78
    assert "is not held" in again.stderr
    assert json.loads(health("common-causes", "list", "--json").stdout)[0]["released_by"] == "Ada"
    held.run(TODAY, run_id="mended")
    with transaction(held.engine) as connection:
        told = change_between(connection, 3, 1, (TODAY - DAY, TODAY), others=False)
        [sentence] = reasons(connection, 1, TODAY, [3]).values()
    assert [part.kind for part in told.parts if part.name == "events"] == ["source"]
    assert "the source's change, not the customer's (it moved up for" in told.reason
    assert "Held at the last reading" not in sentence


def test_each_account_of_a_push_has_one_sentence_and_what_is_held(held):
    accounts = list(range(1, 32))
    with transaction(held.engine) as connection:
        found = reasons(connection, 1, TODAY, [*accounts, 999])
        alone = reasons(connection, 1, TODAY, [7])
        first = reasons(connection, 1, TODAY - DAY, accounts)
    assert list(found) == accounts
    assert alone == {7: found[7]}
    assert all(
        "Held at the last reading before its source changed" in one for one in found.values()
    )
    assert not any("Held" in one for one in first.values())
    assert max(len(one) for one in found.values()) <= 500


def test_a_new_version_of_the_card_is_compared_with_the_old_one(held):
    later = held.with_card(2, events=MEAN).with_settings(history_days=0)
    second = later.job.deck.all[1]
    replaced = replace(later, job=replace(later.job, cards=(second,), shadows=()))
    replaced.run(TODAY + DAY)
    with transaction(held.engine) as connection:
        told = change_between(connection, 3, 2, (TODAY - DAY, TODAY + DAY), others=True)
    assert (told.then.scorecard, told.now.scorecard) == ("plain.v1", "plain.v2")
    assert "scorecard" in {part.kind for part in told.parts}
    assert sum(round(part.points * 1e9) for part in told.parts) == round(told.change * 1e9)
