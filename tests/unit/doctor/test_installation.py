"""What `health doctor` finds without a database: each finding, good and bad."""

from datetime import UTC, datetime

import pytest

from include.connections import credentials_at_hand
from include.doctor.installation import LOCKED, connections, disk, late_days, time_zone, versions
from include.settings import ROOT, parse_settings

SETTINGS = """
time_zone: America/New_York
scorecards: [scorecards/retention.v1.yaml]
sources:
  - {name: hubspot, vendor: hubspot, connection: doctor_hubspot}
  - {name: zendesk, vendor: zendesk, connection: doctor_zendesk}
"""
GIB = 2**30


@pytest.fixture
def settings():
    return parse_settings(SETTINGS, where="the test")


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "uv.lock"
    packages = "".join(f'[[package]]\nname = "{name}"\nversion = "2.0"\n' for name in LOCKED)
    path.write_text('requires-python = ">=3.11, <3.14"\n' + packages)
    return path


def states(findings):
    return {found.what: found.state for found in findings}


def test_this_environment_is_the_locked_one():
    assert set(states(versions(ROOT / "uv.lock")).values()) == {"good"}


@pytest.mark.parametrize(
    ("python", "state"), [((3, 11), "good"), ((3, 10), "bad"), ((3, 14), "bad")]
)
def test_a_python_outside_of_the_locked_range(lock, python, state):
    found = states(versions(lock, python=python, at_work=lambda _: "2.0"))
    assert found.pop("version of python") == state
    assert set(found.values()) == {"good"}


def test_a_package_of_another_version_and_one_that_is_missing(lock):
    at_work = dict.fromkeys(LOCKED, "2.0") | {"pandas": "1.9", "sqlalchemy": None}
    found = {one.what: one for one in versions(lock, python=(3, 12), at_work=at_work.get)}
    bad = [name for name, one in found.items() if one.state == "bad"]
    assert bad == ["version of pandas", "version of sqlalchemy"]
    words = "1.9 is installed, 2.0 is locked. Run `make setup`."
    assert found["version of pandas"].words == words


def test_without_a_lock_nothing_is_claimed(tmp_path):
    (found,) = versions(tmp_path / "uv.lock")
    assert found.state == "look"


@pytest.mark.parametrize(
    ("free", "state"), [(6 * GIB, "good"), (3 * GIB, "look"), (GIB // 2, "bad")]
)
def test_room_on_the_disk(tmp_path, free, state):
    (found,) = disk([tmp_path, tmp_path], lambda _: free)
    assert found.state == state
    assert ("Make room" in found.words) == (state != "good")


def test_the_last_full_day_is_that_of_the_organisation(settings):
    (found,) = time_zone(settings, datetime(2026, 11, 22, 2, tzinfo=UTC))
    assert found.words.endswith("2026-11-21 21:00, the last full day is 2026-11-20")


def test_alerts_that_leave_a_late_day_to_nobody_are_looked_at(settings):
    def found(**alerts):
        told = settings.alerts.model_copy(update=alerts)
        return states(late_days(settings.model_copy(update={"alerts": told})))

    assert found(channel="email") == {"alerts": "look"}
    assert found(channel="email", fallback="ops@example.com") == found(channel=None) == {}


def test_connections_are_read_and_no_vendor_is_asked(settings, monkeypatch, tmp_path):
    secret = '{"conn_type": "http", "host": "https://a.example", "password": "s3cret"%s}'
    missing = f', "extra": {{"private_key_file": "{tmp_path}/none.pem"}}'
    monkeypatch.setenv("AIRFLOW_CONN_DOCTOR_HUBSPOT", secret % "")

    def found():
        look = connections(settings, lambda name: credentials_at_hand(settings, name))
        return {one.what: one for one in look}

    first = found()
    assert first["connection of hubspot"].state == "good"
    elsewhere = first["connection of zendesk"]
    assert elsewhere.state == "look"  # Airflow may have it, of which the environment knows nothing
    assert "AIRFLOW_CONN_DOCTOR_ZENDESK" in elsewhere.words
    assert "Airflow's own pages" in elsewhere.words
    monkeypatch.setenv("AIRFLOW_CONN_DOCTOR_ZENDESK", secret % missing)
    second = found()["connection of zendesk"]
    assert (second.state, "private_key_file" in second.words) == ("bad", True)
    monkeypatch.setenv("AIRFLOW_CONN_DOCTOR_ZENDESK", '{"host": "https://a.example"}')
    assert found()["connection of zendesk"].state == "bad"
    assert "s3cret" not in str((first, second))
