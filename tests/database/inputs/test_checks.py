"""People drop files when they like: what would be an alarm of a vendor is none of theirs."""

import pytest
from sqlalchemy import text

from include.warehouse.database import query
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.inputs.conftest import AS_OF


@pytest.mark.parametrize(("vendor", "is_alarm"), [("inputs", False), ("warehouse", True)])
def test_a_day_without_files_stops_nothing(store, vendor, is_alarm):
    for run, rows in enumerate([30, 30, 30, 30, 0]):
        records = [{"id": f"{run}-{row}"} for row in range(rows)]
        land(store, run_id=f"run-{run}", as_of=AS_OF, source="s", vendor=vendor, stream="rows",
             pages=[Page(records)])  # fmt: skip
    with store.connect() as connection:
        binds = {"run_id": "run-4", "sources": ["s"]}
        (found,) = connection.execute(query("checks/raw/streams"), binds)
    assert (found.has_gone_silent, found.change is not None) == (is_alarm, is_alarm)


def test_what_people_enter_has_no_links_that_could_be_missing(store):
    with store.begin() as connection:
        run_no = connection.scalar(
            text("insert into health.run (run_id, kind, as_of) values ('r', 'daily', :day)"
                 " returning run_no"), {"day": AS_OF},
        )  # fmt: skip
        connection.execute(
            text("insert into core.account (source, source_account_id) values ('hubspot', '1')")
        )
        binds = {"run_no": run_no, "roles": ["crm", "inputs", "usage"]}
        connection.execute(query("checks/facts/write_linked_share"), binds)
        assert list(connection.scalars(text("select role from health.linked_share"))) == ["usage"]
