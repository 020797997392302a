"""`health peers`: one account beside the accounts of its segment."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from include.cli.common import Day, as_json, asking_cards, reading, tell_age

if TYPE_CHECKING:
    from include.scoring.percentile import Standing
    from include.scoring.scorecard import Scorecard

COLUMNS = ("", "points", "percentile", "lower quartile", "median", "upper quartile", "known")


@click.command()
@click.argument("account")
@click.option("--as-of", type=Day(), help="Published day to look at; default: the newest.")
@click.option("--at-least", type=click.IntRange(1),
              help="With fewer known values in the segment there is no number; default: "
              "peers.at_least of health.yaml.")  # fmt: skip
@asking_cards
@as_json
def peers(
    *,
    cards: "Sequence[Scorecard]",
    account: str,
    as_of: date | None,
    at_least: int | None,
    wants_json: bool,
) -> None:
    """Show where ACCOUNT (an id, a CRM id or a name) stands among the accounts of its segment.

    The percentile is the share of the segment's known values that are lower, plus half of those
    that are equal, its own among them: 100 would be the healthiest, 50 is the middle.
    """
    from include.html_page import printable
    from include.reports.peers import peers as compare
    from include.settings import load_settings
    from include.shown import terminal

    fewest = at_least or load_settings().peers.at_least
    with reading() as connection:
        found = compare(connection, cards, account, as_of, at_least=fewest)
        tell_age(connection, cards, aside=wants_json)
    if wants_json:
        terminal.show_json(asdict(found))
        return
    segment = f"segment {found.segment}" if found.segment else "accounts without a segment"
    by = f"; categories by {found.scorecard}" if len(cards) > 1 else ""
    terminal.console.print(
        f"{printable(f'{found.name} ({found.crm_id})')} on {found.as_of}, among "
        f"{found.accounts:,} scored of the {printable(segment)}{by}",
        markup=False,
    )
    standings = {"score": found.score, **found.categories}
    terminal.show_rows([_shown(name, one) for name, one in standings.items()], COLUMNS)


def _shown(name: str, one: "Standing") -> dict[str, object]:
    found = (
        one.value, one.percentile, one.lower_quartile, one.median, one.upper_quartile,
    )  # fmt: skip
    cells = ["too few" if one.is_too_few else _points(value) for value in found]
    cells[0] = _points(one.value)
    return dict(zip(COLUMNS, [name, *cells, one.size], strict=True))


def _points(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f}"
