"""Assertions of the JWT bearer flow: signed by the client, for this user, for a few minutes.

Vendor facts: OAuth 2.0 JWT bearer flow in Salesforce help, checked Nov 2026. Which login hosts a
client names is its own affair here: any of salesforce.com, or the address by which it came.
"""

import binascii
import re
import time
from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from sandbox.doors import Door
from sandbox.vendors.salesforce_key import private_key, to_public_key

LOGIN_HOST = re.compile(r"https://([\w-]+\.)+salesforce\.com/?")
SKEW_S = 60


class BadAssertion(Exception):
    """Why an assertion is not taken, with the token endpoint's code."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


def check_assertion(door: Door, assertion: str, base: str, now: datetime) -> None:
    """BadAssertion unless it is signed and says who, for whom and until when.

    `now` is world time; a client that goes by the real time is right too.
    """
    claims = _claims(door, assertion)
    if claims.get("iss") != door.user:
        raise BadAssertion("invalid_client_id", "client identifier invalid")
    if claims.get("sub", claims.get("prn")) != door.extra.get("username"):
        raise BadAssertion("invalid_grant", "user hasn't approved this consumer")
    audience = claims.get("aud")
    if not any(
        _is_here(one, base) for one in (audience if isinstance(audience, list) else [audience])
    ):
        raise BadAssertion("invalid_grant", "audience is invalid")
    try:
        expires = float(claims["exp"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadAssertion("invalid_grant", "invalid assertion") from error
    if expires + SKEW_S < min(now.timestamp(), time.time()):
        raise BadAssertion("invalid_grant", "expired authorization code")


def _is_here(audience: Any, base: str) -> bool:  # noqa: ANN401
    if not isinstance(audience, str):
        return False
    return LOGIN_HOST.fullmatch(audience) is not None or audience.rstrip("/") == base


def _claims(door: Door, assertion: str) -> dict[str, Any]:
    """What the assertion says, once its RS256 signature is right."""
    try:
        head, body, signature = assertion.split(".")
        header, claims = orjson.loads(_decoded(head)), orjson.loads(_decoded(body))
        if header["alg"] != "RS256":
            raise BadAssertion("invalid_grant", "invalid assertion")
        certificate = door.extra.get("certificate")
        key = to_public_key(certificate) if certificate else private_key().public_key()
        key.verify(_decoded(signature), f"{head}.{body}".encode(), PKCS1v15(), SHA256())
    except (ValueError, KeyError, TypeError, binascii.Error, InvalidSignature) as error:
        raise BadAssertion("invalid_grant", "invalid assertion") from error
    if not isinstance(claims, dict):
        raise BadAssertion("invalid_grant", "invalid assertion")
    return claims


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
