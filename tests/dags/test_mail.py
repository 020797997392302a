"""A digest goes through the notifier of Airflow's SMTP provider to a server on loopback."""

import json
import socketserver
import threading
from email import message_from_bytes, policy

import pytest


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


@pytest.fixture
def server(airflow_home, monkeypatch):
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
    from customer_health_mail import Mail

    from include.play_settings import Alerts

    return Mail(Alerts(email=True, connection="mail", sender="health@example.com"))


def test_002_24_a_digest_arrives_as_a_mail(server, mail):
    from include.plays.digest import write_digest

    rows = [{"name": "Kite", "as_of": "2026-03-03", "kind": "drop", "sentence": "lost 12 points"}]
    mail.send(write_digest("ann@example.com", rows))
    [(recipients, body)] = server.received
    message = message_from_bytes(body, policy=policy.default)
    assert recipients == ["ann@example.com"]
    assert message["From"] == "health@example.com"
    assert message["Subject"] == "Customer health: 1 account of yours moved"
    said = "".join(part.get_content() for part in message.walk() if not part.is_multipart())
    assert "<b>Kite</b>" in said
    assert "lost 12 points (2026-03-03)" in said


def test_a_mail_that_is_refused_is_an_error_and_not_a_silence(server, mail):
    from include.plays.digest import write_digest

    server.refuses = True
    rows = [{"name": "Kite", "as_of": "2026-03-03", "kind": "drop", "sentence": "lost 12 points"}]
    with pytest.raises(Exception, match="no such user"):
        mail.send(write_digest("nobody@example.com", rows))
    assert server.received == []
