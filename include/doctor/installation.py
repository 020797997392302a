"""What needs no database: versions beside the lock, room on the disks, settings, connections."""

import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo

from include.connections import NotAtHand
from include.doctor.found import Found, State, guarded
from include.settings import Credentials, Settings

# Those whose behaviour the project was tested with to the digit.
LOCKED = ("apache-airflow", "great-expectations", "pandas", "sqlalchemy", "psycopg")
LEAST_FREE, LITTLE_FREE = 1 * 2**30, 5 * 2**30  # bytes


def installed(name: str) -> str | None:
    """Return the version of a package that is at work; None: it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def versions(
    lock: Path,
    *,
    python: tuple[int, int] = sys.version_info[:2],
    at_work: Callable[[str], str | None] = installed,
) -> Iterator[Found]:
    """Compare Python and the packages that matter with `uv.lock`."""
    try:
        told = tomllib.loads(lock.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        yield Found("versions", "look", f"{lock} cannot be read: versions cannot be compared.")
        return
    yield _python(told["requires-python"], python)
    wanted = {package["name"]: package.get("version") for package in told["package"]}
    for name in LOCKED:
        yield _package(name, at_work(name), wanted.get(name))


def _package(name: str, found: str | None, locked: str | None) -> Found:
    what = f"version of {name}"
    if found is not None and found == locked:
        return Found(what, "good", f"{found}, as locked")
    words = f"{found or 'none'} is installed, {locked} is locked. Run `make setup`."
    return Found(what, "bad", words)


def _python(wanted: str, ours: tuple[int, int]) -> Found:
    """wanted: as in uv.lock, ">=3.11, <3.14"."""
    bounds = re.findall(r"(>=|<)\s*(\d+)\.(\d+)", wanted)
    fits = all(
        ours >= (int(major), int(minor)) if sign == ">=" else ours < (int(major), int(minor))
        for sign, major, minor in bounds
    )
    said = f"{ours[0]}.{ours[1]}"
    if fits:
        return Found("version of python", "good", f"{said}, within {wanted}")
    return Found(
        "version of python", "bad", f"{said} is not within {wanted}. Run `make setup` with another."
    )


def free_at(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def disk(folders: Iterable[Path], free_bytes: Callable[[Path], int] = free_at) -> Iterator[Found]:
    """Say how much room is left where we write; each file system once."""
    for folder in {folder.stat().st_dev: folder for folder in folders}.values():
        free = free_bytes(folder)
        words = f"{free / 2**30:,.1f} GiB are free at {folder}"
        if free < LITTLE_FREE:
            words += ". Make room: old logs and reports may go, or name another HEALTH_STATE."
        yield Found("disk", _by_room(free), words)


def _by_room(free: int) -> State:
    if free < LEAST_FREE:
        return "bad"
    return "look" if free < LITTLE_FREE else "good"


def time_zone(settings: Settings, now: datetime) -> Iterator[Found]:
    """Say which day is the last full one in the organisation's time zone. now: aware."""
    there = now.astimezone(ZoneInfo(settings.time_zone))
    last = there.date() - timedelta(days=1)
    words = f"{settings.time_zone}: it is {there:%Y-%m-%d %H:%M}, the last full day is {last}"
    yield Found("time zone", "good", words)


def late_days(settings: Settings) -> Iterator[Found]:
    """Say whether anybody is told of a day that is late, where anybody is told of anything."""
    if settings.alerts.channel and settings.alerts.late_to is None:
        words = "nobody is told of a late day: name alerts.operators in health.yaml."
        yield Found("alerts", "look", words)


def connections(
    settings: Settings, credentials_of: Callable[[str], Credentials]
) -> Iterator[Found]:
    """Say of every source whether its connection is there and whole; no vendor is asked.

    One that the environment lacks is to be looked at: the daily run may have it from Airflow.
    """
    for source in settings.sources:
        if source.connection:
            what = f"connection of {source.name}"
            yield from guarded(what, partial(_readable, what, source.name, credentials_of))


def _readable(
    what: str, source: str, credentials_of: Callable[[str], Credentials]
) -> Iterator[Found]:
    try:
        key = credentials_of(source).extra.get("private_key_file")
        if key:
            Path(key).read_bytes()
        yield Found(what, "good", "it is there and whole")
    except NotAtHand as error:
        yield Found(what, "look", str(error))
    except OSError as error:
        words = f"its private_key_file cannot be read: {error.strerror}. Mend its path or rights."
        yield Found(what, "bad", words)
