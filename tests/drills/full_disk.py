"""A day, then a range of history for which there is no room, then room: a program of its own.

Arguments: the file system that is filled, a folder elsewhere for settings, and a file for what the
store holds in the end.
"""

import contextlib
import pickle
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from include.errors import FixConfig, RetryLater
from include.warehouse.database import open_store
from include.warehouse.embedded import create_database, home_of, postgres
from include.warehouse.migrate import upgrade
from tests.database.drills.conftest import until_done
from tests.database.histories.conftest import TODAY, Shop, open_shop

FIRST, LAST = TODAY - timedelta(days=90), TODAY - timedelta(days=1)


def days_of(shop: Shop) -> list[list[tuple[object, ...]]]:
    """Return every reading and every score."""
    return [shop.content(table) for table in ("reading", "snapshot")]


def fill(disk: Path) -> Path:
    """Take all the room that is left; return the file that has it."""
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 12))
    assert shutil.disk_usage(disk).free == 0
    return ballast


def main(disk: Path, folder: Path, result: Path) -> None:
    with postgres(disk / "state", linger_s=0.3) as lease:
        assert disk in home_of(disk / "state").parents
        engine = open_store(create_database(lease, "health"))
        upgrade(engine)
        shop = open_shop(engine, folder)
        shop.run(TODAY)
        ballast = fill(disk)
        with pytest.raises((FixConfig, RetryLater), match=r"No space left|did not answer"):
            shop.backfill(FIRST, LAST)
        ballast.unlink()  # room was made
        halted = until_done(lambda: days_of(shop))
        until_done(lambda: shop.backfill(FIRST, LAST))
        assert days_of(shop) != halted, "it had been done already"
        result.write_bytes(pickle.dumps(days_of(shop)))
        engine.dispose()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
