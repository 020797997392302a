"""Which version of each vendor's API the job asks for, where it is described, when that was read.

The one place for it: what goes into a header or an address is taken from here. A newer version is
tried by changing it here and running the tests of the vendor, after reading its page.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """asked: as it goes over the wire; empty: the vendor has none. checked: month and year."""

    asked: str
    page: str
    checked: str


HUBSPOT_OBJECTS, HUBSPOT_ASSOCIATIONS, HUBSPOT_DATED = "v3", "v4", "2026-03"
VERSIONS = {
    "hubspot": Version(
        f"{HUBSPOT_OBJECTS}, {HUBSPOT_ASSOCIATIONS}, {HUBSPOT_DATED}",
        "https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm",
        "Nov 2026",
    ),
    "salesforce": Version(
        "66.0",
        "https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/bulk_api_2_0.htm",
        "Nov 2026",
    ),
    "zendesk": Version(
        "v2",
        "https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/",
        "Nov 2026",
    ),
    "intercom": Version(
        "2.16",
        "https://github.com/intercom/Intercom-OpenAPI/tree/main/descriptions/2.16",
        "Nov 2026",
    ),
    "stripe": Version("2026-10-28.endive", "https://github.com/stripe/openapi", "Nov 2026"),
    "chargebee": Version("v2", "https://github.com/chargebee/openapi", "Nov 2026"),
    "posthog": Version("", "https://posthog.com/docs/api/queries", "Nov 2026"),
    "mixpanel": Version("2.0", "https://docs.mixpanel.com/reference/raw-event-export", "Nov 2026"),
    "amplitude": Version("2", "https://amplitude.com/docs/apis/analytics/export", "Nov 2026"),
}
