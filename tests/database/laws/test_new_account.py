"""A new account added changes no other: not its readings, not its points, not its score."""

from hypothesis import given

from tests.database.laws.test_laws import FEW, FIRST
from tests.database.laws.worlds import ACCOUNTS, LAST, Telling, worlds

NEWCOMER = str(100 + ACCOUNTS - 1)


def of_others(found):
    return {key: row for key, row in found.items() if key[0] != NEWCOMER}


@FEW
@given(world=worlds())
def test_a_new_account_changes_no_other_on_any_day(open_place, world):
    """Its tickets, invoices and use are there before the CRM knows whose they are."""
    place, records = open_place(), Telling().records(world)
    *known, newcomer = records["companies"]
    place.arrive(records | {"companies": known})
    live, past = place.live(LAST), place.backfill(FIRST, LAST)
    assert live == of_others(live)
    assert past == of_others(past)
    assert len(past) > 100
    place.arrive({"companies": [newcomer]})
    found, again = place.live(LAST), place.backfill(FIRST, LAST)
    assert of_others(found) == live
    assert of_others(again) == past
    assert (NEWCOMER, LAST) in found
    assert len(again) > len(past)
