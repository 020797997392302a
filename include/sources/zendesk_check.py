"""What `health sources check` finds out about a Zendesk account; a request for each finding."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from include.sources.findings import Finding, answered, clock, left_of, tried
from include.sources.http.client import Client, Params
from include.vendor_settings.versions import VERSIONS

VERSION = VERSIONS["zendesk"].asked
ME = f"/api/{VERSION}/users/me"


def findings(
    client: Client, looks: Mapping[str, tuple[str, Params]], now: datetime
) -> Iterator[Finding]:
    """Yield the credential first, and no more if it is refused.

    looks: for each stream the path and the parameters of its smallest question.
    """
    entered, answer = answered("credential", lambda: client.call("GET", ME), "")
    if answer is None:
        yield entered
        return
    me = answer.body.get("user") if isinstance(answer.body, dict) else None
    found = _user(me if isinstance(me, dict) else {})
    yield found
    if not found.works:
        return
    yield Finding("version", f"API {VERSION}")
    yield clock(answer.headers, now)
    yield left_of("limit minute", answer.headers, "X-Rate-Limit-Remaining", "X-Rate-Limit")
    for stream, (path, params) in looks.items():
        yield tried(f"stream {stream}", partial(_look, client, path, params))


def _user(me: Mapping[str, object]) -> Finding:
    """Return who we are: nobody is answered 200 as well, and only an admin may export."""
    if me.get("id") is None:
        words = "the credential is not known; renew it in the connection"
        return Finding("credential", words, works=False)
    role = me.get("role")
    if role != "admin":
        words = f"it is known, as {role}; the incremental exports need an admin"
        return Finding("credential", words, works=False)
    return Finding("credential", "it is known, as an admin")


def _look(client: Client, path: str, params: Params) -> str:
    accept = (200, 403) if path.endswith("satisfaction_ratings") else (200,)
    answer = client.call("GET", path, params=params, accept=accept)
    return "it can be read" if answer.status == 200 else "the plan has none; none are read"
