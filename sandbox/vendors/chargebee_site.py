"""One Chargebee site: its books, what clients wrote to it, and its lists. Made on first use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from sandbox.state import State
from sandbox.vendors.chargebee_states import BY_CARD, moments
from sandbox.vendors.stripe_books import Books, Customer, Invoice, Subscription, to_books

VENDOR = "chargebee"
# Custom fields must be made in the site's settings before anybody can write them.
CUSTOM_FIELDS = frozenset(
    {
        "cf_hubspot_company_id",
        "cf_salesforce_account_id",
        "cf_tenant_id",
        "cf_zendesk_organization_id",
        "cf_health_score",
        "cf_health_band",
        "cf_health_reason",
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from site to site.

    a_minute: requests that the plan allows. catalog: product catalog 1 or 2. multi_decimal: sums
    come in decimals too. seats_a_line: each so many seats are a line of the invoice of their own;
    None: one line for all. lines_a_page: of an invoice, before the rest must be asked for.
    """

    a_minute: int = 150
    catalog: int = 2
    multi_decimal: bool = False
    seats_a_line: int | None = None
    lines_a_page: int = 100
    custom_fields: frozenset[str] = CUSTOM_FIELDS


@dataclass(slots=True)
class Written:
    """What clients wrote to a customer, and when they did so last."""

    values: dict[str, Any] = field(default_factory=dict)
    at: int = 0


class Site:
    """Everything a handler works on; the journal is played again when it is built."""

    def __init__(self, state: State, settings: Settings) -> None:
        self.settings = settings
        self.world = state.world
        self._clock = state.clock
        self._journal = state.journal
        self.answered: dict[str, dict[str, Any]] = {}
        self.written: dict[str, Written] = {}
        self.shelves: dict[str, Any] = {}  # by name, made in chargebee_shelves
        for entry in state.journal.entries(VENDOR):
            self._apply(entry)

    def now(self) -> int:
        return int(self._clock.now().timestamp())

    @cached_property
    def opened(self) -> int:
        """When the books were made: nothing later has happened."""
        return self.now()

    @cached_property
    def books(self) -> Books:
        return to_books(self.world, self.opened)

    @cached_property
    def invoices_of(self) -> Mapping[str, list[Invoice]]:
        """The invoices of each subscription, newest first."""
        found: dict[str, list[Invoice]] = {}
        for invoice in self.books.invoices:
            found.setdefault(invoice.subscription or "", []).append(invoice)
        return found

    @cached_property
    def card_since(self) -> Mapping[str, int]:
        """When each customer was first billed by card; the others never were."""
        found: dict[str, int] = {}
        for invoice in self.books.invoices:  # the newest first
            if invoice.collection_method == BY_CARD:
                found[invoice.customer] = invoice.created
        return found

    @cached_property
    def changed_at(self) -> Mapping[str, int]:
        """When each subscription itself was changed last."""
        changes = self.world["subscription_changes"]
        ids = self.world["subscriptions"].set_index("subscription_no")["subscription_id"]
        happened = changes[changes["at"] <= pd.Timestamp(self.opened, unit="s")]
        newest = happened.groupby("subscription_no")["at"].max()
        return {ids[number]: int(at.timestamp()) for number, at in newest.items() if number in ids}

    def customer_updated(self, customer: Customer) -> int:
        written = self.written.get(customer.id)
        return max(customer.created, customer.deleted or 0, written.at if written else 0)

    def subscription_updated(self, subscription: Subscription) -> int:
        """Its dues are fields of its own, so its invoices move it too."""
        billed = self.invoices_of.get(subscription.id, ())
        own = self.changed_at.get(subscription.id, subscription.created)
        return max(own, *(moments(one, self.opened)[-1] for one in billed), subscription.created)

    def write(self, entry: dict[str, Any]) -> None:
        """Keep a checked write and carry it out."""
        self._journal.append(VENDOR, entry)
        self._apply(entry)

    def _apply(self, entry: dict[str, Any]) -> None:
        if entry["key"]:
            self.answered[entry["key"]] = entry
        if entry["op"] == "answered":
            return
        written = self.written.setdefault(entry["id"], Written())
        written.values |= entry["values"]
        written.at = entry["at"]
        for name in ("customers", "events"):
            self.shelves.pop(name, None)
