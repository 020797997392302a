"""`health change`: what moved one account's score between two days, in parts that sum to it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from include.cli.common import Day, as_json, check_range, deck_at_hand, reading, tell_age
from include.errors import FixConfig, RejectData

if TYPE_CHECKING:
    from include.pipeline.attribution import Change

MONTH = timedelta(days=30)


@click.command()
@click.argument("account")
@click.option("--from", "first", type=Day(), help="Day before; default: 30 days before the other.")
@click.option("--to", "last", type=Day(), help="Day after; default: the newest published one.")
@click.option("--outcome", help="As in adoption; default: the first one, which the CRM shows.")
@click.option("--scorecard", help="As in retention.v1; default: the outcome's that scored it.")
@as_json
def change(  # noqa: PLR0913 - one for each option
    *,
    account: str,
    first: date | None,
    last: date | None,
    outcome: str | None,
    scorecard: str | None,
    wants_json: bool,
) -> None:
    """Take the change of one account's score between two days apart.

    What the customer did, data that came, went or grew old, targets, rules, people, sources and the
    scorecard, each in points; the parts sum to the change. ACCOUNT is an id, a CRM id or a name.
    Only stored scores are read; where they do not come out the same again, the exit code is 65.
    """
    from include import reports
    from include.pipeline.attribution import card_number, change_between
    from include.shown import terminal

    if outcome and scorecard:
        raise FixConfig("Name an outcome or a scorecard: a scorecard has one outcome.")
    cards = deck_at_hand().asked(outcome)
    with reading() as connection:
        found = reports.find_account(connection, account)
        day = reports.published_day(connection, cards, None)
        tell_age(connection, cards, aside=wants_json)
        account_id, end = found["account_id"], last or day.as_of
        by_card = reports.scored_by(connection, day.cards, end, [account_id])
        number = by_card.get(account_id, next(iter(day.cards)))
        if scorecard:
            number = card_number(connection, scorecard)
        days = (first or end - MONTH, end)
        check_range(*days)
        told = change_between(connection, account_id, number, days, others=scorecard is None)
    if wants_json:
        terminal.show_json({**found, **asdict(told)})
    else:
        _show(found, told)
    if not told.comes_out:
        raise RejectData(
            "A stored score is not what its readings and its scorecard make: run "
            f"`health verify --as-of {told.now.as_of}` and for {told.then.as_of}."
        )


def _show(account: Mapping[str, Any], told: "Change") -> None:
    from include.shown import terminal

    show = terminal.console.print
    show(terminal.account_title(account), style="bold", markup=False)
    for end in (told.then, told.now):
        score = "no score" if end.score is None else f"{end.score:.1f}"
        show(
            f"  {end.as_of}  {score}, {end.band}; {end.scorecard}, {end.basis}, "
            f"revision {end.revision}",
            markup=False,
        )
    show(told.reason, markup=False)
    if told.change is None:
        show("One of the days has no score, so there is no change to take apart.", style="dim")
        return
    rows: list[dict[str, Any]] = [
        {"points": f"{part.shown:+.1f}", "kind": part.kind, "what": part.words}
        for part in told.parts
    ]
    rows.append({"points": f"{told.change:+.1f}", "kind": "", "what": "all of the change"})
    terminal.show_rows(rows, ("points", "kind", "what"))
