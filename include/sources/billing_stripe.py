"""Stripe: customers, subscriptions, invoices and how they were paid.

Nothing in Stripe can be filtered by its last change. The first run, and one every full_walk_days,
walks each list; runs between read the events since the last one as hints, and fetch each object
that they touch once, because an event's own content is of an old API version. Forms: Stripe API
reference, checked Nov 2026. Fields and limits: docs/sources.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.settings import Credentials
from include.sources.base import Pages, deliver, end_of, in_blocks, rows_of, safe_start
from include.sources.http.client import Client, Params
from include.sources.http.pagination import stripe_has_more
from include.sources.http.rate import Rate
from include.sources.http.refusals import date_of
from include.sources.http.session import Bearer, Wire
from include.sources.stripe_payments import PAYMENT_EVENTS, PAYMENTS, touched_id
from include.vendor_settings import Stripe
from include.warehouse.page import Page, State

# What the pinned version means: docs/sources.md. Without it the account's own default would hold.
VERSION = "2026-10-28.endive"
PAGE = 100
EVENTS = "/v1/events"
# Events are kept for 30 days; from the 29th on we do not rely on them.
EVENT_DAYS = 29
# Events have whole seconds and may be committed late.
OVERLAP_S = 600
# Moves with each invoice and makes no event.
VOLATILE = {"customers": ("next_invoice_sequence",)}
EVENT_TYPES: dict[str, tuple[str, ...]] = {
    "customers": ("customer.created", "customer.updated", "customer.deleted"),
    "subscriptions": ("customer.subscription.*",),
    "invoices": ("invoice.*",),
    **PAYMENT_EVENTS,
}
BILLS = ("customers", "subscriptions", "invoices")


# Requests a second: of a test account in all, of a live one to each endpoint, and we read one at a
# time. No answer tells it.
RATE = (25, 1.0)


def open_stripe(settings: Stripe, credentials: Credentials, *, wire: Wire | None) -> "StripeSource":
    auth = Bearer(credentials.secret, {"Stripe-Version": VERSION})
    client = Client(credentials, vendor="stripe", auth=auth, wire=wire, rate=Rate(*RATE))
    return StripeSource(settings, client)


@dataclass(frozen=True, slots=True)
class StripeSource:
    """most_touched: with more objects touched, walking the list takes fewer requests."""

    settings: Stripe
    client: Client
    most_touched: int = 5000
    vendor = "stripe"

    @property
    def streams(self) -> tuple[str, ...]:
        """Without `payments` in the settings the key needs no right to read them."""
        return (*BILLS, *PAYMENTS) if self.settings.payments else BILLS

    @property
    def name(self) -> str:
        return self.settings.name

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._read(stream, state or {}, as_of), f"{self.name}.{stream}")

    def _read(self, stream: str, state: State, as_of: date) -> Pages:
        """Yield an empty page first: it saves how far the events were read, found or not."""
        since = state.get("since")
        newest, now = self._latest(as_of)
        touched = None
        if since is not None and not self._walk_is_due(state, as_of, now):
            touched = self._touched(stream, since)
        walked = as_of.isoformat() if touched is None else state["walked"]
        following = {"since": safe_start(newest, as_of, since), "walked": walked}
        yield Page([], following)
        rows = self._walked(stream) if touched is None else self._fetched(stream, touched)
        for block in in_blocks(map(self._whole, rows), PAGE):
            yield Page(block, following, volatile=VOLATILE.get(stream, ()))

    def _latest(self, as_of: date) -> tuple[int | None, int]:
        """Return when the newest event happened, and the latest time that anything tells us of.

        The second is for the age of events only, where too late is safe: it costs a full walk. It
        is the end of as_of, or the newest event, or Stripe's own Date header.
        """
        answer = self.client.call("GET", EVENTS, params={"limit": 1})
        created = [int(row["created"]) for row in rows_of(answer.body, "data", EVENTS)]
        told = date_of(answer.headers)
        times = [end_of(as_of), *created, *([] if told is None else [int(told.timestamp())])]
        return (created[0] if created else None), max(times)

    def _walk_is_due(self, state: State, as_of: date, now: int) -> bool:
        days = (as_of - date.fromisoformat(state["walked"])).days
        return days >= self.settings.full_walk_days or now - state["since"] > EVENT_DAYS * 86_400

    def _touched(self, stream: str, since: int) -> set[str] | None:
        """Return the ids that events since a time are about; None if there are too many."""
        touched: set[str] = set()
        for event in self._events(*EVENT_TYPES[stream], since=since - OVERLAP_S):
            touched.add(touched_id(stream, event["data"]["object"]))
            if len(touched) > self.most_touched:
                return None
        return touched

    def _events(self, *types: str, since: int = 0) -> Iterator[Any]:
        asked = {"type": types[0]} if len(types) == 1 else {"types[]": list(types)}
        return self._rows(EVENTS, {**asked, "created[gte]": since})

    def _walked(self, stream: str) -> Iterator[Any]:
        """Yield a whole list; canceled subscriptions and deleted customers only come if asked."""
        params = {"status": "all"} if stream == "subscriptions" else {}
        yield from self._rows(f"/v1/{stream}", params)
        if stream == "customers":
            yield from self._gone_customers()

    def _gone_customers(self) -> Iterator[Any]:
        """Yield the stubs of deleted customers: those of old subscriptions, and of late events."""
        params = {"status": "all", "expand[]": ["data.customer"]}
        for subscription in self._rows("/v1/subscriptions", params):
            customer = subscription.get("customer")
            if isinstance(customer, dict) and customer.get("deleted"):
                yield customer
        for event in self._events("customer.deleted"):
            yield {"id": event["data"]["object"]["id"], "object": "customer", "deleted": True}

    def _fetched(self, stream: str, touched: Iterable[str]) -> Iterator[Any]:
        """Yield each object as it is now. Drafts that were deleted are gone for good (404)."""
        for object_id in sorted(touched):
            if stream == "invoice_payments":  # known by their invoice
                yield from self._rows("/v1/invoice_payments", {"invoice": object_id})
                continue
            answer = self.client.call("GET", f"/v1/{stream}/{object_id}", accept=(200, 404))
            if answer.status == 200:
                yield answer.body

    def _whole(self, row: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return an object with all rows of the sub-list that a list gives only ten of."""
        if not isinstance(row, dict):
            return row
        for name, path, params in (
            ("lines", f"/v1/invoices/{row.get('id')}/lines", {}),
            ("items", "/v1/subscription_items", {"subscription": row.get("id")}),
        ):
            part = row.get(name)
            if isinstance(part, dict) and part.get("has_more"):
                row[name] = {**part, "data": list(self._rows(path, params)), "has_more": False}
        return row

    def _rows(self, path: str, params: Params) -> Iterator[Any]:
        for page in self.client.pages(path, {**params, "limit": PAGE}, stripe_has_more):
            yield from rows_of(page, "data", path)
