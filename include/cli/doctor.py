"""`health doctor`: whether this installation is fit to run, and what to do where it is not."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from include.cli.common import as_json

if TYPE_CHECKING:
    from include.doctor import Found

WORDS = {"good": "ok", "look": "look", "bad": "BAD"}


@click.command()
@click.option("--vendors", is_flag=True, help="Ask every vendor too, as `health sources check`.")
@click.option("--max-age", type=click.IntRange(0), metavar="DAYS",
              help="How old scores and landings may be; default: checks.max_age_days.")  # fmt: skip
@as_json
def doctor(*, vendors: bool, max_age: int | None, wants_json: bool) -> None:
    """Look at settings, connections, versions, disk, database, runs and what waits.

    Nothing is changed. The exit code is 1 where a line is BAD: a person must do what it says.
    Lines to `look` at may pass by themselves.
    """
    from include.doctor import examine
    from include.shown import terminal

    now = datetime.now(UTC)
    examined = examine(now, max_age_days=max_age)
    if vendors:
        examined.findings += _asked(now)
    if wants_json:
        rows = [asdict(one) for one in examined.findings]
        terminal.show_json({"is_good": examined.is_good, "findings": rows})
    else:
        shown = [{**asdict(one), "state": WORDS[one.state]} for one in examined.findings]
        terminal.show_rows(shown, ("state", "what", "words"))
    if not examined.is_good:
        sys.exit(1)


def _asked(now: datetime) -> "list[Found]":
    """Return what the vendors themselves say, where health.yaml can be read."""
    from include.connections import credentials_at_hand
    from include.doctor import Found
    from include.errors import HealthError
    from include.pipeline.checked_sources import check_sources
    from include.settings import load_settings
    from include.stack.state import open_state
    from include.stack.vendors import running_connections

    try:
        settings, others = load_settings(), running_connections(open_state())
    except HealthError:
        return []  # said already
    found = check_sources(
        settings, (), lambda name: credentials_at_hand(settings, name, others), now
    )
    return [
        Found(
            f"{one.source}: {one.finding.what}",
            "good" if one.finding.works else "bad",
            one.finding.words,
        )
        for one in found
    ]
