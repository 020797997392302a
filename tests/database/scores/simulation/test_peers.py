"""Where an account stands among the accounts of its segment."""

import numpy as np
import pytest

from include.errors import FixConfig
from include.reports.peers import peers
from include.warehouse.database import transaction
from tests.database.histories.conftest import TODAY

SCORES = """
select snapshot.score, snapshot.categories from health.snapshot
inner join core.account using (account_id) where account.segment = :segment
"""


def ask(shop, account="1003", **options):
    with transaction(shop.engine) as connection:
        options = {"at_least": 5} | options
        return peers(connection, shop.job.cards, account, None, **options)


def test_an_account_stands_among_its_own_segment(entered):
    """Requirement 001-28."""
    entered.run(TODAY)
    found = ask(entered)
    assert (found.crm_id, found.segment, found.as_of, found.accounts) == (
        "1003", "Enterprise", TODAY, 10,
    )  # fmt: skip
    scores = np.array([row[0] for row in entered.rows(SCORES, segment="Enterprise")])
    own = found.score.value
    expected = 100 * ((scores < own).sum() + (scores == own).sum() / 2) / 10
    assert found.score.percentile == pytest.approx(expected)
    assert found.score.median == np.median(scores)
    assert list(found.categories) == ["all"]
    assert found.categories["all"].percentile == found.score.percentile


def test_a_segment_that_is_too_small_has_no_number(entered):
    entered.run(TODAY)
    found = ask(entered, at_least=11)
    assert (found.score.is_too_few, found.score.percentile, found.score.median) == (
        True, None, None,
    )  # fmt: skip
    assert found.score.value is not None
    assert ask(entered, at_least=10).score.percentile is not None


def test_unknown_scores_are_no_peers(entered):
    entered.execute("delete from health.known_from where account_id in (6, 9)")
    entered.run(TODAY)
    found = ask(entered)
    assert (found.accounts, found.score.size) == (10, 8)
    unknown = ask(entered, "1006")
    assert (unknown.score.value, unknown.score.percentile, unknown.score.size) == (None, None, 8)


def test_accounts_without_a_segment_are_each_others_peers(entered):
    entered.execute("delete from core.account_attribute where attribute = 'segment'"
                    " and account_id in (3, 6, 9, 12, 15)")  # fmt: skip
    entered.execute("delete from core.account_attribute where account_id = 18")
    entered.run(TODAY)
    for account in ("1003", "1018"):
        found = ask(entered, account)
        assert (found.segment, found.accounts) == (None, 6)
    assert ask(entered, "1021").accounts == 4


def test_the_segment_is_that_of_the_day(entered):
    entered.run(TODAY)
    entered.execute("update core.account_attribute set value = 'Giant', valid_from = '2026-04-01'"
                    " where account_id = 6 and attribute = 'segment'")  # fmt: skip
    assert ask(entered).accounts == 9


def test_an_account_that_was_not_scored_is_said_so(entered):
    entered.execute("delete from core.term where account_id = 3")
    entered.run(TODAY)
    with pytest.raises(FixConfig, match=r"Company 3 \(1003\) was not scored on 2026-03-31"):
        ask(entered)
