"""`health inputs`: files that people fill in and drop into a folder (docs/inputs.md)."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from include.cli.common import Day, as_json, job_at_hand, reading
from include.errors import FixConfig
from include.settings import load_settings

FILES = ("file", "state", "entries", "row", "reason")
MEASURES = ("source", "measure", "series", "entries", "accounts", "people", "newest_on", "nobodys")


@click.group()
def inputs() -> None:
    """What people enter in CSV and XLSX files."""


@inputs.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--measure", "measures", multiple=True, help="As in roadmap_fit; may be repeated.")
@click.option("--accounts", "wants_accounts", is_flag=True, help="A row for every account.")
@click.option("--who", default="", help="Fill in who enters it.")
@click.option("--when", type=Day(), help="Fill in the day it is about.")
@click.option("--xlsx", "as_workbook", is_flag=True, help="A workbook, whatever FILE is called.")
def template(  # noqa: PLR0913 - one for each option
    *,
    file: Path,
    measures: tuple[str, ...],
    wants_accounts: bool,
    who: str,
    when: date | None,
    as_workbook: bool,
) -> None:
    """Write an empty FILE to fill in: CSV, or a workbook where it ends in .xlsx."""
    from include.sources.inputs_template import template
    from include.warehouse.entries import list_accounts

    _refuse_unknown(measures)
    accounts = []
    if wants_accounts:
        with reading() as connection:
            accounts = list_accounts(connection)
    is_workbook = as_workbook or file.suffix.lower() == ".xlsx"
    content = template(
        accounts, measures, who=who, when=when.isoformat() if when else "", as_workbook=is_workbook
    )
    try:
        with file.open("xb") as new:
            new.write(content)
    except FileExistsError:
        raise FixConfig(f"{file} is there already; choose another name.") from None
    except OSError as error:
        raise FixConfig(f"Cannot write {file}: {error.strerror}.") from None
    click.echo(f"{file}: {len(accounts) or 'no'} accounts, {len(measures) or 'no'} measures.")


@inputs.command(name="list")
@as_json
def list_files(*, wants_json: bool) -> None:
    """Show the files in the folder: what waits for a run, and which rows went back and why."""
    from include.pipeline.handing_back import input_folders
    from include.shown import terminal
    from include.sources.inputs_overview import overview

    folders = input_folders(load_settings())
    if not folders:
        raise FixConfig("health.yaml has no source of the vendor inputs (docs/inputs.md).")
    found = [{"source": one.name, **asdict(file)} for one in folders for file in overview(one)]
    if wants_json:
        terminal.show_json(found)
        return
    for folder in folders:
        terminal.console.print(f"{folder.name}: {folder.folder}", soft_wrap=True)
    if not found:
        terminal.console.print("Nothing waits, and nothing went back.")
        return
    rows = [
        {**file, "row": row or "", "reason": reason}
        for file in found
        for row, reason in (file["faults"] or [(0, "")])
    ]
    terminal.show_rows(rows, FILES)


@inputs.command()
@as_json
def status(*, wants_json: bool) -> None:
    """Show what was entered so far, by measure; nobodys: entries without a clear account."""
    from include.shown import terminal
    from include.warehouse.entries import list_measures

    with reading() as connection:
        found = [{**row, "series": series_of(row["measure"])} for row in list_measures(connection)]
    if wants_json:
        terminal.show_json(found)
    elif found:
        terminal.show_rows(found, MEASURES)
    else:
        terminal.console.print("Nobody has entered anything yet.")


@inputs.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_json
def check(*, file: Path, wants_json: bool) -> None:
    """Say which rows of FILE would go back, and why; exit with 65 where any would."""
    from include.pipeline.handing_back import check_file
    from include.shown import terminal

    with job_at_hand() as job:
        found = check_file(job, file)
    if wants_json:
        terminal.show_json(asdict(found))
    else:
        terminal.console.print(
            f"{file}: {found.entries} entries, {len(found.faults)} would go back."
        )
        terminal.show_rows([{"row": row or "", "reason": why} for row, why in found.faults],
                           ("row", "reason"))  # fmt: skip
    if found.faults:
        raise SystemExit(65)


def _refuse_unknown(measures: tuple[str, ...]) -> None:
    """FixConfig for a measure that no source of manual inputs would take."""
    from include.scoring.strict import did_you_mean
    from include.vendor_settings.entered import measures_entered

    entered = measures_entered(load_settings().sources) or ()
    for measure in measures:
        if entered and measure not in entered:
            raise FixConfig(
                f'No source of manual inputs in health.yaml takes the measure "{measure}"; '
                f"{did_you_mean(measure, entered)}"
            )


def series_of(measure: str) -> str:
    """Return the series that scorecards read a measure by."""
    return measure if measure == "pulse" else f"manual_{measure}"
