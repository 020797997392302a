"""Billing: customers, subscriptions, how they changed, and invoices, as they stand at `until`.

`until` is the midnight after the world's last day; what happens from then on is not in the world.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.contracts import Contract
from sandbox.world.draws import generator, text_id, working_time
from sandbox.world.frames import table_of
from sandbox.world.invoices import Spell, invoice_rows, late_spells
from sandbox.world.lines import Line
from sandbox.world.population import MINOR_PER_CENT, Account
from sandbox.world.satisfaction import Mood

PLANS = {"smb": "Starter", "mid_market": "Growth", "enterprise": "Enterprise"}
# The second customer of an account that has two: a small fixed add-on in another currency.
ADD_ON_SEATS = 5
ADD_ON_CENTS = {"month": 900, "year": 9000}
DELETED_SHARE = 0.15
DELETED_AFTER = np.timedelta64(45, "D")

Rows = list[tuple[object, ...]]
# When, kind, and the values before.
Change = tuple[np.datetime64, str, dict[str, object]]


@dataclass(slots=True)
class Billing:
    customers: Rows
    subscriptions: Rows
    subscription_changes: Rows
    invoices: Rows

    def tables(self) -> dict[str, pd.DataFrame]:
        return {name: table_of(name, getattr(self, name)) for name in self.__slots__}


def bill(
    population: pd.DataFrame, contracts: list[Contract], mood: Mood, *, seed: int
) -> dict[str, pd.DataFrame]:
    """The tables customers, subscriptions, subscription_changes and invoices."""
    until = (mood.days[-1] + 1).astype("datetime64[s]")
    billing = Billing([], [], [], [])
    clock = working_time(generator(seed, "billing clock"), len(population))
    rows = list(population.itertuples())
    for contract in contracts:
        for line in _lines(rows[contract.place], contract, int(clock[contract.place]), seed):
            invoices = invoice_rows(line, mood, until=until, seed=seed)
            billing.invoices += [invoice.row(until) for invoice in invoices]
            spells = late_spells(invoices)
            changes = _changes(line, spells, until)
            billing.customers.append(_customer(line, until, seed))
            billing.subscriptions.append(_subscription(line, changes, until))
            billing.subscription_changes += [(line.number, *change) for change in changes]
    return billing.tables()


def _lines(account: Account, contract: Contract, second: int, seed: int) -> list[Line]:
    if account.has_no_customer:
        return []
    start = contract.starts_on.astype("datetime64[s]") + second
    own = Line(account, contract, start, account.currency, int(account.unit_amount_minor), seed)
    if not account.has_two_customers:
        return [own]
    other = "eur" if account.currency == "usd" else "usd"
    cents = ADD_ON_CENTS[contract.interval]
    price = round(cents * MINOR_PER_CENT[other])
    return [own, Line(account, contract, start, other, price, seed, fixed_seats=ADD_ON_SEATS)]


def _customer(line: Line, until: np.datetime64, seed: int) -> tuple[object, ...]:
    account = line.account
    lost = account.has_lost_customer
    if lost or account.has_free_mail:
        email = f"{account.domain.split('.')[0]}.billing.sandbox@gmail.com"
    else:
        email = f"billing@{account.mail_domain}"
    chance = generator(seed, "customer deleted", account.account_no).random()
    leaves = chance < DELETED_SHARE and not account.comes_back
    deleted_at = line.moment(line.contract.churned_on + DELETED_AFTER)
    return (
        line.customer_no,
        text_id("cus_", 14, seed, "customer", line.customer_no),
        account.account_no,
        account.name,
        email,
        line.currency,
        {} if lost or account.has_bare_customer else _metadata(account),
        line.start - 300,
        deleted_at if leaves and deleted_at < until else np.datetime64("NaT"),
    )


def _metadata(account: Account) -> dict[str, str]:
    """Most name the CRM's id, some the product's."""
    if account.account_no % 4 == 0:
        return {"tenant_id": account.tenant_key}
    return {"hubspot_company_id": account.crm_id}


def _subscription(line: Line, changes: list[Change], until: np.datetime64) -> tuple[object, ...]:
    contract = line.contract
    has_ended = not np.isnat(contract.churned_on)
    ended_at = line.moment(contract.churned_on)
    last_day = contract.churned_on - 1 if has_ended else (until - 1).astype("datetime64[D]")
    late = [previous for _, _, previous in changes if "status" in previous]
    is_late = bool(late) and late[-1]["status"] == "active"
    return (
        line.number,
        line.subscription_id,
        line.customer_no,
        "canceled" if has_ended else "past_due" if is_late else "active",
        line.start,
        ended_at,
        line.moment(contract.notice_on),
        bool(contract.notice_on < contract.period_end),
        line.moment(contract.periods[-1]),
        line.moment(contract.period_end),
        line.seats_on(last_day),
        line.unit_amount_minor,
        line.currency,
        contract.interval,
        PLANS[line.account.segment],
        {"tenant_id": line.account.tenant_key} if line.account.account_no % 5 == 0 else {},
        line.start,
    )


def _changes(line: Line, spells: list[Spell], until: np.datetime64) -> list[Change]:
    """Moments, kinds and previous values, in order; several at one moment are one change."""
    contract = line.contract
    ended_at = line.moment(contract.churned_on)
    changes: dict[np.datetime64, dict[str, object]] = {}
    for before, at in zip(contract.periods, contract.periods[1:], strict=False):
        span = {
            "period_start": pd.Timestamp(line.moment(before)),
            "period_end": pd.Timestamp(line.moment(at)),
        }
        changes.setdefault(line.moment(at), {}).update(span)
    for seats in contract.changes if line.fixed_seats is None else ():
        changes.setdefault(line.moment(seats.on), {})["seats"] = seats.before
    if contract.notice_on < contract.period_end:
        notice = {"cancel_at_period_end": False, "canceled_at": None}
        changes.setdefault(line.moment(contract.notice_on), {}).update(notice)
    for late_from, late_until in spells:
        changes.setdefault(late_from, {})["status"] = "active"
        changes.setdefault(late_until, {})["status"] = "past_due"
    happened = [at for at in sorted(changes) if at < until and not at >= ended_at]
    rows: list[Change] = [(line.start, "created", {})]
    rows += [(at, "updated", changes[at]) for at in happened]
    if ended_at < until:
        was_late = any(start < ended_at and not stop <= ended_at for start, stop in spells)
        rows.append((ended_at, "deleted", {"status": "past_due" if was_late else "active"}))
    return rows
