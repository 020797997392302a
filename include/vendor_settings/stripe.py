"""Stripe: which keys of metadata name the account, and whether payments are read."""

from typing import Annotated, Literal

from pydantic import Field

from include.vendor_settings.base import ORGANIZATION, ApiSource


class Stripe(ApiSource):
    vendor: Literal["stripe"]
    role: Literal["billing"] = "billing"
    # Keys of metadata that name the account, and that name an organisation of the support desk.
    account_keys: Annotated[tuple[str, ...], Field(max_length=6)] = ("hubspot_company_id",)
    organization_keys: Annotated[tuple[str, ...], Field(max_length=3)] = (
        "zendesk_organization_id",
    )
    # Whether invoice payments, charges and refunds are read; the key needs the right to.
    payments: bool = True
    full_walk_days: Annotated[int, Field(ge=1, le=30)] = 7

    def binds(self, currency: str) -> dict[str, object]:  # noqa: ARG002 - Stripe names its own
        own, others = self.account_keys, self.organization_keys
        return {
            "key_names": [*own, *others],
            "key_prefixes": [""] * len(own) + [ORGANIZATION] * len(others),
        }
