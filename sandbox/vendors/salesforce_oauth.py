"""The token endpoint: which grants it takes, which tokens it gave, and what it says of bad ones.

Grants: client credentials (form or Basic), JWT bearer, refresh token and username with password.
Errors are an object, unlike those of the REST API. Vendor facts: OAuth flows in Salesforce help,
and public issue threads for the messages, checked Nov 2026.
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import parse_qsl

from sandbox.doors import Door
from sandbox.vendors.salesforce_http import Call, Json, Reply
from sandbox.vendors.salesforce_jwt import BadAssertion, check_assertion
from sandbox.vendors.salesforce_org import VENDOR, Org
from sandbox.vendors.salesforce_world import INTEGRATION, ORG

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "api refresh_token offline_access"
Form = dict[str, str]


class Denied(Exception):
    """A refusal of the token endpoint: its code, and the message that describes it."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.status = status


class Tokens:
    """Who may pass: the tokens given since the org was built and not revoked."""

    def __init__(self, org: Org, door: Door) -> None:
        self.org = org
        self.door = door
        self._given: set[str] = set()
        self._refresh = door.extra.get("refresh_token", "")
        self._spent: set[str] = set()
        for entry in org.journal.entries(VENDOR):
            if entry["op"] == "refresh":
                self._spent.add(self._refresh)
                self._refresh = entry["token"]

    def accepts(self, token: str) -> bool:
        return token in self._given

    def give(self) -> str:
        token = f"{ORG[:15]}!AQ{token_urlsafe(72)}"
        self._given.add(token)
        return token

    def revoke(self, token: str) -> bool:
        """Of an access token only itself, of the refresh token all that were given."""
        if token == self._refresh:
            self._given.clear()
            self._keep_refresh("")
            return True
        known = token in self._given
        self._given.discard(token)
        return known

    def refresh(self, token: str) -> str | None:
        """The refresh token that comes with the reply, where tokens rotate; 400 for a wrong one."""
        if not self._refresh or token != self._refresh:
            if token in self._spent:
                self._keep_refresh("")  # used twice, so one of two users stole it: none may go on
            raise Denied("invalid_grant", "expired access/refresh token")
        if not self.org.settings.rotate:
            return None
        self._keep_refresh(f"5Aep861{token_urlsafe(60)}")
        return self._refresh

    def _keep_refresh(self, token: str) -> None:
        self._spent.add(self._refresh)
        self._refresh = token
        self.org.journal.append(VENDOR, {"op": "refresh", "token": token})


def token(tokens: Tokens, call: Call) -> Reply:
    """POST /services/oauth2/token."""
    form = dict(parse_qsl(call.body.decode(errors="replace"), keep_blank_values=True))
    form = {**call.query, **form}
    try:
        more = GRANTS.get(form.get("grant_type", ""), _unknown_grant)(tokens, form, call)
    except Denied as denied:
        body = {"error": denied.code, "error_description": str(denied)}
        return Reply(denied.status, body, NOT_KEPT)
    return Reply(body=_granted(tokens, call) | more, headers=NOT_KEPT)


NOT_KEPT = {"Cache-Control": "no-cache,must-revalidate,max-age=0,no-store,private"}


def revoke(tokens: Tokens, call: Call) -> Reply:
    """POST or GET /services/oauth2/revoke; an unknown token is a 400."""
    form = dict(parse_qsl(call.body.decode(errors="replace")))
    if tokens.revoke({**call.query, **form}.get("token", "")):
        return Reply(200)
    body = {
        "error": "unsupported_token_type",
        "error_description": "this token type is not supported",
    }
    return Reply(400, body)


def _granted(tokens: Tokens, call: Call) -> Json:
    """The reply to a grant; there is no expires_in."""
    issued_at = str(int(tokens.org.moment().timestamp() * 1000))
    identity = f"{call.base}/id/{ORG}/{INTEGRATION}"
    signed = hmac.digest(tokens.door.secret.encode(), f"{identity}{issued_at}".encode(), sha256)
    return {
        "access_token": tokens.give(),
        "signature": b64encode(signed).decode(),
        "scope": SCOPE,
        "instance_url": call.base,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
        "api_instance_url": call.base,
    }


def _client_credentials(tokens: Tokens, form: Form, call: Call) -> Json:
    _check_client(tokens, form, call)
    return {}


def _unknown_grant(tokens: Tokens, form: Form, call: Call) -> Json:
    del tokens, form, call
    raise Denied("unsupported_grant_type", "grant type not supported")


def _check_client(tokens: Tokens, form: Form, call: Call) -> None:
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = b64decode(given, validate=True).decode().partition(":")
        except (NotBase64, UnicodeDecodeError):
            client_id = secret = ""
    if client_id != tokens.door.user:
        raise Denied("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(secret.encode(), tokens.door.secret.encode()):
        raise Denied("invalid_client", "invalid client credentials")


def _jwt_bearer(tokens: Tokens, form: Form, call: Call) -> Json:
    try:
        check_assertion(tokens.door, form.get("assertion", ""), call.base, tokens.org.moment())
    except BadAssertion as bad:
        raise Denied(bad.code, str(bad)) from bad
    return {}


def _refresh_token(tokens: Tokens, form: Form, call: Call) -> Json:
    """The secret is asked for only where the client sends one, as public clients have none."""
    if form.get("client_secret") or "authorization" in call.headers:
        _check_client(tokens, form, call)
    elif form.get("client_id") != tokens.door.user:
        raise Denied("invalid_client_id", "client identifier invalid")
    rotated = tokens.refresh(form.get("refresh_token", ""))
    return {} if rotated is None else {"refresh_token": rotated}


def _password(tokens: Tokens, form: Form, call: Call) -> Json:
    _check_client(tokens, form, call)
    if not is_user(tokens.door, form.get("username", ""), form.get("password", "")):
        raise Denied("invalid_grant", "authentication failure")
    return {}


def is_user(door: Door, username: str, password: str) -> bool:
    """The integration user's password is the client's secret, here and for SOAP's login."""
    return username == door.extra.get("username") and password == door.secret


GRANTS: dict[str, Callable[[Tokens, Form, Call], Json]] = {
    "client_credentials": _client_credentials,
    JWT_BEARER: _jwt_bearer,
    "refresh_token": _refresh_token,
    "password": _password,
}
