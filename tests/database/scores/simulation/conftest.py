"""The store of customers that histories are tested with, and drafts for it."""

import pytest

from include.pipeline.draft import load_draft
from tests.database.histories.conftest import card_text, shop

__all__ = ["shop"]

# ARR of 100 to 3,000 dollars; of the first account in a currency that has no rate.
ATTRIBUTES = """
insert into core.account_attribute (account_id, attribute, valid_from, value, origin)
select account.account_id, entered.attribute, date '2025-10-01', entered.value, 'vendor'
from core.account
cross join lateral (values
    ('segment', account.segment), ('arr', (account.account_id * 100)::text),
    ('currency', case when account.account_id = 1 then 'xxx' else 'usd' end)
) as entered (attribute, value)
"""


@pytest.fixture
def entered(shop):
    """The same customers with their segments and ARR entered in the CRM."""
    shop.execute("insert into core.money (currency, digits, max_age_days) values ('usd', 2, 31)")
    shop.execute(ATTRIBUTES)
    return shop


@pytest.fixture
def draft(tmp_path):
    """Save a draft under a name of its own and read it: draft(events=..., replace={...})."""

    def write(*, replace=None, **readings):
        text = card_text(2, **readings)
        for old, new in (replace or {}).items():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "idea.yaml"
        path.write_text(text)
        return load_draft(path)

    return write
