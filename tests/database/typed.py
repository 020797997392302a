"""The command `health` as people type it: a process of its own, on the store of a test."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Engine

ROOT = Path(__file__).parents[2]
PROGRAM = "from include.cli import main; main()"

Health = Callable[..., subprocess.CompletedProcess[str]]


def health_on(store: Engine, folder: Path, settings: Mapping[str, str] | None = None) -> Health:
    """Return what runs a command: health("diff", "--as-of", day). folder: where it may leave files.

    settings: further variables of its environment.
    """
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "HEALTH_STATE": str(folder / "state"),
        "HEALTH_DATABASE_URL": store.url.render_as_string(hide_password=False), **(settings or {}),
    }  # fmt: skip

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *map(str, arguments)], env=environment,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run
