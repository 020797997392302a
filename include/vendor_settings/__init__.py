"""What `health.yaml` says of each source: one class a vendor."""

from typing import Annotated

from pydantic import Field

from include.vendor_settings.amplitude import Amplitude
from include.vendor_settings.base import OWN_ATTRIBUTES, AttributeName, Share, SourceBase, Strict
from include.vendor_settings.chargebee import Chargebee
from include.vendor_settings.hubspot import HubSpot, HubSpotFields
from include.vendor_settings.inputs import Inputs, Range
from include.vendor_settings.intercom import Intercom
from include.vendor_settings.mixpanel import Mixpanel
from include.vendor_settings.posthog import PostHog
from include.vendor_settings.salesforce import Salesforce, SalesforceFields
from include.vendor_settings.stripe import Stripe
from include.vendor_settings.warehouse import Table, Warehouse
from include.vendor_settings.zendesk import Zendesk

__all__ = [
    "OWN_ATTRIBUTES",
    "Amplitude",
    "AttributeName",
    "Chargebee",
    "CrmSource",
    "HubSpot",
    "HubSpotFields",
    "Inputs",
    "Intercom",
    "Mixpanel",
    "PostHog",
    "Range",
    "Salesforce",
    "SalesforceFields",
    "Share",
    "Source",
    "SourceBase",
    "Strict",
    "Stripe",
    "Table",
    "Warehouse",
    "Zendesk",
]

# Who owns the list of accounts.
CrmSource = HubSpot | Salesforce
Source = Annotated[
    HubSpot
    | Salesforce
    | Zendesk
    | Intercom
    | Stripe
    | Chargebee
    | PostHog
    | Mixpanel
    | Amplitude
    | Inputs
    | Warehouse,
    Field(discriminator="vendor"),
]
