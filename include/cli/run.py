"""`health run` and `health up`: the whole job, once or under a scheduler."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from include.cli.common import Day
from include.settings import load_settings


def simulated_world(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the simulated world."""
    for name, default in (("seed", 1), ("days", 400), ("accounts", 500)):
        text = f"{name.capitalize()} of the simulated world."
        command = click.option(f"--{name}", default=default, show_default=True, help=text)(command)
    return command


@click.command()
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


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=8080, show_default=True,
              help="Port of Airflow's pages.")  # fmt: skip
@simulated_world
def up(*, port: int, **simulated: int) -> None:
    """Start Airflow's scheduler and pages with the sandbox, until Ctrl-C."""
    from include.stack.up import up as start

    start(port, simulated)


def _yesterday() -> date:
    """The last full day in the organisation's time zone; here the clock is read, nowhere below."""
    zone = ZoneInfo(load_settings().time_zone)
    return datetime.now(UTC).astimezone(zone).date() - timedelta(days=1)
