"""What `health.yaml` says of each source: one class a vendor."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

AttributeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
OWN_ATTRIBUTES = ("owner", "segment", "arr", "currency", "renewal_date", "parent", "lifecycle")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceBase(Strict):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
    connection: str


class HubSpotFields(Strict):
    """Which of the portal's own properties hold what we need; None: this portal has no such one."""

    arr: str | None = None
    renewal_date: str | None = None
    segment: str | None = None
    tenant_key: str | None = None
    pulse: str | None = None
    pulse_reason: str | None = None


class HubSpot(SourceBase):
    vendor: Literal["hubspot"]
    role: Literal["crm"] = "crm"
    fields: HubSpotFields = HubSpotFields()
    # Any other attribute that scorecards ask for, by our name: tier: account_tier.
    attributes: Annotated[dict[AttributeName, str], Field(max_length=20)] = {}
    # Numbered paths end in September 2027; "2026-03" is the dated form of the same shapes.
    api_version: Literal["numbered", "2026-03"] = "numbered"
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


class Zendesk(SourceBase):
    vendor: Literal["zendesk"]
    role: Literal["support"] = "support"


class Stripe(SourceBase):
    vendor: Literal["stripe"]
    role: Literal["billing"] = "billing"
    # Keys of metadata that name the account, and that name an organisation of the support desk.
    account_keys: Annotated[tuple[str, ...], Field(max_length=6)] = ("hubspot_company_id",)
    organization_keys: Annotated[tuple[str, ...], Field(max_length=3)] = (
        "zendesk_organization_id",
    )
    full_walk_days: Annotated[int, Field(ge=1, le=30)] = 7


class PostHog(SourceBase):
    vendor: Literal["posthog"]
    role: Literal["usage"] = "usage"
    group_type: str = "company"
    not_features: tuple[str, ...] = ()  # events that say nothing about the use of a feature
    late_days: Annotated[int, Field(ge=1)] = 7
    history_days: Annotated[int, Field(ge=1)] = 730


Source = Annotated[HubSpot | Zendesk | Stripe | PostHog, Field(discriminator="vendor")]
