"""The embedded PostgreSQL after a kill of any of its parts."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

import psycopg

from include.warehouse.cluster import unprivileged
from tests.patience import wait_until

# At work until the file exists, without a pause in which it would notice that its server is gone.
BUSY_UNTIL = """
do $$ begin
    while pg_stat_file('{}', true) is null loop perform 1; end loop;
end $$
"""
BUSY = """
select count(*) from pg_stat_activity where query like '%loop perform%' and pid <> pg_backend_pid()
"""


def kill(pid: int) -> None:
    """Return when the process holds nothing any more: its locks outlive its name by a moment."""
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: is_over(pid), "the end of the killed")


def is_over(pid: int) -> bool:
    """Return whether it is gone, or dead and not buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def kill_server(place) -> None:
    before = place.server_pid
    kill(before)
    place.wait_for(lambda: place.server_pid not in (None, before), "another server")


def test_a_killed_server_comes_back_at_the_same_port_with_what_was_committed(place):
    with place.connect() as connection:
        connection.execute("create table kept as select 42 as answer")
    kill_server(place)
    with place.connect() as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
    assert place.leases[0].port == place.leases[1].port
    assert len(place.keepers()) == 1


def children_of(parent: int) -> list[int]:
    """Return all, also those that are dead and not buried."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, _, rest = stat.read_text().partition(" ")
            if rest.rpartition(")")[2].split()[1] == str(parent):
                found.append(int(pid))
    return found


def test_killed_servers_are_buried(place):
    place.lease()
    (keeper,) = place.keepers()
    for _ in range(2):
        kill_server(place)
    place.wait_for(lambda: children_of(keeper) == place.servers(), "the dead to be buried")


def test_the_next_keeper_adopts_the_server_of_a_killed_one(place):
    lease, before = place.lease(), place.server_pid
    kill(place.keepers()[0])
    place.wait_for(lambda: not place.keepers(), "the keeper to die")
    assert place.lease().port == lease.port
    assert place.server_pid == before
    place.wait_for(place.keepers, "another keeper")
    place.wait_until_stopped()


def test_keeper_and_server_killed_together(place):
    with place.connect() as connection:
        connection.execute("create table kept as select 42 as answer")
    kill(place.keepers()[0])
    kill(place.servers()[0])
    place.wait_for(lambda: not place.keepers() + place.servers(), "both to die")
    with place.connect() as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_a_status_file_that_names_another_process_is_not_believed(place):
    with place.connect() as connection:
        connection.execute("create table kept as select 42 as answer")
    kill(place.keepers()[0])
    kill(place.servers()[0])
    place.wait_for(lambda: not place.keepers() + place.servers(), "both to die")
    stranger = subprocess.Popen(["sleep", "3600"], **unprivileged())
    status = place.home / "data" / "postmaster.pid"
    status.write_text("\n".join([str(stranger.pid), *status.read_text().split("\n")[1:]]))
    with place.connect() as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
    assert stranger.poll() is None, "the stranger was left alone"
    stranger.kill()
    stranger.wait()


def test_an_empty_status_file_of_a_crash_is_no_obstacle(place):
    place.lease()
    kill(place.keepers()[0])
    kill(place.servers()[0])
    place.wait_for(lambda: not place.keepers() + place.servers(), "both to die")
    (place.home / "data" / "postmaster.pid").write_text("")
    with place.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_no_server_starts_while_a_killed_one_has_children_at_work(place):
    """Two servers on one cluster would destroy it: the second waits for the first one's orphans."""
    with place.connect() as connection, place.connect() as watcher:
        connection.execute("create table kept as select 42 as answer")
        end = place.state.parent / "end"

        def work() -> None:
            with contextlib.suppress(psycopg.OperationalError):
                connection.execute(BUSY_UNTIL.format(end))

        query = threading.Thread(target=work)
        query.start()
        place.wait_for(lambda: watcher.execute(BUSY).fetchone()[0], "the query")
        kill(place.server_pid)
        place.wait_for(lambda: "pre-existing shared memory block" in place.log, "the refusal")
        end.touch()
        query.join()
        connection.close()
        watcher.close()
    with place.connect() as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_a_keeper_told_to_end_stops_its_server_cleanly(place):
    place.lease()
    os.kill(place.keepers()[0], signal.SIGTERM)
    place.wait_for(lambda: not place.keepers() + place.servers(), "both to end")
    assert "database system is shut down" in place.log


def test_a_cluster_cut_off_while_it_was_made_is_made_again(new_place):
    new_place.state.mkdir()
    unfinished = new_place.home / "data.new"
    (unfinished / "base" / "1").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    (new_place.home / "initdb.password").write_text("left behind")
    with new_place.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert not unfinished.exists()
    assert not (new_place.home / "initdb.password").exists()


def test_a_port_taken_meanwhile_is_left_to_its_owner(place):
    first = place.lease()
    place.wait_until_stopped()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first.port))
        taken.listen()
        second = place.lease()
        assert second.port != first.port
    place.wait_until_stopped()
    assert place.lease().port == second.port, "a free port is kept from start to start"


def test_a_folder_that_moved_takes_its_data_along(place):
    with place.connect() as connection:
        connection.execute("create table kept as select 42 as answer")
    place.wait_until_stopped()
    elsewhere = place.state.with_name("elsewhere")
    shutil.move(place.state, elsewhere)
    place.state = elsewhere
    with place.connect() as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_a_folder_removed_under_a_running_server_begins_anew(place):
    place.lease()
    keepers, servers = place.keepers(), place.servers()
    shutil.rmtree(place.state)
    with place.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    place.wait_for(lambda: not set(keepers + servers) & set(place.keepers() + place.servers()),
                   "the old ones to go")  # fmt: skip
    with place.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,), "the new one stays"
    assert not (place.home / "trouble").exists()
