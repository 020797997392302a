"""What `health.yaml` says of each source: one class a vendor."""

from typing import Annotated

from pydantic import Field

from include.vendor_settings.base import OWN_ATTRIBUTES, AttributeName, SourceBase, Strict
from include.vendor_settings.hubspot import HubSpot, HubSpotFields
from include.vendor_settings.posthog import PostHog
from include.vendor_settings.stripe import Stripe
from include.vendor_settings.zendesk import Zendesk

__all__ = [
    "MODELS",
    "OWN_ATTRIBUTES",
    "AttributeName",
    "HubSpot",
    "HubSpotFields",
    "PostHog",
    "Source",
    "SourceBase",
    "Strict",
    "Stripe",
    "Zendesk",
]

Source = Annotated[HubSpot | Zendesk | Stripe | PostHog, Field(discriminator="vendor")]
# Every class whose keys people write: a misspelt one is told the nearest of these.
MODELS: tuple[type[Strict], ...] = (HubSpot, HubSpotFields, Zendesk, Stripe, PostHog)
