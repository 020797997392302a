"""A seeded customer base of a B2B software company, whose true risk is known.

Each account has a hidden satisfaction (`satisfaction.py`) that drives its use of the product, its
tickets, ratings, meetings, payments and seats, and whether it renews; nothing else does, except
chance. What is odd on purpose, and how often, stands in `population.MESS`; beyond that 1 % of the
events have no group, 2 % of the tickets no organisation, three organisations belong to nobody,
and one in five ratings is answered.
"""

from datetime import date

import numpy as np
import pandas as pd

from sandbox.world.billing import bill
from sandbox.world.contracts import Contract, run_contracts, seats_by_day
from sandbox.world.crm import accounts_table, owners_table
from sandbox.world.deals import deals_table, outcomes_table
from sandbox.world.draws import Whole
from sandbox.world.frames import typed
from sandbox.world.histories import account_changes
from sandbox.world.model import World
from sandbox.world.people import gather, people_table
from sandbox.world.population import populate
from sandbox.world.satisfaction import Mood, feel
from sandbox.world.support import organize, write_tickets
from sandbox.world.surveys import answer_surveys
from sandbox.world.touches import hold_meetings, set_pulses
from sandbox.world.usage import use_product

MOST_ACCOUNTS = 100_000


def simulate(*, accounts: int = 500, seed: int = 1, start: date, end: date) -> World:
    """The world of these days, both included. A later end only adds what happens later.

    ValueError when end lies before start or accounts is not in 1..100,000.
    """
    if end < start:
        raise ValueError(f"the world would end on {end}, before it starts on {start}")
    if not 1 <= accounts <= MOST_ACCOUNTS:
        raise ValueError(f"accounts must be in 1..{MOST_ACCOUNTS:,}, not {accounts}")
    days = np.arange(np.datetime64(start, "D"), np.datetime64(end, "D") + 1)
    population = populate(accounts=accounts, seed=seed, start=start)
    mood = feel(population, seed=seed, days=days)
    contracts = run_contracts(population, mood, seed=seed)
    tables = _tables(population, contracts, mood, seed)
    return World("simulated", seed, start, end, tables, asked_accounts=accounts)


def _tables(
    population: pd.DataFrame, contracts: list[Contract], mood: Mood, seed: int
) -> dict[str, pd.DataFrame]:
    last = mood.days[-1]
    until = (last + 1).astype("datetime64[s]")
    seats = seats_by_day(contracts, mood.days, len(population))
    changes = account_changes(population, contracts, start=mood.days[0], last=last, seed=seed)
    people = gather(population, contracts, seed=seed)
    tickets, ratings = write_tickets(population, seats, mood, seed=seed)
    return {
        "accounts": accounts_table(population, contracts, changes, last=last, seed=seed),
        "account_changes": changes,
        "owners": owners_table(len(population)),
        "people": people_table(population, people, seed=seed, until=until),
        "pulses": set_pulses(population, contracts, mood, seed=seed),
        "meetings": hold_meetings(population, contracts, mood, seed=seed),
        "deals": deals_table(population, contracts, last=last),
        "organizations": organize(population, until=until),
        "tickets": tickets,
        "ratings": ratings,
        "surveys": answer_surveys(population, contracts, mood, seed=seed),
        **bill(population, contracts, mood, seed=seed),
        "events": use_product(population, people, seats, mood, seed=seed),
        "truth": _truth(population, seats, mood),
        "outcomes": outcomes_table(population, contracts, last=last),
    }


def _truth(population: pd.DataFrame, seats: Whole, mood: Mood) -> pd.DataFrame:
    """One row an account and day under contract."""
    day, place = np.nonzero(seats)
    frame = pd.DataFrame(
        {
            "account_no": population["account_no"].to_numpy()[place],
            "day": mood.days[day].astype("datetime64[s]"),
            "satisfaction": mood.satisfaction[day, place],
            "hazard": mood.hazard[day, place],
        }
    )
    return typed("truth", frame)
