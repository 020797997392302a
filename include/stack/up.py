"""`health up`: the store, the sandbox, Airflow's parts, and what a person needs to look at them."""

from collections.abc import Callable
from datetime import date

import requests

from include import terminal
from include.settings import load_settings
from include.stack.environment import airflow_environment
from include.stack.one_run import prepare_airflow, prepare_store
from include.stack.state import databases, open_state, remember_store
from include.stack.supervisor import (
    USER,
    airflow_parts,
    airflow_settings,
    password_file,
    refuse_taken,
    wait_until_healthy,
    watch,
)
from include.stack.vendors import Sandbox, sandbox

say = terminal.console.print


def up(port: int, yesterday: Callable[[], date]) -> None:
    """Start everything, say where it is, and stop it with nothing left when interrupted."""
    refuse_taken(port)
    state, settings = open_state(), load_settings()
    place = ["--state", str(state.folder / "sandbox" / "health"), "--port", "0"]
    arguments = ["--end", yesterday().isoformat(), *place]
    with (
        databases(state, "health") as urls,
        sandbox(settings, arguments, state.logs / "sandbox.log") as vendors,
    ):
        prepare_store(urls.store).dispose()
        remember_store(state, "health")
        environment = airflow_environment(state, urls, vendors.connections)
        environment |= airflow_settings(state, port)
        say("Starting PostgreSQL, the sandbox and Airflow ...")
        prepare_airflow(state, environment)
        with airflow_parts(state, environment) as parts:
            wait_until_healthy(parts, port)
            say(
                f"Airflow is up: http://localhost:{port}  user {USER}, password in "
                f"{password_file(state)}\nThe daily run starts by itself. Ctrl-C stops everything.",
                soft_wrap=True,
            )
            watch(parts, lambda: follow_calendar(vendors, yesterday()))


def follow_calendar(vendors: Sandbox, yesterday: date) -> None:
    """Let the simulated world live on for as long as Airflow runs beside it."""
    if yesterday > vendors.last_day:
        session = requests.Session()
        session.trust_env = False
        session.post(f"{vendors.control}/advance", json={"to": yesterday.isoformat()}, timeout=300)
