"""Deals, and what became of the money: new business, renewals, seats added, churn."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sandbox.world.contracts import Contract
from sandbox.world.crm import AFTERNOON, NEVER, PROSPECT_ARCHIVED_AFTER, yearly
from sandbox.world.frames import table_of
from sandbox.world.population import Account

DEAL_SPAN = 1_000
EXPANSIONS_FROM = 500
SECOND_CONTRACT = 200
WIN_BACK_LEAD = np.timedelta64(20, "D")
RENEWAL_DEAL_LEAD = np.timedelta64(90, "D")

Row = tuple[object, ...]


def deals_table(
    population: pd.DataFrame, contracts: list[Contract], *, last: np.datetime64
) -> pd.DataFrame:
    """The table deals. Renewal deals are opened 90 days ahead, and only for yearly contracts."""
    by_place: dict[int, list[Contract]] = {}
    for contract in contracts:
        by_place.setdefault(contract.place, []).append(contract)
    rows: list[Row] = []
    for account in population.itertuples():
        if account.created_at >= last + 1:
            continue
        for contract in by_place.get(account.Index, [None]):
            rows.append(_new_business(account, contract, last))
            if contract is not None:
                rows += _renewals(account, contract, last)
                rows += _expansions(account, contract, last)
    return table_of("deals", rows)


def _new_business(account: Account, contract: Contract | None, last: np.datetime64) -> Row:
    amount = account.seats * account.unit_amount_minor * (12 if account.interval == "month" else 1)
    won_at = contract.starts_on + AFTERNOON if contract is not None else NEVER
    lost_at = account.created_at.to_datetime64() + PROSPECT_ARCHIVED_AFTER
    if not account.is_archived_prospect or lost_at >= last + 1:
        lost_at = NEVER
    opened_at = account.created_at.to_datetime64()
    ordinal = 0
    if contract is not None and contract.ordinal:
        ordinal, amount = SECOND_CONTRACT, yearly(contract, account, contract.first_seats)
        opened_at = contract.starts_on + AFTERNOON - WIN_BACK_LEAD
    return _deal(account, ordinal, ("newbusiness", amount), (opened_at, won_at, lost_at))


def _renewals(account: Account, contract: Contract, last: np.datetime64) -> Iterator[Row]:
    if contract.interval == "month":
        return
    ends = [*contract.periods[1:], contract.period_end]
    for ordinal, due in enumerate(ends, start=1 + SECOND_CONTRACT * contract.ordinal):
        opened_on = due - RENEWAL_DEAL_LEAD
        if opened_on > last:
            return
        amount = yearly(contract, account, contract.seats_on(min(opened_on, due - 1)))
        is_lost = due == contract.churned_on
        closed_at = due + AFTERNOON if due <= last else NEVER
        won_at, lost_at = (NEVER, closed_at) if is_lost else (closed_at, NEVER)
        opened_at = opened_on + AFTERNOON
        yield _deal(account, ordinal, ("renewal", amount), (opened_at, won_at, lost_at))


def _expansions(account: Account, contract: Contract, last: np.datetime64) -> Iterator[Row]:
    for ordinal, change in enumerate(
        contract.changes, start=EXPANSIONS_FROM + SECOND_CONTRACT * contract.ordinal
    ):
        if change.on == change.decided_on:
            continue
        amount = yearly(contract, account, change.after - change.before)
        won_at = change.on + AFTERNOON if change.on <= last else NEVER
        opened_at = change.decided_on + AFTERNOON
        yield _deal(account, ordinal, ("expansion", amount), (opened_at, won_at, NEVER))


def _deal(
    account: Account,
    ordinal: int,
    what: tuple[str, int],
    when: tuple[np.datetime64, np.datetime64, np.datetime64],
) -> Row:
    """`when`: opened, won and lost, NaT for what has not happened."""
    kind, amount = what
    opened_at, won_at, lost_at = (moment.astype("datetime64[s]") for moment in when)
    stage = "open" if np.isnat(lost_at) else "closedlost"
    stage = stage if np.isnat(won_at) else "closedwon"
    closed_at = won_at if stage == "closedwon" else lost_at
    return (
        account.account_no * DEAL_SPAN + ordinal,
        account.account_no,
        kind,
        f"{account.name} {kind}",
        amount,
        account.currency,
        stage,
        opened_at,
        closed_at,
        opened_at if stage == "open" else closed_at,
    )


def outcomes_table(
    population: pd.DataFrame, contracts: list[Contract], *, last: np.datetime64
) -> pd.DataFrame:
    """What happened to each contract within the world, by day."""
    accounts = list(population.itertuples())
    rows: list[Row] = []
    for contract in contracts:
        account = accounts[contract.place]
        for day, kind, amount in _outcomes(account, contract):
            if day <= last:
                rows.append((account.account_no, day, kind, amount, account.currency))
    return table_of("outcomes", rows).sort_values("on", kind="stable", ignore_index=True)


def _outcomes(account: Account, contract: Contract) -> Iterator[tuple[np.datetime64, str, int]]:
    """A renewal's change of seats is a row of its own beside it."""
    for day in contract.renewals:
        yield day, "renewal", 0
    for change in contract.changes:
        amount = yearly(contract, account, change.after) - yearly(contract, account, change.before)
        yield change.on, "expansion" if amount > 0 else "contraction", amount
    if not np.isnat(contract.churned_on):
        seats = contract.seats_on(contract.churned_on - 1)
        yield contract.churned_on, "churn", -yearly(contract, account, seats)
