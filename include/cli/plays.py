"""`health plays …`: playbooks and the plans that they opened."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from include.cli.common import as_json, deck_at_hand, reading, tell_age
from include.settings import load_settings

if TYPE_CHECKING:
    from include.scoring.scorecard import Scorecard

OUTCOME = click.option("--outcome", help="As in adoption; default: the first one.")


@click.group()
def plays() -> None:
    """Plans by playbooks: what accounts need next, who does it, how it stands."""


@plays.command()
def check() -> None:
    """Read the playbooks that health.yaml names; every mistake is told."""
    from include.pipeline.playbooks import read_playbooks

    for playbook in read_playbooks(load_settings(), deck_at_hand()):
        click.echo(f"{playbook.label}: {len(playbook.steps)} steps; digest {playbook.digest}")


@plays.command(name="list")
@click.option("--limit", type=click.IntRange(1), default=25, show_default=True)
@OUTCOME
@as_json
def list_plans(*, outcome: str | None, limit: int, wants_json: bool) -> None:
    """List open plans, lowest score first."""
    from include.shown import plays_text, terminal

    day, plans = _open_plans(deck_at_hand().asked(outcome), aside=wants_json)
    if wants_json:
        terminal.show_json(plans[:limit])
    else:
        plays_text.show_plans(plans[:limit], f"{len(plans):,} open plans on {day}, worst first")


@plays.command()
@click.argument("account")
@as_json
def show(*, account: str, wants_json: bool) -> None:
    """Show all plans of ACCOUNT (an id, a CRM id or a name) with their steps."""
    from include import reports
    from include.reports import plays as report
    from include.shown import plays_text, terminal

    with reading() as connection:
        found = reports.find_account(connection, account)
        tell_age(connection, deck_at_hand().asked(None), aside=wants_json)
        plans = report.plans_of(connection, found["account_id"])
    if wants_json:
        terminal.show_json({**found, "plans": plans})
    else:
        plays_text.show_account(found, plans)


@plays.command()
@click.option("--manager", help="Only the plans of this person's people: an e-mail address.")
@OUTCOME
@as_json
def review(*, manager: str | None, outcome: str | None, wants_json: bool) -> None:
    """Show the week's review: open plans by manager, with what is due and what is overdue."""
    from dataclasses import asdict

    from include.reports import plays as report
    from include.shown import plays_text, terminal

    day, plans = _open_plans(deck_at_hand().asked(outcome), aside=wants_json)
    found = report.teams(plans, load_settings().plays.manager_of, manager)
    if wants_json:
        terminal.show_json({"as_of": day, "teams": [asdict(team) for team in found]})
    else:
        plays_text.show_review(found, day)


def _open_plans(cards: "Sequence[Scorecard]", *, aside: bool) -> tuple[Any, list[Any]]:
    from include import reports
    from include.reports import plays as report

    with reading() as connection:
        day = reports.published_day(connection, cards, None)
        tell_age(connection, cards, aside=aside)
        return day.as_of, report.open_plans(connection, day, cards[0].outcome)
