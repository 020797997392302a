"""People at customers: contacts in the CRM, users of the product, those who write to support.

person_no is the account's number times 1,000 plus an ordinal. The first few are contacts of the
CRM from the account's first day; the others are users who arrive as seats are handed out.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.contracts import Contract, seat_room
from sandbox.world.draws import Flags, Seconds, Whole, generator, seconds_of, working_time
from sandbox.world.frames import typed
from sandbox.world.names import FAMILY, GIVEN, JOB_TITLES

PERSON_SPAN = 1_000
STRANGER_BASE = 900_000_000
STRANGERS = 30
CONTACT_ROLES = ("champion", "executive_sponsor", "decision_maker", "end_user", "end_user", None)
CONTACT_TITLES = ("Head of Operations", "Chief Operating Officer", "VP Finance")
REQUESTERS = 6
HANDING_OUT_DAYS = 60
NOT_YET = np.datetime64("2200-01-01", "s")


@dataclass(frozen=True, slots=True)
class People:
    """One place a person who may ever come; `place` is the account's, `ordinal` counts from 1.

    created_at is far in the future for those who have not come; may_use says who would use the
    product once they have a seat, and does not depend on the world's end.
    """

    place: Whole
    ordinal: Whole
    person_no: Whole
    created_at: Seconds
    may_use: Flags
    is_user: Flags
    is_contact: Flags


def contact_count(account_no: int) -> int:
    """How many of an account's people the CRM knows: the first ones."""
    return 2 + (account_no * 7) % 4


def gather(population: pd.DataFrame, contracts: list[Contract], *, seed: int) -> People:
    room = seat_room(population)
    place = np.repeat(np.arange(len(population)), room)
    ordinal = np.arange(len(place)) - np.repeat(np.cumsum(room) - room, room) + 1
    contacts = np.array([contact_count(number) for number in population["account_no"]])
    is_contact = ordinal <= contacts[place]
    person_no = population["account_no"].to_numpy()[place] * PERSON_SPAN + ordinal
    arrival = _arrivals(population, contracts, place, ordinal)
    delay = generator(seed, "handing out seats").random(len(place)) * HANDING_OUT_DAYS
    spare = np.where(ordinal <= REQUESTERS, 0, delay).astype("timedelta64[D]")
    times = working_time(generator(seed, "people arrive"), len(place))
    created_at = seconds_of(arrival.astype("datetime64[D]") + spare, times)
    met_at = population["created_at"].to_numpy()[place].astype("datetime64[s]")
    created_at = np.where(is_contact, met_at, created_at)
    # The second contact is the executive sponsor, who signs but does not log in.
    may_use = ordinal != 2
    is_user = may_use & (arrival < NOT_YET)
    return People(place, ordinal, person_no, created_at, may_use, is_user, is_contact)


def _arrivals(
    population: pd.DataFrame, contracts: list[Contract], place: Whole, ordinal: Whole
) -> Seconds:
    """The day each seat was first under contract."""
    arrival = np.full(len(place), NOT_YET)
    first = np.searchsorted(place, np.arange(len(population)))
    for contract in contracts:
        if contract.ordinal:  # who came back has the people it had
            continue
        steps = [(contract.starts_on, contract.first_seats)]
        steps += [(change.on, change.after) for change in contract.changes]
        have = 0
        for day, seats in steps:
            begin = first[contract.place]
            arrival[begin + have : begin + max(have, seats)] = day
            have = max(have, seats)
    assert len(arrival) == len(ordinal)
    return arrival


def people_table(
    population: pd.DataFrame, people: People, *, seed: int, until: np.datetime64
) -> pd.DataFrame:
    count = len(people.place)
    rng = generator(seed, "people names")
    given = np.array(GIVEN, dtype=object)[rng.integers(0, len(GIVEN), count)]
    family = np.array(FAMILY, dtype=object)[rng.integers(0, len(FAMILY), count)]
    titles = np.array(JOB_TITLES, dtype=object)[rng.integers(0, len(JOB_TITLES), count)]
    contact_rank = np.minimum(people.ordinal, len(CONTACT_ROLES)) - 1
    roles = np.where(people.is_contact, np.array(CONTACT_ROLES, dtype=object)[contact_rank], None)
    leads = people.is_contact & (people.ordinal <= len(CONTACT_TITLES))
    lead_titles = np.array(CONTACT_TITLES, dtype=object)[np.minimum(people.ordinal, 3) - 1]
    frame = pd.DataFrame(
        {
            "person_no": people.person_no,
            "account_no": population["account_no"].to_numpy()[people.place],
            "first_name": given,
            "last_name": family,
            "job_title": np.where(leads, lead_titles, titles),
            "buying_role": roles,
            "is_contact": people.is_contact,
            "is_user": people.is_user,
            "is_requester": people.is_user & (people.ordinal <= REQUESTERS),
            "created_at": people.created_at,
            "updated_at": people.created_at,
        }
    )
    here = people.created_at < until
    frame["email"] = _emails(population, people, given, family)
    return typed("people", pd.concat([frame[here], _strangers(seed, until)], ignore_index=True))


def _emails(population: pd.DataFrame, people: People, given: Whole, family: Whole) -> list[str]:
    """Unique: the ordinal is in it, and a subsidiary's people live under a subdomain."""
    child = population["parent_no"].notna().to_numpy()
    domains = np.where(child, "unit." + population["mail_domain"], population["mail_domain"])
    return [
        f"{first}.{last}{number}@{domain}".lower()
        for first, last, number, domain in zip(
            given, family, people.ordinal, domains[people.place], strict=True
        )
    ]


def _strangers(seed: int, until: np.datetime64) -> pd.DataFrame:
    """Free-mail senders whom nobody knows; they only ever write to support."""
    rng = generator(seed, "strangers")
    numbers = np.arange(1, STRANGERS + 1)
    age = rng.integers(500, 900, STRANGERS)
    created_at = np.full(STRANGERS, np.datetime64("2020-01-01", "s")) + age * np.timedelta64(1, "D")
    frame = pd.DataFrame({"person_no": STRANGER_BASE + numbers, "created_at": created_at})
    frame["account_no"] = None
    frame["first_name"] = [GIVEN[place] for place in rng.integers(0, len(GIVEN), STRANGERS)]
    frame["last_name"] = [FAMILY[place] for place in rng.integers(0, len(FAMILY), STRANGERS)]
    frame["email"] = [f"sandbox.stranger.{number}@gmail.com" for number in numbers]
    frame["job_title"] = frame["buying_role"] = None
    frame["is_contact"] = frame["is_user"] = False
    frame["is_requester"] = True
    frame["updated_at"] = frame["created_at"]
    return frame[frame["created_at"] < until]
