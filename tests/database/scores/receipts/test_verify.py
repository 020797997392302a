"""Every stored score is computed again; what anybody changed since is found and named."""

import json
import re
from datetime import timedelta

import numpy as np
import pytest

from include.errors import FixConfig, RejectData
from include.pipeline.verify import Verified, subjects_on, verify_accounts
from include.warehouse import stored
from include.warehouse.database import transaction
from tests.database.scores.receipts.conftest import ACCOUNTS, DAY, SMALL


def the_finding(book):
    found = book.verify()
    assert (found.rows, found.differing, found.is_good) == (ACCOUNTS, 1, False)
    (finding,) = found.findings
    assert (finding.account_id, finding.as_of, finding.scorecard) == (7, DAY, "small.v1")
    return {one.what: (one.stored, one.again) for one in finding.differences}


def test_what_the_job_wrote_comes_out_the_same_to_the_last_bit(book):
    """Requirement 004-13."""
    book.fill()
    book.fill(basis="reconstructed", seed=2)
    found = book.verify()
    assert (found.rows, found.differing, found.thinned) == (2 * ACCOUNTS, 0, 0)
    assert found.is_good
    assert found.rate > 0
    assert book.verify(basis="live").rows == ACCOUNTS
    assert book.verify(scorecard="small.v1", basis="reconstructed").rows == ACCOUNTS


def test_the_smallest_change_of_a_score_is_found(book):
    book.fill()
    before = book.verify().findings
    book.tamper("score = float8 '33.3333333'")
    first = the_finding(book)
    assert before == []
    assert set(first) == {"score", "digest"}
    kept = first["score"][1]
    book.tamper(f"score = float8 '{float(np.nextafter(kept, 100))!r}'")
    assert the_finding(book)["score"] == (float(np.nextafter(kept, 100)), kept)
    book.tamper(f"score = float8 '{kept!r}'")
    assert book.verify().is_good


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("raw = raw + 1", "raw"),
        ("floor = floor + 1e-9", "floor"),
        ("ceiling = null", "ceiling"),
        ("coverage = 0.123", "coverage"),
        ("band = 'purple'", "band"),
        ("band = case band when 'red' then 'green' else 'red' end", "band"),
        ("categories[2] = 12.5", "score of help"),
        ("points[1] = 12.5", "points of events"),
        ("drivers[2] = 2", "driver 2"),
        ("readings[3] = 1.25", "reading of tickets"),
        ("direction = 'sideways'", "direction"),
        ("change_30d = 1.5", "digest"),
        ("slope_30d = 1e-12", "digest"),
    ],
)
def test_a_value_that_was_changed_by_hand_is_named(book, change, named):
    book.fill()
    book.tamper(change)
    found = the_finding(book)
    assert named in found
    assert set(found) <= {named, "digest"}


def test_a_changed_reading_is_told_by_all_that_came_of_it(book):
    book.fill()
    book.tamper("readings[1] = 1.5", table="reading")
    found = the_finding(book)
    assert found["reading of events"][1] == 1.5
    assert {"digest of the readings", "points of events", "score of use", "score"} <= set(found)


@pytest.mark.parametrize(
    ("table", "change", "named"),
    [
        ("snapshot", "points = '{1, 2}'", "arrays"),
        ("snapshot", "points[2] = null", "arrays"),
        ("snapshot", "categories = '{}'", "arrays"),
        ("snapshot", "drivers = '{}'", "arrays"),
        ("reading", "readings = '{1}'", "readings"),
        ("reading", "readings[2] = null", "readings"),
    ],
)
def test_rows_of_another_form_are_found_and_stop_nothing(book, table, change, named):
    book.fill()
    book.tamper(change, table=table)
    assert set(the_finding(book)) == {named}


@pytest.mark.parametrize(("gone", "named"), [("snapshot", "snapshot"), ("reading", "readings")])
def test_a_row_without_its_other_half_is_found(book, gone, named):
    book.fill()
    assert book.execute(f"delete from health.{gone} where account_id = 7") == 1
    assert set(the_finding(book)) == {named}


