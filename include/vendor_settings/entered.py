"""Which measures people may enter at all, by all sources of manual inputs together."""

from collections.abc import Iterable

from include.vendor_settings.base import SourceBase
from include.vendor_settings.inputs import Inputs
from include.vendor_settings.warehouse import Warehouse


def measures_entered(sources: Iterable[SourceBase]) -> tuple[str, ...] | None:
    """Return their names in order, none without such a source; None: any name may be entered."""
    names: set[str] = set()
    for source in sources:
        takes_any = isinstance(source, Inputs) and not source.measures
        if takes_any or (isinstance(source, Warehouse) and "measures" in source.facts):
            return None
        names |= set(source.measures) if isinstance(source, Inputs) else set()
    return tuple(sorted(names))
