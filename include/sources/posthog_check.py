"""What `health sources check` finds out about a PostHog project; a request for each finding."""

from collections.abc import Iterator
from datetime import datetime

from include.sources.findings import Finding, answered, clock, named, tried
from include.sources.http.client import Client


def findings(client: Client, project_id: str, group_type: str, now: datetime) -> Iterator[Finding]:
    """Yield the credential first, and no more if it is refused."""
    path = f"/api/projects/{project_id}"
    entered, answer = answered(
        "credential",
        lambda: client.call("GET", f"{path}/groups_types/", accept=(200, 403)),
        "the key is known",
    )
    yield entered
    if answer is None:
        return
    yield Finding("version", "query endpoint, HogQL; PostHog has no versions of it")
    yield clock(answer.headers, now)
    yield Finding("limit", "the vendor's answers do not tell it")

    def look() -> str:
        asked = {"query": {"kind": "HogQLQuery", "query": "select 1 limit 1"}}
        client.call("POST", f"{path}/query/", json=asked, retry=True)
        return "queries are answered"

    yield tried("stream usage_day", look)
    if answer.status == 403:
        words = "the key lacks group:read, by which the group type is looked up"
        yield Finding("field group_type", words, works=False)
    else:
        yield named("field group_type", group_type, [row["group_type"] for row in answer.body])
