"""A disk that is really full: the whole server on a file system of its own, filled to the brim.

Where `database/drills/test_drills.py` raises PostgreSQL's answer, here PostgreSQL itself finds no
room: for rows, or for its log, without which it stops. Needs the right to mount (root on Linux).
"""

import contextlib
import shutil
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from include.errors import FixConfig, RetryLater
from include.warehouse.database import open_store
from include.warehouse.embedded import create_database, home_of, postgres
from include.warehouse.migrate import upgrade
from tests.database.conftest import lend, migrated, server
from tests.database.drills.conftest import until_done
from tests.database.histories.conftest import TODAY, open_shop

__all__ = ["migrated", "server"]
SIZE = "200m"
FIRST, LAST = TODAY - timedelta(days=90), TODAY - timedelta(days=1)


@pytest.fixture
def small_disk():
    folder = Path(tempfile.mkdtemp(prefix="health-full-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", folder]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"this user may not mount a file system: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    shutil.rmtree(folder, ignore_errors=True)


def fill(folder):
    """Take all the room that is left; return the file that has it."""
    ballast = folder / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 12))
    assert shutil.disk_usage(folder).free == 0
    return ballast


def days_of(shop):
    return [shop.content(table) for table in ("reading", "snapshot")]


@pytest.fixture(scope="module")
def calm(server, migrated, tmp_path_factory):
    """What the store holds after a day and a range of history, where there was room."""
    stores = lend(server, migrated)
    shop = open_shop(next(stores), tmp_path_factory.mktemp("calm"))
    shop.run(TODAY)
    shop.backfill(FIRST, LAST)
    yield days_of(shop)
    next(stores, None)


def test_a_disk_without_room_costs_nothing_once_there_is_room_again(small_disk, calm, tmp_path):
    with postgres(small_disk / "state", linger_s=0.3) as lease:
        assert small_disk in home_of(small_disk / "state").parents
        engine = open_store(create_database(lease, "health"))
        upgrade(engine)
        shop = open_shop(engine, tmp_path)
        shop.run(TODAY)
        ballast = fill(small_disk)
        with pytest.raises((FixConfig, RetryLater), match=r"No space left|did not answer"):
            shop.backfill(FIRST, LAST)
        ballast.unlink()  # room was made
        assert until_done(shop.content) != calm[1], "it was not done yet"
        until_done(lambda: shop.backfill(FIRST, LAST))
        assert days_of(shop) == calm
        engine.dispose()
