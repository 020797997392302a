import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from include.errors import FixConfig
from include.stack.environment import airflow_environment, connection_json
from include.stack.state import STORE_URL, Databases, State, database, open_state, own_secrets

MAKE_SECRETS = """
import sys
from pathlib import Path
from include.stack.state import State, own_secrets
print("ready", flush=True)
sys.stdin.readline()
print(own_secrets(State(Path(sys.argv[1]))))
"""


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("HEALTH_STATE", str(tmp_path / "file" / "state"))
    with pytest.raises(FixConfig, match=r"Cannot write .*/file/state: .*set HEALTH_STATE"):
        open_state()


def test_nobody_else_can_list_what_stands_in_it(tmp_path, monkeypatch):
    monkeypatch.setenv("HEALTH_STATE", str(tmp_path / "new" / "state"))
    state = open_state()
    assert state.folder == tmp_path / "new" / "state"
    assert mode(state.folder) & 0o066 == 0
    for folder in (state.airflow, state.logs, state.reports):
        assert mode(folder) == 0o700
    assert open_state() == state


def test_processes_that_start_together_make_one_set_of_secrets(tmp_path):
    command = [sys.executable, "-c", MAKE_SECRETS, str(tmp_path)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * 3
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    printed = {process.communicate(timeout=120)[0] for process in started}
    assert printed == {f"{own_secrets(State(tmp_path))}\n"}
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
    assert mode(tmp_path / "secrets.json") == 0o600


def test_each_installation_has_secrets_of_its_own(tmp_path):
    first, second = (own_secrets(State(tmp_path / name)) for name in made(tmp_path, "a", "b"))
    assert set(first) == {"fernet_key", "jwt_secret", "api_secret_key"}
    assert not set(first.values()) & set(second.values())
    assert len(first["jwt_secret"]) >= 64


def made(folder, *names):
    for name in names:
        (folder / name).mkdir()
    return names


def test_airflow_is_told_what_it_needs_and_nothing_shows_the_secrets(tmp_path, capfd):
    state = State(tmp_path)
    urls = Databases("postgresql+psycopg://u:pw-1@h/store", "postgresql+psycopg://u:pw-2@h/meta")
    connection = connection_json(base_url="http://127.0.0.1:1", secret="token-3", user="somebody")
    told = airflow_environment(state, urls, {"zendesk_default": connection})

    assert told["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == urls.metadata
    assert told["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC"] == urls.metadata
    assert told["HEALTH_DATABASE_URL"] == urls.store
    assert told["AIRFLOW__CORE__FERNET_KEY"] == own_secrets(state)["fernet_key"]
    assert json.loads(told["AIRFLOW_CONN_ZENDESK_DEFAULT"]) == {
        "conn_type": "http", "host": "http://127.0.0.1:1", "login": "somebody",
        "password": "token-3",
    }  # fmt: skip
    assert told["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)

    shown = "".join(capfd.readouterr()) + repr((state, urls))
    for secret in ("pw-1", "pw-2", "token-3", *own_secrets(state).values()):
        assert secret not in shown


def test_a_database_of_ones_own_needs_no_embedded_server(tmp_path, monkeypatch):
    monkeypatch.setenv(STORE_URL, "postgresql://elsewhere/health")
    with database(State(tmp_path), STORE_URL, "health") as url:
        assert url == "postgresql://elsewhere/health"
    assert list(tmp_path.iterdir()) == []
