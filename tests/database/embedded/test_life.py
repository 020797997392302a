"""The embedded PostgreSQL: started on demand, shared, stopped when nobody needs it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from include.errors import FixConfig
from include.warehouse.cluster import unprivileged
from include.warehouse.database import open_store, transaction
from include.warehouse.embedded import create_database
from include.warehouse.server_files import can_host, running_port
from tests.patience import PATIENCE_S

SITE_PACKAGES = Path(psycopg.__file__).parents[1]
PUBLIC_PYTHONS = [path for path in ("/usr/bin/python3", "/usr/local/bin/python3")
                  if Path(path).exists() and can_host(Path(path).resolve())]  # fmt: skip
# Who can be tried here: ourselves; and where we are root, a user without any right.
USERS = [(sys.executable, {})]
if os.geteuid() == 0 and PUBLIC_PYTHONS and can_host(SITE_PACKAGES):
    USERS.append((PUBLIC_PYTHONS[0], unprivileged()))


@pytest.mark.parametrize(("python", "user"), USERS)
def test_any_user_gets_a_server_of_version_18(new_place, python, user):
    new_place.state.mkdir()
    if user:
        os.chown(new_place.state, user["user"], user["group"])
    holder = new_place.hold(python=python, user=user).wait_until_ready()
    with holder.connect() as connection:
        version = connection.execute("show server_version").fetchone()[0]
        assert version.startswith("18.")
        assert connection.execute("select lower('ÄÖ')").fetchone() == ("äö",)
    data = new_place.home / "data"
    assert data.stat().st_mode & 0o777 == 0o700
    assert Path(f"/proc/{new_place.server_pid}").stat().st_uid == data.stat().st_uid != 0
    assert holder.close() == ""


def test_a_second_user_shares_the_server_and_the_first_may_leave(place):
    first, second = place.lease(), place.lease()
    assert (first.port, first.password) == (second.port, second.password)
    first.close()
    first.close()  # a lease can be given back once; again does nothing
    time.sleep(3 * place.linger_s)
    with place.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_it_stops_when_idle_and_starts_again_with_the_same_data(place):
    with place.connect() as connection:
        connection.execute("create table kept as select 42 as answer")
    place.wait_until_stopped()
    assert running_port(place.home / "data") is None
    assert "database system is shut down" in place.log
    with place.connect() as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
    assert "not properly shut down" not in place.log


def test_many_processes_at_once_share_one_server(new_place):
    holders = [new_place.hold() for _ in range(5)]
    ports = {holder.wait_until_ready().port for holder in holders}
    assert len(ports) == 1
    assert (len(new_place.keepers()), len(new_place.servers())) == (1, 1)
    assert [holder.close() for holder in holders] == [""] * 5


def test_a_user_who_is_killed_gives_its_lease_back(place):
    holder = place.hold().wait_until_ready()
    holder.process.kill()
    place.wait_for(lambda: not place.servers() and not place.keepers(), "the idle server to stop")


def test_coming_while_it_stops_is_no_race(place):
    place.linger_s, failures = 0.0, []

    def come_and_go() -> None:
        for _ in range(4):
            try:
                with place.connect() as connection:
                    connection.execute("select 1")
            except Exception as error:  # noqa: BLE001 - shown by the assertion below
                failures.append(error)
            place.leases.pop().close()

    users = [threading.Thread(target=come_and_go) for _ in range(3)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert failures == []


def test_a_relative_path_and_a_link_lead_to_the_same_server(place, tmp_path):
    first = place.lease()
    link = tmp_path / "link"
    link.symlink_to(place.state)
    for other in (link, Path(os.path.relpath(place.state))):
        place.state = other
        assert place.lease().port == first.port
    assert len(place.servers()) == 1


def test_databases_are_created_once_by_however_many(place):
    lease = place.lease()
    urls: list[str] = []
    creators = [
        threading.Thread(target=lambda: urls.append(create_database(lease, "odd name")))
        for _ in range(3)
    ]
    for creator in creators:
        creator.start()
    for creator in creators:
        creator.join()
    assert urls == [lease.url("odd name")] * 3
    with transaction(open_store(urls[0])) as connection:
        assert connection.exec_driver_sql("select current_database()").scalar() == "odd name"


def test_only_loopback_and_only_with_the_password(place):
    with place.connect() as connection:
        for setting, value in [("listen_addresses", "127.0.0.1"), ("unix_socket_directories", "")]:
            assert connection.execute(f"show {setting}").fetchone() == (value,)
        rules = connection.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
        assert rules == [("scram-sha-256",)]
    lease = place.leases[0]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", lease.port), timeout=120)
    wrong = lease.url("postgres").replace(lease.password, "wrong")
    with (
        pytest.raises(FixConfig, match="password authentication failed") as refused,
        transaction(open_store(wrong)),
    ):
        pass
    assert "wrong" not in str(refused.value)


def test_the_password_is_seen_by_nobody(place):
    lease = place.lease()
    assert lease.password not in repr(lease)
    for pid in place.keepers() + place.servers():
        for part in ("cmdline", "environ"):
            assert lease.password.encode() not in Path(f"/proc/{pid}/{part}").read_bytes()
    logs = [place.log, (place.home / "keeper.log").read_text()]
    assert not any(lease.password in log for log in logs)
    private = [path for path in place.home.iterdir() if path.is_file() and path.name != "port"]
    assert len(private) > 3
    assert {path.stat().st_mode & 0o077 for path in private} == {0}


def test_keeper_and_server_inherit_neither_secrets_nor_open_files(place, tmp_path):
    marker = (tmp_path / "open file").open("w")
    os.set_inheritable(marker.fileno(), True)
    holder = place.hold(
        AIRFLOW_CONN_STRIPE="stripe://sk_live_1", PGPASSWORD="other"
    ).wait_until_ready()
    lease = place.lease()
    running = place.keepers() + place.servers()
    assert len(running) == 2
    for pid in running:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert b"sk_live_1" not in environment
        assert b"PGPASSWORD" not in environment
        open_files = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
        assert not any("open file" in name for name in open_files)
    assert lease.port == holder.port


def test_the_keeper_is_light(place):
    place.lease()
    (keeper,) = place.keepers()
    time.sleep(1)
    status = Path(f"/proc/{keeper}/status").read_text()
    assert int(status.split("VmRSS:")[1].split()[0]) < 25_000  # kB
    before = sum(map(int, Path(f"/proc/{keeper}/stat").read_text().split()[13:15]))
    time.sleep(1)
    after = sum(map(int, Path(f"/proc/{keeper}/stat").read_text().split()[13:15]))
    assert after - before <= 25  # hundredths of a second: a quarter of one core, however slow


def test_importing_it_is_light():
    show = "import sys, include.warehouse.keeper, include.warehouse.embedded; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert "include.warehouse.keeper" in run.stdout
    assert not {"psycopg", "sqlalchemy", "numpy", "pydantic"} & set(run.stdout.split())


def test_ctrl_c_in_a_user_does_not_reach_the_server(place):
    holder = place.hold().wait_until_ready()
    lease, before = place.lease(), place.server_pid
    holder.process.send_signal(signal.SIGINT)
    holder.process.wait(PATIENCE_S)
    time.sleep(0.3)
    assert place.server_pid == before
    assert lease.port == holder.port
