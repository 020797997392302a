"""The environment in which Airflow's commands run on one machine."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from include.settings import ROOT
from include.stack.state import Databases, State, own_secrets


def airflow_environment(
    state: State, databases: Databases, connections: Mapping[str, str]
) -> dict[str, str]:
    """Return the whole environment of an Airflow command: ours, over what the caller had.

    connections: Airflow connection id -> its JSON. psycopg serves both of Airflow's URLs, so that
    no second driver is needed.
    """
    keys = own_secrets(state)
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": str(ROOT),
        "AIRFLOW_HOME": str(state.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        # Somebody is watching: better an answer soon than patience.
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "5",
        "HEALTH_LONGEST_RETRY_S": os.environ.get("HEALTH_LONGEST_RETRY_S", "60"),
        "HEALTH_TASK_RETRIES": os.environ.get("HEALTH_TASK_RETRIES", "1"),
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet_key"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt_secret"],
        "AIRFLOW__API__SECRET_KEY": keys["api_secret_key"],
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": databases.metadata,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": databases.metadata,
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(state.logs / "airflow"),
        "HEALTH_DATABASE_URL": databases.store,
        "HEALTH_STATE": str(state.folder),
        "GX_ANALYTICS_ENABLED": "False",
        **{f"AIRFLOW_CONN_{name.upper()}": value for name, value in connections.items()},
    }


def connection_json(
    *, base_url: str, secret: str, user: str = "", extra: Mapping[str, str] | None = None
) -> str:
    """Return an Airflow connection as the JSON that its environment variable takes."""
    fields = {"conn_type": "http", "host": base_url, "login": user or None, "password": secret}
    return json.dumps({**fields, "extra": dict(extra)} if extra else fields)
