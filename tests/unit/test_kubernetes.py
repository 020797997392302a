"""deploy/kubernetes/values.yaml: settings of the official Helm chart. No cluster has run them."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from include.settings import load_settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy/kubernetes/values.yaml").read_text(encoding="utf-8")
VALUES = yaml.safe_load(TEXT)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))["services"]
BY_THE_CHART = {
    "AIRFLOW__CORE__FERNET_KEY": "fernetKeySecretName",
    "AIRFLOW__API__SECRET_KEY": "apiSecretKeySecretName",
    "AIRFLOW__API_AUTH__JWT_SECRET": "jwtSecretName",
}
IN_DATA = {
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "metadataSecretName",
    "AIRFLOW__CELERY__BROKER_URL": "brokerUrlSecretName",
    "AIRFLOW__CELERY__RESULT_BACKEND": "resultBackendSecretName",
}
# Which the chart writes by itself, by its own names of services and folders, or need not have.
OF_THE_CHART = {
    "AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__API__BASE_URL",
    "AIRFLOW__CORE__AUTH_MANAGER", "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
}  # fmt: skip
# How the chart asks whether a part lives, and who clears its logs, unless told otherwise.
PROBE = "CONNECTION_CHECK_MAX_COUNT=0 AIRFLOW__LOGGING__LOGGING_LEVEL=ERROR exec /entrypoint "
WITH_GROOMER = ("workers", "scheduler", "triggerer", "dagProcessor")


def test_whatever_compose_tells_the_workers_is_told_here_too():
    given = {one["envName"] for one in VALUES["secret"]} | {one["name"] for one in VALUES["env"]}
    given |= {name for name, key in BY_THE_CHART.items() if VALUES[key]}
    given |= {name for name, key in IN_DATA.items() if VALUES["data"][key]}
    wanted = set(COMPOSE["worker"]["environment"]) - OF_THE_CHART
    assert len(wanted) > 12
    assert wanted <= given


def test_plain_variables_say_what_compose_says():
    ours = {one["name"]: one["value"] for one in VALUES["env"]}
    same = set(ours) & set(COMPOSE["worker"]["environment"])
    assert len(same) == 3
    for name in same:
        assert ours[name] == COMPOSE["worker"]["environment"][name]


def test_airflow_reaches_its_database_in_both_ways_by_one_secret():
    (own,) = (one for one in VALUES["secret"] if one["envName"].endswith("SQL_ALCHEMY_CONN_ASYNC"))
    metadata = VALUES["data"]["metadataSecretName"]
    assert (own["secretName"], own["secretKey"]) == (metadata, "connection")


@pytest.mark.parametrize(
    ("asked", "code"), [("printenv AIRFLOW__LOGGING__LOGGING_LEVEL", 0), ("false", 1)]
)
def test_the_image_has_what_the_charts_probes_run(tmp_path, asked, code):
    (program,) = re.findall(r"ln -s (\S+) /entrypoint$", DOCKERFILE, re.MULTILINE)
    (tmp_path / "entrypoint").symlink_to(program)
    probe = PROBE.replace("/entrypoint", str(tmp_path / "entrypoint")) + asked
    assert subprocess.run(["sh", "-c", probe], check=False).returncode == code


def test_no_sidecar_runs_a_program_that_the_image_lacks():
    assert "/clean-logs" not in DOCKERFILE
    for name in WITH_GROOMER:
        assert VALUES[name]["logGroomerSidecar"] == {"enabled": False}


def test_each_connection_that_the_settings_name_comes_from_a_secret():
    given = {one["envName"] for one in VALUES["secret"]}
    wanted = {f"AIRFLOW_CONN_{one.connection.upper()}" for one in load_settings().sources}
    assert wanted
    assert wanted <= given


def test_secrets_are_names_only():
    assert not re.search(r"://[^…\s]*:(?!PASSWORD@)[^…\s]*@", TEXT)
    for one in VALUES["secret"]:
        assert set(one) == {"envName", "secretName", "secretKey"}
    assert not {"fernetKey", "jwtSecret", "apiSecretKey", "webserverSecretKey"} & set(VALUES)
    assert "brokerUrl" not in VALUES["data"]
    assert VALUES["createUserJob"] == {"enabled": False}


def test_the_workers_queues_are_those_of_compose():
    celery = VALUES["workers"]["celery"]
    here = {celery["queue"], *(one["queue"] for one in celery["sets"])}
    commands = [one["command"] for name, one in COMPOSE.items() if name.endswith("worker")]
    assert here == {words[words.index("--queues") + 1] for words in commands}


def test_what_is_run_before_all_else_is_what_compose_runs():
    def steps(text):
        lines = (line.strip().removeprefix("exec ") for line in text.splitlines())
        return {
            line for line in lines if line.startswith(("airflow db", "airflow pools", "health"))
        }

    ours = steps(VALUES["migrateDatabaseJob"]["args"][-1])
    assert len(ours) == 3
    assert ours == steps(COMPOSE["init"]["command"][-1])


def test_no_pod_of_a_release_starts_on_the_schemas_of_the_one_before():
    # The chart's own hooks come after an upgrade, and its pods wait for Airflow's schema alone.
    job = VALUES["migrateDatabaseJob"]
    assert job["useHelmHooks"] is False
    assert job["jobAnnotations"]["helm.sh/hook"] == "post-install,pre-upgrade"
    script = job["args"][-1]
    assert script.index("health db upgrade") < script.index("airflow db migrate")


def test_airflow_is_the_locked_one():
    (locked,) = re.findall(
        r'^name = "apache-airflow"\nversion = "(.+)"$', (ROOT / "uv.lock").read_text(), re.MULTILINE
    )
    assert VALUES["airflowVersion"] == locked
