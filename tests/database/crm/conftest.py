"""A CRM with a few hundred companies on loopback, and a store that has scores for them."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.crm.catalogue import Vocabulary, catalogue_of
from include.crm.hubspot.desk import Group, HubSpotDesk
from include.crm.pacing import Pacer
from include.crm.push import push
from include.crm.values import Sentences
from include.settings import Credentials, Settings, load_settings
from include.sources.http.client import Client
from include.sources.http.session import Bearer, Wire
from sandbox.serve import Sandbox, running
from sandbox.state import Journal
from sandbox.world.model import World
from sandbox.world.simulate import simulate

DAY = date(2026, 11, 1)
WORDS = Vocabulary(("red", "yellow", "green"), ("declining", "stable", "improving"))
UPDATE = "/crm/v3/objects/companies/batch/update"

Shown = dict[str, str | None]


class Time:
    """A clock that only moves when somebody sleeps on it, so that no test waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds
            self.slept.append(seconds)


@dataclass
class Desk:
    """What a test holds in its hands: the store, the CRM, and the job between them."""

    engine: Engine
    sandbox: Sandbox
    settings: Settings
    client: Client
    time: Time = field(default_factory=Time)
    day: date = DAY
    words: Vocabulary = WORDS

    def __post_init__(self) -> None:
        accounts = self.sandbox.state.world["accounts"]
        live = accounts[accounts["archived_at"].isna()]
        with self.engine.begin() as connection:
            found = connection.execute(
                text(
                    "insert into core.account (source, source_account_id, name)"
                    " select 'hubspot', id, 'Kite' from unnest(cast(:ids as text[])) as id"
                    " order by id returning source_account_id, account_id"
                ),
                {"ids": live["crm_id"].tolist()},
            )
            self.accounts = dict(tuple(row) for row in found)
            self.card = connection.scalar(
                text(
                    "insert into health.scorecard (name, version, digest, body)"
                    " values ('retention', 1, 'digest', '') returning scorecard_id"
                )
            )

    @property
    def run_no(self) -> int:
        return self.run_of(DAY)

    def run_of(self, day: date) -> int:
        """The number of the day's run; made at the first call."""
        with self.engine.begin() as connection:
            return connection.scalar(
                text(
                    "insert into health.run (run_id, kind, as_of) values (:run, 'daily', :day)"
                    " on conflict (run_id) do update set as_of = excluded.as_of returning run_no"
                ),
                {"run": f"run {day}", "day": day},
            )

    @property
    def record_ids(self) -> list[str]:
        return sorted(self.accounts)

    def score(self, scores: dict[str, float | None], day: date = DAY, **columns: Any) -> None:
        """Store one snapshot a record and publish the day; a band every 40 points."""
        bands = ["red", "yellow", "green"]
        rows = [
            {
                "account_id": self.accounts[record_id],
                "as_of": day,
                "card": self.card,
                "run_no": self.run_no,
                "score": score,
                "band": "unknown" if score is None else bands[int(score // 40)],
                "change_30d": None,
                "direction": "stable",
                "coverage": 0.8,
                "revision": 1,
                **columns,
            }
            for record_id, score in scores.items()
        ]
        with self.engine.begin() as connection:
            connection.execute(text("select health.ensure_partitions(:day, :day)"), {"day": day})
            connection.execute(
                text(
                    "insert into health.snapshot (account_id, as_of, scorecard_id, basis, revision,"
                    " digest, run_no, score, coverage, band, change_30d, direction, categories,"
                    " points, readings, drivers) values (:account_id, :as_of, :card, 'live',"
                    " :revision, 0, :run_no, :score, :coverage, :band, :change_30d, :direction,"
                    " '{}', '{}', '{}', '{}')"
                ),
                rows,
            )
            connection.execute(
                text(
                    "insert into health.publication (as_of, scorecard_id, run_no)"
                    " values (:day, :card, :run_no) on conflict do nothing"
                ),
                {"day": day, "card": self.card, "run_no": self.run_no},
            )

    def score_all(self, score: float, day: date = DAY, **columns: Any) -> None:
        self.score(dict.fromkeys(self.record_ids, score), day, **columns)

    def push(self, day: date = DAY, **options: Any) -> dict[str, int]:
        """Push with a clock of our own, and the same reason for everybody."""
        chosen: dict[str, Any] = {
            "run_no": self.run_of(day),
            "as_of": day,
            "scorecard_ids": [self.card],
            "say": lambda account_ids: dict.fromkeys(
                account_ids, Sentences("Usage fell.", "Call.")
            ),
        }
        client = options.pop("client", self.client)
        settings = options.pop("settings", self.settings)
        words = options.pop("words", self.words)
        chosen["catalogue"] = catalogue_of(settings.crm, None, words, lambda name: name)
        hubspot = self.hubspot(client, settings)
        return push(self.engine, settings, hubspot, **(chosen | options))

    def hubspot(self, client: Client | None = None, settings: Settings | None = None) -> Any:
        settings = settings or self.settings
        return HubSpotDesk(
            client or self.client,
            api_version=settings.crm_source.api_version,
            group=Group(settings.crm.group, settings.crm.group_label),
            pacer=Pacer(clock=self.time.clock, sleep=self.time.sleep),
        )

    def shown(self, name: str) -> dict[str, str | None]:
        """What the CRM shows for one property, by record id."""
        found: dict[str, str | None] = {}
        ids = self.record_ids
        for start in range(0, len(ids), 100):
            body = {"inputs": [{"id": one} for one in ids[start : start + 100]]}
            answer = self.client.call(
                "POST",
                "/crm/v3/objects/companies/batch/read",
                json=body | {"properties": [name]},
                accept=(200, 207),
            )
            for row in answer.body["results"]:
                found[row["id"]] = row["properties"].get(name)
        return found

    def start_over(self) -> None:
        """Let the CRM forget everything that was ever written to it."""
        start_over(self.sandbox)

    def calls(self, path: str = UPDATE) -> Counter[int]:
        """How often the CRM answered which status on a path."""
        rows = self.sandbox.requests()
        return Counter(
            {
                row["status"]: row["count"]
                for row in rows
                if row["vendor"] == "hubspot" and row["path"] == path and row["method"] == "POST"
            }
        )

    def written(self) -> Counter[tuple[str, str]]:
        """How often each (record, property) was written in the CRM."""
        return Counter(
            (str(row["id"]), name)
            for entry in self.sandbox.state.journal.entries("hubspot")
            if entry["op"] == "write"
            for row in entry["rows"]
            for name in row["properties"]
        )

    def ledger(self) -> Counter[str]:
        """Ledger rows by status."""
        with self.engine.begin() as connection:
            found = connection.execute(
                text("select status, count(*) from health.crm_write group by status")
            )
            return Counter(dict(tuple(row) for row in found))

    def answers(self, status: str) -> dict[str, str]:
        """The words of ledger rows of a status, by record id."""
        with self.engine.begin() as connection:
            found = connection.execute(
                text("select record_id, answer from health.crm_write where status = :status"),
                {"status": status},
            )
            return dict(tuple(row) for row in found)


def start_over(sandbox: Sandbox) -> None:
    sandbox.state.journal = Journal()
    sandbox.faults = []
    sandbox.advance(sandbox.state.world.end)
    sandbox.reset_requests()


@pytest.fixture(scope="session")
def companies() -> World:
    """About 220 companies and nothing else; treat it as read-only."""
    world = simulate(accounts=250, seed=1, start=date(2026, 10, 25), end=date(2026, 10, 28))
    kept = {name: world[name] for name in ("accounts", "owners")}
    return replace(world, tables={name: world[name].head(0) for name in world.tables} | kept)


@pytest.fixture(scope="session")
def served(companies: World) -> Iterator[Sandbox]:
    """One sandbox for all tests, whose world never grows."""
    with running(companies, limits=False, grow=lambda world, _end: world) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(served: Sandbox) -> Sandbox:
    """As if it had just started: nothing written, no faults, no request counted."""
    start_over(served)
    return served


@pytest.fixture
def desk(store: Engine, sandbox: Sandbox) -> Iterator[Desk]:
    """Companies without any of our properties, and a store without any score."""
    there = sandbox.vendors["hubspot"]
    client = Client(
        Credentials(there["base_url"], there["token"]),
        vendor="hubspot",
        auth=Bearer(there["token"]),
        wire=Wire(pace=0.001),
    )
    yield Desk(store, sandbox, load_settings(), client)
    client.close()
