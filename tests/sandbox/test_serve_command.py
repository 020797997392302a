import csv
import json
import signal
import subprocess
import sys
import urllib.request
from datetime import timedelta

import pytest

from sandbox.__main__ import main
from sandbox.doors import VENDORS
from sandbox.origin import yesterday
from tests.patience import wait_until

SMALL = ["--accounts", "12", "--start", "2026-01-01"]


def sandbox(*words):
    command = [sys.executable, "-m", "sandbox", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_prints_one_ready_line_and_stops_cleanly_on_either_signal(tmp_path):
    numbers = [signal.SIGTERM, signal.SIGINT]
    started = [sandbox("serve", *SMALL, "--end", "2026-01-10") for _ in numbers]  # side by side
    for process, number in zip(started, numbers, strict=True):
        ready = json.loads(process.stdout.readline())
        assert ready["ready"] is True
        assert ready["world"]["end"] == "2026-01-10"
        assert tuple(ready["vendors"]) == VENDORS
        process.send_signal(number)
    for process in started:
        rest, complaints = process.communicate(timeout=120)
        assert (process.returncode, rest, complaints) == (0, "", "")


def test_days_pass_with_the_calendar_of_a_time_zone(tmp_path):
    first = yesterday("Asia/Tokyo")
    start, end = (str(first - timedelta(days=days)) for days in (40, 30))
    words = ["--start", start, "--end", end, "--follow", "Asia/Tokyo"]
    process = sandbox("serve", "--accounts", "3", *words)
    control = json.loads(process.stdout.readline())["control"]

    def newest():
        with urllib.request.urlopen(f"{control}/world", timeout=120) as response:
            return json.load(response)["end"]

    wait_until(lambda: newest() != end, "days to pass")
    found = newest()
    process.terminate()
    process.communicate(timeout=120)
    assert found in {str(first), str(yesterday("Asia/Tokyo"))}
    assert process.returncode == 0


def test_it_begins_with_the_faults_of_a_file_and_remembers_its_world(tmp_path):
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {vendor: stripe, path: /v1, fault: cut}\n")
    state = tmp_path / "state"
    words = ["--end", "2026-01-10", "--state", str(state), "--faults", str(faults)]
    process = sandbox("serve", *SMALL, *words)
    ready = json.loads(process.stdout.readline())
    with urllib.request.urlopen(f"{ready['control']}/faults", timeout=120) as response:
        assert json.load(response)[0]["fault"] == "cut"
    body = json.dumps({"to": "2026-01-12"}).encode()
    headers = {"content-type": "application/json"}
    advance = urllib.request.Request(f"{ready['control']}/advance", body, headers)
    with urllib.request.urlopen(advance, timeout=120) as response:
        assert json.load(response)["end"] == "2026-01-12"
    process.terminate()
    process.communicate(timeout=120)
    assert json.loads((state / "world.json").read_text()) == {
        "start": "2026-01-01",
        "end": "2026-01-12",
        "accounts": 12,
        "seed": 1,
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["serve", "--tables", "nowhere"], "nowhere is not a folder"),
        (["serve", "--faults", "nowhere.yaml", *SMALL], "nowhere.yaml: cannot be read"),
        (["serve", "--seeed", "1"], "No such option '--seeed'"),
        (["serve", *SMALL, "--follow", "Mars/Olympus"], "Mars/Olympus is no time zone"),
        (["serve", "--tables", ".", "--follow", "UTC"], "--follow cannot go with --tables"),
        (["truth", *SMALL, "--end", "2025-01-01", "--out", "x.csv"], "before it starts"),
    ],
)
def test_wrong_input_ends_with_code_2_and_one_sentence(capsys, words, sentence):
    code = main(words)
    out, complaints = capsys.readouterr()
    assert (code, out) == (2, "")
    assert complaints.startswith("sandbox: ")
    assert sentence in complaints
    assert complaints.count("\n") == 1


def test_the_code_is_the_processs_own():
    process = sandbox("serve", "--seeed", "1")
    out, complaints = process.communicate(timeout=120)
    assert (process.returncode, out, complaints.count("\n")) == (2, "", 1)


def test_the_answer_key_has_a_row_for_each_account_and_day(tmp_path, capsys):
    path = tmp_path / "key" / "truth.csv"
    code = main(["truth", *SMALL, "--end", "2026-06-30", "--out", str(path)])
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert code == 0
    assert capsys.readouterr().out == f"{len(rows):,} rows in {path}\n"
    lived = [row for row in rows if row["satisfaction"]]
    assert len(lived) > 12 * 30
    assert len({(row["crm_id"], row["day"]) for row in rows}) == len(rows)
    assert all(0 <= float(row["hazard"]) <= 1 for row in lived)
    assert any("renewal" in row["outcome"] for row in rows)
