"""Stripe: customers, subscriptions, invoices and how they were paid.

Nothing in Stripe can be filtered by its last change. The first run, and one every full_walk_days,
walks each list; runs between read the events since the last one as hints, and fetch each object
that they touch once, because an event's own content is of an old API version. Forms: Stripe API
reference, checked Nov 2026. Fields and limits: docs/sources.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from include.settings import Credentials
from include.sources.base import Gone, Pages, deliver, end_of, in_blocks, rows_of, safe_start
from include.sources.findings import Finding
from include.sources.http.client import Client, Params
from include.sources.http.pagination import stripe_has_more
from include.sources.http.rate import Rate
from include.sources.http.refusals import date_of
from include.sources.http.session import Bearer, Wire
from include.sources.http.side_by_side import Done, in_order, side_by_side
from include.sources.stripe_check import findings
from include.sources.stripe_lists import LISTS, itself, stub_of
from include.sources.stripe_payments import (
    PAYMENT_EVENTS,
    PAYMENTS,
    InvoiceGone,
    refusal_of,
    touched_id,
)
from include.sources.stripe_ranges import PAGE, Range, Walk
from include.vendor_settings import Stripe
from include.vendor_settings.versions import VERSIONS
from include.warehouse.page import Page, State

# Without a version of our own the account's default would hold.
VERSION = VERSIONS["stripe"].asked
EVENTS = "/v1/events"
# Events are kept for 30 days; from the 29th on we do not rely on them.
EVENT_DAYS = 29
# Events have whole seconds and may be committed late.
OVERLAP_S = 600
# Moves with each invoice and makes no event.
VOLATILE = {"customers": ("next_invoice_sequence",)}
GoingOn = Callable[..., State]
WIDTH = 8  # requests under way at the same time
BLOCK = 20  # objects that are fetched one by one for a page
EVENT_TYPES: dict[str, tuple[str, ...]] = {
    "customers": ("customer.created", "customer.updated", "customer.deleted"),
    "subscriptions": ("customer.subscription.*",),
    "invoices": ("invoice.*",),
    **PAYMENT_EVENTS,
}
# Tells an invoice that is not made yet and has no id; once made, it has events of its own.
UPCOMING = "invoice.upcoming"
BILLS = ("customers", "subscriptions", "invoices")


# Requests a second: of a test account in all, of a live one to each endpoint, and we read one at a
# time. No answer tells it.
RATE = (25, 1.0)


def open_stripe(settings: Stripe, credentials: Credentials, *, wire: Wire | None) -> "StripeSource":
    auth = Bearer(credentials.secret, {"Stripe-Version": VERSION})
    client = Client(
        credentials, vendor="stripe", auth=auth, wire=wire, rate=Rate(*RATE), refuse=refusal_of
    )
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

    def check(self, now: datetime) -> Iterator[Finding]:
        return findings(self.client, self.streams, self.settings.account_keys, VERSION, now)

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._read(stream, state or {}, as_of), f"{self.name}.{stream}")

    @property
    def gone(self) -> Mapping[str, Gone]:
        """Customers are deleted, and drafts of invoices; the rest stays for ever."""
        return dict.fromkeys(
            ("customers", "invoices"), Gone("$.deleted == true", {"deleted": True})
        )

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:  # noqa: ARG002 - no days
        path, params, _ = LISTS[stream][0]
        for rows in Walk(self.client, path, params).pages(WIDTH):
            yield [str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")]

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:  # noqa: ARG002
        for rows in in_order(partial(self._found, stream), ids, width=WIDTH):
            yield Page(rows, volatile=volatile_of(stream))

    def _read(self, stream: str, state: State, as_of: date) -> Pages:
        """Yield an empty page first: it saves how far the events were read, found or not.

        A run that goes on ends where the one before would have: with what that knew to be newest.
        """
        resume = state.get("resume")
        if resume:
            following, touched = resume["following"], None
            if "behind" in resume:
                touched = self._touched(stream, state["since"])
        else:
            following, touched = self._plan(stream, state, as_of)
        yield Page([], following)
        left = {key: value for key, value in state.items() if key != "resume"}
        going_on = partial(_going_on, left, following)
        if touched is None:
            pages = self._walked(stream, (resume or {}).get("legs"), going_on)
        else:
            behind = (resume or {}).get("behind", "")
            pages = self._fetched(stream, sorted(one for one in touched if one > behind), going_on)
        for page in pages:
            yield Page(page.records, following, resume=page.resume, volatile=volatile_of(stream))

    def _plan(self, stream: str, state: State, as_of: date) -> tuple[State, set[str] | None]:
        """Return where the next run goes on, and the ids to fetch; None: walk the list."""
        since = state.get("since")
        newest, now = self._latest(as_of)
        touched = None
        if since is not None and not self._walk_is_due(state, as_of, now):
            touched = self._touched(stream, since)
        walked = as_of.isoformat() if touched is None else state["walked"]
        return {"since": safe_start(newest, as_of, since), "walked": walked}, touched

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
            if event.get("type") == UPCOMING:
                continue
            touched.add(touched_id(stream, event["data"]["object"]))
            if len(touched) > self.most_touched:
                return None
        return touched

    def _events(self, *types: str, since: int = 0) -> Iterator[Any]:
        asked = {"type": types[0]} if len(types) == 1 else {"types[]": list(types)}
        return self._rows(EVENTS, {**asked, "created[gte]": since})

    def _walked(self, stream: str, left: Any, going_on: GoingOn) -> Pages:  # noqa: ANN401 - JSON
        """Yield whole lists; canceled subscriptions and deleted customers only come if asked.

        Deleted customers come as stubs: those of old subscriptions, and of late events. left: the
        ranges of each list that an earlier run did not read; None: all.
        """
        lists = LISTS[stream]
        left = left or [[asdict(Range())] for _ in lists]
        for place, (path, params, pick) in enumerate(lists):
            ranges = [Range(**one) for one in left[place]]
            whole = self._whole if pick is itself else None
            walk = Walk(self.client, path, params, ranges=ranges, whole=whole)
            for rows in walk.pages(WIDTH):
                left[place] = [asdict(one) for one in walk.left]
                found = [one for row in rows for one in pick(row)]
                yield Page(found, resume=going_on(legs=list(left)))
        if stream == "customers":
            for block in in_blocks(self._events("customer.deleted"), PAGE):
                yield Page([stub_of(event) for event in block])

    def _fetched(self, stream: str, touched: Sequence[str], going_on: GoingOn) -> Pages:
        """Yield each object as it is now. Drafts that were deleted are gone for good (404)."""
        blocks, done = list(in_blocks(touched, BLOCK)), Done()
        parts = [partial(self._fetch, stream, *one) for one in enumerate(blocks)]
        for place, rows in side_by_side(parts, width=WIDTH):
            done.add(place)
            last = done.all_before - 1
            yield Page(rows, resume=going_on(behind=blocks[last][-1]) if last >= 0 else None)

    def _fetch(self, stream: str, place: int, ids: list[str]) -> Iterator[tuple[int, list[Any]]]:
        found: list[Any] = []
        for object_id in ids:
            by_invoice = stream == "invoice_payments"
            found += self._payments_of(object_id) if by_invoice else self._found(stream, object_id)
        yield place, found

    def _payments_of(self, invoice: str) -> list[Any]:
        """Return what was paid of an invoice: nothing of a draft that was deleted."""
        try:
            return list(self._rows("/v1/invoice_payments", {"invoice": invoice}))
        except InvoiceGone:
            return []

    def _found(self, stream: str, object_id: str) -> list[Any]:
        """Return the object of that id, whole; none where there is none (any more)."""
        answer = self.client.call("GET", f"/v1/{stream}/{object_id}", accept=(200, 404))
        return [self._whole(answer.body)] if answer.status == 200 else []

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


def _going_on(state: State, following: State, **where: Any) -> State:  # noqa: ANN401 - any JSON
    """Return the state with which a run that ended early goes on; `state` is what it began with."""
    return {**state, "resume": {"following": following, **where}}


def volatile_of(stream: str) -> tuple[str, ...]:
    return VOLATILE.get(stream, ())
