"""`health sources …`: whether the vendors can be read."""

import sys
from datetime import UTC, datetime

import click

from include.cli.common import as_json
from include.settings import load_settings

COLUMNS = ("source", "what", "works", "words")


@click.group()
def sources() -> None:
    """Look at the sources of health.yaml."""


@sources.command()
@click.argument("source", nargs=-1)
@as_json
def check(*, source: tuple[str, ...], wants_json: bool) -> None:
    """Ask each SOURCE (default: all) what works: credential, permissions, fields, limits, clock.

    Some requests a source, nothing is written. The exit code is 1 where something does not work.
    """
    from include.connections import credentials_at_hand
    from include.pipeline.checked_sources import check_sources
    from include.shown import terminal
    from include.stack.state import open_state
    from include.stack.vendors import running_connections

    settings, others = load_settings(), running_connections(open_state())
    found = [
        {
            "source": one.source,
            "vendor": one.vendor,
            "what": one.finding.what,
            "works": one.finding.works,
            "words": one.finding.words,
        }
        for one in check_sources(
            settings,
            source,
            lambda name: credentials_at_hand(settings, name, others),
            datetime.now(UTC),
        )
    ]
    if wants_json:
        terminal.show_json(found)
    else:
        shown = [{**row, "works": "yes" if row["works"] else "NO"} for row in found]
        terminal.show_rows(shown, COLUMNS)
    if not all(row["works"] for row in found):
        sys.exit(1)
