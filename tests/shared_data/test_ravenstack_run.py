"""The whole job on tables that other people made, as `make run WORLD=folder` does it."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What other tests tell Airflow in this process is not what a user's shell holds.
CLEAN = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name}
STATE = ROOT / "var" / "test-ravenstack"
FOLDER = Path(os.environ["HEALTH_SHARED_DATA"]) / "ravenstack"


@pytest.fixture(scope="module")
def printed():
    shutil.rmtree(STATE, ignore_errors=True)
    command = [Path(sys.executable).parent / "health", "run", "--world", FOLDER]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=1800,
        env={**CLEAN, "HEALTH_STATE": str(STATE)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rows_in(name):
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file))


def counted(printed, source, stream):
    for line in printed.splitlines():
        words = line.split()
        if words[:2] == [source, stream]:
            return [int(word.replace(",", "")) for word in words[2:]]
    raise AssertionError(f"{source} {stream} is not in\n{printed}")


def test_every_row_of_the_tables_arrives_and_is_accounted_for(printed):
    for name, source, stream in (
        ("accounts.csv", "hubspot", "companies"),
        ("support_tickets.csv", "zendesk", "tickets"),
        ("subscriptions.csv", "stripe", "subscriptions"),
    ):
        received, duplicates, unchanged, landed, rejected, _ = counted(printed, source, stream)
        assert received == landed == len(rows_in(name))
        assert (duplicates, unchanged, rejected) == (0, 0, 0)


def test_every_account_is_scored_and_pushed(printed):
    accounts = len(rows_in("accounts.csv"))
    assert f"{accounts} acknowledged" in printed
    bands = [line.split() for line in printed.splitlines() if line.startswith("  red ")]
    assert bands
    assert "Most at risk on 2024-12-31" in printed


def test_what_the_checks_found_is_told_line_by_line(printed):
    assert "the account has no domain: only keys can link to it, 500 of 500" in printed
