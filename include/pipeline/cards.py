"""What the store knows of a scorecard: its number, and whether a day of it is live."""

from typing import Literal

from sqlalchemy import Connection

from include.pipeline.job import Job, Run
from include.scoring.scorecard import Scorecard
from include.warehouse import snapshots
from include.warehouse.database import query, transaction

Basis = Literal["live", "reconstructed"]


def register(connection: Connection, card: Scorecard) -> int:
    """Return the store's id of a card, entered at first use; FixConfig if its version changed."""
    body = card.model_dump_json(by_alias=True)
    return snapshots.register_scorecard(
        connection, name=card.name, version=card.version, digest=card.digest, body=body
    )


def enter(job: Job, card: Scorecard) -> int:
    """Return the store's id of a card as `register` does, so that whoever only reads finds it."""
    with transaction(job.engine) as connection:
        return register(connection, card)


def find(connection: Connection, card: Scorecard) -> int | None:
    """Return the store's id of a card without entering it; None where it was never used."""
    return snapshots.find_scorecard(
        connection, name=card.name, version=card.version, digest=card.digest
    )


def basis_of(job: Job, run: Run) -> Basis:
    """Return whether a run's day is live: the newest of all cards, and not a day of a backfill.

    Live rows say what was known when that day was the newest. What is computed of a day after a
    later one was published stands beside them, is not published and never sent anywhere: it would
    know what came in with that one, also on a card that is new.
    """
    binds = {"run_no": run.run_no, "as_of": run.as_of}
    with transaction(job.engine) as connection:
        is_live = connection.execute(query("snapshots/is_live"), binds).scalar_one()
    return "live" if is_live else "reconstructed"
