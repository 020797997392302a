"""The workbook of a published day: every stored score comes out of its formulas."""

from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from include.errors import FixConfig
from include.export.score_columns import EQUAL
from tests.unit.export.calculate import calculate, computed

DAY = date(2026, 3, 12)
OVERRIDE = """
insert into health.override (account_id, to_score, factor, may_raise, reason, evidence, author,
    valid_from, valid_to, entered_at)
values (:account, :to, :factor, :may_raise, 'outage', 'x', 'Ada', '2026-03-01', '2026-03-31',
    '2026-02-01')
"""


def test_a_day_with_rules_targets_gaps_and_overrides_comes_out_as_stored(world, exported):
    """Requirement 002-25."""
    world.becomes("tier", "watch", account=3)
    for account, to, factor, may_raise in ((1, 9.5, None, False), (2, None, 0.87, False),
                                           (6, 88.0, None, True)):  # fmt: skip
        world.execute(OVERRIDE, account=account, to=to, factor=factor, may_raise=may_raise)
    world.run(DAY)
    out, told = exported(world, form="xlsx")
    assert told.rows == 12
    rows = {row["account_id"]: row for row in calculate(out)}
    assert {row["check"] for row in rows.values()} == {EQUAL}
    stored = dict(world.rows("select account_id, score from health.snapshot"))
    assert len(stored) == len(rows) == 12
    for account, score in stored.items():
        assert rows[account]["score"] == (None if score is None else pytest.approx(score, abs=1e-8))
    assert (rows[1]["score"], rows[6]["score"], rows[3]["score"]) == (9.5, 88.0, 20.0)
    assert rows[12]["score"] is None
    assert {row["watched acts"] for row in rows.values()} == {1, "?"}
    front = computed(out)
    assert "12 of 12 are as stored" in front.values()


def test_each_scorecard_of_the_day_has_its_own_sheets(published, exported):
    out, _ = exported(published, form="xlsx")
    book = load_workbook(out)
    names = [f"{name} {n}" for n in (1, 2) for name in ("Scorecard", "Measures", "Scores")]
    assert book.sheetnames == ["About", "Accounts", *names]
    found = [row for n in (1, 2) for row in calculate(out, f"Scores {n}")]
    assert sorted(row["account_id"] for row in found) == list(range(1, 31))
    assert {row["check"] for row in found} == {EQUAL}


def test_a_stored_score_that_was_tampered_with_is_not_equal(world, exported):
    world.run(DAY)
    world.execute("update health.snapshot set score = score + 0.001 where account_id = 5")
    out, _ = exported(world, form="xlsx")
    rows = calculate(out)
    assert [row["account_id"] for row in rows if row["check"] != EQUAL] == [5]


def test_thinned_receipts_are_refused_and_no_sheet_is_made_of_several_days(world, exported):
    for day in (DAY - timedelta(days=1), DAY):
        world.run(day)
    out, _ = exported(world, "history", "xlsx", first=DAY - timedelta(days=1))
    assert load_workbook(out).sheetnames == ["About", "History"]
    world.execute("update health.snapshot set points = '{}', readings = '{}', drivers = '{}'")
    with pytest.raises(FixConfig, match="receipts of this day are thinned"):
        exported(world, form="xlsx")
