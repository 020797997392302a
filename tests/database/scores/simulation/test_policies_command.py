"""`health policies` as people type it."""

import json
import os
import subprocess
import sys

import pytest

from tests.database.histories.conftest import ROOT, TODAY


@pytest.fixture
def policies(entered, tmp_path):
    """Run the command on the store as after a daily run."""
    entered.run(TODAY)
    environment = entered.environment() | {"HEALTH_STATE": str(tmp_path / "state")}

    def run(*arguments):
        program = "from include.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", program, "policies", *arguments], text=True, check=False,
            capture_output=True, timeout=120,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        )  # fmt: skip

    return run


def test_policies_of_the_newest_day_are_shown_as_a_table_and_as_json(policies):
    done = policies("plain.v1")
    assert (done.returncode, done.stderr) == (0, "")
    age, first, heads, own, *_ = done.stdout.splitlines()
    assert age.startswith("! These scores are old")
    assert first.startswith("plain.v1 on 2026-03-31, live:")
    assert heads.split()[:3] == ["policy", "scored", "mean"]
    assert own.strip().startswith("as the card says")
    found = json.loads(policies("plain.v1", "--json").stdout)
    assert found["as_of"] == "2026-03-31"
    assert [one["policy"] for one in found["outcomes"]] == [
        "as the card says", "stay unknown", "carry forward", "neutral 50", "zero",
    ]  # fmt: skip


def test_a_card_that_is_not_there_is_one_sentence(policies):
    done = policies("plain.v9")
    assert done.returncode == 78
    assert done.stderr.startswith("FixConfig: health.yaml has no scorecard plain.v9; it has")
