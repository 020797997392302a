"""Subscriptions of Stripe as facts: what their items come to, over which months."""

import pytest
from sqlalchemy import text

from .conftest import subscription

MONTHLY, YEARLY, QUARTERLY = ("month", 1), ("year", 1), ("month", 3)


def of_items(*items):
    """A subscription whose items are (unit amount, quantity, (interval, count))."""
    record = subscription()
    record["items"]["data"] = [
        {"quantity": quantity,
         "price": {"unit_amount": amount, "recurring": {"interval": unit, "interval_count": count}}}
        for amount, quantity, (unit, count) in items
    ]  # fmt: skip
    return record


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ([(1_000, 2, MONTHLY), (500, 1, MONTHLY)], (2_500, 1)),
        ([(120_000, 1, YEARLY), (1_000, 1, MONTHLY)], (132_000, 12)),
        ([(1_000, 1, MONTHLY), (9_000, 2, QUARTERLY)], (21_000, 3)),
        ([(120_000, 1, YEARLY), (1_000, 1, ("week", 1))], (None, None)),
        ([(1_000, 1, ("day", 30))], (None, None)),
        ([(1_000, 1, MONTHLY), (None, 1, YEARLY)], (None, 12)),
    ],
)
def test_items_of_several_intervals_come_to_what_the_longest_one_bills(
    store, conformed, items, told
):
    conformed(subscriptions=[of_items(*items)])
    with store.connect() as connection:
        asked = text("select amount_minor, months from core.subscription")
        assert tuple(connection.execute(asked).one()) == told
