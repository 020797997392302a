"""Who the accounts are: what does not change while the world runs, one row an account.

Segments are 60 % smb, 30 % mid_market, 10 % enterprise; smb pays by the month and by card, the
others by the year on invoice. Four of five are customers when the world starts; the rest join
during its first 360 days. The mess of real systems is part of it, each kind on a small share of
the accounts and on one account at least (`MESS`).
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sandbox.world.draws import Flags, generator, seconds_of, working_time
from sandbox.world.names import COUNTRIES, INDUSTRIES, company_names

CRM_ID_BASE = 9_100_000_000
MERGED_ID_BASE = 9_050_000_000
JOINING_DAYS = 360
LONGEST_TENURE_DAYS = 1095
RETURNING_SHARE = 0.15  # of those who leave, after
AWAY_DAYS = (40, 150)

SEGMENTS = ("smb", "mid_market", "enterprise")
SEGMENT_SHARES = (0.6, 0.3, 0.1)
# Seats: median, spread of the logarithm, least, most. Price: USD cents a seat and month.
SEATS = {
    "smb": (9, 0.4, 5, 25),
    "mid_market": (26, 0.4, 12, 80),
    "enterprise": (105, 0.5, 50, 400),
}
PRICES = {"smb": (2500, 3500), "mid_market": (3000, 4500), "enterprise": (3500, 6000)}
ANNUAL_DISCOUNT = 0.85
CURRENCIES = ("usd", "eur", "gbp", "jpy")
CURRENCY_SHARES = (0.8, 0.1, 0.06, 0.04)
# Minor units for one US cent. Yen have no minor unit, so a cent is one and a half yen.
MINOR_PER_CENT = {"usd": 1.0, "eur": 0.9, "gbp": 0.8, "jpy": 1.5}

# A row of the population, as itertuples gives it.
Account = Any

# Shares of the accounts that have each kind of mess; only those who are there from the world's
# start, so that every world of more than a few accounts has each kind from its first day.
MESS = {
    "is_prospect": 0.02,  # in the CRM, never a customer
    "is_archived_prospect": 0.01,  # the same, and archived in the CRM
    "has_no_domain": 0.02,
    "shares_domain": 0.01,  # a subsidiary with its parent's domain
    "is_merged": 0.01,  # its CRM record took in another, whose id support still uses
    "has_no_tenant_key": 0.02,  # the CRM does not know the product's id
    "has_no_arr": 0.03,
    "has_no_renewal_date": 0.03,
    "has_no_segment": 0.03,
    "has_no_organization": 0.03,
    "has_bare_organization": 0.10,  # no external id, but the domain tells
    "has_lost_organization": 0.01,  # neither external id nor domain
    "has_no_customer": 0.01,  # billed elsewhere
    "has_bare_customer": 0.12,  # no metadata, but the billing address' domain tells
    "has_free_mail": 0.03,  # metadata tells, the billing address does not
    "has_lost_customer": 0.01,  # no metadata and a free-mail billing address
    "has_two_customers": 0.02,  # a second billing customer in another currency
}


def populate(*, accounts: int, seed: int, start: date) -> pd.DataFrame:
    """One row an account, by account_no from 1. Nothing here depends on the world's end."""
    rng = generator(seed, "population")
    names = company_names(generator(seed, "names"), accounts)
    population = pd.DataFrame({"account_no": np.arange(1, accounts + 1)})
    population["crm_id"] = [str(CRM_ID_BASE + number) for number in population["account_no"]]
    population["name"], population["domain"] = zip(*names, strict=True)
    population["segment"] = rng.choice(SEGMENTS, accounts, p=SEGMENT_SHARES)
    population["industry"] = rng.choice(INDUSTRIES, accounts)
    population["country"] = rng.choice(COUNTRIES, accounts)
    population["tenant_key"] = [f"t-{number:05d}" for number in population["account_no"]]
    _add_contract(population, generator(seed, "contract terms"))
    _add_start(population, generator(seed, "joining"), np.datetime64(start, "D"))
    _add_mess(population, seed)
    _add_temper(population, generator(seed, "temper"))
    _add_return(population, generator(seed, "coming back"))
    return population


