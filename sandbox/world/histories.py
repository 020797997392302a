"""How each account's record in the CRM came to say what it says: every value, and since when."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sandbox.world.contracts import Contract
from sandbox.world.crm import AFTERNOON, arr_of, first_owners, owner_count
from sandbox.world.frames import table_of
from sandbox.world.moves import Move, moves
from sandbox.world.population import Account


def account_changes(
    population: pd.DataFrame,
    contracts: list[Contract],
    *,
    start: np.datetime64,
    last: np.datetime64,
    seed: int,
) -> pd.DataFrame:
    """The table account_changes up to the world's last day, in order of account and time."""
    owners = first_owners(population, seed)
    count = owner_count(len(population))
    rows = list(moves(population, owners, owner_count=count, seed=seed, start=start))
    accounts = list(population.itertuples())
    for account in accounts:
        stage = "lead" if account.is_prospect or account.is_archived_prospect else "opportunity"
        rows.append((account.Index, "lifecycle", account.created_at.to_datetime64(), stage))
    for contract in contracts:
        rows += _contract_moves(accounts[contract.place], contract, start)
    numbers = population["account_no"].to_numpy()
    happened = sorted(
        (int(numbers[place]), at.astype("datetime64[s]"), column, value)
        for place, column, at, value in rows
        if at < last + 1
    )
    return table_of("account_changes", happened)


def _contract_moves(account: Account, contract: Contract, start: np.datetime64) -> Iterator[Move]:
    """What sales enters in the afternoon of each day on which something was agreed.

    Of the renewal dates before the world's start the CRM only kept the newest.
    """
    place = account.Index
    yield place, "lifecycle", contract.starts_on + AFTERNOON, "customer"
    if not np.isnat(contract.churned_on):
        yield place, "lifecycle", contract.churned_on + AFTERNOON, "other"
    if not account.has_no_arr:
        days = [contract.starts_on, *(change.on for change in contract.changes)]
        days += [] if np.isnat(contract.churned_on) else [contract.churned_on]
        for day in sorted(set(days)):
            yield place, "arr", day + AFTERNOON, repr(arr_of(account, contract, day))
    if not account.has_no_renewal_date:
        ends = [*contract.periods[1:], contract.period_end]
        for begin, end in zip(contract.periods, ends, strict=True):
            if end > start:
                yield place, "renewal_date", begin + AFTERNOON, str(end)
