"""`health reconcile`: whether we have what the vendor has."""

import sys
from datetime import date
from typing import Any

import click

from include.cli.common import Day, as_json, job_at_hand
from include.errors import FixConfig

COLUMNS = ("stream", "here", "there", "missing here", "gone there", "repaired")
SHOWN = 5


@click.command()
@click.argument("source")
@click.option(
    "--as-of", type=Day(), help="Last day of streams that have days; default: the newest run's."
)
@click.option(
    "--repair", is_flag=True, help="Fetch what is missing or was set aside, mark what is gone."
)
@as_json
def reconcile(*, source: str, as_of: date | None, repair: bool, wants_json: bool) -> None:
    """Compare the records of SOURCE with the ids of all that its vendor has.

    --repair brings what is missing, once more what a check has set aside, and marks what is gone,
    as new versions beside the old ones; nothing is deleted, and the next run makes facts of it.
    A stream that the vendor does not show any more is left alone. Exit code 1: they differ, or not
    all of it could be mended.
    """
    from include.connections import credentials_at_hand
    from include.pipeline.reconciled import reconcile as compare
    from include.shown import terminal
    from include.stack.state import open_state
    from include.stack.vendors import running_connections

    with job_at_hand() as job:
        others = running_connections(open_state())
        credentials = credentials_at_hand(job.settings, source, others)
        day = as_of or _newest_day(job)
        found = list(compare(job, source, credentials, day, repairs=repair))
    if wants_json:
        terminal.show_json(
            {"source": source, "as_of": day, "streams": [one.shown() for one in found]}
        )
    else:
        terminal.show_rows([_row(one) for one in found], COLUMNS)
        for one in found:
            _tell(one)
    if any(one.not_shown or not (one.is_equal or one.is_mended) for one in found):
        sys.exit(1)


def _newest_day(job: Any) -> date:  # noqa: ANN401 - the class is imported only where it is needed
    from include import reports
    from include.warehouse.database import transaction

    with transaction(job.engine) as connection:
        newest = reports.runs(connection, 1)
    if not newest:
        raise FixConfig("There is no run yet to compare with; make one with `make run`.")
    day: date = newest[0]["as_of"]
    return day


def _row(one: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    numbers = one.stream, one.here, one.there, len(one.missing), len(one.gone), one.repaired
    return dict(zip(COLUMNS, numbers, strict=True))


def _tell(one: Any) -> None:  # noqa: ANN401 - as above
    if one.not_shown:
        click.echo(f"{one.stream}: cannot be compared, and nothing is marked. {one.not_shown}")
    for words, ids in (("missing here", one.missing), ("gone there", one.gone)):
        if ids:
            more = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
            click.echo(f"{one.stream}, {words}: {', '.join(ids[:SHOWN])}{more}")
    if one.gone and not one.can_go:
        click.echo(f"{one.stream}: such records never vanish; is it another account of the vendor?")
