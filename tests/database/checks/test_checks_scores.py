"""The last gate: which days of scores are published, and which leave yesterday's in force."""

from datetime import date, timedelta

import pytest

from include.checks import check_scores
from include.errors import RejectData

DAY = date(2026, 11, 20)
BANDS = ("red", "yellow", "green")
ACCOUNTS = 40
INSERT = """
insert into health.snapshot (
    account_id, as_of, scorecard_id, basis, revision, run_no, digest, score, floor, ceiling,
    coverage, band, direction, categories, points, readings, drivers
)
select
    account_id, :as_of, 1, 'live', 0, 1, 0, 60, 50, 70, 0.9,
    case when account_id % 2 = 0 then 'green' else 'red' end, 'steady', '{}', '{}', '{}', '{}'
from core.account
"""


@pytest.fixture
def scored(landing):
    """Forty customers with a sound score on DAY and, published, on the day before."""
    landing.run("run-1", DAY)
    landing.execute(
        "insert into health.scorecard (name, version, digest, body) values ('retention', 1, '', '')"
    )
    landing.execute(
        "insert into core.account (source, source_account_id, lifecycle, created_at)"
        " select 'hubspot', at::text, 'customer', '2026-01-01'"
        f" from generate_series(1, {ACCOUNTS}) as at"
    )
    landing.execute(
        "insert into core.term (account_id, term_no, first_day, origin, spans) select account_id,"
        " 1, '2026-01-01', 'lifecycle', datemultirange(daterange('2026-01-01', null))"
        " from core.account"
    )
    before = DAY - timedelta(days=1)
    landing.execute("select health.ensure_partitions(:first, :last)", first=before, last=DAY)
    for day in (before, DAY):
        landing.execute(INSERT, as_of=day)
    landing.execute("insert into health.publication values (:day, 1, 1)", day=before)
    return landing


def check(landing):
    return check_scores(
        landing.engine, landing.settings, run_no=1, as_of=DAY, scorecard_id=1, bands=BANDS
    )


def published(landing):
    return [day for (day,) in landing.rows("select as_of from health.publication order by 1")]


def test_sound_scores_are_published_once(scored):
    counts = check(scored)
    first = scored.rows("select * from health.publication order by as_of")

    assert check(scored) == counts
    assert (counts["failed"], counts["warned"]) == (0, 0)
    assert published(scored) == [DAY - timedelta(days=1), DAY]
    assert scored.rows("select * from health.publication order by as_of") == first


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("score = 100.5", r"the score lies outside 0 to 100 \(1 of 40\): 7"),
        ("score = 'NaN'", r"the score lies outside 0 to 100 \(1 of 40\): 7"),
        ("floor = -1", r"the floor lies outside 0 to 100 \(1 of 40\): 7"),
        ("ceiling = 101", r"the ceiling lies outside 0 to 100 \(1 of 40\): 7"),
        ("floor = 71", r"the floor is above the ceiling \(1 of 40\): 7"),
        ("coverage = 1.5", r"the coverage lies outside 0 to 1 \(1 of 40\): 7"),
        ("band = 'blue'", r"the band is none of the scorecard's \(1 of 40\): 7"),
        ("score = null", r"there is a band but no score \(1 of 40\): 7"),
    ],
)
def test_a_wrong_score_is_not_published_and_the_message_names_it(scored, fault, words):
    scored.execute(
        f"update health.snapshot set {fault} where account_id = 7 and as_of = :day", day=DAY
    )

    with pytest.raises(RejectData, match=words):
        check(scored)

    assert published(scored) == [DAY - timedelta(days=1)]


def test_a_customer_without_a_score_stops_publication(scored):
    """Requirement 000-01."""
    scored.execute("delete from health.snapshot where account_id = 7 and as_of = :day", day=DAY)

    with pytest.raises(RejectData, match=r"a live customer has no score \(1 of 40\): 7"):
        check(scored)


def test_a_day_without_any_score_is_not_published(scored):
    scored.execute("delete from core.term")
    scored.execute("delete from health.snapshot")

    with pytest.raises(RejectData, match="no account was scored"):
        check(scored)


def test_scores_of_those_who_are_no_customers_any_more_are_a_warning(scored):
    scored.execute("delete from core.term where account_id = 7")

    assert check(scored)["warned"] == 1
    assert published(scored) == [DAY - timedelta(days=1), DAY]


def test_a_day_on_which_all_is_unknown_is_not_published(scored):
    scored.execute(
        "update health.snapshot set band = 'unknown', score = null where as_of = :d", d=DAY
    )

    with pytest.raises(RejectData, match=r"every account's band is unknown.*unknown: 40 of 40"):
        check(scored)


def test_many_accounts_that_leap_at_once_stop_publication(scored):
    leap = "update health.snapshot set score = 95 where account_id <= :most and as_of = :day"
    scored.execute(leap, most=8, day=DAY)
    assert check(scored)["failed"] == 0
    scored.execute(leap, most=9, day=DAY)

    with pytest.raises(RejectData, match=r"moved by over 30 points \(9 of 40\)"):
        check(scored)


def test_nearly_all_accounts_in_one_band_is_a_warning(scored):
    scored.execute("update health.snapshot set band = 'green' where as_of = :day", day=DAY)

    assert check(scored)["warned"] == 1
    assert scored.unmet(1) == [("bands retention.v1", "nearly all accounts are in one band")]


def test_only_the_newest_revision_counts(scored):
    scored.execute(
        "update health.snapshot set score = -5 where account_id = 7 and as_of = :d", d=DAY
    )
    scored.execute(INSERT.replace("'live', 0", "'live', 1"), as_of=DAY)

    assert check(scored)["failed"] == 0
