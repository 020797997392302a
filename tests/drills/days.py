"""A store and the sandbox's vendors, and the tasks of the DAG's days over them, without Airflow."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest
import requests
from sqlalchemy import text

from include import pipeline
from include.connections import credentials_at_hand
from include.settings import Settings, load_settings
from include.stack.state import State
from include.stack.vendors import Sandbox, sandbox
from include.warehouse.database import open_store
from tests.database.conftest import lend
from tests.end_to_end.test_run_stopped import LEFT

DAY = date(2026, 3, 31)
WORLD = ("--accounts", "20", "--days", "100", "--seed", "3", "--end", str(DAY), "--port", "0")
TASKS = ("check_raw", "conform", "check_facts", "roll_up", "fill_history", "read", "watch", "score",
         "publish", "settle", "plan", "push")  # fmt: skip


@dataclass(frozen=True)
class Days:
    """url: of the store, with its password."""

    url: str
    settings: Settings
    vendors: Sandbox

    def tasks(self, day):
        """The day's tasks in their order, each a call that needs nothing."""
        enter = partial(credentials_at_hand, self.settings, others=self.vendors.connections)
        do = partial(work, self.url, str(day))
        found = {
            f"extract {one.name}": partial(do, "extract", one.name, enter(one.name))
            for one in self.settings.sources
        }
        found |= {name: partial(do, name) for name in TASKS[:-1]}
        return found | {"push": partial(do, "push", enter(self.settings.crm_source.name))}

    def run(self, day):
        for task in self.tasks(day).values():
            task()

    def pass_until(self, day):
        self._ask("post", "advance", json={"to": str(day)})

    def spoil(self, *rules):
        """Order faults of the vendors; none: all is well again."""
        self._ask("post", "faults", json=list(rules))

    def _ask(self, method, path, **how):
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, f"{self.vendors.control}/{path}", timeout=120, **how)
        assert answer.status_code == 200, answer.text

    def rows(self, statement, **binds):
        engine = open_store(self.url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(statement), binds)]
        engine.dispose()
        return found

    def left(self):
        return self.rows(LEFT)


@contextmanager
def days(server, migrated, folder, *, settings=None):
    state = State(folder)
    for place in (state.logs, state.folder / "sandbox"):
        place.mkdir(parents=True)
    stores = lend(server, migrated)
    url = next(stores).url.render_as_string(hide_password=False)
    settings = settings or load_settings()
    with sandbox(settings, [*WORLD, "--high-volume"], state) as vendors:
        yield Days(url, settings, vendors)
    next(stores, None)


def work(url, day, verb, *given):
    """Do one task as a worker does, on the store of that URL."""
    with job_on(url) as job:
        getattr(pipeline, verb)(job, f"daily {day}", day, *given)


@contextmanager
def job_on(url):
    """Open the job where the environment names that store, and leave the environment as it was."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HEALTH_DATABASE_URL", url)
        yield pipeline.open_job()
