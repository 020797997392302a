"""A day that is asked for is looked up, and its month is all that is read of the scores."""

import re

import pytest
from sqlalchemy import text

from include.warehouse.database import query, transaction
from tests.database.bi.conftest import TODAY

BINDS = {"outcome": "retention", "first": TODAY, "last": TODAY, "as_of": TODAY, "scorecard_id": 1}


@pytest.mark.parametrize("name", ["accounts", "history", "workbook", "measures", "workbook_points"])
def test_other_months_than_that_of_the_day_are_not_read(published, name):
    statement = query(f"export/{name}")
    binds = {one: BINDS[one] for one in BINDS if f":{one}" in statement.text}
    with transaction(published.engine) as connection:
        connection.execute(text("select health.ensure_partitions('2026-01-01', '2026-03-31')"))
        asked = text(f"explain (analyze, costs off, timing off, buffers off) {statement.text}")
        plan = "\n".join(connection.scalars(asked, binds))
    read = re.findall(r"(snapshot_2026_\d\d) \w+ \((never executed|actual)", plan)
    looked_at = {month for month, said in read if said == "actual"}
    assert looked_at == {"snapshot_2026_03"}, plan
