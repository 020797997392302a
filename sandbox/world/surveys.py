"""What people at customers answer to surveys: whether they recommend, and how satisfied they are.

The team asks every contact twice a year whether they would recommend the product (NPS, 0 to 10),
and once a year how satisfied they are (CSAT: 0 unhappy, 1 neutral, 2 happy). Who is content answers
more often and higher.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sandbox.world.contracts import Contract
from sandbox.world.draws import generator
from sandbox.world.frames import table_of
from sandbox.world.people import PERSON_SPAN, contact_count
from sandbox.world.satisfaction import Mood

# Days between two surveys of a kind; the first comes that many days after the contract at most.
RHYTHM = {"nps": 182, "csat": 365}
ANSWERS_SHARE = 0.25
CONTENT_ANSWERS_MORE = 0.25
NOISE = 0.13
# Numbers of a person's answers: so many of each kind, and of each contract.
MOST_OF_A_KIND = 100
FIRST_NUMBER = {"nps": 0, "csat": 500}
COMMENTS = {"low": "Too many open issues", "high": "Does what we need"}

Row = tuple[object, ...]


def answer_surveys(
    population: pd.DataFrame, contracts: list[Contract], mood: Mood, *, seed: int
) -> pd.DataFrame:
    """The table surveys: the answers of contacts of accounts under contract."""
    rows: list[Row] = []
    numbers = population["account_no"].to_numpy()
    for contract in contracts:
        account_no = int(numbers[contract.place])
        for ordinal in range(1, contact_count(account_no) + 1):
            person_no = account_no * PERSON_SPAN + ordinal
            for kind in RHYTHM:
                rng = generator(seed, f"survey {kind}", person_no, contract.ordinal)
                answers = _answers(kind, contract, mood, rng)
                rows += [
                    (person_no * 1_000 + number, account_no, person_no, kind, *answer)
                    for number, answer in answers
                ]
    return table_of("surveys", rows)


def _answers(
    kind: str, contract: Contract, mood: Mood, rng: np.random.Generator
) -> Iterator[tuple[int, Row]]:
    """Yield the number, then rating, comment and time of each answer of one person."""
    day = max(contract.starts_on, mood.days[0]) + int(rng.integers(20, RHYTHM[kind]))
    number = FIRST_NUMBER[kind] + contract.ordinal * MOST_OF_A_KIND
    while day <= mood.days[-1] and not day >= contract.churned_on:
        replies, noise, second = rng.random(), rng.normal(0, NOISE), int(rng.integers(0, 36_000))
        content = mood.recent[mood.place_of(day), contract.place]
        if replies < ANSWERS_SHARE + CONTENT_ANSWERS_MORE * content:
            at = day.astype("datetime64[s]") + (8 * 3600 + second)
            rating = _rating(kind, content + noise)
            yield number, (rating, _comment(kind, rating) if second % 3 == 0 else None, at)
        number += 1
        day += RHYTHM[kind]


def _rating(kind: str, content: float) -> int:
    """content: 0 to 1, a little beyond it by chance."""
    if kind == "nps":
        return int(np.clip(round(1 + 10 * content), 0, 10))
    return int(np.clip(round(3 * content - 0.5), 0, 2))


def _comment(kind: str, rating: int) -> str | None:
    low, high = (6, 9) if kind == "nps" else (0, 2)
    return COMMENTS["low"] if rating <= low else COMMENTS["high"] if rating >= high else None
