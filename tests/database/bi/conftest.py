"""A shop with attributes, two published days by two cards and a shadow, and its views."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.database.histories.conftest import EVENTS, TICKETS, TODAY, Shop, shop
from tests.database.histories.test_several_cards import KEY, SEGMENTS, card

__all__ = ["shop"]

YESTERDAY = TODAY - timedelta(days=1)
ATTRIBUTES = """
insert into core.owner (source, owner_id, name)
values ('hubspot', '7', 'Ada'), ('hubspot', '8', 'Bo');
insert into core.account_attribute
(account_id, attribute, valid_from, valid_to, value, origin)
select account_id, entered.*
from core.account cross join (values
    ('owner', timestamptz '2025-10-01', timestamptz '2026-03-31 12:00Z', '7', 'vendor'),
    ('owner', timestamptz '2026-03-31 12:00Z', null, '8', 'vendor'),
    ('arr', timestamptz '2025-10-01', null, '1200', 'vendor'),
    ('renewal_date', timestamptz '2025-10-01', null, '2026-04-30', 'vendor')
) as entered (attribute, valid_from, valid_to, value, origin);
insert into core.account_attribute
(account_id, attribute, valid_from, valid_to, value, origin)
select account_id, 'currency', '2025-10-01', null,
    case account_id % 3 when 0 then 'usd' when 1 then 'eur' else 'isk' end, 'vendor'
from core.account;
insert into core.money (currency, digits, max_age_days) values ('usd', 2, 31);
insert into core.rate_in_force (currency, day, rate, rated_on)
values ('eur', '2026-03-31', 1.1, '2026-03-01')
"""


def seen(shop: Shop, view: str, where: str = "true", **binds: object) -> list[dict[str, object]]:
    """Return the rows of a view."""
    names = [
        name
        for (name,) in shop.rows(
            "select attname from pg_attribute where attrelid = cast(:view as regclass)"
            " and attnum > 0 order by attnum",
            view=f"health_bi.{view}",
        )
    ]
    rows = shop.rows(f"select * from health_bi.{view} where {where} order by 1", **binds)
    return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture
def published(shop: Shop) -> Shop:
    """Scored and published on two days: every third account by `key`; a shadow beside."""
    for statement in (SEGMENTS, *ATTRIBUTES.split(";")):
        shop.execute(statement)
    cards = card("key", applies_to=KEY), card("everyone", events=EVENTS, tickets=TICKETS)
    shadow = card("draft", tickets=TICKETS)
    two = replace(shop, job=replace(shop.job, cards=cards, shadows=(shadow,)))
    for day in (YESTERDAY, TODAY):
        two.run(day)
    return two
