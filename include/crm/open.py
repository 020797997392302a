"""Which package speaks with the CRM of health.yaml; imported only when it is asked for."""

from include.crm.desk import Client, Desk
from include.errors import FixConfig
from include.settings import Settings
from include.vendor_settings import HubSpot


def open_desk(settings: Settings, client: Client) -> Desk:
    """Return the desk of the CRM that leads; its client has the credential already.

    FixConfig where scores cannot be written into that CRM yet.
    """
    from include.crm.hubspot.desk import Group, HubSpotDesk

    crm, source = settings.crm, settings.crm_source
    if not isinstance(source, HubSpot):
        raise FixConfig(
            f"Scores cannot be written into {source.vendor} yet (source {source.name}). Say "
            "crm: {send: false} in health.yaml; all else works."
        )
    group = Group(crm.group, crm.group_label)
    return HubSpotDesk(client, api_version=source.api_version, group=group)
