"""What the files of the embedded PostgreSQL say about its process; read by its users and keeper."""

import os
from pathlib import Path

NO_PROCESS = 2**31 - 1  # above every system's largest process id


def can_host(folder: Path) -> bool:
    """Return whether the server's user can reach `folder`: always, unless we are root."""
    if os.geteuid() != 0:
        return True
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def running_port(data: Path) -> int | None:
    """Return the port of a server that accepts connections."""
    lines = status_lines(data)
    if len(lines) < 8 or lines[7].strip() != "ready" or server_pid(data) is None:
        return None
    return int(lines[3])


def server_pid(data: Path) -> int | None:
    """Return the process id of the live server on these files, whoever started it.

    A status file left by a crash may name a process id that something else has by now, or one that
    nobody buried. So where the system shows command lines (Linux), the process must name `data`.
    """
    lines = status_lines(data)
    if not lines or not lines[0].isdecimal():
        return None
    try:
        os.kill(int(lines[0]), 0)
        if not Path("/proc/self").exists():
            return int(lines[0])
        words = Path(f"/proc/{lines[0]}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    return int(lines[0]) if os.fsencode(data) in words else None


def disown_stale_process(data: Path) -> None:
    """Make a crash's status file name no process, where `server_pid` found that it is not ours.

    PostgreSQL refuses to start while the named process lives, whatever it is. The file itself must
    stay: by the memory segment it names, PostgreSQL sees whether children of the killed server are
    still at work on the same data.
    """
    lines = status_lines(data)
    if lines and lines[0].isdecimal():
        content = "\n".join([str(NO_PROCESS), *lines[1:], ""])
        (data / "postmaster.pid").write_text(content, encoding="utf-8")
    else:
        (data / "postmaster.pid").unlink(missing_ok=True)  # cut off before its first word


def status_lines(data: Path) -> list[str]:
    """Return the lines of `postmaster.pid`: process id, data, start, port, …, state (the 8th)."""
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
