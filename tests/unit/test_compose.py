"""docker-compose.yaml and what belongs to it. No engine is needed, and none has started it here."""

import base64
import json
import os
import re
import runpy
import subprocess
import time
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml

from include.settings import load_settings
from include.stack.environment import airflow_environment
from include.stack.state import Databases, State
from include.stack.supervisor import airflow_settings
from sandbox.doors import DOORS, VENDORS

ROOT = Path(__file__).parents[2]
COMPOSE_TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
IMAGE = SERVICES["init"]["image"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == IMAGE}
REQUIRED = set(re.findall(r"\$\{(\w+):\?", COMPOSE_TEXT))
SECRET = re.compile(r"PASSWORD|SECRET|KEY|CONN|AUTH$|URL$")


def values(text):
    """What a .env file says: name -> value; the last line of a name wins."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all("=" in line for line in lines)
    return {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}


def commented(text, words):
    """Return the one command that a comment of .env.example tells to run."""
    (found,) = [line for line in text.splitlines() if line.startswith("#") and words in line]
    return found[found.index(words) :]


@pytest.fixture
def filled(tmp_path):
    """.env.example as a person leaves it who follows its comments, for the demo."""
    (tmp_path / ".env").write_text(EXAMPLE, encoding="utf-8")
    for words in ("python3 -c", "sed -i.bak"):
        subprocess.run(commented(EXAMPLE, words), shell=True, check=True, cwd=tmp_path)
    return values((tmp_path / ".env").read_text(encoding="utf-8"))


def test_every_dependency_is_there_and_can_be_met():
    found = [
        (SERVICES[name], told["condition"])
        for service in SERVICES.values()
        for name, told in service.get("depends_on", {}).items()
    ]
    assert len(found) >= 7
    for service, condition in found:
        if condition == "service_healthy":
            assert "healthcheck" in service
        else:
            assert (condition, service["restart"]) == ("service_completed_successfully", "no")


def test_what_others_wait_for_or_people_open_has_a_health_check():
    for name in ("postgres", "redis", "api-server"):
        check = SERVICES[name]["healthcheck"]
        assert {"test", "interval", "timeout", "retries"} <= set(check)
        assert check["test"][0] in {"CMD", "CMD-SHELL"}


def mounts() -> Iterator[tuple[str, str, str]]:
    for name, service in SERVICES.items():
        for mount in service.get("volumes", []):
            source, target, *_ = mount.split(":")
            yield name, source, target


def test_every_volume_is_declared_and_used_and_every_mounted_file_exists():
    named = {source for _, source, _ in mounts() if not source.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    files = [ROOT / source for _, source, _ in mounts() if source.startswith(".")]
    assert files
    assert all(path.is_file() for path in files)


def test_the_image_has_the_folders_that_volumes_take_their_owner_from():
    made = re.findall(r"mkdir -p (.+?) *\\", DOCKERFILE)[0].split()
    given = re.findall(r"chown -R health: (.+)", DOCKERFILE)[0].split()
    targets = {target for name, _, target in mounts() if name in OURS}
    assert targets == set(made)
    assert all(any(target.startswith(folder) for folder in given) for target in targets)


def test_ports_are_published_on_loopback_only():
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_every_secret_is_required_and_none_is_written_here():
    given = {
        name: value
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if SECRET.search(name)
    }
    assert len(given) >= 12
    open_to_all = {"AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__API__BASE_URL"}
    for name in set(given) - open_to_all:
        assert re.search(r"\$\{\w+:\?", given[name]), name
    defaults = re.findall(r"\$\{(\w+):-", COMPOSE_TEXT)
    assert not [name for name in defaults if SECRET.search(name) and name != "AIRFLOW_BASE_URL"]


def test_no_secret_is_an_argument_where_process_lists_show_it():
    for service in SERVICES.values():
        words = [*service.get("command", []), *service.get("healthcheck", {}).get("test", [])]
        assert not [word for word in words if "${" in word]


def test_images_are_pinned():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for service in SERVICES.values():
        assert re.search(r":\d+(\.|$)", service["image"]), service["image"]
    assert f"{version['name']}:{version['version']}" == IMAGE
    public = {"postgres", "redis"}
    assert set(OURS) == set(SERVICES) - public


def test_one_service_builds_the_image_and_the_others_neither_build_nor_fetch_it():
    # Docker builds all at once, and the second to name its image by the same tag fails.
    assert {name for name, service in SERVICES.items() if "build" in service} == {"init"}
    assert SERVICES["init"]["pull_policy"] == "missing"
    assert {one["pull_policy"] for name, one in OURS.items() if name != "init"} == {"never"}


def test_the_image_is_built_by_what_the_project_says():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extra in re.findall(r"--extra (\w+)", DOCKERFILE):
        assert extra in project["optional-dependencies"]
    (version,) = re.findall(r"uv==([\d.]+)", DOCKERFILE)
    assert f"UV_VERSION := {version}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (.+) \./$", DOCKERFILE, re.MULTILINE)[0].split()
    assert copied
    assert all((ROOT / name).is_file() for name in copied)


def test_every_setting_of_airflow_exists_here_and_on_one_machine(tmp_path):
    state = State(tmp_path)
    state.airflow.mkdir()
    alone = airflow_environment(state, Databases("", ""), {}) | airflow_settings(state, 8080)
    core = distribution("apache-airflow-core").locate_file("airflow/config_templates/config.yml")
    known = yaml.safe_load(Path(str(core)).read_text(encoding="utf-8"))
    celery = distribution("apache-airflow-providers-celery").locate_file(
        "airflow/providers/celery/get_provider_info.py"
    )
    known |= runpy.run_path(str(celery))["get_provider_info"]()["config"]
    told = {name for service in OURS.values() for name in service.get("environment", {})}
    told |= {name for name in alone if name not in os.environ}
    asked = [name.split("__")[1:] for name in told if name.startswith("AIRFLOW__")]
    assert len(asked) >= 20
    for section, option in asked:
        assert option.lower() in known[section.lower()]["options"], f"{section} {option}"


def test_each_connection_that_the_settings_name_is_given():
    wanted = {
        f"AIRFLOW_CONN_{source.connection.upper()}": "${" + source.vendor.upper() + "_CONNECTION"
        for source in load_settings().sources
    }
    given = SERVICES["worker"]["environment"]
    assert wanted
    for name, variable in wanted.items():
        assert given[name].startswith(variable)


def test_the_example_names_every_required_variable_and_nothing_else():
    assert set(values(EXAMPLE)) == REQUIRED


def test_its_comments_fill_in_every_secret(filled):
    assert set(filled) == REQUIRED
    secrets = {name: value for name, value in filled.items() if not name.endswith("_CONNECTION")}
    assert len({*secrets.values()}) == len(secrets) == 6
    assert all(re.fullmatch(r"[\w=-]{40,}", value) for value in secrets.values())
    assert len(secrets["AIRFLOW_JWT_SECRET"]) >= 64
    assert len(base64.urlsafe_b64decode(secrets["AIRFLOW_FERNET_KEY"])) == 32


def test_its_comments_lead_the_demo_to_the_sandbox(filled):
    command = SERVICES["sandbox"]["command"]
    port, name = (command[command.index(word) + 1] for word in ("--port", "--public-host"))
    assert name in SERVICES
    used = [source.vendor for source in load_settings().sources]
    assert used
    for vendor in used:
        place = VENDORS.index(vendor) + 1
        told = json.loads(filled[f"{vendor.upper()}_CONNECTION"])
        assert told["host"] == f"http://{name}:{int(port) + place}"
        door = DOORS[vendor]
        assert (told.get("login", ""), told["password"]) == (door.user, door.secret)


def test_the_demo_follows_the_days_of_the_job():
    command = SERVICES["sandbox"]["command"]
    assert command[command.index("--follow") + 1] == load_settings().time_zone


def test_logs_of_tasks_go_after_their_days_and_empty_folders_a_day_later(tmp_path):
    logs = tmp_path / "airflow" / "logs"
    old, young = logs / "dag_id=a" / "old" / "1.log", logs / "dag_id=a" / "young" / "1.log"
    made, left = logs / "dag_id=b" / "made", logs / "dag_id=b" / "left"
    for folder in (old.parent, young.parent, made, left):
        folder.mkdir(parents=True)
    for file, days in ((old, 32), (young, 29)):
        file.write_text("words")
        _age(file, days)
    _age(left, 3)
    assert _clean_once(tmp_path) == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert (made.exists(), left.exists(), old.parent.exists()) == (True, False, True)
    _age(old.parent, 3)
    _clean_once(tmp_path)
    assert not old.parent.exists()
    assert _clean_once(tmp_path, LOG_DAYS="-5") == 2
    assert young.exists()


def _age(path, days):
    when = time.time() - days * 86_400
    os.utime(path, (when, when))


def _clean_once(folder, **changed):
    """Run the service by its own command up to its first sleep, which ends it: the exit code."""
    (folder / "sleep").write_text("#!/bin/sh\nexit 1\n")
    (folder / "sleep").chmod(0o700)
    service = SERVICES["log-cleaner"]
    default = re.fullmatch(r"\$\{LOG_DAYS:-(\d+)\}", service["environment"]["LOG_DAYS"])[1]
    command = [
        word.replace("/opt/airflow", str(folder / "airflow")).replace("$$", "$")
        for word in service["command"]
    ]
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {"LOG_DAYS": default, "PATH": path} | changed
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode


def test_what_containers_say_is_kept_within_limits():
    for name, service in SERVICES.items():
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name


def test_filled_in_secrets_reach_neither_git_nor_the_image():
    assert ".env*" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env*", "var", ".git"} <= set(ignored)
