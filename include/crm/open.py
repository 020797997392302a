"""Which package speaks with the CRM of health.yaml."""

from include.crm.desk import Client, Desk
from include.crm.hubspot.desk import Group, HubSpotDesk
from include.crm.salesforce.desk import SalesforceDesk
from include.settings import Settings
from include.vendor_settings import HubSpot


def desk_class(settings: Settings) -> type[HubSpotDesk | SalesforceDesk]:
    """Return the class of the leading CRM's desk, for what can be known without asking it."""
    return HubSpotDesk if isinstance(settings.crm_source, HubSpot) else SalesforceDesk


def open_desk(settings: Settings, client: Client) -> Desk:
    """Return the desk of the CRM that leads; its client has the credential already."""
    crm, source = settings.crm, settings.crm_source
    if not isinstance(source, HubSpot):
        return SalesforceDesk(client)
    group = Group(crm.group, crm.group_label)
    return HubSpotDesk(client, api_version=source.api_version, group=group)
