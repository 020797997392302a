"""Billing from a table of subscriptions.

Rule for invoices: one at the start of each period (a month or a year from start_date, by
billing_frequency) before end_date or the last day of the world, over mrr_amount or arr_amount in
US dollars, whatever its sign, and paid on the spot: the tables know nothing of late payment.
A subscription that ends before it starts has none. The price of a seat is the period's amount
divided by the seats, to the cent; with no seats it is the whole amount. Status: canceled with an
end date, else trialing or active.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sandbox.world.draws import add_months, text_id
from sandbox.world.frames import table_of

MONTHS = {"monthly": ("month", 1), "annual": ("year", 12)}
CENTS = 100
INVOICE_SPAN = 1_000
DAY = np.timedelta64(1, "D")
NEVER = np.datetime64("NaT", "s")

Line = Any  # a row of the subscriptions, as itertuples gives it
Row = tuple[object, ...]


def billing_tables(
    subscriptions: pd.DataFrame, directory: pd.DataFrame, end: date
) -> dict[str, pd.DataFrame]:
    """The tables customers, subscriptions, subscription_changes and invoices.

    directory: account_no and name by account_id. ValueError for an unknown billing_frequency.
    """
    wrong = subscriptions[~subscriptions["billing_frequency"].isin(list(MONTHS))]
    if len(wrong):
        frequency = wrong["billing_frequency"].iloc[0]
        raise ValueError(
            f"subscriptions.csv, line {wrong.index[0] + 2}, column billing_frequency: "
            f"{frequency!r} is none of {', '.join(MONTHS)}"
        )
    lines = subscriptions.assign(
        account_no=subscriptions["account_id"].map(directory["account_no"]),
        name=subscriptions["account_id"].map(directory["name"]),
        start=subscriptions["start_date"].to_numpy("datetime64[D]"),
    )
    stop = np.datetime64(end, "D") + DAY
    rows = list(lines.itertuples())
    return {
        "customers": _customers(lines),
        "subscriptions": table_of("subscriptions", (_subscription(row, stop) for row in rows)),
        "subscription_changes": table_of(
            "subscription_changes", (change for row in rows for change in _changes(row))
        ),
        "invoices": table_of("invoices", (i for row in rows for i in _invoices(row, stop))),
    }


def _customers(lines: pd.DataFrame) -> pd.DataFrame:
    """One an account, since its first subscription."""
    first = lines.sort_values("start", kind="stable").drop_duplicates("account_id")
    rows = [
        (
            int(row.account_no),
            text_id("cus_", 14, "tables", row.account_id),
            int(row.account_no),
            row.name if isinstance(row.name, str) else None,
            None,
            "usd",
            {"tenant_id": row.account_id} if row.account_id else {},
            row.start_date,
            NEVER,
        )
        for row in first.itertuples()
    ]
    return table_of("customers", rows).sort_values("customer_no", ignore_index=True)


def _subscription(row: Line, stop: np.datetime64) -> Row:
    begins = list(_periods(row, stop)) or [np.datetime64(row.start_date, "D")]
    is_over = not pd.isna(row.end_date)
    ended_at = row.end_date if is_over else NEVER
    interval, months = MONTHS[row.billing_frequency]
    # One step from the start for each period, so that a 31st does not become a 28th for good.
    return (
        row.Index + 1,
        _subscription_id(row),
        row.account_no,
        "canceled" if is_over else _running(row),
        row.start_date,
        ended_at,
        ended_at,
        False,
        begins[-1],
        add_months(np.datetime64(row.start_date, "D"), months * len(begins)),
        int(row.seats),
        _seat_price(row),
        "usd",
        interval,
        row.plan_tier,
        {
            "tenant_id": row.account_id,
            "subscription": row.subscription_id,
            "auto_renew": str(bool(row.auto_renew_flag)).lower(),
        },
        row.start_date,
    )


def _running(row: Line) -> str:
    return "trialing" if row.is_trial else "active"


def _changes(row: Line) -> Iterator[Row]:
    yield row.Index + 1, row.start_date, "created", {}
    if not pd.isna(row.end_date):
        yield row.Index + 1, row.end_date, "deleted", {"status": _running(row)}


def _invoices(row: Line, stop: np.datetime64) -> Iterator[Row]:
    amount = _amount(row)
    step = MONTHS[row.billing_frequency][1]
    first = np.datetime64(row.start_date, "D")
    for ordinal, begins in enumerate(_periods(row, stop)):
        number = (row.Index + 1) * INVOICE_SPAN + ordinal
        yield (
            number,
            text_id("in_1", 23, "tables", row.Index, ordinal),
            row.account_no,
            row.Index + 1,
            "paid",
            "usd",
            amount,
            amount,
            int(row.seats),
            _seat_price(row),
            begins,
            add_months(first, step * (ordinal + 1)),
            begins,
            begins,
            NEVER,
            begins,
            1,
            NEVER,
            "subscription_cycle" if ordinal else "subscription_create",
            "charge_automatically",
        )


def _periods(row: Line, stop: np.datetime64) -> Iterator[np.datetime64]:
    """First days of the periods that began before the end, or before `stop`."""
    first = np.datetime64(row.start_date, "D")
    last = stop if pd.isna(row.end_date) else min(stop, np.datetime64(row.end_date, "D"))
    step = MONTHS[row.billing_frequency][1]
    begins, ordinal = first, 0
    while begins < last:
        yield begins
        ordinal += 1
        begins = add_months(first, step * ordinal)


def _amount(row: Line) -> int:
    monthly = row.billing_frequency == "monthly"
    return round((row.mrr_amount if monthly else row.arr_amount) * CENTS)


def _seat_price(row: Line) -> int:
    return round(_amount(row) / row.seats) if row.seats else _amount(row)


def _subscription_id(row: Line) -> str:
    return text_id("sub_1", 23, "tables", row.Index, row.subscription_id)
