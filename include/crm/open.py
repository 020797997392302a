"""Which package speaks with the CRM of health.yaml."""

from include.crm.desk import Client, Desk
from include.crm.hubspot.desk import Group, HubSpotDesk
from include.errors import FixConfig
from include.settings import Settings
from include.vendor_settings import HubSpot


def desk_class(settings: Settings) -> type[HubSpotDesk]:
    """Return the class of the leading CRM's desk, for what can be known without asking it.

    FixConfig where scores cannot be written into that CRM yet.
    """
    source = settings.crm_source
    if not isinstance(source, HubSpot):
        raise FixConfig(
            f"Scores cannot be written into {source.vendor} yet (source {source.name}). Say "
            "crm: {send: false} in health.yaml; all else works."
        )
    return HubSpotDesk


def open_desk(settings: Settings, client: Client) -> Desk:
    """Return the desk of the CRM that leads; its client has the credential already."""
    desk_class(settings)
    crm, source = settings.crm, settings.crm_source
    assert isinstance(source, HubSpot)
    group = Group(crm.group, crm.group_label)
    return HubSpotDesk(client, api_version=source.api_version, group=group)
