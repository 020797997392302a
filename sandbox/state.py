"""What the vendors of one sandbox share: the world, its clock, the clients' writes, credentials."""

import copy
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from sandbox.doors import DOORS, Door
from sandbox.world.model import World

HOURS_AFTER_END = 3


class Clock:
    """World time: it starts three hours after the end of the world's last day, and moves."""

    def __init__(self, end: date) -> None:
        midnight = datetime.combine(end + timedelta(days=1), time_of_day(), UTC)
        self._origin = midnight + timedelta(hours=HOURS_AFTER_END)
        self._started = time.monotonic()

    def now(self) -> datetime:
        """Aware UTC time."""
        return self._origin + timedelta(seconds=time.monotonic() - self._started)

    def skip(self, seconds: float) -> None:
        """Let that much time pass at once, for clients that need not really wait."""
        self._origin += timedelta(seconds=seconds)


class Journal:
    """What clients wrote, in order, as JSON lines; without a path it lives in memory only."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, list[dict[str, Any]]] = {}
        self._path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            self._read(path)

    def append(self, vendor: str, entry: dict[str, Any]) -> None:
        """Keep a copy of the entry; with a path it is on its way to disk when this returns."""
        line = json.dumps({"vendor": vendor, "entry": entry}, separators=(",", ":"))
        with self._lock:
            self._entries.setdefault(vendor, []).append(copy.deepcopy(entry))
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")

    def entries(self, vendor: str) -> list[dict[str, Any]]:
        with self._lock:
            return copy.deepcopy(self._entries.get(vendor, []))

    def _read(self, path: Path) -> None:
        """Cut a torn last line off (the process died while writing), so that appending is safe."""
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            path.write_bytes(whole)
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                row = json.loads(line)
                self._entries.setdefault(row["vendor"], []).append(row["entry"])
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}, line {number}: no entry of a journal") from error


@dataclass(slots=True)
class State:
    """One sandbox. `doors` holds each vendor's one accepted credential.

    `limits` False: vendors do not count requests. True: their documented limits are enforced.
    `high_volume`: the support desk has the add-on that triples them.
    """

    world: World
    clock: Clock
    journal: Journal = field(default_factory=Journal)
    doors: dict[str, Door] = field(default_factory=lambda: dict(DOORS))
    limits: bool = True
    high_volume: bool = False
