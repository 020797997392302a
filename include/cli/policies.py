"""`health policies`: what other ways to treat the unknown would have made of a day's scores."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from include.cli.common import Day, as_json, job_at_hand, tell_age

if TYPE_CHECKING:
    from include.pipeline.policies import PolicyReport
    from include.scoring.unknown_policies import PolicyOutcome


@click.command()
@click.argument("card")
@click.option("--as-of", type=Day(), help="The day to look at; default: the newest published one.")
@click.option("--carry-days", type=click.IntRange(0, 90), default=30, show_default=True,
              help="How far the policy that carries readings forward looks back.")  # fmt: skip
@as_json
def policies(*, card: str, as_of: date | None, carry_days: int, wants_json: bool) -> None:
    """Show what each policy for the unknown would have made of a day, for every measure of CARD.

    CARD is named as in retention.v1. Each policy is taken for all measures at once: that they stay
    unknown, that the last reading is carried forward, 50 neutral points, and 0. The accounts, the
    readings, attributes, rules and overrides are those of the day; nothing is stored.
    """
    from include.pipeline.policies import report_policies
    from include.pipeline.spans import find_card
    from include.reports import published_day
    from include.shown import terminal
    from include.warehouse.database import transaction

    with job_at_hand() as job:
        cards = [find_card(job, card)]
        with transaction(job.engine) as connection:
            as_of = as_of or published_day(connection, cards, None).as_of
            tell_age(connection, cards, aside=wants_json)
        found = report_policies(job, card, as_of, carry_days=carry_days)
    if wants_json:
        terminal.show_json(asdict(found))
        return
    _show(found)


def _show(found: "PolicyReport") -> None:
    from include.shown import terminal

    terminal.console.print(
        f"{found.scorecard} on {found.as_of}, {found.basis}: {found.accounts:,} accounts",
        markup=False,
    )
    rows = [_row(one) for one in found.outcomes]
    terminal.show_rows(rows, tuple(rows[0]))
    gaps = [asdict(gap) for gap in found.gaps if gap.unknown or gap.carried]
    if gaps:
        terminal.console.print(
            f"\n[bold]Unknown[/bold], earlier: had a reading in the {found.carry_days} days before"
        )
        terminal.show_rows(gaps, tuple(gaps[0]))
    flips = [
        {"policy": one.policy, "from": flip.live, "to": flip.draft, "accounts": flip.accounts}
        for one in found.outcomes
        for flip in one.flips
    ]
    if flips:
        terminal.console.print("\n[bold]Bands that would be others[/bold]")
        terminal.show_rows(flips, tuple(flips[0]))


def _row(one: "PolicyOutcome") -> dict[str, object]:
    """A policy's scores, its bands, and what is different by it."""
    return {
        "policy": one.policy, "scored": one.summary.scored, "mean": one.summary.mean,
        **{name: one.summary.quantiles[name] for name in ("p5", "p50", "p95")},
        "coverage": one.summary.coverage,
        **{band.band: band.accounts for band in one.summary.bands},
        "other band": one.flipped, "higher": one.raised, "lower": one.lowered,
    }  # fmt: skip
