"""Salesforce's OAuth: a token by client credentials or by a signed JWT, and a new one after a 401.

Grants, fields and errors: Salesforce OAuth token endpoint, checked Nov 2026. No reply says when its
token runs out: a 401 does.
"""

import threading
import time
from pathlib import Path
from typing import Any

import requests
from requests.auth import AuthBase

from include.errors import FixConfig, HealthError, RejectData, RetryLater
from include.settings import Credentials
from include.sources.http.client import Client
from include.sources.http.refusals import Refused
from include.sources.http.session import Wire, checked_base

TOKEN = "/services/oauth2/token"  # noqa: S105 - a path
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
JWT_SECONDS = 180
# A token of a My Domain is asked for there, but a JWT is addressed to the login host behind it.
PRODUCTION, SANDBOX = "https://login.salesforce.com", "https://test.salesforce.com"
LOGINS_WAIT_S = 3600.0
MEANINGS = {
    "invalid_client": "the consumer secret (password) is wrong",
    "invalid_client_id": "it knows no such consumer key (login)",
    "invalid_grant": "it does not let this app in: check the app's run-as user, that the user is "
    "pre-authorised, the certificate, and that host is the org's My Domain",
    "inactive_user": "the user is inactive",
    "inactive_org": "the org is locked, closed or suspended",
    "unsupported_grant_type": "the app does not allow this flow: switch it on in its settings",
    "unauthorized_client": "the app may not use this flow",
}


class Login(AuthBase):
    """A bearer token that is asked for when it is first needed; safe to share between threads."""

    def __init__(self, credentials: Credentials, wire: Wire | None = None) -> None:
        self._credentials = credentials
        self._door = Client(
            credentials, vendor="salesforce", auth=_Nobody(), wire=wire, refuse=refused_login
        )
        self._lock = threading.Lock()
        self._token = ""
        self._instance = ""

    @property
    def instance_url(self) -> str:
        """Return the address that the token is for; FixConfig where it must not get it."""
        with self._lock:
            if not self._token:
                self._enter()
            return self._instance

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def renew(self, refused: requests.PreparedRequest) -> None:
        """Get a new token, unless another thread has done so since the refused request was made."""
        with self._lock:
            if refused.headers.get("Authorization") == f"Bearer {self._token}":
                self._enter()

    def _enter(self) -> None:
        form = grant(self._credentials, now=time.time())
        reply = self._door.call("POST", TOKEN, form=form, retry=True).body
        token, instance = _told(reply, "access_token"), _told(reply, "instance_url")
        try:
            instance = checked_base(instance, "salesforce")
        except FixConfig:
            raise FixConfig(
                "salesforce: the login sends us to an address that must not get a token: it is no "
                "plain https URL. Check the connection's host."
            ) from None
        if self._instance not in ("", instance):
            raise RetryLater("salesforce: the org has moved to another address; start again.")
        self._token, self._instance = token, instance


class _Nobody(AuthBase):
    """A login needs no authorisation."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def grant(credentials: Credentials, *, now: float) -> dict[str, str]:
    """Return the form that asks for a token: a JWT where the connection has a private key.

    now: epoch seconds; a JWT holds from then for three minutes.
    """
    if not credentials.user:
        raise FixConfig("salesforce: the connection needs the app's consumer key as its login.")
    key = _private_key(credentials)
    if key is None:
        return {
            "grant_type": "client_credentials",
            "client_id": credentials.user,
            "client_secret": credentials.secret,
        }
    return {"grant_type": JWT_GRANT, "assertion": _signed(credentials, key, now)}


def refused_login(refused: Refused) -> HealthError | None:
    """Say what a refused login means: its error is an object, unlike those of the API."""
    told = refused.document.get("error") if isinstance(refused.document, dict) else None
    if told == "rate_limit_exceeded":
        message = f"{refused.place}: too many logins within an hour."
        return RetryLater(message, wait_s=LOGINS_WAIT_S)
    if refused.status >= 500 or refused.status == 429:
        return None
    words = MEANINGS.get(told) if isinstance(told, str) else None
    return FixConfig(f"{refused.place} answered {refused.status}: {words}.") if words else None


def _private_key(credentials: Credentials) -> str | None:
    """Return the PEM text of the connection's private key; None: it has none."""
    path = credentials.extra.get("private_key_file")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise FixConfig(
                "salesforce: the file that the connection's private_key_file names cannot be read."
            ) from None
    # An environment variable may hold a key on one line.
    return credentials.extra.get("private_key", "").replace("\\n", "\n") or None


def _signed(credentials: Credentials, key: str, now: float) -> str:
    import jwt  # only this flow needs it

    username = credentials.extra.get("username")
    if not username:
        raise FixConfig("salesforce: beside a private key the connection's extra needs username.")
    claims = {
        "iss": credentials.user,
        "sub": username,
        "aud": credentials.extra.get("audience") or audience_of(credentials.base_url),
        "exp": int(now) + JWT_SECONDS,
    }
    try:
        return jwt.encode(claims, key, algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError):
        raise FixConfig("salesforce: the connection's private key is no RSA key as PEM.") from None


def audience_of(base_url: str) -> str:
    """Return whom a JWT is addressed to: the login host behind a My Domain, else the host."""
    if not base_url.endswith(".my.salesforce.com"):
        return base_url
    return SANDBOX if base_url.endswith(".sandbox.my.salesforce.com") else PRODUCTION


def _told(reply: Any, name: str) -> str:  # noqa: ANN401 - any JSON document
    value = reply.get(name) if isinstance(reply, dict) else None
    if not isinstance(value, str) or not value:
        raise RejectData(f"salesforce: the answer to the login has no {name}.")
    return value
