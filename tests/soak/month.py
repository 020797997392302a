"""The same days twice: calm, and under storms with the retries that the scheduler would make."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from include import pipeline
from include.errors import FixConfig, RetryLater
from include.pipeline.job import Job, read_deck
from include.settings import Credentials, Settings, load_settings
from include.sources.http.session import Wire
from sandbox.serve import Sandbox, running
from sandbox.world.simulate import simulate
from tests.soak.storms import Rule, storm

BEGIN, FIRST = date(2026, 5, 1), date(2026, 8, 1)  # of the world, and of the days that are run
ACCOUNTS = 36
SEED = int(os.environ.get("HEALTH_SOAK_SEED", "3"))  # of the world and of the storms
RETRIES = 3  # of a task, as in the DAG
QUICK = Wire(pace=0.001)
LONGEST_SKIP_S = 120.0  # where the scheduler would wait; the day has to stay the same
# The tasks behind extraction, in the DAG's order, and those that are mapped over shards.
VERBS = (
    "check_raw", "conform", "check_facts", "roll_up", "fill_history", "read", "watch", "score",
    "publish", "settle",
)  # fmt: skip
MAPPED = ("fill_history", "read", "score")
Fired = Counter[tuple[str, str]]


def days_asked() -> int:
    """How many days are run: HEALTH_SOAK_DAYS, by default 3; `make soak` runs 30."""
    return int(os.environ.get("HEALTH_SOAK_DAYS", "3"))


@dataclass
class Month:
    """Two stores over one sandbox. retried: tasks that were tried again, by the error."""

    sandbox: Sandbox
    calm: Job
    stormy: Job
    fired: Fired = field(default_factory=Counter)
    retried: Counter[str] = field(default_factory=Counter)
    days: list[date] = field(default_factory=list)

    @property
    def vendors(self) -> dict[str, str]:
        return {source.name: source.vendor for source in self.calm.settings.sources}

    def live_through(self, count: int) -> None:
        for number in range(count):
            day = FIRST + timedelta(days=number)
            if number:
                self.sandbox.advance(day)
            self.run(self.calm, day, {})
            storms = {
                vendor: storm(vendor, day=number, seed=SEED) for vendor in self.vendors.values()
            }
            self.run(self.stormy, day, storms)
            self.days.append(day)

    def run(self, job: Job, day: date, storms: dict[str, list[Rule]]) -> None:
        """One daily run; a source whose records came late is read once more when they are there."""
        run_id, as_of = f"run-{day}", str(day)
        for name, vendor in self.vendors.items():
            self.sandbox.faults = storms.get(vendor, [])
            entered = self.credentials(vendor)
            extract = partial(pipeline.extract, job, run_id, as_of, name, entered, wire=QUICK)
            self.tried(extract)
            if self.calmed()["late"]:
                extract()
        for verb in VERBS:
            task = partial(getattr(pipeline, verb), job, run_id, as_of)
            if verb not in MAPPED:
                task()
                continue
            for shard in pipeline.shards(job):
                task(shard)

    def tried(self, task: Callable[[], object]) -> None:
        """Run a task as the scheduler would; where a credential ran out, a person renews it."""
        left = RETRIES
        while True:
            try:
                task()
            except RetryLater as error:
                self.retried[str(error).split(":", 1)[0]] += 1
                left -= 1
                if left < 0:
                    raise
                self.sandbox.state.clock.skip(min(error.wait_s or 0.0, LONGEST_SKIP_S))
            except FixConfig:
                rules = [one for one in self.sandbox.faults if one["fault"] == "expire_token"]
                if not any(one["fired"] for one in rules):
                    raise
                self.renew()
            else:
                return

    def renew(self) -> None:
        """Let the token pass again, and the storm go on."""
        kept = [one for one in self.sandbox.faults if one["fault"] != "expire_token"]
        self.calmed()
        own = {"seen", "fired"}
        self.sandbox.faults = [
            {key: value for key, value in one.items() if key not in own} for one in kept
        ]

    def calmed(self) -> Counter[str]:
        """End the storm; how often each of its faults had fired."""
        now: Counter[str] = Counter()
        for one in self.sandbox.faults:
            now[one["fault"]] += one["fired"]
            self.fired[one["vendor"], one["fault"]] += one["fired"]
        self.sandbox.faults = []
        return now

    def credentials(self, vendor: str) -> Credentials:
        at = self.sandbox.vendors[vendor]
        return Credentials(at["base_url"], at["token"], at.get("user", ""), at.get("extra", {}))

    def report(self) -> Iterator[str]:
        """What a person wants to know of the storm."""
        yield f"{len(self.days)} days, {self.days[0]} to {self.days[-1]}; faults that fired:"
        for vendor in sorted({vendor for vendor, _ in self.fired}):
            counts = sorted((fault, n) for (one, fault), n in self.fired.items() if one == vendor)
            yield f"  {vendor}: " + ", ".join(f"{fault} {n}" for fault, n in counts if n)
        yield "  extractions tried again: " + (str(dict(self.retried)) if self.retried else "none")


@contextmanager
def month(path: Path, calm: Engine, stormy: Engine) -> Iterator[Month]:
    """A world and its vendors, and both stores as the settings in that file want them."""
    settings = small(load_settings(path))
    deck = read_deck(settings)
    jobs = [Job(store, settings, deck.live, deck.shadow) for store in (calm, stormy)]
    world = simulate(accounts=ACCOUNTS, seed=SEED, start=BEGIN, end=FIRST)
    with running(world, limits=False) as sandbox:
        yield Month(sandbox, *jobs)


def small(settings: Settings) -> Settings:
    """The settings, with no more history than the world has."""
    days = (FIRST - BEGIN).days + 1
    sources = tuple(
        one.model_copy(update={"history_days": days}) if hasattr(one, "history_days") else one
        for one in settings.sources
    )
    return settings.model_copy(update={"sources": sources, "history_days": 30})


def show(lines: Iterator[str]) -> None:
    for line in lines:
        print(line)  # noqa: T201 - `make soak` shows it
