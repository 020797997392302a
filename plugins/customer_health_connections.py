"""From an Airflow connection to the credentials that a source takes."""

from airflow.sdk import BaseHook

from include.connections import Fields, database_credentials, to_credentials
from include.settings import Credentials, load_settings


def credentials_for(source: str) -> Credentials:
    """Return how to enter the source of that name in health.yaml; FixConfig where a field lacks."""
    described = load_settings().source(source)
    name = described.connection
    if not name:  # a folder of files
        return Credentials("", "")
    found = BaseHook.get_connection(name)
    fields = Fields(
        host=found.host or "", login=found.login or "", password=found.password or "",
        schema=found.schema or "", port=found.port, extra=found.extra_dejson,
        conn_type=found.conn_type or "",
    )  # fmt: skip
    enter = database_credentials if described.vendor == "warehouse" else to_credentials
    return enter(name, source, fields)
