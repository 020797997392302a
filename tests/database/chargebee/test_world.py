"""One world through two billing systems."""

from datetime import date

from sqlalchemy import text

from include.settings import Credentials
from include.sources import open_source
from include.vendor_settings import Stripe
from include.warehouse.conform import conform
from include.warehouse.landing import land
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.database.chargebee.conftest import CHARGEBEE

END = date(2026, 9, 20)
SAME = {
    "subscription": (
        "subscription_id", "customer_id", "seats", "amount_minor", "currency", "months",
        "started_at", "ended_at", "period_end",
    ),
    "invoice": (
        "invoice_id", "customer_id", "subscription_id", "status", "currency", "amount_due_minor",
        "amount_remaining_minor", "seats", "recurring_minor", "period_start", "period_end",
        "created_at", "due_at", "paid_at", "closed_at",
    ),
}  # fmt: skip


def test_one_world_gives_the_same_facts_through_chargebee_and_through_stripe(store, settings):
    """And both together work: two systems of one role, each with its own records."""
    world = simulate(accounts=30, seed=3, start=date(2026, 6, 1), end=END)
    stripe = next(one for one in settings.sources if isinstance(one, Stripe))
    with running(world, limits=False) as sandbox:
        for source in (stripe, CHARGEBEE):
            reach = sandbox.vendors[source.vendor]
            opened = open_source(source, Credentials(reach["base_url"], reach["token"]))
            for stream in opened.streams:
                land(store, run_id="world", as_of=END, source=source.name, vendor=source.vendor,
                     stream=stream, pages=opened.pages(stream, state=None, as_of=END))  # fmt: skip
    conform(store, settings)
    with store.connect() as connection:
        for table, columns in SAME.items():
            told = {
                source: connection.execute(
                    text(
                        f"select {', '.join(columns)} from core.{table}"
                        " where source = :source order by 1"
                    ),
                    {"source": source},
                ).all()
                for source in ("stripe", "chargebee")
            }
            assert len(told["stripe"]) > 20
            assert told["chargebee"] == told["stripe"]
        paid = connection.execute(
            text("select count(*) from core.payment where source = 'chargebee'")
        ).scalar()
        assert paid > 20
