"""`python -m sandbox`: serve a world through nine vendors, or export its answer key.

Wrong input ends with exit code 2 and one sentence on standard error.
"""

import json
import signal
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from sandbox.origin import Asked, Origin, decide, make_world, remember, yesterday

FOLLOW_S = 5.0  # between two looks at the calendar
DAY = click.DateTime(formats=["%Y-%m-%d"])
FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


def main(words: list[str] | None = None) -> int:
    """Run one command (the process' own arguments by default) and return its exit code."""
    try:
        commands(words, prog_name="python -m sandbox", standalone_mode=False)
    except click.ClickException as error:
        return _complain(error.format_message())
    except (ValueError, OSError) as error:
        return _complain(str(error))
    except click.Abort:
        return 130
    return 0


@click.group(help=__doc__)
def commands() -> None:
    pass


def world_options(command: Callable[..., None]) -> Callable[..., None]:
    """Which world: simulated, or from a folder of tables."""
    options = [
        click.option("--accounts", type=int, help="Simulated accounts (default 500)."),
        click.option("--days", type=int, help="Days up to and with the end (default 400)."),
        click.option("--seed", type=int, help="Seed of the simulation (default 1)."),
        click.option("--start", type=DAY, help="First day; instead of --days."),
        click.option("--end", type=DAY, help="Last day (default: yesterday)."),
        click.option("--tables", type=FOLDER, help="Folder of tables instead of a simulation."),
        click.option(
            "--state", "state_dir", type=FOLDER, help="Folder that keeps world and writes."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@commands.command(help="Serve until SIGINT or SIGTERM; prints one JSON line when ready.")
@world_options
@click.option("--port", type=click.IntRange(0, 65_526), default=0, help="Control port; 0: free.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--public-host", default="", help="Name of that address that clients are told.")
@click.option("--no-limits", is_flag=True, help="Do not count requests against rate limits.")
@click.option("--high-volume", is_flag=True, help="The support desk has bought higher limits.")
@click.option("--faults", type=FILE, help="YAML file of faults to begin with.")
@click.option("--follow", metavar="ZONE", help="Let days pass: up to yesterday in this time zone.")
def serve(  # noqa: PLR0913 - one argument an option
    *,
    port: int,
    host: str,
    public_host: str,
    no_limits: bool,
    high_volume: bool,
    faults: Path | None,
    follow: str | None,
    **world: Any,  # noqa: ANN401
) -> None:
    from sandbox.faults import read_rules
    from sandbox.serve import running

    rules = read_rules(faults) if faults else []
    if follow and world["tables"]:
        raise ValueError("--follow cannot go with --tables: they have no later days")
    origin = _origin({**world, "zone": follow or "UTC"})
    made = make_world(origin)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with running(
        made,
        limits=not no_limits,
        high_volume=high_volume,
        state_dir=origin.state_dir,
        port=port,
        host=host,
        public_host=public_host,
    ) as sandbox:
        sandbox.faults = rules
        sandbox.on_advance = lambda: remember(origin, sandbox.state.world)
        remember(origin, made)
        click.echo(json.dumps(sandbox.describe()))
        while not stopped.wait(FOLLOW_S):
            if follow and (day := yesterday(follow)) > sandbox.state.world.end:
                sandbox.advance(day)


@commands.command(help="Write the answer key: each account's hidden state and outcome by day.")
@world_options
@click.option("--out", type=FILE, required=True, help="CSV file to write.")
def truth(*, out: Path, **world: Any) -> None:  # noqa: ANN401
    from sandbox.world.truth import export_truth

    click.echo(f"{export_truth(make_world(_origin(world)), out):,} rows in {out}")


def _origin(options: dict[str, Any]) -> Origin:
    days = {name: _day(options[name]) for name in ("start", "end")}
    return decide(Asked(**{**options, **days}))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _complain(sentence: str) -> int:
    click.echo(f"sandbox: {sentence}", err=True)
    return 2


if __name__ == "__main__":
    sys.exit(main())
