"""A sandbox world as Stripe's books: one value per customer, subscription and invoice.

Times are epoch seconds, amounts are in the currency's minor unit. Shelves are newest first, the
order of every Stripe list; objects of one second keep the order of their numbers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import pandas as pd

from sandbox.world.model import World

Metadata = dict[str, str]


class Kept(Protocol):
    """Anything on a shelf."""

    @property
    def id(self) -> str: ...
    @property
    def created(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    created: int
    name: str | None
    email: str | None
    currency: str | None
    metadata: Metadata
    deleted: int | None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    id: str
    created: int
    customer: str
    status: str
    started: int
    ended: int | None
    canceled: int | None
    cancel_at_period_end: bool
    period_start: int
    period_end: int
    seats: int
    unit_amount: int
    currency: str
    interval: str
    plan: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Invoice:
    id: str
    created: int
    number: int
    customer: str
    subscription: str | None
    status: str
    currency: str
    amount: int
    paid_amount: int
    seats: int
    unit_amount: int
    period_start: int
    period_end: int
    finalized: int | None
    due: int | None
    paid: int | None
    attempts: int
    next_attempt: int | None
    billing_reason: str
    collection_method: str


Thing = TypeVar("Thing", bound=Kept)


class Shelf(Generic[Thing]):
    """Objects of one type, newest first, and where each id stands."""

    def __init__(self, things: Iterable[tuple[int, Thing]]) -> None:
        ordered = sorted(things, key=lambda pair: (pair[1].created, pair[0]), reverse=True)
        self.things = [thing for _, thing in ordered]
        self._index()

    def __iter__(self) -> Iterator[Thing]:
        return iter(self.things)

    def get(self, object_id: str) -> Thing | None:
        place = self.places.get(object_id)
        return None if place is None else self.things[place]

    def replace(self, thing: Thing) -> None:
        self.things[self.places[thing.id]] = thing

    def add_newest(self, thing: Thing) -> None:
        self.things.insert(0, thing)
        self._index()

    def _index(self) -> None:
        self.places = {thing.id: place for place, thing in enumerate(self.things)}


@dataclass(slots=True)
class Books:
    """Everything that the account's objects are made from."""

    customers: Shelf[Customer]
    subscriptions: Shelf[Subscription]
    invoices: Shelf[Invoice]
    latest_invoice: dict[str, Invoice]  # by subscription
    delinquent: set[str]  # customers with an unpaid invoice that failed or is past its due date
    sequence: dict[str, int]  # invoices of each customer


def to_books(world: World, now: int) -> Books:
    """The books as of `now`: rows made later do not exist yet. Objects need their customer."""
    customers = {row["customer_no"]: row for row in _rows(world["customers"], now)}
    subscriptions = {
        row["subscription_no"]: row
        for row in _rows(world["subscriptions"], now)
        if row["customer_no"] in customers
    }
    names = {number: row["customer_id"] for number, row in customers.items()}
    plans = {number: row["subscription_id"] for number, row in subscriptions.items()}
    invoices = Shelf(
        (row["invoice_no"], _invoice(row, names[row["customer_no"]], plans))
        for row in _rows(world["invoices"], now)
        if row["customer_no"] in customers
    )
    latest: dict[str, Invoice] = {}
    sequence: dict[str, int] = {}
    for invoice in invoices:
        if invoice.subscription:
            latest.setdefault(invoice.subscription, invoice)
        sequence[invoice.customer] = sequence.get(invoice.customer, 0) + 1
    return Books(
        customers=Shelf((number, _customer(row, now)) for number, row in customers.items()),
        subscriptions=Shelf(
            (number, _subscription(row, names[row["customer_no"]]))
            for number, row in subscriptions.items()
        ),
        invoices=invoices,
        latest_invoice=latest,
        delinquent={invoice.customer for invoice in invoices if is_overdue(invoice, now)},
        sequence=sequence,
    )


def is_overdue(invoice: Invoice, now: int) -> bool:
    failed = invoice.collection_method == "charge_automatically" and invoice.attempts > 0
    late = invoice.due is not None and invoice.due < now
    return invoice.status == "open" and (failed or late)


def _rows(frame: pd.DataFrame, now: int) -> list[dict[str, Any]]:
    """Rows made by `now`, times as epoch seconds, nothing as None."""
    columns: dict[str, Iterable[Any]] = {}
    for name in frame.columns:
        series = frame[name]
        if pd.api.types.is_datetime64_any_dtype(series):
            columns[name] = epochs(series)
        else:
            columns[name] = series.astype(object).where(series.notna(), None)
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return [row for row in rows if row["created_at"] is not None and row["created_at"] <= now]


def epochs(series: "pd.Series[Any]") -> list[int | None]:
    seconds = series.to_numpy("datetime64[s]").astype("int64")
    missing = np.iinfo("int64").min
    return [None if value == missing else int(value) for value in seconds]


def _customer(row: dict[str, Any], now: int) -> Customer:
    deleted = row["deleted_at"]
    return Customer(
        id=row["customer_id"],
        created=row["created_at"],
        name=row["name"],
        email=row["email"],
        currency=_currency(row),
        metadata=_metadata(row),
        deleted=deleted if deleted is not None and deleted <= now else None,
    )


def _subscription(row: dict[str, Any], customer: str) -> Subscription:
    return Subscription(
        id=row["subscription_id"],
        created=row["created_at"],
        customer=customer,
        status=row["status"],
        started=row["started_at"] or row["created_at"],
        ended=row["ended_at"],
        canceled=row["canceled_at"],
        cancel_at_period_end=bool(row["cancel_at_period_end"]),
        period_start=row["period_start"] or row["created_at"],
        period_end=row["period_end"] or row["created_at"],
        seats=int(row["seats"]),
        unit_amount=int(row["unit_amount_minor"]),
        currency=_currency(row) or "usd",
        interval=row["interval"],
        plan=row["plan"],
        metadata=_metadata(row),
    )


def _invoice(row: dict[str, Any], customer: str, subscriptions: dict[int, str]) -> Invoice:
    return Invoice(
        id=row["invoice_id"],
        created=row["created_at"],
        number=int(row["invoice_no"]),
        customer=customer,
        subscription=subscriptions.get(row["subscription_no"]),
        status=row["status"],
        currency=_currency(row) or "usd",
        amount=int(row["amount_minor"] or 0),
        paid_amount=int(row["amount_paid_minor"] or 0),
        seats=int(row["seats"] or 0),
        unit_amount=int(row["unit_amount_minor"] or 0),
        period_start=row["period_start"] or row["created_at"],
        period_end=row["period_end"] or row["created_at"],
        finalized=row["finalized_at"],
        due=row["due_at"],
        paid=row["paid_at"],
        attempts=int(row["attempt_count"] or 0),
        next_attempt=row["next_attempt_at"],
        billing_reason=row["billing_reason"],
        collection_method=row["collection_method"],
    )


def _currency(row: dict[str, Any]) -> str | None:
    return row["currency"].lower() if row["currency"] else None


def _metadata(row: dict[str, Any]) -> Metadata:
    return {str(key): str(value) for key, value in (row["metadata"] or {}).items()}
