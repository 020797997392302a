"""From an Airflow connection to the credentials that a source takes."""

from airflow.sdk import BaseHook

from include.connections import Fields, to_credentials
from include.settings import Credentials, load_settings


def credentials_for(source: str) -> Credentials:
    """Return how to enter the source of that name in health.yaml; FixConfig where a field lacks."""
    name = load_settings().source(source).connection
    if not name:  # a folder of files
        return Credentials("", "")
    found = BaseHook.get_connection(name)
    fields = Fields(
        host=found.host or "", login=found.login or "", password=found.password or "",
        schema=found.schema or "", port=found.port, extra=found.extra_dejson,
    )  # fmt: skip
    return to_credentials(name, source, fields)
