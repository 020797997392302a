"""HubSpot's addresses that newer ones have replaced, and that readers still call.

Vendor facts: legacy API reference and changelog, checked Nov 2026. Owners of version 2 were shut
down on 24 March 2025, contact lists of version 1 on 30 April 2026: a 404, here too.
"""

from sandbox.vendors import hubspot_account as account
from sandbox.vendors import hubspot_associations as associations
from sandbox.vendors import hubspot_associations_v1 as associations_v1
from sandbox.vendors import hubspot_companies_v2 as companies
from sandbox.vendors import hubspot_contacts_v1 as contacts
from sandbox.vendors import hubspot_deals_v1 as deals
from sandbox.vendors import hubspot_engagements_v1 as engagements
from sandbox.vendors import hubspot_nothing as nothing
from sandbox.vendors import hubspot_objects as objects
from sandbox.vendors import hubspot_pipelines_v1 as pipelines
from sandbox.vendors import hubspot_properties_v1 as properties
from sandbox.vendors import hubspot_users as users
from sandbox.vendors.hubspot_portal import Handler, reading, reading_at

# Method, path, handler. The first path that fits answers: words stand before ids.
OLDER_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/companies/v2/companies/paged", reading(companies.list_paged)),
    ("GET", "/companies/v2/companies/recent/modified", reading_at(companies.list_modified)),
    ("GET", "/companies/v2/companies/recent/created", reading_at(companies.list_created)),
    ("GET", "/companies/v2/companies/{id}", reading(companies.get_company)),
    ("GET", "/companies/v2/companies/{id}/vids", reading(companies.list_vids)),
    ("GET", "/contacts/v1/lists/all/contacts/all", reading(contacts.list_paged)),
    (
        "GET",
        "/contacts/v1/lists/recently_updated/contacts/recent",
        reading_at(contacts.list_modified),
    ),
    ("GET", "/contacts/v1/contact/vids/batch", reading(contacts.read_batch)),
    ("GET", "/contacts/v1/contact/vid/{id}/profile", reading(contacts.get_contact)),
    ("GET", "/deals/v1/deal/paged", reading(deals.list_paged)),
    ("GET", "/deals/v1/deal/recent/modified", reading_at(deals.list_modified)),
    ("GET", "/deals/v1/deal/recent/created", reading_at(deals.list_created)),
    ("GET", "/deals/v1/deal/associated/{type}/{id}/paged", reading(deals.list_associated)),
    ("GET", "/deals/v1/deal/{id}", reading(deals.get_deal)),
    ("GET", "/deals/v1/pipelines", reading(pipelines.list_for_deals)),
    ("GET", "/crm-pipelines/v1/pipelines/{type}", reading(pipelines.list_pipelines)),
    ("GET", "/engagements/v1/engagements/paged", reading(engagements.list_paged)),
    ("GET", "/engagements/v1/engagements/modified/after", reading(engagements.list_after)),
    ("GET", "/engagements/v1/engagements/recent/modified", reading_at(engagements.list_modified)),
    (
        "GET",
        "/engagements/v1/engagements/associated/{type}/{id}/paged",
        reading(engagements.list_associated),
    ),
    ("GET", "/engagements/v1/engagements/{id}", reading(engagements.get_engagement)),
    ("GET", "/companies/v2/properties", properties.listing("companies")),
    ("GET", "/contacts/v1/properties", properties.listing("contacts")),
    ("GET", "/deals/v1/properties", properties.listing("deals")),
    ("GET", "/properties/v1/{type}/properties", properties.list_properties),
    ("GET", "/properties/v1/{type}/properties/named/{name}", properties.get_property),
    ("GET", "/properties/v2/{type}/properties", properties.list_properties),
    ("GET", "/properties/v2/{type}/properties/named/{name}", properties.get_property),
    (
        "POST",
        "/crm/v3/associations/{from}/{to}/batch/read",
        reading_at(associations.read_batch_v3),
    ),
    (
        "GET",
        "/crm-associations/v1/associations/{id}/HUBSPOT_DEFINED/{definition}",
        reading(associations_v1.list_linked),
    ),
    ("GET", "/crm/v3/associations/{from}/{to}/types", reading(associations.list_types_v3)),
    ("GET", "/crm/v4/objects/{type}", reading(objects.list_records)),
    ("GET", "/crm/v4/objects/{type}/{id}", reading(objects.get_record)),
    ("GET", "/settings/v3/users", reading(users.list_users)),
    ("GET", "/settings/v3/users/teams", reading(users.list_teams)),
    *account.ROUTES,
    *nothing.ROUTES,
)
