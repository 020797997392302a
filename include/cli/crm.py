"""`health crm …`: what is written into the CRM, what came of it, and how to take it back."""

import sys
from typing import Any

import click

from include.cli.common import as_json, job_at_hand, reading, tell_age


@click.group()
def crm() -> None:
    """The fields that the job writes into the CRM: plan, make, look at, take back."""


@crm.command()
@click.option("--outcome", help="As in adoption; default: the first one, which the CRM shows.")
@click.option("--examples", default=10, show_default=True, help="So many changes are shown.")
@as_json
def plan(*, outcome: str | None, examples: int, wants_json: bool) -> None:
    """Show what the newest published day would write; nothing is sent."""
    from include.pipeline.sync import wanted
    from include.shown import crm_text
    from include.warehouse.database import transaction

    with job_at_hand() as job:
        found = wanted(job, outcome, examples=examples)
        with transaction(job.engine) as connection:
            tell_age(connection, job.deck.asked(outcome), aside=wants_json)
    if wants_json:
        crm_text.show_plan_json(found)
    else:
        crm_text.show_plan(found)


@crm.command(name="provision")
@click.option("--apply", "is_meant", is_flag=True, help="Make it so; without: only say it.")
@as_json
def provision_fields(*, is_meant: bool, wants_json: bool) -> None:
    """Show which of our fields the CRM lacks, and make them."""
    from include.pipeline import sync
    from include.shown import crm_text

    with job_at_hand() as job:
        credentials = _credentials(job.settings)
        lacking = sync.lacking(job, credentials)
        made = sync.make_fields(job, credentials) if is_meant and lacking.steps else ()
    crm_text.show_steps(lacking, made, is_meant=is_meant, wants_json=wants_json)


@crm.command()
@as_json
def status(*, wants_json: bool) -> None:
    """Show what the last runs wrote, what the CRM refused, and what people changed since."""
    from include.reports import crm as crm_report
    from include.settings import load_settings
    from include.shown import crm_text, terminal

    with reading() as connection:
        found = crm_report.status(connection, load_settings().crm_source.name)
    if wants_json:
        terminal.show_json(found)
    else:
        crm_text.show_status(found)


@crm.command()
@click.argument("run", type=int)
@click.option("--by", required=True, help="Who wants it.")
@as_json
def undo(*, run: int, by: str, wants_json: bool) -> None:
    """Take back what RUN (a number of `health crm status`) wrote.

    Each field gets the value that it had before; those that somebody changed since are left to them
    and listed. The scores of that day are not sent again; the next day's are. Exit code 1: the CRM
    did not take all of it; ask again.
    """
    from include.pipeline import sync
    from include.reports import crm as crm_report
    from include.shown import crm_text

    with job_at_hand() as job:
        done = sync.undo(job, _credentials(job.settings), run_no=run, by=by)
    with reading() as connection:
        skipped = crm_report.skipped(connection, run)
    crm_text.show_undone(done, skipped, wants_json=wants_json)
    if done.failed:
        sys.exit(1)


def _credentials(settings: Any) -> Any:  # noqa: ANN401 - classes are imported where needed
    from include.connections import credentials_at_hand
    from include.stack.state import open_state
    from include.stack.vendors import running_connections

    source = settings.crm_source.name
    return credentials_at_hand(settings, source, running_connections(open_state()))
