import http.client
import json
import os
import socket
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sandbox.doors import VENDORS
from sandbox.ports import listen
from sandbox.serve import running
from sandbox.world.simulate import simulate


def call(url, body=None, *, token="none"):
    """Status and JSON of one request: POST with a body, else GET."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def test_each_vendor_has_a_port_and_its_credential(sandbox):
    assert tuple(sandbox.vendors) == VENDORS
    urls = [vendor["base_url"] for vendor in sandbox.vendors.values()]
    assert len({*urls, sandbox.control}) == 10
    assert sandbox.vendors["hubspot"]["token"].startswith("pat-na1-")
    assert sandbox.vendors["stripe"]["token"].startswith("sk_test_")
    assert sandbox.vendors["posthog"] == {
        "base_url": urls[3],
        "token": sandbox.state.doors["posthog"].secret,
        "user": "1",
    }
    assert sandbox.vendors["zendesk"]["user"] == "sandbox@kite.example"
    assert sandbox.vendors["mixpanel"]["extra"] == {"project_id": "1"}


def test_the_world_is_described(sandbox, world):
    assert call(f"{sandbox.control}/world") == (
        200,
        {
            "name": "simulated",
            "start": "2026-07-01",
            "end": "2026-10-28",
            "accounts": len(world["accounts"]),
        },
    )


def test_the_clock_starts_three_hours_after_the_last_day_and_moves(sandbox):
    first = sandbox.state.clock.now()
    assert first.isoformat().startswith("2026-10-29T03:")
    assert sandbox.state.clock.now() > first


def free_ports():
    """The first of ten in a row, below the range from which systems hand out ports."""
    for base in range(20_000 + os.getpid() % 5_000, 32_000, 10):
        with ExitStack() as stack, suppress(OSError):
            for port in range(base, base + 10):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return base
    raise AssertionError("no ten free ports in a row")


def test_ports_count_up_from_the_control_port(world):
    base = free_ports()
    with running(world, port=base) as sandbox:
        ports = [vendor["base_url"].rsplit(":", 1)[1] for vendor in sandbox.vendors.values()]
        assert sandbox.control.endswith(f":{base}")
        assert [int(port) for port in ports] == [*range(base + 1, base + 10)]
    with running(world, port=base):
        pass  # the ports are free again


def test_a_taken_port_is_named(world):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(ValueError, match=f"port {port} on 127.0.0.1 cannot be used"),
            running(world, port=port),
        ):
            pass


def test_clients_may_know_it_by_another_name_than_the_address_it_listens_on(world):
    with running(world, host="localhost", public_host="sandbox") as sandbox:
        told = [sandbox.control, *(vendor["base_url"] for vendor in sandbox.vendors.values())]
        assert all(url.startswith("http://sandbox:") for url in told)
        assert call(told[0].replace("sandbox", "localhost") + "/world")[0] == 200
    with running(world, host="localhost") as sandbox:
        assert sandbox.control.startswith("http://localhost:")


def test_it_listens_where_it_is_told():
    with listen(0, "0.0.0.0") as listener:
        assert listener.getsockname()[0] == "0.0.0.0"
    with listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
    with pytest.raises(ValueError, match=r"port 0 on 203\.0\.113\.1 cannot be used"):
        listen(0, "203.0.113.1")


def test_requests_are_counted_until_the_count_is_reset(sandbox):
    owners = sandbox.vendors["hubspot"]["base_url"] + "/crm/v3/owners"
    assert [call(owners)[0] for _ in range(2)] == [401, 401]
    row = {"vendor": "hubspot", "method": "GET", "status": 401, "count": 2}
    (counted,) = call(f"{sandbox.control}/requests")[1]
    assert {key: counted[key] for key in row} == row
    assert counted["path"].startswith("/")
    assert call(f"{sandbox.control}/reset-requests", {})[0] == 200
    assert call(f"{sandbox.control}/requests")[1] == []


def test_faults_are_ordered_over_the_control_port(sandbox):
    rule = {"vendor": "zendesk", "path": "/api", "fault": "status", "code": 503}
    status, rows = call(f"{sandbox.control}/faults", [rule])
    assert (status, rows) == (200, [{**rule, "seen": 0, "fired": 0}])
    users = sandbox.vendors["zendesk"]["base_url"] + "/api/v2/users"
    assert [call(users)[0] for _ in range(2)] == [503, 401]
    assert sandbox.faults[0]["fired"] == 1
    status, answer = call(f"{sandbox.control}/faults", [{**rule, "fault": "stats"}])
    assert status == 400
    assert "did you mean 'status'" in answer["detail"]
    assert sandbox.faults[0]["fault"] == "status"


def test_faults_are_cleared_over_the_control_port_and_told_how_often_they_fired(sandbox):
    sandbox.faults = [{"vendor": "zendesk", "path": "/api", "fault": "cut", "times": 2}]
    users = sandbox.vendors["zendesk"]["base_url"] + "/api/v2/users"
    with pytest.raises(http.client.IncompleteRead):
        call(users)
    request = urllib.request.Request(f"{sandbox.control}/faults", method="DELETE")
    with urllib.request.urlopen(request, timeout=120) as response:
        (told,) = json.load(response)
    assert (told["seen"], told["fired"]) == (1, 1)
    assert sandbox.faults == []
    assert call(users)[0] == 401


@pytest.mark.parametrize("rules", [{"vendor": "stripe"}, "status", 7])
def test_faults_that_are_no_list_are_refused_in_words(sandbox, rules):
    status, answer = call(f"{sandbox.control}/faults", rules)
    assert (status, answer["detail"]) == (400, "faults must be a list of rules")


def test_faults_are_a_settable_list(sandbox):
    sandbox.faults = [{"vendor": "stripe", "path": "/", "fault": "html", "times": -1}]
    with pytest.raises(ValueError, match="unknown"):
        sandbox.faults = [{"vendor": "stripe", "path": "/", "fault": "htm"}]
    request = urllib.request.Request(sandbox.vendors["stripe"]["base_url"] + "/v1/customers")
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=120)
    assert (error.value.code, error.value.headers["content-type"][:9]) == (502, "text/html")
    sandbox.faults = []
    assert sandbox.faults == []


def test_days_pass_in_the_same_world(sandbox, world):
    later = world.end + timedelta(days=3)
    status, described = call(f"{sandbox.control}/advance", {"to": later.isoformat()})
    assert (status, described["end"]) == (200, "2026-10-31")
    grown = sandbox.state.world
    assert len(grown["events"]) > len(world["events"])
    assert grown["events"].iloc[: len(world["events"])].equals(world["events"])
    assert sandbox.state.clock.now().date() == date(2026, 11, 1)
    assert call(f"{sandbox.vendors['hubspot']['base_url']}/crm/v3/owners")[0] == 401


@pytest.mark.parametrize("to", ["2026-10-27", "tomorrow", ""])
def test_days_do_not_pass_backwards_or_to_nowhere(sandbox, to):
    status, answer = call(f"{sandbox.control}/advance", {"to": to})
    assert status == 400
    assert answer["detail"]
    assert sandbox.describe_world()["end"] == "2026-10-28"


def test_a_world_from_tables_has_no_later_days():
    made = simulate(accounts=3, seed=1, start=date(2026, 1, 1), end=date(2026, 1, 2))
    with running(replace(made, name="tables", asked_accounts=0)) as sandbox:
        status, answer = call(f"{sandbox.control}/advance", {"to": "2026-01-05"})
    assert (status, answer["detail"]) == (
        400,
        "world tables was made from tables and has no later days",
    )


def hubspot(sandbox, path, body=None):
    vendor = sandbox.vendors["hubspot"]
    return call(vendor["base_url"] + path, body, token=vendor["token"])


def test_what_clients_wrote_is_there_after_days_passed_and_after_a_restart(tmp_path, world):
    company = world["accounts"]["crm_id"].iloc[0]
    read = f"/crm/v3/objects/companies/{company}?properties=name"
    write = {"inputs": [{"id": company, "properties": {"name": "Written by a client"}}]}
    with running(world, state_dir=tmp_path) as sandbox:
        assert hubspot(sandbox, "/crm/v3/objects/companies/batch/update", write)[0] == 200
        sandbox.advance(world.end + timedelta(days=1))
        assert hubspot(sandbox, read)[1]["properties"]["name"] == "Written by a client"
    with running(world, state_dir=tmp_path) as sandbox:
        assert hubspot(sandbox, read)[1]["properties"]["name"] == "Written by a client"
    with running(world) as sandbox:
        assert hubspot(sandbox, read)[1]["properties"]["name"] != "Written by a client"


def test_two_sandboxes_do_not_share_a_folder(tmp_path, world):
    with (
        running(world, state_dir=tmp_path),
        pytest.raises(ValueError, match=f"another sandbox is at work in {tmp_path}"),
        running(world, state_dir=tmp_path),
    ):
        pass
    with running(world, state_dir=tmp_path) as sandbox:
        assert call(f"{sandbox.control}/world")[0] == 200


def test_a_world_that_cannot_be_served_leaves_the_one_before_in_place(world):
    def spoil(world, end):
        accounts = world["accounts"].assign(crm_id="no number")
        return replace(world, end=end, tables={**world.tables, "accounts": accounts})

    with running(world, grow=spoil) as sandbox:
        with pytest.raises(ValueError, match="no number"):
            sandbox.advance(world.end + timedelta(days=1))
        assert sandbox.describe_world()["end"] == "2026-10-28"
        assert sandbox.state.clock.now().date() == date(2026, 10, 29)
        assert hubspot(sandbox, "/crm/v3/owners")[0] == 200
