"""The CRM: companies, their owners, and the deals about them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.contracts import MONTHS, Contract
from sandbox.world.draws import Whole, generator
from sandbox.world.frames import table_of
from sandbox.world.names import FAMILY, GIVEN
from sandbox.world.population import MINOR_PER_CENT, Account

ACCOUNTS_PER_OWNER = 60
UNOWNED_SHARE = 0.03
ARCHIVED_SHARE = 0.1
ARCHIVED_AFTER_CHURN = np.timedelta64(60, "D")
PROSPECT_ARCHIVED_AFTER = np.timedelta64(100, "D")
AFTERNOON = np.timedelta64(15 * 3600, "s")
NEVER = np.datetime64("NaT", "s")
# The columns of accounts that people change by hand.
MOVED = ("owner_no", "segment", "parent_no")


@dataclass(frozen=True, slots=True)
class Standing:
    """An account on the world's last day; without contract it has not started, or never will."""

    account: Account
    contract: Contract | None
    last: np.datetime64

    @property
    def has_churned(self) -> bool:
        return self.contract is not None and not np.isnat(self.contract.churned_on)

    @property
    def lifecycle(self) -> str:
        """HubSpot's own words; `other` is a former customer."""
        if self.account.is_prospect or self.account.is_archived_prospect:
            return "lead"
        if self.contract is None:
            return "opportunity"
        return "other" if self.has_churned else "customer"

    @property
    def arr(self) -> float | None:
        """Annual recurring revenue in US dollars, 0 after churn."""
        if self.contract is None or self.account.has_no_arr:
            return None
        return arr_of(self.account, self.contract, self.last)

    @property
    def renewal_on(self) -> np.datetime64:
        if self.contract is None or self.account.has_no_renewal_date:
            return NEVER
        return self.contract.period_end

    def archived_at(self, chance: float) -> np.datetime64:
        if self.account.is_archived_prospect:
            return self._past(self.account.created_at.to_datetime64() + PROSPECT_ARCHIVED_AFTER)
        if not self.has_churned or self.account.comes_back or chance >= ARCHIVED_SHARE:
            return NEVER
        assert self.contract is not None
        return self._past(self.contract.churned_on + ARCHIVED_AFTER_CHURN + AFTERNOON)

    def touched_at(self) -> list[np.datetime64]:
        """When the company's record last changed for each reason there was."""
        moments = [self.account.created_at.to_datetime64()]
        if self.contract is not None:
            days = [self.contract.periods[-1], self.contract.notice_on, self.contract.churned_on]
            days += [change.on for change in self.contract.changes]
            moments += [self._past(day + AFTERNOON) for day in days]
        return moments

    def _past(self, moment: np.datetime64) -> np.datetime64:
        """The moment if it has come, else NaT."""
        moment = moment.astype("datetime64[s]")
        return moment if moment < self.last + 1 else NEVER


def yearly(contract: Contract, account: Account, seats: int) -> int:
    """ARR of that many seats, in minor units of the contract's currency."""
    return int(seats * account.unit_amount_minor * 12 // MONTHS[contract.interval])


def arr_of(account: Account, contract: Contract, day: np.datetime64) -> float:
    """Annual recurring revenue on that day in US dollars."""
    minor = yearly(contract, account, contract.seats_on(day))
    return round(minor / MINOR_PER_CENT[account.currency] / 100, 2)


def first_owners(population: pd.DataFrame, seed: int) -> Whole:
    """The number of each account's first owner, 0 for none."""
    draws = generator(seed, "crm").random((len(population), 2))
    owners = 1 + population["account_no"].to_numpy() * 7 % owner_count(len(population))
    return np.where(draws[:, 0] < UNOWNED_SHARE, 0, owners)


def owners_table(accounts: int) -> pd.DataFrame:
    """One for 60 accounts, three at least; the last has left but still owns some accounts."""
    count = owner_count(accounts)
    rows = []
    for number in range(1, count + 1):
        first, last = GIVEN[number * 3 % len(GIVEN)], FAMILY[number * 5 % len(FAMILY)]
        email = f"{first}.{last}{number}@vendor.example".lower()
        rows.append((number, email, first, last, number == count))
    return table_of("owners", rows)


def accounts_table(
    population: pd.DataFrame,
    contracts: list[Contract],
    changes: pd.DataFrame,
    *,
    last: np.datetime64,
    seed: int,
) -> pd.DataFrame:
    """Companies that sales had met by the world's last day, as the CRM shows them then.

    changes: the table account_changes up to that day.
    """
    by_place = {contract.place: contract for contract in contracts}
    archived = generator(seed, "crm").random((len(population), 2))[:, 1]
    newest = changes.drop_duplicates(["account_no", "attribute"], keep="last")
    values = dict(
        zip(zip(newest["account_no"], newest["attribute"], strict=True), newest["value"],
            strict=True)
    )  # fmt: skip
    touched = changes.groupby("account_no")["at"].max()
    return table_of(
        "accounts",
        (
            _account(
                Standing(row, by_place.get(row.Index), last),
                {name: values.get((row.account_no, name)) for name in MOVED},
                max(touched[row.account_no].to_datetime64(), row.created_at.to_datetime64()),
                archived[row.Index],
            )
            for row in population.itertuples()
            if row.created_at < last + 1
        ),
    )


def _account(
    standing: Standing, moved: dict[str, str | None], changed_at: np.datetime64, chance: float
) -> tuple[object, ...]:
    """moved: what the columns of MOVED say, as text; changed_at: when anything last changed."""
    account = standing.account
    archived_at = standing.archived_at(chance)
    touched = [*standing.touched_at(), changed_at, archived_at]
    return (
        account.account_no,
        account.crm_id,
        None if account.has_no_tenant_key else account.tenant_key,
        account.name,
        None if account.has_no_domain else account.domain,
        None if account.has_no_domain else f"https://www.{account.domain}",
        moved["segment"],
        account.industry,
        account.country,
        account.employees,
        None if moved["owner_no"] is None else int(moved["owner_no"]),
        None if moved["parent_no"] is None else int(moved["parent_no"]),
        standing.arr,
        standing.renewal_on,
        standing.lifecycle,
        account.created_at,
        max(moment for moment in touched if not np.isnat(moment)),
        archived_at,
        account.merged_crm_ids,
    )


def owner_count(accounts: int) -> int:
    return max(3, accounts // ACCOUNTS_PER_OWNER)