def test_only_the_newest_revisions_count(book):
    book.fill()
    book.fill(seed=2, run_id="later")
    book.execute("update health.snapshot set score = 1 where revision = 0")
    assert book.verify().is_good
    book.execute("update health.snapshot set score = 1 where revision = 1")
    assert book.verify().differing == ACCOUNTS


def test_thinned_scores_are_counted_apart_and_still_compared(book):
    book.fill()
    thin = "points = '{}', readings = '{}', drivers = '{}'"
    book.execute(f"update health.snapshot set {thin} where account_id <= 10")
    found = book.verify()
    assert (found.rows, found.thinned, found.differing) == (ACCOUNTS, 10, 0)
    book.tamper("floor = 3")
    assert set(the_finding(book)) == {"floor", "digest"}


def test_blocks_of_accounts_hold_every_row_and_give_what_one_gives(book):
    book.fill()
    book.execute("update health.snapshot set score = 1 where account_id % 15 = 2")
    whole, parts = book.verify(), Verified()
    (subject,) = subjects_on(book.job, DAY)
    with transaction(book.engine) as connection:
        spans = list(stored.account_blocks(connection, subject.kind, 16))
        for span in spans:
            verify_accounts(connection, subject, parts, span)
    assert spans == [(1, 16), (17, 32), (33, 40)]
    assert (parts.rows, parts.differing) == (whole.rows, whole.differing) == (ACCOUNTS, 3)
    assert parts.columns == whole.columns
    assert parts.findings == whole.findings


def test_a_day_without_scores_is_an_error_that_says_so(book):
    book.fill()
    with pytest.raises(FixConfig, match="No scores are stored for 2026-03-31; `health runs` lists"):
        book.verify(DAY + timedelta(days=1))
    with pytest.raises(FixConfig, match=r"No live other\.v1 scores are stored"):
        book.verify(scorecard="other.v1", basis="live")


def test_a_stored_scorecard_that_was_changed_is_told_and_its_scores_differ(book):
    book.fill()
    weight = """set body = replace(body, '3.0,"unit"', '3.5,"unit"')"""
    assert book.execute(f"update health.scorecard {weight}") == 1
    found = book.verify()
    assert found.differing > ACCOUNTS // 2
    (doubt,) = found.doubts
    assert doubt.startswith("The stored body of small.v1 has the digest")
    assert doubt.endswith("it has been changed since.")


def test_a_file_that_says_something_else_than_the_store_is_told(book):
    book.fill()
    found = book.with_card(SMALL.replace("weight: 3", "weight: 4")).verify()
    assert (found.differing, found.is_good) == (0, False)
    assert found.doubts[0].startswith("The file of small.v1 says something else")


def test_a_stored_body_that_is_no_scorecard_is_refused(book):
    book.fill()
    book.execute("""update health.scorecard set body = '{"name": 1}'""")
    with pytest.raises(RejectData, match=r"The stored body of scorecard small\.v1 is none"):
        book.verify()


def test_the_command_ends_in_65_where_a_score_differs_and_names_it(book, health):
    book.fill()
    assert health("verify", "--as-of", str(DAY)).returncode == 0
    book.tamper("score = 33.3333333")
    printed = health("verify", "--all-days", str(DAY - timedelta(days=1)), str(DAY))
    assert printed.returncode == 65
    assert re.search(r"^40 scores computed again in (0\.\d\d|[1-9]\d*\.\d) s ", printed.stdout)
    assert "33.3333333" in printed.stdout
    assert "Company <7> (1007)" in printed.stdout
    assert "1 stored scores are not what they should be." in printed.stderr
    found = json.loads(health("verify", "--as-of", str(DAY), "--json").stdout)
    assert (found["rows"], found["differing"]) == (ACCOUNTS, 1)
    assert found["findings"][0]["crm_id"] == "1007"
