"""A draft scorecard: a file that nobody released, and one reading for it and the live card."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from include.errors import FixConfig
from include.pipeline.replay import digest_of
from include.scoring.carry import carry_days
from include.scoring.measure import Measure
from include.scoring.scorecard import MAX_BYTES, Category, Scorecard, parse_scorecard

# What is read for two cards at once is a card that no store has: versions begin at 1.
JOINT = {"name": "simulation", "version": 0}


@dataclass(frozen=True, slots=True)
class Joint:
    """One card with every reading of two cards once. live, draft: where theirs stand in it."""

    card: Scorecard
    live: NDArray[np.intp]
    draft: NDArray[np.intp]


def load_draft(path: Path) -> Scorecard:
    """Read a draft, whatever its file is called; mistakes are those of any scorecard, FixConfig."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except OSError as error:
        raise FixConfig(f"{path}: cannot read this scorecard: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FixConfig(f"{path}: this is not UTF-8 text; save it as UTF-8.") from error
    return parse_scorecard(text, str(path))


def join(live: Scorecard, draft: Scorecard) -> Joint:
    """Put the measures of two cards side by side, those that read the same only once.

    So both cards see the same number wherever they ask the same question, and carry it as long.
    The accounts are those that the draft applies to: what it would score.
    """
    ours, theirs = (
        tuple(
            (digest_of(one.model_dump(mode="json")), days)
            for one, days in zip(card.measures, carry_days(card), strict=True)
        )
        for card in (live, draft)
    )
    measures = dict(zip((*ours, *theirs), (*live.measures, *draft.measures), strict=True))
    place = {question: at for at, question in enumerate(measures)}
    kept = {name: getattr(live, name) for name in Scorecard.model_fields} | JOINT
    kept["applies_to"] = draft.applies_to
    kept["categories"] = (_category(tuple(measures.values())),)
    return Joint(
        Scorecard.model_construct(**kept),
        np.array([place[question] for question in ours]),
        np.array([place[question] for question in theirs]),
    )


def _category(measures: Sequence[Measure]) -> Category:
    return Category.model_construct(name="simulation", weight=1.0, measures=tuple(measures))
