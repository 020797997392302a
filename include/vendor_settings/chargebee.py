"""Chargebee: which fields name the account, and how many requests the plan allows."""

from typing import Annotated, Literal

from pydantic import Field

from include.vendor_settings.base import ORGANIZATION, ApiSource

KeyName = Annotated[str, Field(min_length=1)]


class Chargebee(ApiSource):
    """account_keys: custom fields (cf_…), keys of meta_data, or id: the customer's own.

    They name the account; organization_keys name an organisation of the support desk.
    requests_per_minute is the site's limit, by its plan: 150 for test sites and Starter, 1,000 for
    Performance, 3,500 for Enterprise. full_walk_days: records that nobody changed since 2016 bear
    no time of their change, and come with walks only.
    """

    vendor: Literal["chargebee"]
    role: Literal["billing"] = "billing"
    account_keys: Annotated[tuple[KeyName, ...], Field(max_length=6)] = ("cf_hubspot_company_id",)
    organization_keys: Annotated[tuple[KeyName, ...], Field(max_length=3)] = (
        "cf_zendesk_organization_id",
    )
    requests_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 150
    full_walk_days: Annotated[int, Field(ge=1, le=365)] = 30

    def binds(self, currency: str) -> dict[str, object]:  # noqa: ARG002 - Chargebee names its own
        own, others = self.account_keys, self.organization_keys
        return {
            "key_names": [*own, *others],
            "key_prefixes": [""] * len(own) + [ORGANIZATION] * len(others),
        }
