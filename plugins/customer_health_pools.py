"""Which sources are extracted in which pool: one reader a vendor, whose limits all of it share.

The pools stand in config/pools.json, which `airflow pools import` reads; sources that are no vendor
go into Airflow's own.
"""

from include.settings import Settings
from include.vendor_settings.base import ApiSource

DEFAULT_POOL = "default_pool"


def extraction_pools(settings: Settings) -> dict[str, tuple[str, list[str]]]:
    """Return, by vendor, the pool and the names of its sources in the order of health.yaml."""
    found: dict[str, tuple[str, list[str]]] = {}
    for source in settings.sources:
        pool = f"extract_{source.vendor}" if isinstance(source, ApiSource) else DEFAULT_POOL
        found.setdefault(source.vendor, (pool, []))[1].append(source.name)
    return found
