"""HubSpot: which of the portal's own properties mean what."""

import json
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from include.vendor_settings.base import (
    OWN_ATTRIBUTES,
    ApiSource,
    AttributeName,
    Strict,
    check_overrides,
)


class HubSpotFields(Strict):
    """Which of the portal's own properties hold what we need; None: this portal has no such one."""

    arr: str | None = None
    renewal_date: str | None = None
    segment: str | None = None
    tenant_key: str | None = None
    pulse: str | None = None
    pulse_reason: str | None = None
    override: str | None = None
    override_reason: str | None = None
    override_until: str | None = None

    @model_validator(mode="after")
    def overrides_are_whole(self) -> Self:
        check_overrides((self.override, self.override_reason, self.override_until))
        return self


class HubSpot(ApiSource):
    vendor: Literal["hubspot"]
    role: Literal["crm"] = "crm"
    fields: HubSpotFields = HubSpotFields()
    # Any other attribute that scorecards ask for, by our name: tier: account_tier.
    attributes: Annotated[dict[AttributeName, str], Field(max_length=20)] = {}
    # Numbered paths end in September 2027; "2026-03" is the dated form of the same shapes.
    api_version: Literal["numbered", "2026-03"] = "numbered"
    # Whether answers to surveys are read; the token needs crm.objects.feedback_submissions.read.
    surveys: bool = True
    look_back_minutes: Annotated[int, Field(ge=0)] = 15
    customer_stages: tuple[str, ...] = ("customer",)
    # Our kind of meeting: the portal's words for it (hs_activity_type), in any case.
    meeting_kinds: dict[Literal["review", "check_in", "training", "kickoff"], tuple[str, ...]] = {
        "review": ("business review", "executive business review", "quarterly business review"),
        "check_in": ("check-in",),
        "training": ("training",),
        "kickoff": ("kickoff",),
    }

    @field_validator("attributes")
    @classmethod
    def attributes_are_new(cls, attributes: dict[str, str]) -> dict[str, str]:
        for name in attributes:
            if name in OWN_ATTRIBUTES:
                raise ValueError(f"{name} is read anyway; choose another name or use `fields`")
        return attributes

    @property
    def account_stream(self) -> str:
        return "companies"

    @property
    def attribute_fields(self) -> dict[str, str]:
        """Our attributes by the portal's property that holds each; those without are left out.

        These are the properties whose history is asked for.
        """
        named = {
            "owner": "hubspot_owner_id",
            "segment": self.fields.segment,
            "arr": self.fields.arr,
            "renewal_date": self.fields.renewal_date,
            "parent": "hs_parent_company_id",
            "lifecycle": "lifecyclestage",
        }
        return {attribute: name for attribute, name in named.items() if name} | self.attributes

    @property
    def fields_read(self) -> tuple[str, ...]:
        """The CRM's fields that are named here; the job never writes them."""
        named = (*self.fields.model_dump().values(), *self.attribute_fields.values())
        return tuple(name for name in named if name)

    def binds(self, currency: str) -> dict[str, object]:
        kinds = {word.lower(): kind for kind, words in self.meeting_kinds.items() for word in words}
        fields = self.fields.model_dump()
        return {**fields, "meeting_kinds": json.dumps(kinds), "currency": currency}
