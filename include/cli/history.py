"""`health diff`, `health backfill`, `health thin`: past days, as known then and as known now."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from include.cli.common import Day, as_json, job_at_hand
from include.errors import FixConfig

if TYPE_CHECKING:
    from include.pipeline.job import Job

BASES = click.Choice(["live", "reconstructed"])
SHOWN = 12


@click.command()
@click.option("--as-of", type=Day(), required=True, help="The day to look at.")
@click.option("--basis", nargs=2, type=BASES, default=("live", "reconstructed"),
              show_default=True, help="What to compare with what.")  # fmt: skip
@click.option("--scorecard", help="Default: the first one of health.yaml.")
@as_json
def diff(*, as_of: date, basis: tuple[str, str], scorecard: str | None, wants_json: bool) -> None:
    """Show where the facts of today make another score of a past day, and why."""
    from include.html_page import printable
    from include.pipeline.difference import difference
    from include.pipeline.spans import find_card
    from include.shown import terminal

    if set(basis) != {"live", "reconstructed"}:
        raise FixConfig("--basis takes one of each: live reconstructed.")
    with job_at_hand() as job:
        card = find_card(job, scorecard) if scorecard else job.cards[0]
        found = difference(job, card, as_of)
    if wants_json:
        terminal.show_json(asdict(found))
        return
    terminal.console.print(
        f"{found.scorecard} on {as_of}: {found.compared:,} accounts, {found.same:,} the same, "
        f"{found.changed:,} changed, {found.scored_live_only:,} scored then only, "
        f"{found.scored_reconstructed_only:,} now only"
    )
    for one in found.accounts[:SHOWN]:
        terminal.console.print(
            f"\n{printable(f'{one.name} ({one.crm_id})')}: {_points(one.live)} then, "
            f"{_points(one.reconstructed)} now{'. ' + one.because if one.because else ''}",
            markup=False,
        )
        terminal.show_rows(
            [asdict(measure) for measure in one.measures],
            ("name", "live", "reconstructed", "because"),
        )
    if len(found.accounts) > SHOWN:
        terminal.console.print(f"\n… and {len(found.accounts) - SHOWN:,} more; --json has all.")


@click.command()
@click.option("--from", "first", type=Day(), required=True, help="First day.")
@click.option("--to", "last", type=Day(), required=True, help="Last day, included.")
@click.option("--scorecard", help="Default: all cards of the outcome that the CRM shows.")
@click.option("--accounts", default="", help="CRM ids with commas between, segment:NAME, or both.")
@click.option("--readings", type=click.Choice(["as known then", "from the facts"]),
              default="as known then", show_default=True)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def backfill(  # noqa: PLR0913 - one for each field of the form
    *,
    first: date,
    last: date,
    scorecard: str | None,
    accounts: str,
    readings: str,
    dry_run: bool,
) -> None:
    """Compute past days as the DAG customer_health_backfill does, one part after the other."""
    from include.scoring.deck import label_of

    with job_at_hand() as job:
        cards = [scorecard] if scorecard else [label_of(card) for card in job.deck.asked()]
        for label in cards:
            asked = {
                "first": str(first), "last": str(last), "accounts": accounts,
                "readings": readings, "scorecard": label, "dry_run": str(dry_run),
            }  # fmt: skip
            _backfill(job, asked)


def _backfill(job: "Job", asked: Mapping[str, str]) -> None:
    from include import pipeline
    from include.shown import terminal

    said = (asked[key] for key in ("scorecard", "first", "last", "accounts", "readings"))
    run_id = "health backfill {} {}..{} {} {}".format(*said)
    estimated = pipeline.estimate(job, asked)
    terminal.console.print(f"{asked['scorecard']}:", markup=False)
    for name, value in estimated.items():
        terminal.console.print(f"  {name.replace('_', ' '):<20}{value:>14,}")
    parts = pipeline.parts(job, run_id, asked)
    for number, part in enumerate(parts, start=1):
        counts = pipeline.fill(job, run_id, asked, part)
        shown = ", ".join(f"{value:,} {key}" for key, value in counts.items() if value)
        terminal.console.print(f"  {number} of {len(parts)}: {part['first']}  {shown}")
    if parts:
        pipeline.close(job, run_id, asked)


@click.command()
@click.option("--before", type=Day(), required=True, help="Thin the receipts of days before it.")
@click.option("--dry-run", is_flag=True, help="Only count them.")
def thin(*, before: date, dry_run: bool) -> None:
    """Keep one receipt a week of old scores; the scores themselves always stay."""
    from include.pipeline.thinning import thin_before
    from include.shown import terminal

    with job_at_hand() as job:
        counts = thin_before(job, before, every=True, dry_run=dry_run)
    verb = "would lose" if dry_run else "lost"
    terminal.console.print(
        f"{counts['receipts']:,} scores of {counts['days']:,} days {verb} their receipts."
    )


def _points(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f}"
