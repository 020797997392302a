"""HubSpot's OAuth tokens: a refresh token gives access tokens, each for half an hour.

Any app may ask (its id and secret only have to be there); the refresh token is the private app's
token, so that the portal has one secret. Vendor facts: OAuth guides of versions 1, 3 and 2026-03,
and public threads for the refusals, checked Nov 2026.
"""

from secrets import token_urlsafe
from urllib.parse import parse_qsl
from uuid import uuid4

from sandbox.state import Clock
from sandbox.vendors.hubspot_http import Call, Reply
from sandbox.vendors.hubspot_write import PORTAL_ID

LIVES_S = 1_800
SCOPES = (
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.deals.read",
    "crm.objects.owners.read",
    "crm.schemas.companies.read",
    "crm.schemas.companies.write",
    "crm.schemas.contacts.read",
    "crm.schemas.deals.read",
    "oauth",
    "tickets",
)
PATHS = ("/oauth/v1/token", "/oauth/{version}/token")


class Tokens:
    """Who may pass: the private app's token for good, access tokens until they end.

    Access tokens are kept in memory: after a restart a client asks for another.
    """

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock
        self._ends: dict[str, float] = {}

    def accepts(self, authorization: str | None) -> bool:
        token = (authorization or "").removeprefix("Bearer ")
        if authorization != f"Bearer {token}":
            return False
        return token == self._secret or self._ends.get(token, 0) > self._now()

    def grant(self, call: Call) -> Reply:
        """POST /oauth/v1/token, form-encoded; only refresh tokens, nobody can log in here."""
        form = dict(parse_qsl(call.body.decode(errors="replace")))
        if not form.get("client_id") or not form.get("client_secret"):
            return _denied("BAD_CLIENT_ID", "missing or unknown client id")
        if form.get("grant_type") != "refresh_token":
            return _denied("BAD_GRANT_TYPE", "missing or unknown grant type")
        if form.get("refresh_token") != self._secret:
            return _denied("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        token = f"CM{token_urlsafe(90)}"
        self._ends[token] = self._now() + LIVES_S
        body = {"access_token": token, "refresh_token": self._secret, "expires_in": LIVES_S}
        return Reply(200, {**body, "token_type": "bearer", "hub_id": PORTAL_ID})

    def tell(self, call: Call) -> Reply:
        """GET /oauth/v1/access-tokens/{token}: which portal and which scopes."""
        token = call.path["token"]
        left = self._ends.get(token, 0) - self._now()
        if left <= 0:
            return Reply(404, {"status": "error", "message": "not found"})
        told = {"token": token, "hub_id": PORTAL_ID, "scopes": list(SCOPES)}
        return Reply(200, {**told, "token_type": "access", "expires_in": int(left)})

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _denied(status: str, message: str) -> Reply:
    return Reply(400, {"status": status, "message": message, "correlationId": str(uuid4())})
