"""How we go out: where to, with whose credential, how long we wait, and how much we take."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from urllib.parse import SplitResult, urlsplit

import requests
from requests.auth import AuthBase
from requests.utils import get_environ_proxies

from include.errors import FixConfig, RejectData
from include.sources.http.asked import TellingAdapter

USER_AGENT = "customer-health-job"
PORTS: Mapping[str, int] = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Wire:
    """How patient we are with one vendor. All times are seconds.

    answer_s bounds one whole answer, however slowly its bytes drip in; download_s and
    longest_download bound one that goes into a file. A vendor that asks us to
    wait longer than longest_wait_s is not waited for: the task ends with RetryLater instead. pace
    stretches every wait; below 1 for vendors that are not real.
    """

    connect_s: float = 10.0
    read_s: float = 60.0
    answer_s: float = 300.0
    tries: int = 5
    backoff_s: float = 0.5
    longest_wait_s: float = 90.0
    longest_body: int = 64 * 2**20
    download_s: float = 3600.0
    longest_download: int = 16 * 2**30
    pace: float = 1.0


@runtime_checkable
class Renewable(Protocol):
    """A credential that runs out while it is used."""

    def renew(self, refused: requests.PreparedRequest) -> None:
        """Get a new one, unless another thread has done so since the refused request was made."""
        ...


class Bearer(AuthBase):
    """`Authorization: Bearer …` and headers that go with it; the secret shows in no repr."""

    def __init__(self, secret: str, headers: Mapping[str, str] | None = None) -> None:
        self._secret = secret
        self._headers = dict(headers or {})

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        request.headers["Authorization"] = f"Bearer {self._secret}"
        return request


def open_session(base_url: str, auth: AuthBase) -> requests.Session:
    """Return a session that follows no redirect and takes nothing it was not given.

    trust_env is off: a .netrc must not replace the credential, and a proxy set for the whole
    machine must not see a vendor on our own network. Towards https hosts the usual proxy variables
    and REQUESTS_CA_BUNDLE hold, since many companies have no other way out.
    """
    session = requests.Session()
    session.trust_env = False
    session.auth = auth
    session.headers["User-Agent"] = USER_AGENT
    session.headers["Accept"] = "application/json"
    session.mount("https://", TellingAdapter(max_retries=0))
    session.mount("http://", TellingAdapter(max_retries=0))
    if base_url.startswith("https://"):
        session.proxies.update(get_environ_proxies(base_url))
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    return session


def checked_base(base_url: str, vendor: str) -> str:
    """Return the base URL without a last slash; FixConfig when a secret must not go there."""
    parts = _split(base_url)
    if parts is None or parts.scheme not in PORTS or not parts.hostname:
        raise FixConfig(f"{vendor}: the connection's base URL is no http(s) URL with a host.")
    if parts.username or parts.query or parts.fragment:
        raise FixConfig(f"{vendor}: the base URL must be a plain address, without user or query.")
    if parts.scheme == "http" and not _is_near(parts.hostname):
        raise FixConfig(f"{vendor}: {parts.hostname} must be called by https, not http.")
    return base_url.rstrip("/")


def full_url(base: str, path: str, vendor: str) -> str:
    """Join a path to the base; a full URL, as vendors give for a next page, must be on its host."""
    if path.startswith("/") and not path.startswith("//"):
        return base + path
    ours, theirs = _split(base), _split(path)
    if ours is None or theirs is None or _door(theirs) != _door(ours) or theirs.username:
        raise RejectData(
            f"{vendor}: the next page points to another host than the connection's. It was not "
            "called: it would have received the credential."
        )
    return path


def path_of(path: str) -> str:
    """Return what messages may show of a path or URL: no host, no query."""
    parts = _split(path)
    return parts.path if parts else "a malformed URL"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return None
    return parts


def _door(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


def _is_near(host: str) -> bool:
    """Return whether a host is this machine or a bare name on our own network."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return "." not in host or host.endswith(".localhost")
