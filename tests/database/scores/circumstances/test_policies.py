"""What other policies for the unknown would have made of stored readings."""

from datetime import date

import pytest

from include.errors import FixConfig
from include.pipeline.policies import report_policies
from include.scoring.unknown_policies import CARRY, OWN, UNKNOWN, ZERO
from tests.database.scores.circumstances.conftest import ACCOUNTS, FIRST, LAST


@pytest.fixture
def lived(world):
    """The world after its twelve days."""
    for day in range(FIRST.toordinal(), LAST.toordinal() + 1):
        world.run(date.fromordinal(day))
    return world


def test_every_policy_scores_the_stored_accounts_of_a_day(lived):
    found = report_policies(lived.job, "ruled.v1", LAST, carry_days=10)
    assert (found.basis, found.accounts) == ("live", ACCOUNTS)
    by_name = {one.policy: one for one in found.outcomes}
    assert list(by_name) == [OWN, UNKNOWN, CARRY, "neutral 50", ZERO]
    own = by_name[OWN]
    ((stored_mean,),) = lived.rows(
        "select avg(score) from health.snapshot where as_of = :day", day=LAST
    )
    assert own.summary.mean == pytest.approx(float(stored_mean), abs=1e-6)
    assert own.flipped == 0
    assert by_name[UNKNOWN].summary.coverage < by_name[CARRY].summary.coverage
    assert by_name[ZERO].summary.mean < own.summary.mean


def test_gaps_are_counted_with_what_the_card_did_about_them(lived):
    found = report_policies(lived.job, "ruled.v1", LAST, carry_days=10)
    gaps = {gap.measure: gap for gap in found.gaps}
    assert gaps["pulse"].policy == "carry 4 days"
    assert gaps["tickets"].policy == "neutral 60"
    ((carried,),) = lived.rows(
        "select count(*) from health.reading where as_of = :day and carried ? 'pulse'",
        day=LAST,
    )
    assert gaps["pulse"].carried == carried > 0
    assert gaps["pulse"].earlier >= carried
    assert gaps["tickets"].unknown == 3  # every fourth account has no support desk
    assert gaps["answers"].unknown == 3


def test_without_stored_readings_there_is_a_sentence(lived):
    with pytest.raises(FixConfig, match=r"No readings of ruled\.v1 are stored for 2026-04-01"):
        report_policies(lived.job, "ruled.v1", date(2026, 4, 1), carry_days=10)
