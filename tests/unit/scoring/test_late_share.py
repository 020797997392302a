"""The share of late invoices on the retention cards: both its parts speak of the same invoices."""

import numpy as np
import pytest

from include.scoring.readings import read
from include.scoring.scorecard import load_scorecard
from tests.unit.scoring.worlds import series

LATE = "late_invoice_share_180d"
DUE = 1000
WINDOW = range(DUE + 2, DUE + 182)  # the 180 days from the one on which it becomes late


@pytest.fixture(scope="module")
def second(scorecards):
    return load_scorecard(scorecards / "retention.v2.yaml")


def share(card, *, due, late, day):
    """The share on a day; None: unknown. due, late: days of invoices, in rising order."""
    reading = card.measures[card.measure_names.index(LATE)].reading
    rows = {"invoices_due": due, "invoices_late": late}
    own = {name: series([(0, at, 1) for at in days], [0]) for name, days in rows.items()}
    found = read([reading], own, accounts=1, first_day=day, last_day=day)[0, 0, 0]
    return None if np.isnan(found) else float(found)


def test_a_late_invoice_is_all_of_one_on_each_day_of_its_window_and_none_elsewhere(second):
    for day in range(DUE, DUE + 190):
        found = share(second, due=[DUE], late=[DUE + 2], day=day)
        assert found == (1 if day in WINDOW else None), day


def test_an_invoice_that_nobody_can_call_late_yet_does_not_count(second):
    due, late = [DUE, DUE + 30], [DUE + 2]
    assert share(second, due=due, late=late, day=DUE + 31) == 1
    assert share(second, due=due, late=late, day=DUE + 32) == 0.5


def test_the_first_version_which_never_changes_counted_other_invoices_as_due(retention):
    """Why there is a second one: at both ends of the window there is one invoice too many."""
    assert share(retention, due=[DUE, DUE + 30], late=[DUE + 2], day=DUE + 31) == 0.5
    assert share(retention, due=[DUE], late=[DUE + 2], day=DUE + 181) is None
    assert share(retention, due=[DUE, DUE + 9], late=[DUE + 2, DUE + 11], day=DUE + 181) == 2


def test_the_versions_differ_in_nothing_else(retention, second):
    first, other = (
        [measure.model_dump() for measure in card.measures if measure.name != LATE]
        for card in (retention, second)
    )
    assert first == other
    assert second.effective_weights.tolist() == retention.effective_weights.tolist()
    assert (second.bands, second.outcome) == (retention.bands, retention.outcome)
