"""`health sandbox`: the vendors' twins on loopback."""

import os
import subprocess
import sys
from pathlib import Path

import click

from include.settings import ROOT


@click.group()
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
