"""From an Airflow connection to the credentials that a source takes.

Fields of the connection, for every vendor: host (a full URL, or a host name with schema and port),
password (the token or key). HubSpot, Stripe: nothing else. Zendesk: login is the e-mail address.
PostHog: login is the project id.
"""

from airflow.sdk import BaseHook

from include.errors import FixConfig
from include.settings import Credentials, load_settings


def credentials_for(source: str) -> Credentials:
    """Return how to enter the source of that name in health.yaml; FixConfig where a field lacks."""
    name = load_settings().source(source).connection
    if not name:  # a folder of files
        return Credentials("", "")
    connection = BaseHook.get_connection(name)
    if not connection.host or not connection.password:
        raise FixConfig(
            f"Airflow connection {name} needs a host and a password (token): source {source} "
            "in health.yaml uses it."
        )
    if "://" in connection.host:
        base_url = connection.host
    else:
        port = f":{connection.port}" if connection.port else ""
        base_url = f"{connection.schema or 'https'}://{connection.host}{port}"
    extra = {key: str(value) for key, value in connection.extra_dejson.items()}
    return Credentials(base_url.rstrip("/"), connection.password, connection.login or "", extra)
