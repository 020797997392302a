"""`health scorecard`: check scorecards before they score anybody, show one, print the schema."""

import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from include.cli.common import Day, as_json
from include.errors import FixConfig
from include.settings import ROOT, Settings, load_settings

if TYPE_CHECKING:
    from include.scoring.scorecard import Scorecard

VERSIONED = r".+\.v\d+\.yaml"  # other files are drafts: their names are free


@click.group()
def scorecard() -> None:
    """The scorecards: what a score is made of."""


@scorecard.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--day", type=Day(), help="Day for reviews that are due; default: today.")
@as_json
def check(*, files: tuple[Path, ...], day: date | None, wants_json: bool) -> None:
    """Check FILES: every mistake with its line, all at once; exit with 78 where there is one.

    Without FILES those that health.yaml names are checked, and whether together they score every
    account.

    A good file's warnings, weights in percent, policies for the unknown and rules in their order
    are printed. A file named <name>.v<version>.yaml must also be so called inside, have all earlier
    versions beside it, and be what it was when it was released.
    """
    from include.pipeline.job import read_deck
    from include.shown import terminal

    looked = [(path, *_look(path)) for path in files or _of_settings()]
    if wants_json:
        terminal.show_json([_as_data(path, card, wrong, day) for path, card, wrong in looked])
    else:
        for path, card, wrong in looked:
            _print(path, card, wrong, day)
    if any(wrong for _, _, wrong in looked):
        sys.exit(78)
    if not files:
        read_deck(load_settings())


@scorecard.command()
@click.argument("card")
@click.option("--day", type=Day(), help="Day for a review that is due; default: today.")
@as_json
def show(*, card: str, day: date | None, wants_json: bool) -> None:
    """Show all that CARD says: a file, or the label of one in scorecards/, like retention.v1."""
    from include.shown import card_text, terminal

    path = Path(card)
    path = (
        path
        if path.suffix in {".yaml", ".yml"} or path.is_file()
        else ROOT / "scorecards" / f"{card}.yaml"
    )
    found = _load(path)
    if wants_json:
        said = found.model_dump(mode="json", by_alias=True)
        terminal.show_json(said | card_text.as_data(found, _warnings(found, day)))
        return
    card_text.show_card(found, _warnings(found, day))


@scorecard.command()
def schema() -> None:
    """Print the JSON Schema of scorecards, which editors complete keys from.

    It is published as scorecards/scorecard.schema.json; a first line
    `# yaml-language-server: $schema=scorecard.schema.json` makes editors use it.
    """
    from include.scoring.schema import schema_text

    click.echo(schema_text(), nl=False)


def _of_settings() -> tuple[Path, ...]:
    """Name the cards of health.yaml from the working folder, where they are below it."""
    settings, here = load_settings(), Path.cwd()
    named = (ROOT / path for path in (*settings.scorecards, *settings.shadow_scorecards))
    return tuple(path.relative_to(here) if path.is_relative_to(here) else path for path in named)


def _look(path: Path) -> "tuple[Scorecard | None, list[str]]":
    """The card, or what is wrong with it."""
    try:
        return _load(path), []
    except FixConfig as error:
        return None, str(error).splitlines()


def _load(path: Path) -> "Scorecard":
    from include.pipeline.draft import load_draft
    from include.scoring.scorecard import load_scorecard

    return load_scorecard(path) if re.fullmatch(VERSIONED, path.name) else load_draft(path)


def _warnings(card: "Scorecard", day: date | None) -> list[str]:
    from include.scoring.advice import warnings

    settings = load_settings()
    today = day or datetime.now(UTC).astimezone(ZoneInfo(settings.time_zone)).date()
    known = {*settings.crm_source.attribute_fields, "currency"}
    unread = [
        f"health.yaml names no attribute {name}, so nobody's is known; add it to `attributes` of "
        f"{settings.crm_source.name}."
        for name in card.attributes
        if name not in known
    ]
    return [*warnings(card, today), *unread, *_never_entered(card, settings)]


def _never_entered(card: "Scorecard", settings: Settings) -> list[str]:
    """Say which manual inputs the card reads and no source of health.yaml takes."""
    from include.scoring.reading_parts import series_of
    from include.scoring.strict import did_you_mean
    from include.vendor_settings.entered import measures_entered

    entered = measures_entered(settings.sources)
    if entered is None:
        return []
    named = [f"manual_{name}" for name in entered]
    return [
        f"No source of manual inputs in health.yaml takes what {name} reads, so it stays unknown; "
        + (did_you_mean(name, named) if named else "there is no such source.")
        for name in series_of(measure.reading for measure in card.measures)
        if name.startswith("manual_") and name not in named
    ]


def _as_data(
    path: Path, card: "Scorecard | None", wrong: list[str], day: date | None
) -> dict[str, object]:
    from include.shown import card_text

    said = card_text.as_data(card, _warnings(card, day)) if card else {}
    return {"file": str(path), "mistakes": wrong, **said}


def _print(path: Path, card: "Scorecard | None", wrong: list[str], day: date | None) -> None:
    from include.shown import card_text

    for line in wrong:
        click.secho(line, fg="red", err=True)
    if card:
        click.echo(f"{path}: good; digest {card.digest}")
        card_text.show_check(card, _warnings(card, day))
