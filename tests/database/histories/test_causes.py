"""What `health explain` says of one account and day: why each unknown reading is unknown."""

from include.reports import one_account
from include.warehouse.database import transaction
from tests.database.histories.conftest import TODAY


def causes(shop, account=5):
    with transaction(shop.engine) as connection:
        found = one_account.account_day(connection, shop.job.cards, account, TODAY)
    measures = [measure for part in found[2].categories for measure in part.measures]
    return {measure.name: measure.unknown_because for measure in measures}


def test_what_is_known_has_no_cause(shop):
    shop.run(TODAY)
    assert causes(shop) == {"events": None, "tickets": None}


def test_a_source_without_a_link_is_named(shop):
    shop.execute("delete from health.known_from where role = 'support' and account_id = 5")
    shop.run(TODAY)
    assert causes(shop) == {
        "events": None,
        "tickets": "tickets_open was never linked to this account",
    }


def test_a_role_that_was_held_back_is_named_with_the_reason(shop):
    run = shop.run
    shop.execute("insert into health.run (run_id, kind, as_of) values ('today', 'daily', :d)",
                 d=TODAY)  # fmt: skip
    shop.execute(
        "insert into health.held_role (role, as_of, reason, run_no)"
        " select 'support', :day, 'half of the tickets lost their account', run_no from health.run",
        day=TODAY,
    )
    run(TODAY, run_id="today")
    assert causes(shop)["tickets"] == (
        "tickets_open is held back: half of the tickets lost their account"
    )
    assert causes(shop)["events"] is None
