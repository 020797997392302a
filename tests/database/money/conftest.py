"""Invoices as Stripe sends them and rates as people write them, through the real way to series."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import text

from include.settings import ROOT, load_settings
from include.warehouse.conform import conform
from include.warehouse.landing import land
from include.warehouse.page import Page
from include.warehouse.rollup import roll_up
from tests.database.records import epoch

AS_OF = date(2026, 3, 31)
RUNS = count(1)
HEAD = "currency,day,rate,source\n"


def invoice(invoice_id, currency, amount, *, due="2026-02-10", paid=None, customer="cus_1",
            status=None, remaining=None):  # fmt: skip
    """amount: as Stripe sends it, in its own minor unit."""
    return {
        "id": invoice_id, "customer": customer, "currency": currency, "created": epoch(due),
        "status": status or ("paid" if paid else "open"), "amount_due": amount,
        "amount_remaining": (0 if paid else amount) if remaining is None else remaining,
        "due_date": epoch(due), "status_transitions": {"paid_at": epoch(paid) if paid else None},
        "lines": {"data": []},
    }  # fmt: skip


def company(crm_id="100", **properties):
    return {
        "id": crm_id, "properties": {"name": f"Company {crm_id}", **properties},
        "createdAt": "2025-01-01T00:00:00Z", "archived": False,
    }  # fmt: skip


class Books:
    """One store with one account, its billing customer, and a rates file beside it."""

    def __init__(self, store, folder):
        self.store, self.file = store, folder / "rates.csv"
        self.settings = load_settings(ROOT / "health.yaml")
        self.set_rates(max_age_days=7)
        self.rates("usd,2026-01-01,1,ours")
        customer = {"id": "cus_1", "metadata": {"hubspot_company_id": "100"},
                    "created": epoch("2025-01-01")}  # fmt: skip
        self.land("hubspot", "companies", company(arr="1200"))
        self.land("stripe", "customers", customer)

    def set_rates(self, **changes):
        rates = self.settings.rates.model_copy(update={"file": self.file, **changes})
        self.settings = self.settings.model_copy(update={"rates": rates})

    def set_time_zone(self, zone):
        self.settings = self.settings.model_copy(update={"time_zone": zone})

    def rates(self, *lines):
        self.file.write_text(HEAD + "\n".join(lines) + "\n")

    def land(self, source, stream, *records):
        land(self.store, run_id=f"run-{next(RUNS)}", as_of=AS_OF, source=source, vendor=source,
             stream=stream, pages=[Page(list(records), key=("id",))])  # fmt: skip

    def bill(self, *invoices):
        """Land invoices and bring facts, rates and series in line; returns what was counted."""
        if invoices:
            self.land("stripe", "invoices", *invoices)
        counts = conform(self.store, self.settings)
        return counts | roll_up(self.store, self.settings)

    def pay(self, invoice_id, amount, currency, on):
        """Put a payment with a date beside the invoices, as any source may."""
        with self.store.begin() as connection:
            connection.execute(
                text(
                    "insert into core.payment (source, payment_id, customer_id, invoice_id,"
                    " status, amount_minor, currency, occurred_at) values"
                    " ('stripe', 'p1', 'cus_1', :invoice_id, 'succeeded', :amount, :currency, :on)"
                ),
                {"invoice_id": invoice_id, "amount": amount, "currency": currency, "on": on},
            )

    def ask(self, statement, **binds):
        with self.store.connect() as connection:
            return connection.execute(text(statement), binds).all()

    def series(self, name):
        """The rows of one series, by day."""
        rows = self.ask(
            "select day, value from health.account_day join health.series using (series_id) "
            "where name = :name order by day",
            name=name,
        )
        return {row.day.isoformat(): row.value for row in rows}


@pytest.fixture
def books(store, tmp_path):
    return Books(store, tmp_path)
