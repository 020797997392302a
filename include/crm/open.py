"""Which package speaks with the CRM of health.yaml."""

from collections.abc import Callable

from include.crm.desk import Client, Desk, Jobs
from include.crm.hubspot.desk import Group, HubSpotDesk
from include.crm.hubspot.tasks import HubSpotTasks
from include.crm.hubspot.wire import BATCH
from include.crm.salesforce.desk import Bulk, SalesforceDesk, calls_for
from include.crm.salesforce.tasks import SalesforceTasks
from include.crm.tasks import TaskDesk
from include.settings import Settings
from include.vendor_settings import HubSpot


def namer(settings: Settings) -> Callable[[str], str]:
    """Return what tells how the leading CRM calls a field like cs_health_score."""
    is_hubspot = isinstance(settings.crm_source, HubSpot)
    return HubSpotDesk.name_of if is_hubspot else SalesforceDesk.name_of


def calls_that_write(settings: Settings, changes: int) -> int:
    """Return how many calls it takes to write so many changes, at least."""
    source = settings.crm_source
    if isinstance(source, HubSpot):
        return -(-changes // BATCH)
    return calls_for(changes, source.bulk_write_above)


def open_desk(settings: Settings, client: Client, noted: Jobs) -> Desk:
    """Return the desk of the CRM that leads; its client has the credential already.

    noted: where the jobs are kept that it has at work.
    """
    crm, source = settings.crm, settings.crm_source
    if not isinstance(source, HubSpot):
        patience_s = 60.0 * source.bulk_patience_minutes
        return SalesforceDesk(client, Bulk(source.bulk_write_above, patience_s, noted))
    group = Group(crm.group, crm.group_label)
    return HubSpotDesk(client, api_version=source.api_version, group=group)


def open_tasks(settings: Settings, client: Client) -> TaskDesk:
    """Return the tasks of the CRM that leads; its client has the credential already."""
    source = settings.crm_source
    if isinstance(source, HubSpot):
        return HubSpotTasks(client, source.api_version)
    return SalesforceTasks(client)
