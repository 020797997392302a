"""How each vendor of the sandbox is entered: the fields of an Airflow connection.

Vendors listen on the ports behind the control port in this order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Door:
    """secret, user and extra: what a connection's password, login and extra hold."""

    secret: str
    user: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """What clients are told of it, beside the address."""
        told: dict[str, Any] = {"token": self.secret}
        if self.user:
            told["user"] = self.user
        if self.extra:
            told["extra"] = dict(self.extra)
        return told


DOORS: dict[str, Door] = {
    "hubspot": Door("pat-na1-5a4db0c5-0000-4000-8000-5a4db0c50001"),
    "zendesk": Door("zdSandboxToken00000000000000000000000001", "sandbox@kite.example"),
    "stripe": Door("sk_test_51SandboxSandboxSandboxSandbox0001"),
    "posthog": Door("phx_SandboxSandboxSandboxSandboxSandbox0001", "1"),
    "salesforce": Door(
        "8A5D0SandboxClientSecret0000000000000000000000000000000000000001",
        "3MVG9SandboxConsumerKey0000000000000000000000000000000000000001",
        {
            "username": "health@vendor.example",
            "refresh_token": "5Aep861SandboxRefreshToken00000000000000000000000000001",
        },
    ),
    "intercom": Door("dG9rOnNhbmRib3hfMDAwMV9rZWVwX21lX291dDoxOjA="),
    "chargebee": Door("live_SandboxSandboxSandboxSandbox0001"),
    "mixpanel": Door(
        "MixpanelSandboxSecret0000000001", "sandbox.5a4db0.mp-service-account", {"project_id": "1"}
    ),
    "amplitude": Door("a5d0b0c5sandboxsecretkey00000001", "a5d0b0c5sandboxapikey0000000001"),
}
VENDORS = tuple(DOORS)
