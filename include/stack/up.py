"""`health up`: the store, the sandbox, Airflow's parts, and what a person needs to look at them."""

from collections.abc import Mapping

from include.demo import store_name
from include.settings import load_settings
from include.shown import terminal
from include.stack.airflow_database import prepare_airflow
from include.stack.environment import airflow_environment
from include.stack.one_run import prepare_store
from include.stack.state import State, databases, open_state, remember_store
from include.stack.supervisor import (
    USER,
    Part,
    airflow,
    airflow_settings,
    password_file,
    refuse_taken,
    watch,
)
from include.stack.vendors import sandbox, world_arguments

say = terminal.console.print


def up(port: int, simulated: Mapping[str, int]) -> None:
    """Start everything, say where it is, and stop it with nothing left when interrupted.

    simulated: accounts, days and seed of the world that the sandbox serves.
    """
    refuse_taken(port)
    state, settings = open_state(), load_settings()
    name = store_name(None, simulated)
    # Its world lives on for as long as Airflow runs beside it.
    follow = ["--follow", settings.time_zone]
    arguments = world_arguments(state, name, None, simulated) + follow
    say("Starting PostgreSQL and the sandbox ...")
    with (
        databases(state, name) as urls,
        sandbox(settings, arguments, state) as vendors,
    ):
        prepare_store(urls.store).dispose()
        remember_store(state, name)
        environment = airflow_environment(state, urls, vendors.connections)
        environment |= airflow_settings(state, port)
        say("Starting Airflow: api-server, scheduler, dag-processor, triggerer ...")
        prepare_airflow(state, environment)
        others = [Part("sandbox", vendors.child, state.logs / "sandbox.log")]
        with airflow(environment, state.logs, port, others) as parts:
            _tell(state, port)
            watch(parts)


def _tell(state: State, port: int) -> None:
    say(
        f"Airflow is up: http://localhost:{port}  user {USER}, password in {password_file(state)}\n"
        f"The daily run starts by itself. Logs are in {state.logs}. Ctrl-C stops everything.",
        soft_wrap=True,
    )
