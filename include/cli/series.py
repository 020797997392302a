"""`health series`: what series there are, and whether each keeps its word."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from include.cli.common import as_json, reading
from include.settings import load_settings

if TYPE_CHECKING:
    from include.warehouse.series_check import Checked

SHOWN = 5  # differences of one series


@click.group()
def series() -> None:
    """The day-level series that scorecards read."""


@series.command(name="list")
@as_json
def list_series(*, wants_json: bool) -> None:
    """List every series: its source, how its days add up, from when on it is known."""
    from include.series import all_files, in_use

    files = all_files()
    rules = {file.role: file.known for file in files if file.known}
    rows = [{**asdict(one), "known_from": rules[one.role]} for one in in_use(files, _windows())]
    if wants_json:
        from include.shown import terminal

        terminal.show_json(rows)
        return
    for row in rows:
        blocked = f"; unknown where {row['blocked_by']} is not 0" if row["blocked_by"] else ""
        click.echo(f"{row['name']:24} {row['role']:8} {row['kind']:8} {row['meaning']}{blocked}")
    for role, rule in rules.items():
        click.echo(f"{role}: before {rule}, unknown; from then on a day without a row is 0.")


@series.command()
@click.option("--accounts", type=click.IntRange(1), help="Check so many accounts; default: all.")
@as_json
def check(*, accounts: int | None, wants_json: bool) -> None:
    """Compute every series in parts and as a whole; exit with 1 where they or the store differ."""
    from include.shown import terminal
    from include.warehouse.rollup import statement_binds
    from include.warehouse.series_check import check_series, pending

    with reading() as connection:
        waiting = pending(connection)
        binds = statement_binds(load_settings(), _windows())
        found = list(check_series(connection, binds, accounts=accounts))
    if wants_json:
        terminal.show_json({"pending": waiting, "series": [asdict(one) for one in found]})
    else:
        for one in found:
            _show(one)
        if not found:
            click.echo("Nothing was checked: the store has no series yet.")
        if waiting:
            click.echo(f"{waiting:,} changes wait for the next roll-up: what is stored may differ.")
    if any(one.differences for one in found):
        sys.exit(1)


def _show(one: "Checked") -> None:
    differing = len(one.differences)
    verdict = f"{differing:,} DIFFER" if differing else "additive, and stored as a whole"
    click.echo(f"{one.name:24} {one.rows:>10,} account-days: {verdict}")
    for each in one.differences[:SHOWN]:
        click.echo(
            f"    account {each.account_id}, {each.day}: {each.way} {each.found}, "
            f"as a whole {each.expected}"
        )


def _windows() -> tuple[int, ...]:
    from include.pipeline.ingest import series_windows
    from include.pipeline.job import read_deck

    return series_windows(read_deck(load_settings()).all)