def _add_contract(population: pd.DataFrame, rng: np.random.Generator) -> None:
    count = len(population)
    shape = np.array([SEATS[segment] for segment in population["segment"]])
    seats = shape[:, 0] * np.exp(shape[:, 1] * rng.standard_normal(count))
    population["seats"] = np.clip(seats, shape[:, 2], shape[:, 3]).astype(int)
    population["employees"] = (population["seats"] * rng.uniform(1.5, 8, count)).astype(int)
    population["interval"] = np.where(population["segment"] == "smb", "month", "year")
    population["currency"] = rng.choice(CURRENCIES, count, p=CURRENCY_SHARES)
    low, high = np.array([PRICES[segment] for segment in population["segment"]]).T
    cents = low + (high - low) * rng.random(count)
    cents = np.where(population["interval"] == "year", cents * 12 * ANNUAL_DISCOUNT, cents)
    rate = population["currency"].map(MINOR_PER_CENT).to_numpy(float)
    population["unit_amount_minor"] = (np.round(cents * rate / 100) * 100).astype(int)


def _add_start(population: pd.DataFrame, rng: np.random.Generator, start: np.datetime64) -> None:
    """starts_on: first day of contract, at most the 28th; created_at: when sales first met them."""
    count = len(population)
    joins = rng.random(count) < 0.2
    population["joins"] = joins
    before = -rng.integers(30, LONGEST_TENURE_DAYS, count)
    offset = np.where(joins, rng.integers(0, JOINING_DAYS, count), before)
    starts_on = start + offset.astype("timedelta64[D]")
    day_of_month = (starts_on - starts_on.astype("datetime64[M]")).astype(int)
    starts_on = starts_on - np.maximum(0, day_of_month - 27).astype("timedelta64[D]")
    # The 29th to 31st moves back to the 28th, but not over the world's start.
    population["starts_on"] = np.where(joins & (starts_on < start), start, starts_on)
    lead = rng.integers(20, 90, count).astype("timedelta64[D]")
    days = population["starts_on"].to_numpy().astype("datetime64[D]") - lead
    population["created_at"] = seconds_of(days, working_time(rng, count))


def _add_mess(population: pd.DataFrame, seed: int) -> None:
    taken = population["joins"].to_numpy().copy()
    for kind, share in MESS.items():
        population[kind] = _some(seed, kind, share, taken)
        if kind in {"is_prospect", "is_archived_prospect"}:
            taken |= population[kind].to_numpy()
    population["mail_domain"] = population["domain"]
    population["parent_no"] = pd.array([pd.NA] * len(population), dtype="Int64")
    settled = np.flatnonzero(~population["joins"])
    for child in np.flatnonzero(population["shares_domain"]):
        parent = settled[np.searchsorted(settled, child) - 1]  # the one before, or the last
        population.loc[child, ["domain", "mail_domain"]] = population.loc[parent, "mail_domain"]
        population.loc[child, "parent_no"] = parent + 1
    population["merged_crm_ids"] = [
        (str(MERGED_ID_BASE + number),) if merged else ()
        for number, merged in zip(population["account_no"], population["is_merged"], strict=True)
    ]


def _some(seed: int, kind: str, share: float, taken: Flags) -> Flags:
    """Mark that share of all accounts, one at least, among those not taken."""
    order = generator(seed, kind).permutation(len(taken))
    free = order[~taken[order]]
    chosen = np.zeros(len(taken), dtype=bool)
    chosen[free[: max(1, round(share * len(taken)))]] = True
    return chosen


def _add_temper(population: pd.DataFrame, rng: np.random.Generator) -> None:
    """Where satisfaction comes to rest (in logits), and how much the account uses and asks."""
    count = len(population)
    population["rest"] = rng.normal(0.7, 0.7, count)
    population["eagerness"] = rng.uniform(0.35, 0.8, count)
    population["chattiness"] = rng.uniform(0.5, 1.6, count)


def _add_return(population: pd.DataFrame, rng: np.random.Generator) -> None:
    """Who would come back after leaving, and how long they would stay away."""
    count = len(population)
    population["comes_back"] = rng.random(count) < RETURNING_SHARE
    population["away_days"] = rng.integers(*AWAY_DAYS, count)
