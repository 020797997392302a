"""`health receipt` and `health path`: one score with all it rests on, and the way up from it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from include.cli.common import Day, as_json, asking_cards, job_at_hand, reading, tell_age
from include.errors import FixConfig, RejectData

if TYPE_CHECKING:
    from include.scoring.scorecard import Scorecard


@click.command()
@click.argument("account")
@click.argument("day", type=Day())
@click.option("--outcome", help="As in adoption; default: the first one, which the CRM shows.")
@click.option("--scorecard", help="As in retention.v1; default: the outcome's that scored it.")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write it as one page to forward: no script, no network.")  # fmt: skip
@as_json
def receipt(  # noqa: PLR0913 - one for each option
    *,
    account: str,
    day: date,
    outcome: str | None,
    scorecard: str | None,
    page: Path | None,
    wants_json: bool,
) -> None:
    """Show how the score of one DAY came about, from its readings to the run that computed it.

    ACCOUNT is an id, a CRM id or a name. The score is computed again on the spot; where it does
    not come out the same to the last bit, the differences are shown and the exit code is 65.
    """
    from include.reports.receipt import make_receipt
    from include.scoring.deck import label_of
    from include.shown import receipt_page, receipt_text, terminal
    from include.warehouse.database import transaction

    if outcome and scorecard:
        raise FixConfig("Name an outcome or a scorecard: a scorecard has one outcome.")
    with job_at_hand() as job, transaction(job.engine) as connection:
        labels = [scorecard] if scorecard else map(label_of, job.deck.asked(outcome))
        found = make_receipt(job, connection, entered=account, day=day, labels=list(labels))
        same_outcome = job.deck.outcomes.get(found.card.outcome, job.cards)
        stale = tell_age(connection, same_outcome, aside=wants_json)
    if page is not None:
        receipt_page.write_receipt(found, page, stale=stale)
    if wants_json:
        terminal.show_json(found.plain())
    elif page is not None:
        terminal.console.print(f"The receipt as a page: {page}", markup=False, soft_wrap=True)
    else:
        receipt_text.show_receipt(found)
    if found.differences or found.doubts:
        raise RejectData(" ".join(receipt_text.verdict(found)))


@click.command()
@click.argument("account")
@click.option("--as-of", type=Day(), help="Day to start from; default: the newest.")
@asking_cards
@as_json
def path(
    *, cards: "Sequence[Scorecard]", account: str, as_of: date | None, wants_json: bool
) -> None:
    """Show the least that would lift an account into the next band.

    The fewest measures, and of these the fewest points; each along its own curve, and only
    measures that are known. ACCOUNT is an id, a CRM id or a name.
    """
    from include import reports
    from include.reports import one_account
    from include.reports.receipt import path_of
    from include.shown import receipt_text, terminal

    with reading() as connection:
        found = reports.find_account(connection, account)
        card, row, _ = one_account.account_day(connection, cards, found["account_id"], as_of)
        tell_age(connection, cards, aside=wants_json)
    found_path = path_of(row, card)
    if wants_json:
        names = ("account_id", "crm_id", "name", "as_of", "scorecard")
        terminal.show_json({name: row[name] for name in names} | asdict(found_path))
        return
    score = "unknown" if found_path.score is None else f"{found_path.score:.1f}"
    terminal.console.print(
        f"{terminal.account_title(row)} on {row['as_of']}: {score}, "
        f"{found_path.band or 'band unknown'}",
        markup=False,
    )
    receipt_text.show_path(found_path)
