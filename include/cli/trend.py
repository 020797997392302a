"""`health trend`: where an account's score is going, and what became of dips."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from include.cli.common import Day, as_json, asking_cards, check_range, reading, tell_age

if TYPE_CHECKING:
    from include.scoring.scorecard import Scorecard

DAYS = timedelta(days=89)
DAYS_OF_DIPS = timedelta(days=179)  # the first 90 of them have had the 90 days that decide


@click.command()
@click.argument("account", required=False)
@click.option("--from", "first", type=Day(),
              help="First day; default: 89 days before the last one; without ACCOUNT 179, as "
                   "half of these have had the 90 days that decide.")  # fmt: skip
@click.option("--to", "last", type=Day(),
              help="Last day, included; the newest where it is later or not given.")  # fmt: skip
@click.option("--window", type=click.IntRange(1, 3660), default=30, show_default=True,
              help="Days over which the change is told.")  # fmt: skip
@click.option("--limit", type=click.IntRange(0), default=12, show_default=True,
              help="Dips shown; --json has all.")  # fmt: skip
@asking_cards
@as_json
def trend(  # noqa: PLR0913 - one for each option
    *,
    cards: "Sequence[Scorecard]",
    account: str | None,
    first: date | None,
    last: date | None,
    window: int,
    limit: int,
    wants_json: bool,
) -> None:
    """Show where the score of ACCOUNT (an id, a CRM id or a name) is going.

    Without ACCOUNT: everybody's dips of these days, and whether those that somebody answered within
    a week came back more often, of all that had 90 days to do so.
    """
    from include import reports
    from include.reports import trend as trends
    from include.shown import terminal, trend_text

    with reading() as connection:
        tell_age(connection, cards, aside=wants_json)
        newest = reports.published_day(connection, cards, None).as_of
        end = min(last or newest, newest)  # days to come would count against dips as not back
        start = _first_day(first, end, DAYS if account else DAYS_OF_DIPS)
        if account is None:
            everybody = trends.portfolio(connection, cards, start, end)
            names = trends.names_of(connection, (dip.account_id for dip in everybody.dips[:limit]))
        else:
            found = reports.find_account(connection, account)
            own = trends.own_first(connection, cards, found["account_id"], end)
            course = trends.course(
                connection, own, found["account_id"], days=(start, end), window=window
            )
    if account is None:
        if wants_json:
            terminal.show_json(everybody.plain())
        else:
            trend_text.show_portfolio(everybody, names, limit)
    elif wants_json:
        terminal.show_json({**found, **asdict(course)})
    else:
        trend_text.show_course(course, found, own[0])


def _first_day(first: date | None, last: date, before: timedelta) -> date:
    first = first or last - before
    check_range(first, last)
    return first
