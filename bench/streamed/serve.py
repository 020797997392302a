"""The streamed vendors in operation: `python -m bench.streamed.serve ACCOUNTS DAYS FIRST`.

It prints one JSON line that says how to reach each vendor and the control port, and serves until
standard input closes. The control port takes `POST /advance {"to": day}`, and `GET /told` answers
with calls and records sent since the last time, by vendor, and the processor time used so far.
"""

import base64
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from bench.streamed.door import Control, Door, Vendor
from bench.streamed.hubspot import GENEROUS, HubSpot
from bench.streamed.posthog import PostHog
from bench.streamed.stripe import Stripe
from bench.streamed.world import World
from bench.streamed.zendesk import Zendesk
from sandbox.doors import DOORS
from sandbox.ports import Server, listen, stop_all

VENDORS = {"hubspot": HubSpot, "zendesk": Zendesk, "stripe": Stripe, "posthog": PostHog}
HEADERS = {"hubspot": GENEROUS, "stripe": {"Stripe-Version": "2026-10-28.endive"}}


class Streamed:
    """What `running` yields. `there`: base_url, token and user of each vendor."""

    def __init__(self, world: World) -> None:
        self.vendors: dict[str, Vendor] = {name: make(world) for name, make in VENDORS.items()}
        self.doors = {name: self._door(name) for name in VENDORS}
        self.servers = {name: Server(door, listen(0)) for name, door in self.doors.items()}
        self.servers["control"] = Server(Control(self._told), listen(0))
        for server in self.servers.values():
            server.wait_until_ready()
        self.there = {
            name: {"base_url": self.servers[name].url, **DOORS[name].describe()} for name in VENDORS
        }

    def advance(self, to: date) -> None:
        for vendor in self.vendors.values():
            vendor.world = replace(vendor.world, today=to)

    def counted(self) -> dict[str, Any]:
        """Calls and records by vendor, and begin anew."""
        found = {
            name: {"calls": door.calls.total(), "sent": dict(door.vendor.sent)}
            for name, door in self.doors.items()
        }
        for door in self.doors.values():
            door.calls.clear()
            door.vendor.sent.clear()
        return found

    def _door(self, name: str) -> Door:
        entered = DOORS[name]
        basic = base64.b64encode(f"{entered.user}/token:{entered.secret}".encode()).decode()
        entry = f"Basic {basic}" if name == "zendesk" else f"Bearer {entered.secret}"
        return Door(self.vendors[name], entry, HEADERS.get(name, {}))

    def _told(self, what: str, given: Any) -> Any:
        if what == "advance":
            self.advance(date.fromisoformat(given["to"]))
            return {}
        return {"vendors": self.counted(), "cpu": time.process_time()}


@contextmanager
def running(world: World) -> Iterator[Streamed]:
    streamed = Streamed(world)
    try:
        yield streamed
    finally:
        stop_all(streamed.servers.values())


if __name__ == "__main__":
    accounts, days, first = int(sys.argv[1]), int(sys.argv[2]), date.fromisoformat(sys.argv[3])
    with running(World(accounts, days, first, first)) as streamed:
        ready = {"vendors": streamed.there, "control": streamed.servers["control"].url}
        print(json.dumps(ready), flush=True)
        sys.stdin.read()
