"""Scorecards as the store has them, and whether they are still what their files say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from include.errors import FixConfig, RejectData
from include.pipeline.job import Job
from include.scoring.deck import label_of
from include.scoring.scorecard import Scorecard, load_scorecard
from include.settings import ROOT


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A scorecard from its stored body. digest: that it was entered with.

    doubts: sentences on where body, digest and file disagree; none where all is well.
    """

    scorecard_id: int
    card: Scorecard
    digest: str
    doubts: tuple[str, ...]


def stored_card(job: Job, row: Mapping[str, Any]) -> StoredCard:
    """Read a row of health.scorecard; RejectData where its body is no scorecard."""
    label = f"{row['name']}.v{row['version']}"
    try:
        card = Scorecard.model_validate_json(row["body"])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RejectData(
            f"The stored body of scorecard {label} is none ({where}: {first['msg']}); its scores "
            "cannot be computed again."
        ) from None
    doubts = []
    if card.digest != row["digest"]:
        doubts.append(
            f"The stored body of {label} has the digest {card.digest}, but was entered with "
            f"{row['digest']}: it has been changed since."
        )
    doubts += _doubts_about_file(job, label, row["digest"])
    return StoredCard(row["scorecard_id"], card, row["digest"], tuple(doubts))


def _doubts_about_file(job: Job, label: str, digest: str) -> list[str]:
    """Compare with the file of that name, where there is one."""
    files = {label_of(card): card for card in job.deck.all}
    path = ROOT / "scorecards" / f"{label}.yaml"
    if label not in files and path.exists():
        try:
            files[label] = load_scorecard(path)
        except FixConfig as error:
            return [str(error)]
    if label not in files or files[label].digest == digest:
        return []
    doubt = (
        f"The file of {label} says something else (digest {files[label].digest}) than what its "
        f"scores were computed by (digest {digest}); released versions never change."
    )
    return [doubt]
