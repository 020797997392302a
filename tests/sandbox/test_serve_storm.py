"""docs/faults.md, A first storm: the example file, started, switched and ended as a person does."""

import http.client
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

HEALTH = Path(sys.executable).with_name("health")
STORM = Path(__file__).parents[2] / "sandbox" / "storms" / "bad_week.yaml"
WORLD = ["--accounts", "6", "--start", "2026-10-01", "--end", "2026-10-10"]
REQUESTS = 30  # to each vendor
SUNK = -1  # the connection closed in the middle of the answer


@pytest.fixture(scope="module")
def storm():
    """The ready line of `health sandbox serve`, and the command's process."""
    command = [str(HEALTH), "sandbox", "serve", *WORLD, "--faults", str(STORM)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield json.loads(process.stdout.readline()), process
    process.kill()
    process.communicate()


def ask(url, rules=None, method=None):
    """Return the status and the body; SUNK where the answer broke off."""
    data = None if rules is None else json.dumps(rules).encode()
    kind = {"content-type": "application/json"}
    request = urllib.request.Request(url, data, kind, method=method)
    try:
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
    except (http.client.IncompleteRead, ConnectionError):
        return SUNK, b""


def many(vendors):
    """Ask every vendor side by side, each one thing after the other; return how often what came."""

    def asked(reach):
        return [ask(reach["base_url"] + "/")[0] for _ in range(REQUESTS)]

    with ThreadPoolExecutor(len(vendors)) as pool:
        return Counter(status for found in pool.map(asked, vendors.values()) for status in found)


def test_it_is_started_switched_and_ended_as_the_page_says(storm):
    ready, process = storm
    faults = f"{ready['control']}/faults"

    seen = many(ready["vendors"])
    assert all(seen[status] for status in (503, 429, 502, SUNK))
    fired = Counter()
    for rule in json.loads(ask(faults)[1]):
        fired[rule["fault"]] += rule["fired"]
    assert (fired["retry_after"], fired["html"], fired["cut"]) == (seen[429], seen[502], seen[SUNK])

    calm = {"vendor": "stripe", "path": "/", "fault": "status", "code": 418, "times": 2}
    assert ask(faults, [calm])[0] == 200
    assert many(ready["vendors"]).keys() & {503, 429, 502, SUNK, 418} == {418}

    (told,) = json.loads(ask(faults, method="DELETE")[1])
    assert (told["seen"], told["fired"]) == (REQUESTS, 2)

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=120) != 0
    with pytest.raises(urllib.error.URLError):
        ask(ready["control"] + "/world")
