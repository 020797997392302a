"""`health common-causes`: measures that a source changed for most accounts at once."""

from datetime import date

import click

from include.cli.common import Day, as_json, deck_at_hand, reading
from include.errors import FixConfig


@click.group("common-causes")
def common_causes() -> None:
    """List measures that a source changed for most accounts at once, and let them through."""


@common_causes.command("list")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@as_json
def list_common_causes(*, limit: int, wants_json: bool) -> None:
    """List measures and days, newest first: how many accounts moved, and what was made of it."""
    from include.pipeline.sources_changes import common_causes as find
    from include.shown import terminal

    with reading() as connection:
        rows = find(connection, limit)
    if wants_json:
        terminal.show_json(rows)
        return
    if not rows:
        terminal.console.print("No measure moved for most accounts at once.")
        return
    shown = [{**row, "moved": _moved(row)} for row in rows]
    columns = ("as_of", "scorecard", "measure", "moved", "verdict", "released_as", "released_by")
    terminal.show_rows(shown, columns)


@common_causes.command()
@click.argument("measure")
@click.option("--as", "as_what", type=click.Choice(["source", "customers"]), required=True,
              help="Whose change it is, in what is told of scores from now on.")  # fmt: skip
@click.option("--by", "who", required=True, help="Your name.")
@click.option("--to", "last", type=Day(), help="Last day on which it was held; default: any.")
@click.option("--scorecard", help="As in retention.v1; default: the one that the CRM shows.")
def release(
    *, measure: str, as_what: str, who: str, last: date | None, scorecard: str | None
) -> None:
    """Let a MEASURE that is held through: the next run reads it as it is.

    What was published stays as it was; run the newest day again to mend it as well.
    """
    from include.pipeline.attribution import card_number
    from include.pipeline.sources_changes import Release
    from include.pipeline.sources_changes import release as let_go
    from include.scoring.deck import label_of
    from include.shown import terminal

    word = Release(measure, last or date.max, as_what, who)
    with reading() as connection:
        number = card_number(connection, scorecard or label_of(deck_at_hand().live[0]))
        days = let_go(connection, number, word)
    if not days:
        raise FixConfig(f"{measure!r} is not held; `health common-causes list` shows what is.")
    terminal.console.print(
        f"{measure} was held on {', '.join(map(str, days))} and is let through from now on, as the "
        f"{'source' if as_what == 'source' else 'customers'}' change. To score {days[-1]} by it as "
        f"well, run that day again while it is the newest one.",
        markup=False, soft_wrap=True,
    )  # fmt: skip


def _moved(row: dict[str, object]) -> str:
    usual = row["usual_share"]
    often = "" if usual is None else f", usually at most {usual:.0%}"
    return f"{row['direction']} for {row['share']:.0%} of {row['accounts']:,}{often}"
