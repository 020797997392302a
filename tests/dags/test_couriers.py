"""Digests go through Airflow's providers to servers on loopback: SMTP, Slack, Apprise's JSON."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from include.errors import FixConfig, RejectData, RetryLater
from tests.dags.conftest import ROOT


class Server(socketserver.ThreadingTCPServer):
    """As much of SMTP (RFC 5321) as one client needs. received: (recipients, message)."""

    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.received, self.refuses = [], False


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 localhost")
        recipients = []
        for line in self.rfile:
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"RCPT":
                recipients.append(line.decode().split("<")[1].split(">")[0])
                self.say("550 no such user" if self.server.refuses else "250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                message = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.received.append((recipients, message))
                self.say("250 ok")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


def courier(channel, **options):
    from customer_health_couriers import courier_for

    from include.play_settings import Alerts

    return courier_for(Alerts(channel=channel, **options))


def digest(to="ann@example.com", name="Kite & <Sons>"):
    from include.plays.digest import write_digest

    rows = [{"name": name, "crm_id": "7", "as_of": "2026-03-03", "kind": "drop",
             "sentence": "lost 12 points"}]  # fmt: skip
    return write_digest(to, rows)


@pytest.fixture
def plugins(airflow_home, monkeypatch):
    """As Airflow does with its plugins folder."""
    monkeypatch.syspath_prepend(ROOT / "plugins")


@pytest.fixture
def server(plugins, monkeypatch):
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host, port = server.server_address
        connection = {"conn_type": "smtp", "host": host, "port": port,
                      "extra": {"disable_ssl": True, "disable_tls": True}}  # fmt: skip
        monkeypatch.setenv("AIRFLOW_CONN_MAIL", json.dumps(connection))
        yield server
        server.shutdown()


@pytest.fixture
def mail(server):
    return courier("email", connection="mail", sender="health@example.com")


def test_002_24_a_digest_arrives_as_a_mail(server, mail):
    mail.send(digest(name="Kite"))
    [(recipients, body)] = server.received
    message = message_from_bytes(body, policy=policy.default)
    assert recipients == ["ann@example.com"]
    assert message["From"] == "health@example.com"
    assert message["Subject"] == "Customer health: 1 account of yours moved"
    said = "".join(part.get_content() for part in message.walk() if not part.is_multipart())
    assert "<b>Kite (7)</b>" in said
    assert "lost 12 points (2026-03-03)" in said


def test_a_mail_that_is_refused_is_an_error_and_not_a_silence(server, mail):
    server.refuses = True
    with pytest.raises(RejectData, match=r"refused a recipient \(550\)"):
        mail.send(digest("nobody@example.com"))
    assert server.received == []


def test_a_mail_without_a_sender_is_a_setting_that_lacks(server):
    with pytest.raises(FixConfig, match=r"name alerts\.sender in health\.yaml"):
        courier("email", connection="mail").send(digest())


def test_a_mail_server_that_is_gone_is_a_matter_of_later(server, mail):
    server.shutdown()
    server.server_close()
    with pytest.raises(RetryLater, match="connection mail did not take an e-mail"):
        mail.send(digest())


class Door(ThreadingHTTPServer):
    """Slack's API, and a service that takes Apprise's JSON. asked: path, query and body, in order.

    people: ids by address. says: what Slack answers to every message in place of ok.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Turn)
        self.asked, self.people, self.says, self.status = [], {"ann@example.com": "U1"}, {}, 200

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Turn(BaseHTTPRequestHandler):
    def do_GET(self):
        self.turn()

    def do_POST(self):
        self.turn()

    def turn(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        said = json.loads(body) if body.startswith("{") else {}
        told = dict(parse_qsl(query)) | dict(parse_qsl("" if said else body)) | said
        self.server.asked.append((path, told, self.headers.get("Authorization")))
        status, answer = self.server.status, self.server.says or {"ok": True}
        if path == "/api/users.lookupByEmail" and not self.server.says:
            person = self.server.people.get(told["email"])
            known = {"ok": True, "user": {"id": person}}
            answer = known if person else {"ok": False, "error": "users_not_found"}
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        """Keep the test's output clean."""


@pytest.fixture
def door(plugins, monkeypatch):
    with Door() as door:
        threading.Thread(target=door.serve_forever, daemon=True).start()
        slack = {"conn_type": "slack", "password": "xoxb-secret",
                 "extra": {"base_url": f"{door.url}/api/"}}  # fmt: skip
        service = {"path": door.url.replace("http", "json") + "/hook?:token=secret"}
        tagged = [service | {"tag": "ann@example.com"}, service | {"tag": "bob@example.com"}]
        for name, connection in {
            "SLACK": slack, "APPRISE": {"conn_type": "apprise", "extra": {"config": tagged}},
            "EMPTY": {"conn_type": "apprise"},
            "UNREADABLE": {"conn_type": "apprise", "extra": {"config": {"path": "pigeon:/secret"}}},
        }.items():  # fmt: skip
            monkeypatch.setenv(f"AIRFLOW_CONN_{name}", json.dumps(connection))
        yield door
        door.shutdown()


def test_002_24_a_digest_arrives_as_a_message_to_its_owner_in_slack(door):
    courier("slack", connection="slack").send(digest())
    (looked, asked, _), (posted, message, secret) = door.asked
    assert (looked, asked["email"]) == ("/api/users.lookupByEmail", "ann@example.com")
    assert (posted, message["channel"], secret) == (
        "/api/chat.postMessage", "U1", "Bearer xoxb-secret",
    )  # fmt: skip
    assert message["text"] == (
        "*Customer health: 1 account of yours moved*\n\n"
        "Kite &amp; &lt;Sons&gt; (7)\n  - lost 12 points (2026-03-03)"
    )


def test_whom_slack_does_not_know_is_told_in_the_room_or_named_as_unreached(door):
    with pytest.raises(RejectData, match="knows nobody"):
        courier("slack", connection="slack").send(digest("bob@example.com"))
    courier("slack", connection="slack", room="#health").send(digest("bob@example.com"))
    assert door.asked[-1][1]["channel"] == "#health"


@pytest.mark.parametrize(
    ("says", "status", "error", "words"),
    [
        ({"ok": False, "error": "invalid_auth"}, 200, FixConfig, "invalid_auth.*scopes"),
        ({"ok": False, "error": "missing_scope"}, 200, FixConfig, "missing_scope"),
        ({"ok": False, "error": "ratelimited"}, 429, RetryLater, "ratelimited"),
        ({"ok": False, "error": "internal_error"}, 500, RetryLater, "internal_error"),
    ],
)
def test_what_slack_says_becomes_one_of_our_errors_without_the_token(
    door, says, status, error, words
):
    door.says, door.status = says, status
    with pytest.raises(error, match=words) as told:
        courier("slack", connection="slack", room="#health").send(digest())
    assert "secret" not in str(told.value)


def test_002_24_a_digest_arrives_by_apprise_at_the_services_of_its_owner(door):
    courier("apprise", connection="apprise").send(digest())
    [(path, message, _)] = door.asked
    assert path == "/hook"
    assert message["title"] == "Customer health: 1 account of yours moved (ann@example.com)"
    assert "lost 12 points (2026-03-03)" in message["message"]


def test_an_owner_without_a_service_is_unreached_and_a_refusal_no_silence(door):
    with pytest.raises(RejectData, match="recipient's address, or digests"):
        courier("apprise", connection="apprise").send(digest("eve@example.com"))
    assert door.asked == []
    door.status = 500
    with pytest.raises(RetryLater, match="did not take a digest"):
        courier("apprise", connection="apprise").send(digest())


@pytest.mark.parametrize(
    ("channel", "name"),
    [("email", "none"), ("slack", "none"), ("apprise", "none"), ("apprise", "empty"),
     ("apprise", "unreadable")],
)  # fmt: skip
def test_a_connection_that_lacks_is_named(door, channel, name):
    with pytest.raises(FixConfig, match=rf"connection {name}\b") as told:
        courier(channel, connection=name).send(digest())
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("channel", ["slack", "apprise"])
def test_a_provider_that_is_not_installed_is_named(channel):
    """In a process whose Python cannot import it."""
    code = f"""
import sys
sys.modules["airflow.providers.{channel}"] = None
from customer_health_couriers import courier_for
from include.play_settings import Alerts
courier_for(Alerts(channel="{channel}", connection="mine"))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"},
    )  # fmt: skip
    said = f"FixConfig: apache-airflow-providers-{channel} is not installed"
    assert said in done.stderr
