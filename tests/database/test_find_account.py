"""Which account somebody means who types an id or a name."""

from datetime import date

import pytest
from sqlalchemy import text

from include import reports
from include.errors import FixConfig
from include.scoring.scorecard import load_scorecard
from include.settings import ROOT
from include.warehouse.database import transaction

ALIKE = """
insert into core.account (source, source_account_id, name)
select 'hubspot', 'A' || number, 'Alder 77 number ' || number from generate_series(1, 40) as number
union all values ('hubspot', '77', 'Zinc'), ('hubspot', 'B1', 'Alder')
"""


@pytest.fixture
def connection(store):
    with transaction(store) as opened:
        opened.execute(text(ALIKE))
        yield opened


@pytest.mark.parametrize(("entered", "crm_id"), [("77", "77"), ("alder", "B1"), ("zin", "77")])
def test_who_is_called_exactly_that_is_meant_however_many_names_hold_it(
    connection, entered, crm_id
):
    assert reports.find_account(connection, entered)["crm_id"] == crm_id


def test_several_that_may_be_meant_are_named(connection):
    with pytest.raises(FixConfig, match="'number' may be several accounts; name one by its CRM id"):
        reports.find_account(connection, "number")


def test_a_day_before_the_first_published_one_is_named(connection):
    card = load_scorecard(ROOT / "scorecards/retention.v1.yaml")
    with pytest.raises(FixConfig, match="retention v1 up to 2020-01-31 is published"):
        reports.published_day(connection, [card], date(2020, 1, 31))
    with pytest.raises(FixConfig, match="retention v1 is published yet"):
        reports.published_day(connection, [card], None)
