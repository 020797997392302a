"""All the looks in order. What one needs and another found missing is not looked at."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from include.doctor import installation, store, work
from include.doctor.found import Found, guarded
from include.errors import HealthError
from include.pipeline.job import read_deck
from include.pipeline.playbooks import read_playbooks
from include.reports.freshness import day_of
from include.settings import ROOT, Credentials, Settings, load_settings
from include.stack.state import STORE_URL, State, current_store, database, open_state
from include.stack.vendors import running_connections
from include.warehouse.database import open_store, transaction
from include.warehouse.embedded import home_of


@dataclass(slots=True)
class Examined:
    """Everything that was found, in order."""

    findings: list[Found] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing has to be mended; what is only to be looked at does not count."""
        return all(found.state != "bad" for found in self.findings)


def examine(now: datetime, *, max_age_days: int | None = None) -> Examined:
    """Look at everything there is to look at. now: our clock, aware.

    max_age_days: how old the published day and the newest landings may be; None:
    checks.max_age_days of health.yaml.
    """
    return Examined(list(_all(now, max_age_days)))


def _all(now: datetime, max_age_days: int | None) -> Iterator[Found]:
    yield from installation.versions(ROOT / "uv.lock")
    try:
        state = open_state()
    except HealthError as error:
        yield Found("state folder", "bad", str(error))
        return
    yield from guarded("disk", lambda: installation.disk(_written(state)))
    try:
        settings = load_settings()
        read_playbooks(settings, read_deck(settings))
    except HealthError as error:
        yield Found("settings", "bad", str(error))
        settings = None
    if settings is not None:
        yield from _configured(state, settings, now)
    yield from guarded("database", lambda: _stored(state, settings, now, max_age_days))


def _written(state: State) -> list[Path]:
    """Return the folders that grow: ours, and the embedded server's where it is used."""
    if os.environ.get(STORE_URL):
        return [state.folder]
    return [state.folder, home_of(state.folder / "postgres")]


def _configured(state: State, settings: Settings, now: datetime) -> Iterator[Found]:
    from include.connections import credentials_at_hand

    def credentials_of(name: str) -> Credentials:
        return credentials_at_hand(settings, name, running_connections(state))

    yield Found("settings", "good", "health.yaml, its scorecards and playbooks can be read")
    yield from installation.time_zone(settings, now)
    yield from installation.late_days(settings)
    yield from installation.connections(settings, credentials_of)


def _stored(
    state: State, settings: Settings | None, now: datetime, max_age_days: int | None
) -> Iterator[Found]:
    with database(state, STORE_URL, current_store(state)) as url:
        engine = open_store(url)
        try:
            with transaction(engine) as connection:
                yield from store.database(engine, connection)
                yield from store.clock(connection)
                found = list(store.schema(connection))
                yield from found
                if found[0].state == "good":
                    yield from _worked(connection, settings, now, max_age_days)
        finally:
            engine.dispose()


def _worked(
    connection: Connection, settings: Settings | None, now: datetime, max_age_days: int | None
) -> Iterator[Found]:
    yield from work.last_run(connection, now)
    yield from work.waiting(connection)
    if settings is None:
        return
    most = settings.checks.max_age_days if max_age_days is None else max_age_days
    today, deck = day_of(settings, now), read_deck(settings)
    yield from work.published(connection, deck, today=today, max_age_days=most)
    if max_age_days is None:
        yield from work.due(connection, settings, deck, now=now)
    yield from guarded("playbooks", lambda: work.values(connection, settings, deck))
    yield from work.sources(connection, settings, now=now, max_age_days=most)
