"""Which package speaks with the CRM of health.yaml; imported only when it is asked for."""

from include.crm.desk import Client, Desk
from include.settings import Settings


def open_desk(settings: Settings, client: Client) -> Desk:
    """Return the desk of the CRM that leads; its client has the credential already."""
    from include.crm.hubspot.desk import Group, HubSpotDesk

    crm, source = settings.crm, settings.crm_source
    group = Group(crm.group, crm.group_label)
    return HubSpotDesk(client, api_version=source.api_version, group=group)
