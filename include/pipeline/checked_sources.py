"""What works of each source of health.yaml, and what does not, before a run finds out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from include.errors import HealthError
from include.settings import Credentials, Settings
from include.sources import open_source
from include.sources.base import Checked
from include.sources.findings import Finding
from include.vendor_settings import Source


@dataclass(frozen=True, slots=True)
class SourceFinding:
    """A finding, and the source of health.yaml that it is about."""

    source: str
    vendor: str
    finding: Finding


def check_sources(
    settings: Settings,
    names: tuple[str, ...],
    credentials_of: Callable[[str], Credentials],
    now: datetime,
) -> Iterator[SourceFinding]:
    """Yield what is found of the sources of those names, none: of all, in health.yaml's order.

    now: our clock, aware. Raises FixConfig for a name that health.yaml does not have; what goes
    wrong with a source is a finding.
    """
    for source in [settings.source(name) for name in names] or settings.sources:
        for finding in _findings(settings, source, credentials_of, now):
            yield SourceFinding(source.name, source.vendor, finding)


def _findings(
    settings: Settings, source: Source, credentials_of: Callable[[str], Credentials], now: datetime
) -> Iterator[Finding]:
    try:
        reader = open_source(
            source,
            credentials_of(source.name),
            time_zone=settings.time_zone,
            own_prefix=settings.crm.prefix,
        )
        if isinstance(reader, Checked):
            yield from reader.check(now)
        else:
            yield Finding("source", "there is nothing to ask of such a source")
    except HealthError as error:
        yield Finding("connection", str(error), works=False)
    except (AttributeError, LookupError, TypeError, ValueError):
        yield Finding("answers", "one has not the form that it should have", works=False)
