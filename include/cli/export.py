"""`health export`: published scores as a file for a warehouse or for a workbook."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from include.cli.common import Day, as_json, job_at_hand, tell_age


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", "form", help="parquet, csv or xlsx; default: as the name of OUT ends.")
@click.option("--what", default="accounts", show_default=True,
              help="accounts, history, measures, movers, coverage, plays or sync.")  # fmt: skip
@click.option("--as-of", type=Day(), help="The day; default: the newest published one.")
@click.option("--from", "first", type=Day(), help="First day, of history and measures.")
@click.option("--to", "last", type=Day(), help="Last day, included.")
@click.option("--outcome", help="As in adoption; default: the first one, which the CRM shows.")
@as_json
def export(  # noqa: PLR0913 - one for each option
    *,
    out: Path,
    form: str | None,
    what: str,
    as_of: date | None,
    first: date | None,
    last: date | None,
    outcome: str | None,
    wants_json: bool,
) -> None:
    """Write published scores into the file OUT; docs/bi.md lists its columns.

    An xlsx of accounts computes each score by live formulas from points and weights, to be checked
    and played with. What is unknown is empty. OUT is there whole or not at all.
    """
    from include.export.days import Asked
    from include.export.export import Wish, format_of, kind_of
    from include.export.export import export as write
    from include.shown import terminal
    from include.warehouse.database import transaction

    kind, found, asked = kind_of(what), format_of(out, form), Asked(as_of, first, last)
    with job_at_hand() as job:
        cards = job.deck.asked(outcome)
        with transaction(job.engine) as connection:
            stale = tell_age(connection, cards, aside=True)
        wish = Wish(kind, cards[0].outcome, asked, found, out, stale, datetime.now(UTC))
        done = write(job, wish)
    if wants_json:
        terminal.show_json(asdict(done))
        return
    days = done.last if done.first == done.last else f"{done.first} to {done.last}"
    terminal.console.print(
        f"{done.rows:,} rows of {what}, {days}: {out}", markup=False, soft_wrap=True
    )
