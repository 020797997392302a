"""What `health sources check` finds out about a Salesforce org; one or two requests a finding."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from include.sources.findings import Finding, answered, clock, named, tried
from include.sources.http.told import salesforce
from include.sources.salesforce_objects import ENTITIES, chosen, own_fields
from include.sources.salesforce_org import Column, Org
from include.sources.salesforce_soql import Query
from include.vendor_settings import Salesforce

VERSIONS = "/services/data/"


def findings(
    org: Org, settings: Salesforce, streams: tuple[str, ...], now: datetime
) -> Iterator[Finding]:
    """Yield the credential first, and no more if it is refused. now: our clock, aware."""
    entered, answer = answered(
        "credential", partial(org.calls.call, "GET", "/"), "the org lets us in"
    )
    yield entered
    if answer is None:
        return
    yield tried("version", partial(_version, org, settings.api_version))
    yield clock(answer.headers, now)
    yield _calls_left(answer.headers, settings.budget_share)
    for stream in streams:
        yield from _of_stream(org, settings, stream)


def _version(org: Org, wanted: str) -> str:
    told = [str(row["version"]) for row in org.calls.get(VERSIONS)]
    newest = max(told, key=float, default=wanted)
    return f"{wanted} is asked for, {newest} is the org's newest"


def _calls_left(headers: Mapping[str, str], share: float) -> Finding:
    """Of the org's calls in 24 hours; everybody's count."""
    for ours in salesforce(share)(headers):
        words = f"{ours.left:,} are left of {ours.calls:,}, our share of the calls in 24 hours"
        return Finding("limit calls", words, works=bool(ours.left))
    return Finding("limit calls", "the org's answers do not tell it")


def _of_stream(org: Org, settings: Salesforce, stream: str) -> Iterator[Finding]:
    entity = ENTITIES[stream]
    seen: dict[str, Column] = {}

    def look() -> str:
        columns = org.columns(entity.name)
        if columns is None:
            return f"the org shows no {entity.name}" + (
                "" if entity.may_lack else ", which we need"
            )
        seen.update(columns)
        query = Query(entity.name, chosen(entity, (), columns), entity.stamp)
        return f"can be read: {org.count(query, everything=entity.keeps_old):,} records"

    found = tried(f"stream {stream}", look)
    yield found if seen or entity.may_lack else Finding(found.what, found.words, works=False)
    if seen:
        for key, name in own_fields(settings, stream).items():
            yield named(f"field {key}", name, seen)
