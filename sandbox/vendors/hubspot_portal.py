"""One HubSpot portal: its records, its clock, its journal and its settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sandbox.state import State
from sandbox.vendors.hubspot_http import Call, Reply
from sandbox.vendors.hubspot_values import to_iso
from sandbox.vendors.hubspot_world import to_store
from sandbox.vendors.hubspot_write import apply_archive, apply_definition, apply_write

VENDOR = "hubspot"


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between HubSpot accounts.

    index_lag_s: seconds until a write shows in search (real: seconds to minutes).
    ignore_unknown_ids: batch/update passes over ids it does not know with a 200 (older behaviour)
    instead of naming them in a 207.
    """

    burst: int = 190
    burst_s: float = 10.0
    searches_per_s: int = 5
    daily: int = 650_000
    index_lag_s: float = 0.0
    ignore_unknown_ids: bool = False


class Portal:
    """Everything a handler works on; built from the world, then the journal is played again."""

    def __init__(self, state: State, settings: Settings) -> None:
        self.settings = settings
        self._clock = state.clock
        self._journal = state.journal
        self.store = to_store(state.world, state.clock.now())
        for entry in state.journal.entries(VENDOR):
            self._apply(entry)

    def now(self) -> str:
        return to_iso(self._clock.now())

    def now_epoch(self) -> float:
        return self._clock.now().timestamp()

    def today(self) -> str:
        """The day that the daily limit counts, in the portal's time zone, which is UTC here."""
        return self._clock.now().date().isoformat()

    def until_midnight_s(self) -> float:
        now = self._clock.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return (midnight - now).total_seconds()

    def commit(self, entry: dict[str, Any]) -> None:
        """Keep a checked write, then carry it out."""
        self._journal.append(VENDOR, entry)
        self._apply(entry)

    def _apply(self, entry: dict[str, Any]) -> None:
        if entry["op"] == "write":
            apply_write(self.store, entry, self.settings.index_lag_s)
        elif entry["op"] == "archive":
            apply_archive(self.store, entry)
        else:
            apply_definition(self.store, entry)


Handler = Callable[[Portal, Call], Reply]


def reading(read: Callable[..., Reply]) -> Handler:
    """A handler that only needs the records."""
    return lambda portal, call: read(portal.store, call)


def reading_at(read: Callable[..., Reply]) -> Handler:
    """A handler whose answer carries the time of the call."""
    return lambda portal, call: read(portal.store, call, portal.now())
