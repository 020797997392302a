"""What people entered as overrides in fields of the CRM, taken over before the day is scored.

Words become overrides, or are listed with what is wrong. An override of the CRM holds from the day
it was seen on, so a live row of an earlier day never counts it. When the words change, it is ended
on the day on which that is seen, and the new ones are entered.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from include.errors import FixConfig
from include.pipeline.cards import basis_of
from include.pipeline.job import Counts, Job, Run
from include.scoring.overruling import last_day_of
from include.scoring.scorecard import Scorecard
from include.scoring.words import NOBODY, Word, wish_of
from include.warehouse.database import query, transaction
from include.warehouse.overrides import Override, add


def hear_overrides(job: Job, run: Run) -> Counts:
    """Bring overrides in line with the CRM's fields on a live day; again: nothing changes.

    heard: overrides entered; ended: taken away or changed in the CRM; unheard: words that cannot be
    applied now, each with its reason in health.override_heard; held: the day is not live, and the
    CRM shows only what stands there now. No counts where health.yaml names no such fields.
    """
    source = job.settings.crm_source
    if source.fields.override is None:
        return {}
    if basis_of(job, run) != "live":
        return {"overrides held": 1}
    counts: Counter[str] = Counter(heard=0, ended=0, unheard=0)
    with transaction(job.engine) as connection:
        for row in connection.execute(query("overrides/words"), {"source": source.name}).all():
            counts.update(_hear(connection, row, job.deck.live, run.as_of))
    return {f"overrides {what}": count for what, count in counts.items()}


def _hear(connection: Connection, row: Row[Any], cards: Sequence[Scorecard], today: date) -> Counts:
    counts: Counts = {}
    if row.is_news and row.override_id is not None:
        counts["ended"] = _end(connection, row, today)
    if row.is_empty:
        connection.execute(query("overrides/forget_heard"), {"account_id": row.account_id})
        return counts
    number, refused = _enter(connection, row, cards, today)
    noted = {
        "account_id": row.account_id, "value": row.value, "reason": row.reason,
        "until": row.until, "heard_on": today, "override_id": number, "refused": refused,
    }  # fmt: skip
    connection.execute(query("overrides/note_heard"), noted)
    return counts | {"heard" if refused is None else "unheard": 1}


def _enter(
    connection: Connection, row: Row[Any], cards: Sequence[Scorecard], today: date
) -> tuple[int | None, str | None]:
    """Return the new override's number, or why there is none."""
    try:
        wish = wish_of(Word(row.value, row.reason, row.until, row.author), cards, today)
        override = Override(
            account_id=row.account_id, scorecard=None, to=wish.to, factor=None, may_raise=False,
            reason=wish.reason, evidence=wish.evidence, author=wish.author, second=None,
            first_day=today, last_day=last_day_of(wish, cards), source="crm",
        )  # fmt: skip
        return add(connection, override), None
    except FixConfig as error:
        return None, str(error)


def _end(connection: Connection, row: Row[Any], today: date) -> int:
    """Return 1, or 0 where people had ended it by command."""
    binds = {
        "override_id": row.override_id, "ended_by": row.author or NOBODY, "from_day": today,
    }  # fmt: skip
    return int(connection.execute(query("overrides/end_heard"), binds).scalar() is not None)
