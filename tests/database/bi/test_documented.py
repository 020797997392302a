"""docs/bi.md lists what the store has, in the store's own words (002-25)."""

import re
from pathlib import Path

from sqlalchemy import text

from include.warehouse.database import transaction

PAGE = Path(__file__).parents[3] / "docs" / "bi.md"
COLUMNS = """
select class.relname, obj_description(class.oid), attribute.attname,
    col_description(class.oid, attribute.attnum)
from pg_class as class
join pg_attribute as attribute on class.oid = attribute.attrelid and attribute.attnum > 0
where class.relnamespace = 'health_bi'::regnamespace
"""


def test_every_view_and_column_has_a_comment_that_the_page_repeats(store):
    """Requirement 002-25."""
    with transaction(store) as connection:
        found = connection.execute(text(COLUMNS)).all()
    said = {(view, column): comment.rstrip(".") for view, _, column, comment in found}
    views = {view: about for view, about, *_ in found}
    page = PAGE.read_text(encoding="utf-8")
    told, told_views = {}, {}
    for part in re.split(r"^### ", page, flags=re.MULTILINE)[1:]:
        view, about, *_ = part.split("\n\n")
        told_views[view] = about
        for column, words in re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", part, re.MULTILINE):
            told[view, column] = words
    assert len(views) > 10
    assert told_views == views
    assert told == said


def test_accounts_of_today_are_found_by_the_key_of_their_day(store):
    """Not by reading the history: the newest day is looked up, then its rows by day and card."""
    with transaction(store) as connection:
        connection.execute(text("select health.ensure_partitions('2026-01-01', '2026-03-31')"))
        connection.execute(text("set local enable_seqscan = off"))
        asked = text("explain select * from health_bi.accounts_today")
        plan = "\n".join(connection.scalars(asked))
    assert plan.count("Index Cond: ((as_of = day.as_of) AND (scorecard_id = ANY (day.score") == 3
    assert "Index Cond: ((account_id = " in plan
