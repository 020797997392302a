"""`health simulate`: what a draft scorecard would have said, before anybody releases it."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from include.cli.common import Day, as_json, job_at_hand

if TYPE_CHECKING:
    from include.pipeline.simulation import Simulation
    from include.shown.simulation_tables import Table


@click.command()
@click.argument("card", type=click.Path(path_type=Path))
@click.option("--from", "first", type=Day(), required=True, help="First day.")
@click.option("--to", "last", type=Day(), required=True, help="Last day, included.")
@click.option("--against", help="A scorecard in health.yaml, like retention.v1; default: the one "
              "that the CRM shows.")  # fmt: skip
@click.option("--movers", type=click.IntRange(0), default=15, show_default=True,
              help="How many accounts to name at most.")  # fmt: skip
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False),
              help="Write a page with charts to this file as well.")  # fmt: skip
@as_json
def simulate(  # noqa: PLR0913 - one for each option
    *,
    card: Path,
    first: date,
    last: date,
    against: str | None,
    movers: int,
    page: Path | None,
    wants_json: bool,
) -> None:
    """Score past days under the draft in the file CARD, beside the live scorecard.

    The file need not be named in health.yaml nor be released. Both cards are scored from the same
    readings of the same accounts: those known live on that day where there are any, else the facts
    at hand. A range of more than 60 days is looked at once a week. Nothing is stored.
    """
    from include.pipeline.draft import load_draft
    from include.pipeline.simulation import simulate as run
    from include.pipeline.spans import find_card
    from include.shown import terminal

    draft = load_draft(card)
    with job_at_hand() as job:
        live = find_card(job, against) if against else job.cards[0]
        found = run(job, (live, draft), first, last, movers=movers)
    if page is not None:
        from include.shown.simulation_page import write_simulation

        write_simulation(found, (live, draft), page)
    if wants_json:
        terminal.show_json(asdict(found))
        return
    _show(found)
    if page is not None:
        terminal.console.print(f"\nThe page with charts: {page}", markup=False, soft_wrap=True)


def _show(found: "Simulation") -> None:
    from include.shown import terminal
    from include.shown.simulation_tables import headline, tables, warnings

    terminal.console.print(headline(found), markup=False)
    for warning in warnings(found):
        terminal.console.print(warning, markup=False, style="yellow")
    for table in tables(found):
        _print(table)


def _print(table: "Table") -> None:
    from rich.table import Table as Printed
    from rich.text import Text

    from include.shown import terminal

    terminal.console.print(Text(f"\n{table.title}", style="bold"))
    terminal.console.print(Text(table.note, style="dim"))
    if not table.rows:
        return
    printed = Printed(box=None, pad_edge=False, show_edge=False)
    for at, name in enumerate(table.heads):
        printed.add_column(name, justify="left" if at < table.words else "right", no_wrap=True)
    for row in table.rows:
        printed.add_row(*(Text(cell) for cell in row))
    lines = terminal.console.render_lines(printed, pad=False)
    for at, line in enumerate(lines):
        terminal.console.print(Text.assemble(*((part.text, part.style or "") for part in line)))
        if table.under and at:
            terminal.console.print(Text(f"    {table.under[at - 1]}", style="dim"))
