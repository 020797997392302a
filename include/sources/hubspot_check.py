"""What `health sources check` finds out about a HubSpot portal; a request for each finding."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from include.errors import HealthError
from include.sources.findings import Finding, answered, clock, left_of, named, tried
from include.sources.hubspot_portal import Portal

VERSIONS = {
    "numbered": "v3 objects, v4 associations: out of support from September and March 2027",
    "2026-03": "the dated paths of March 2026",
}


def findings(
    portal: Portal,
    streams: Sequence[str],
    wanted: Mapping[str, str],
    api_version: str,
    now: datetime,
) -> Iterator[Finding]:
    """Yield the credential first, and no more if it is refused.

    wanted: properties of companies, by their key in health.yaml.
    """
    entered, answer = answered(
        "credential", lambda: portal.first("companies", may_refuse=True), "the token is known"
    )
    yield entered
    if answer is None:
        return
    yield Finding("version", VERSIONS[api_version])
    yield clock(answer.headers, now)
    for what, of in (("burst", ""), ("day", "-Daily")):
        left, size = f"X-HubSpot-RateLimit{of}-Remaining", f"X-HubSpot-RateLimit{of or '-Max'}"
        yield left_of(f"limit {what}", answer.headers, left, size)
    for stream in streams:
        yield tried(f"stream {stream}", partial(_look, portal, stream))
    yield from _fields(portal, wanted)


def _look(portal: Portal, stream: str) -> str:
    portal.first(stream)
    return "it can be read"


def _fields(portal: Portal, wanted: Mapping[str, str]) -> Iterator[Finding]:
    try:
        known = portal.property_names("companies")
    except HealthError as error:
        yield Finding("field names", str(error), works=False)
        return
    for key, name in wanted.items():
        yield named(f"field {key}", name, known)
