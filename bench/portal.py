"""A HubSpot of many companies in a process of its own, and a client that notes its times."""

import json
import math
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from include.crm.catalogue import Vocabulary, catalogue_of  # noqa: E402
from include.crm.hubspot.definitions import to_definition  # noqa: E402
from include.crm.hubspot.wire import BATCH  # noqa: E402
from include.settings import Credentials, load_settings  # noqa: E402
from include.sources.http import told  # noqa: E402
from include.sources.http.answers import Answer  # noqa: E402
from include.sources.http.client import Client  # noqa: E402
from include.sources.http.rate import Call, Rate  # noqa: E402
from include.sources.http.session import Bearer  # noqa: E402

UPDATE = "/crm/v3/objects/companies/batch/update"
FIRST_ID = 9_100_000_000
LIMIT, WINDOW_S = 190, 10.0
FIRST = date(2026, 11, 1)
SETTINGS = load_settings()
WORDS = Vocabulary(("red", "yellow", "green"), ("declining", "stable", "improving"))
CATALOGUE = catalogue_of(SETTINGS.crm, None, WORDS, str)
# What the CRM shows of every company before, and what the store knows of that.
SHOWN = {
    "cs_health_score": "50", "cs_health_band": "yellow", "cs_health_change_30d": "1",
    "cs_health_trend": "stable", "cs_health_reason": "Usage fell.", "cs_health_next_step": "Call.",
    "cs_health_coverage": "80", "cs_health_floor": "", "cs_health_ceiling": "",
    "cs_health_as_of": FIRST.isoformat(),
}  # fmt: skip


@contextmanager
def hubspot(
    companies: int, portal: Path, *, limits: bool, latency_s: float
) -> Iterator[dict[str, Any]]:
    """Serve that many companies from a process of its own; its control URL is in `control`.

    portal: the folder that keeps what was written to it.
    """
    options = [str(companies), str(portal), str(int(limits)), str(latency_s)]
    command = [sys.executable, __file__, *options]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.communicate()


def serve(companies: int, portal: Path, *, limits: bool, latency_s: float) -> None:
    """Until standard input closes."""
    from sandbox.serve import running
    from sandbox.world.simulate import simulate

    world = simulate(accounts=50, seed=1, start=date(2026, 10, 25), end=date(2026, 10, 28))
    accounts = world["accounts"]
    many = pd.concat([accounts.iloc[[0]]] * companies, ignore_index=True)
    many["account_no"] = range(1, companies + 1)
    many["crm_id"] = [str(FIRST_ID + n) for n in range(companies)]
    many["parent_no"] = pd.NA
    world.tables.update({name: frame.head(0) for name, frame in world.tables.items()})
    world.tables["accounts"] = many
    slow = {"vendor": "hubspot", "path": UPDATE, "fault": "slow", "seconds": latency_s}
    with running(world, limits=limits, state_dir=portal) as sandbox:
        sandbox.faults = [slow | {"times": -1}] if latency_s else []
        if sandbox.state.journal.entries("hubspot"):
            sandbox.state.clock.skip(3_600)  # what is written now is later than what was
        there = {**sandbox.vendors["hubspot"], "control": sandbox.control, "limits": limits}
        print(json.dumps(there), flush=True)
        sys.stdin.read()


def define(there: dict[str, Any]) -> None:
    """Make our group and properties."""
    where = f"{there['base_url']}/crm/v3/properties/companies"
    headers = {"Authorization": f"Bearer {there['token']}"}
    group = {"name": "cs_health", "label": "Customer health"}
    bodies = [
        to_definition(field, "cs_health", place) for place, field in enumerate(CATALOGUE.fields)
    ]
    for path, body in (("/groups", group), ("/batch/create", {"inputs": bodies})):
        answer = requests.post(where + path, json=body, headers=headers, timeout=60)  # noqa: TID251
        answer.raise_for_status()


def refusals(there: dict[str, Any]) -> tuple[int, int]:
    """429s, and all answers to writes."""
    rows = requests.get(f"{there['control']}/requests", timeout=60).json()  # noqa: TID251
    writes = [row for row in rows if row["path"] == UPDATE or row["path"].endswith("batch/update")]
    refused = sum(row["count"] for row in writes if row["status"] == 429)
    return refused, sum(row["count"] for row in writes)


def show_first_day(there: dict[str, Any], changes: int) -> None:
    """Define our properties and fill them, as an earlier run has done."""
    define(there)
    send_plainly(there, changes, SHOWN, threads=4)


def send_plainly(
    there: dict[str, Any], changes: int, properties: dict[str, str], threads: int
) -> None:
    """Write the same values to every company; a call that is refused waits for the next window."""
    with ThreadPoolExecutor(threads) as pool, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {there['token']}"

        def send(start: int) -> None:
            ids = range(FIRST_ID + start, FIRST_ID + min(start + BATCH, changes))
            body = {"inputs": [{"id": str(one), "properties": properties} for one in ids]}
            while (
                session.post(there["base_url"] + UPDATE, json=body, timeout=60).status_code == 429
            ):
                time.sleep(WINDOW_S)

        list(pool.map(send, range(0, changes, BATCH)))


class Turns(Rate):
    """A rate that notes when a thread's last call was let go."""

    def __init__(self, calls: int, seconds: float) -> None:
        super().__init__(calls, seconds, learn=told.hubspot)
        self.here = threading.local()

    def wait(self, place: str = "", *, longest_s: float = math.inf) -> Call:
        call = super().wait(place, longest_s=longest_s)
        self.here.gone_s = time.perf_counter()
        return call


class Timed(Client):
    """A client that notes when its writes were let go and answered: `writes`, in seconds."""

    def __init__(self, credentials: Credentials, calls: int) -> None:
        self.turns = Turns(calls, WINDOW_S)
        auth = Bearer(credentials.secret)
        super().__init__(credentials, vendor="hubspot", auth=auth, rate=self.turns)
        self.writes: list[tuple[float, float]] = []

    def call(self, method: str, path: str, **how: Any) -> Answer:
        answer = super().call(method, path, **how)
        if path == UPDATE:
            self.writes.append((self.turns.here.gone_s, time.perf_counter()))
        return answer


if __name__ == "__main__":
    _, companies, portal, limits, latency_s = sys.argv
    serve(int(companies), Path(portal), limits=limits == "1", latency_s=float(latency_s))
