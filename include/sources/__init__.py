"""The vendors' systems that the job reads: `open_source` gives one, by what health.yaml says.

A vendor's module is imported only when it is asked for.
"""

from include import vendor_settings
from include.settings import ROOT, Credentials
from include.sources.base import Source
from include.sources.http.client import Client
from include.sources.http.session import Wire
from include.sources.salesforce_calls import Calls

__all__ = ["open_client", "open_source"]


def open_source(  # noqa: PLR0911 - one vendor, one line
    source: vendor_settings.Source,
    credentials: Credentials,
    *,
    wire: Wire | None = None,
    time_zone: str = "UTC",
    own_prefix: str = "cs_",
) -> Source:
    """Return the source that health.yaml describes; nothing is asked of the vendor yet.

    time_zone: the organisation's, in which usage is cut into days. own_prefix: of the CRM
    properties that this job writes. FixConfig where the credentials cannot be right.
    """
    match source:
        case vendor_settings.HubSpot():
            from include.sources.crm_hubspot import open_hubspot

            return open_hubspot(source, credentials, wire=wire, own_prefix=own_prefix)
        case vendor_settings.Salesforce():
            from include.sources.crm_salesforce import open_salesforce

            return open_salesforce(source, credentials, wire=wire, own_prefix=own_prefix)
        case vendor_settings.Zendesk():
            from include.sources.support_zendesk import open_zendesk

            return open_zendesk(source, credentials, wire=wire)
        case vendor_settings.Intercom():
            from include.sources.support_intercom import open_intercom

            return open_intercom(source, credentials, wire=wire)
        case vendor_settings.Stripe():
            from include.sources.billing_stripe import open_stripe

            return open_stripe(source, credentials, wire=wire)
        case vendor_settings.Chargebee():
            from include.sources.billing_chargebee import open_chargebee

            return open_chargebee(source, credentials, wire=wire)
        case vendor_settings.PostHog():
            from include.sources.usage_posthog import open_posthog

            return open_posthog(source, credentials, wire=wire, time_zone=time_zone)
        case vendor_settings.Mixpanel():
            from include.sources.usage_mixpanel import open_mixpanel

            return open_mixpanel(source, credentials, wire=wire, time_zone=time_zone)
        case vendor_settings.Amplitude():
            from include.sources.usage_amplitude import open_amplitude

            return open_amplitude(source, credentials, wire=wire, time_zone=time_zone)
        case vendor_settings.Inputs():
            from include.sources.inputs_files import open_inputs

            return open_inputs(source, root=ROOT, time_zone=time_zone)
        case vendor_settings.Warehouse():
            from include.sources.tables_warehouse import open_warehouse

            return open_warehouse(source, credentials, root=ROOT, time_zone=time_zone)


def open_client(
    source: vendor_settings.CrmSource, credentials: Credentials, *, wire: Wire | None = None
) -> Client | Calls:
    """Return a client for the CRM that scores are written into; it keeps to the CRM's limits."""
    if isinstance(source, vendor_settings.Salesforce):
        return Calls(credentials, version=source.api_version, share=source.budget_share, wire=wire)
    from include.sources.crm_hubspot import open_caller

    return open_caller(credentials, wire=wire)
