"""What `health sources check` finds out about a Stripe account; a request for each finding."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from include.errors import HealthError
from include.sources.base import rows_of
from include.sources.findings import Finding, answered, clock, keyed, tried
from include.sources.http.client import Client

MOST = 100
CUSTOMERS = "/v1/customers"


def findings(
    client: Client, streams: Sequence[str], keys: Sequence[str], version: str, now: datetime
) -> Iterator[Finding]:
    """Yield the credential first, and no more if it is refused.

    keys: of metadata, one of which names the account.
    """

    def enter() -> Any:  # noqa: ANN401 - an answer
        return client.call("GET", CUSTOMERS, params={"limit": 1}, accept=(200, 403))

    entered, answer = answered("credential", enter, "the key is known")
    yield entered
    if answer is None:
        return
    told = answer.headers.get("Stripe-Version", version)
    words = f"{version} is asked for, {told} answers"
    yield Finding("version", words, works=told == version)
    yield clock(answer.headers, now)
    yield Finding("limit", "the vendor's answers do not tell it")
    for stream in (*streams, "events"):
        yield tried(f"stream {stream}", partial(_look, client, stream))
    yield from _keys(client, keys)


def _look(client: Client, stream: str) -> str:
    client.get(f"/v1/{stream}", {"limit": 1})
    return "it can be read"


def _keys(client: Client, keys: Sequence[str]) -> Iterator[Finding]:
    """Yield how often the newest customers and subscriptions have each key; one must do."""
    try:
        rows = [
            row
            for path in (CUSTOMERS, "/v1/subscriptions")
            for row in rows_of(client.get(path, {"limit": MOST}), "data", path)
        ]
    except HealthError as error:
        yield Finding("field account_keys", str(error), works=False)
        return
    kept = [row.get("metadata") or {} for row in rows]
    yield from keyed(keys, kept)
