"""`health …`: what people and CI type. Every command that only reads takes --json."""

import functools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

from include.errors import FixConfig, HealthError, RejectData, RetryLater
from include.settings import ROOT, load_settings

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
EXIT_CODES = {RetryLater: 75, FixConfig: 78, RejectData: 65}  # as in sysexits.h


class Day(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401 - click's signature
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as YYYY-MM-DD.", param, ctx)


def as_json(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that only reads its --json."""
    return click.option("--json", "wants_json", is_flag=True, help="Print JSON instead.")(command)


def simulated_world(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the simulated world."""
    for name, default in (("seed", 1), ("days", 400), ("accounts", 500)):
        text = f"{name.capitalize()} of the simulated world."
        command = click.option(f"--{name}", default=default, show_default=True, help=text)(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def health() -> None:
    """Score every customer account from 0 to 100, and explain each score."""


def main() -> None:
    """Run the command line; errors raised on purpose are printed as one sentence, without trace.

    Exit codes: 0 done, 65 data rejected, 75 try later, 78 mend the configuration, 1 run failed.
    """
    for number in STOPS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # as by nohup
            signal.signal(number, _interrupt)
    try:
        health(standalone_mode=False)
    except HealthError as error:
        click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(EXIT_CODES.get(type(error), 1))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)


def _interrupt(*_: object) -> None:
    """Unwind once, so that every part is stopped; later signals must not cut that short."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def reading() -> Iterator[Connection]:
    """Connect to the store that the last run used, up to date, for one command."""
    from include.stack.one_run import prepare_store
    from include.stack.state import current_store, databases, open_state
    from include.warehouse.database import transaction

    state = open_state()
    with (
        databases(state, current_store(state)) as urls,
        transaction(prepare_store(urls.store)) as connection,
    ):
        yield connection


@functools.cache
def first_card() -> Any:  # noqa: ANN401 - the class is imported only where it is needed
    from include.scoring.scorecard import load_scorecard

    return load_scorecard(ROOT / load_settings().scorecards[0])


@health.command()
@click.option("--as-of", type=Day(), help="Day to score; default: the last full day of the world.")
@click.option("--world", type=click.Path(path_type=Path), help="Folder of tables to serve instead.")
@simulated_world
@click.option("--vendors", type=click.Choice(["sandbox", "configured"]), default="sandbox",
              help="configured: the Airflow connections of the environment.")  # fmt: skip
def run(*, as_of: date | None, world: Path | None, vendors: str, **simulated: int) -> None:
    """Run the daily job once, with all set-up, and show what came of it."""
    from include.demo import run_configured, run_sandboxed

    if vendors == "configured":
        run_configured(as_of or _yesterday())
    else:
        run_sandboxed(as_of, world, simulated, yesterday=_yesterday())


@health.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=8080, show_default=True,
              help="Port of Airflow's pages.")  # fmt: skip
@simulated_world
def up(*, port: int, **simulated: int) -> None:
    """Start Airflow's scheduler and pages with the sandbox, until Ctrl-C."""
    from include.stack.up import up as start

    start(port, simulated)


@health.command(name="accounts")
@click.option("--band", help="Only this band.")
@click.option("--as-of", type=Day(), help="Published day to show; default: the newest.")
@click.option("--limit", default=25, show_default=True)
@as_json
def list_accounts(*, band: str | None, as_of: date | None, limit: int, wants_json: bool) -> None:
    """List accounts, worst score first, with change and main reason."""
    from include import reports, terminal

    card = first_card()
    with reading() as connection:
        day = reports.published_day(connection, card, as_of)
        rows = reports.accounts_on(connection, day, band=band, limit=limit)
        why = reports.reasons(connection, card, day, [row["account_id"] for row in rows])
    if wants_json:
        terminal.show_json([{**row, "reason": why[row["account_id"]]} for row in rows])
    else:
        terminal.show_accounts(rows, why, card, f"Accounts on {day.as_of}, worst first")


@health.command()
@click.argument("account")
@click.option("--as-of", type=Day(), help="Day to explain; default: the newest.")
@as_json
def explain(*, account: str, as_of: date | None, wants_json: bool) -> None:
    """Take one account's score apart: ACCOUNT is an id, a CRM id or a name."""
    from dataclasses import asdict

    from include import reports, terminal

    card = first_card()
    with reading() as connection:
        found = reports.find_account(connection, account)
        row, explanation = reports.account_day(connection, card, found["account_id"], as_of)
    if wants_json:
        terminal.show_json({**row, "explanation": asdict(explanation)})
    else:
        terminal.show_explanation(row, explanation, card)


@health.command()
@click.option("--limit", default=20, show_default=True)
@as_json
def runs(*, limit: int, wants_json: bool) -> None:
    """List runs, newest first."""
    from include import reports, terminal

    with reading() as connection:
        rows = reports.runs(connection, limit)
    if wants_json:
        terminal.show_json(rows)
    else:
        columns = ("run_no", "kind", "as_of", "started_at", "seconds", "state", "error")
        terminal.show_rows(rows, columns)


@health.command()
@click.option("--run", "run_no", type=int, help="Number of the run; default: the newest.")
@as_json
def checks(*, run_no: int | None, wants_json: bool) -> None:
    """Show what the checks of a run found, and write the page with all of them."""
    from include import reports, terminal
    from include.checks import report_lines, write_report
    from include.pipeline.job import report_page

    with reading() as connection:
        newest = reports.runs(connection, 1)
        if run_no is None and not newest:
            raise FixConfig("There is no run yet; `make run` makes one.")
        number = run_no or newest[0]["run_no"]
        if wants_json:
            terminal.show_json(reports.check_results(connection, number))
            return
        for line in report_lines(connection.engine, number):
            terminal.console.print(line, markup=False)
        write_report(connection.engine, report_page(number), run_no=number)
        terminal.console.print(f"The page with all checks: {report_page(number)}", soft_wrap=True)


@health.group()
def db() -> None:
    """The store's schema."""


@db.command(name="upgrade")
def upgrade_db() -> None:
    """Bring the store's schema up to date; nothing happens where it is."""
    from include.stack.one_run import prepare_store
    from include.stack.state import current_store, databases, open_state
    from include.warehouse.database import place_of

    state = open_state()
    with databases(state, current_store(state)) as urls:
        click.echo(f"{place_of(prepare_store(urls.store))} is up to date.")


@health.group()
def sandbox() -> None:
    """The vendors' twins on loopback, for trying things out."""


PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True}


@sandbox.command(context_settings=PASSED_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def serve(arguments: tuple[str, ...]) -> None:
    """Serve a simulated world until stopped; ARGUMENTS are the sandbox's own (try --help)."""
    _sandbox("serve", *arguments)


@sandbox.command(context_settings=PASSED_ON)
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def load(folder: Path, arguments: tuple[str, ...]) -> None:
    """Serve FOLDER, a set of tables that others made, until stopped."""
    _sandbox("serve", "--tables", str(folder), *arguments)


@sandbox.command(context_settings=PASSED_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def truth(arguments: tuple[str, ...]) -> None:
    """Export the simulated world's answer key: the true risk of every account and day."""
    _sandbox("truth", *arguments)


def _sandbox(*arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "sandbox", *arguments]
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603


def _yesterday() -> date:
    """The last full day in the organisation's time zone; here the clock is read, nowhere below."""
    zone = ZoneInfo(load_settings().time_zone)
    return datetime.now(UTC).astimezone(zone).date() - timedelta(days=1)
