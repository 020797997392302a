"""From an Airflow connection to the credentials that a source or a CRM takes.

Fields of a connection, for every vendor: host (a full URL, or a host name with schema and port),
password (the token or key, unless extra has a private key); login and extra where docs/sources.md
names them. The plugin reads connections through Airflow; commands read them here, from where
Airflow looks first: the variable AIRFLOW_CONN_<NAME>, as JSON or as a URI (Airflow, "Managing
Connections", checked Nov 2026).
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from include.errors import FixConfig
from include.settings import Credentials, Settings

# What in a connection's extra stands for a password: the key's text, or the file where it is.
PRIVATE_KEYS = ("private_key", "private_key_file")


class NotAtHand(FixConfig):
    """The environment holds no such connection; Airflow itself may have it."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in a connection; "" and None: nothing does."""

    host: str = field(default="", repr=False)  # a whole URL may hold a password
    login: str = ""
    password: str = field(default="", repr=False)
    schema: str = ""
    port: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)
    conn_type: str = ""


def to_credentials(name: str, source: str, fields: Fields) -> Credentials:
    """Return how to enter a vendor; FixConfig where host or password is missing."""
    has_key = any(fields.extra.get(key) for key in PRIVATE_KEYS)
    if not fields.host or not (fields.password or has_key):
        raise FixConfig(
            f"Airflow connection {name} needs a host and a password (token): source {source} "
            "in health.yaml uses it."
        )
    base_url = fields.host
    if "://" not in base_url:
        port = f":{fields.port}" if fields.port else ""
        base_url = f"{fields.schema or 'https'}://{base_url}{port}"
    extra = {key: str(value) for key, value in fields.extra.items()}
    return Credentials(base_url.rstrip("/"), fields.password, fields.login, extra)


def database_credentials(name: str, source: str, fields: Fields) -> Credentials:
    """Return how to enter a warehouse: base_url is its SQLAlchemy URL without user and password.

    FixConfig where the connection names no database.
    """
    from include.database_url import database_url, without_user

    try:
        url = database_url(fields.conn_type, fields.host, fields.port, fields.schema, fields.extra)
    except ValueError as mistake:
        raise FixConfig(f"Airflow connection {name} of source {source}: {mistake}.") from None
    return Credentials(
        without_user(url),
        fields.password or url.password or "",
        fields.login or url.username or "",
    )


def credentials_at_hand(
    settings: Settings, source: str, others: Mapping[str, str] | None = None
) -> Credentials:
    """Return how to enter a source of health.yaml from outside Airflow.

    others: connections by name, as the variables would hold them, for those that the environment
    does not have. A source without a connection has empty credentials. NotAtHand says which
    variable is missing, FixConfig which cannot be read.
    """
    described = settings.source(source)
    name = described.connection
    if not name:
        return Credentials("", "")
    variable = f"AIRFLOW_CONN_{name.upper()}"
    entered = os.environ.get(variable) or (others or {}).get(name)
    if not entered:
        raise NotAtHand(
            f"The environment has no {variable}: commands read connections from there, and not "
            "what Airflow's own pages or a secrets backend hold for its tasks. Set it, or start "
            "`health up`, whose sandbox is then used."
        )
    is_database = described.vendor == "warehouse"
    enter = database_credentials if is_database else to_credentials
    return enter(name, source, read_fields(entered, variable))


def read_fields(entered: str, variable: str) -> Fields:
    """Read a connection as JSON or URI; FixConfig names the variable, never what stands in it."""
    try:
        return _from_json(entered) if entered.lstrip().startswith("{") else _from_uri(entered)
    except (ValueError, TypeError, AttributeError):
        raise FixConfig(
            f"{variable} is no connection: write it as JSON with conn_type, host and password."
        ) from None


def _from_json(entered: str) -> Fields:
    told = json.loads(entered)
    extra = told.get("extra") or {}
    return Fields(
        host=told.get("host") or "",
        login=told.get("login") or "",
        password=told.get("password") or "",
        schema=told.get("schema") or "",
        port=int(told["port"]) if told.get("port") else None,
        extra=json.loads(extra) if isinstance(extra, str) else dict(extra),
        conn_type=told.get("conn_type") or "",
    )


def _from_uri(entered: str) -> Fields:
    """conn-type://login:password@host:port/schema?key=value, each part percent-encoded."""
    parts = urlsplit(entered)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    extra = json.loads(query["__extra__"]) if "__extra__" in query else query
    return Fields(
        host=unquote(parts.hostname or ""),
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        schema=unquote(parts.path.lstrip("/")),
        port=parts.port,
        extra=extra,
        conn_type=parts.scheme,
    )
