"""A disk that is really full: the whole server on a file system of its own, filled to the brim.

Where `database/drills/test_drills.py` raises PostgreSQL's answer, here PostgreSQL itself finds no
room: for rows, or for its log, without which it stops.
"""

import pickle

from tests.database.conftest import migrated, server, store
from tests.database.histories.conftest import TODAY, open_shop
from tests.drills.full_disk import FIRST, LAST, days_of
from tests.drills.small_disk import run_on_small_disk

__all__ = ["migrated", "server", "store"]


def test_a_disk_without_room_costs_nothing_once_there_is_room_again(store, tmp_path):
    calm = open_shop(store, tmp_path)
    calm.run(TODAY)
    calm.backfill(FIRST, LAST)
    result, folder = tmp_path / "result", tmp_path / "full"
    folder.mkdir()
    run_on_small_disk("tests.drills.full_disk", folder, result)
    assert pickle.loads(result.read_bytes()) == days_of(calm)
