"""The receipt of one score: the account's day taken apart, where each part comes from, the way up.

A receipt is made from what is stored, by the scorecard as it is stored, and says whether the score
comes out the same when it is computed again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from include import reports
from include.errors import FixConfig
from include.pipeline.job import Job
from include.pipeline.stored_cards import StoredCard, stored_card
from include.pipeline.verify import Verified, subject_of, verify_accounts
from include.reports import one_account
from include.scoring.context import circumstances_of, stored_context
from include.scoring.deck import label_of
from include.scoring.explain import Explanation
from include.scoring.path import Path, find_path
from include.scoring.scorecard import Scorecard
from include.scoring.verify import Unlike
from include.warehouse.database import query

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """row: the account and its snapshot. source: the run, revisions and digests behind it.

    differences: stored values that do not come out when computed again; none where all do.
    """

    row: Row
    explanation: Explanation
    path: Path
    card: Scorecard
    source: Row
    differences: tuple[Unlike, ...]
    doubts: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as values that JSON can say; the scorecard by its name and digest only."""
        differences = [asdict(one) for one in self.differences]
        return {
            **self.row, "scorecard": label_of(self.card), "source": dict(self.source),
            "explanation": asdict(self.explanation), "path": asdict(self.path),
            "comes_out_the_same": not differences and not self.doubts,
            "differences": differences, "doubts": list(self.doubts),
        }  # fmt: skip


def make_receipt(
    job: Job, connection: Connection, *, entered: str, day: date, labels: Sequence[str] = ()
) -> Receipt:
    """Return the receipt of an account's newest score of a day, live before reconstructed.

    entered: an id, a CRM id or a name. labels: of one scorecard or of all of an outcome, of which
    one scored it; none: of the outcome that the CRM shows.
    Raises FixConfig where there is no such account, scorecard or score.
    """
    found = reports.find_account(connection, entered)
    asked = labels or [label_of(card) for card in job.deck.asked()]
    source = _source(connection, found, day, asked)
    card = stored_card(job, source)
    _, row, explanation = one_account.account_day(connection, [card.card], found["account_id"], day)
    differences = _differences(connection, card, row)
    shown = {name: value for name, value in source.items() if name != "body"}
    return Receipt(
        row, explanation, path_of(row, card.card), card.card, shown, differences, card.doubts
    )


def path_of(row: Row, card: Scorecard) -> Path:
    """Return the way up from an account's day, as its context was. row: of `account_day`."""
    at = circumstances_of(np.zeros(1, np.intp), [stored_context(row["context"])])
    return find_path(np.array(row["readings"], np.float64), card, at)


def _source(connection: Connection, account: Row, day: date, labels: Sequence[str]) -> Row:
    parts = [label.rpartition(".v") for label in labels]
    for label, (_, _, version) in zip(labels, parts, strict=True):
        if not version.isdigit():
            raise FixConfig(f"{label!r} is no scorecard; write it as in retention.v1.")
    asked = {"names": [name for name, *_ in parts], "versions": [int(part[2]) for part in parts]}
    known = [row.scorecard_id for row in connection.execute(query("reports/card_ids"), asked)]
    binds = {"scorecard_ids": known, "as_of": day, "account_id": account["account_id"]}
    source = connection.execute(query("verify/receipt"), binds).mappings().one_or_none()
    if source is None:
        raise FixConfig(
            f"{account['name']} ({account['crm_id']}) has no score by {' or '.join(labels)} on "
            f"{day}; `health explain` shows its last one."
        )
    return dict(source)


def _differences(connection: Connection, card: StoredCard, row: Row) -> tuple[Unlike, ...]:
    found, account = Verified(), row["account_id"]
    subject = subject_of(card, row["basis"], row["as_of"])
    verify_accounts(connection, subject, found, (account, account))
    return tuple(one for finding in found.findings for one in finding.differences)
