"""The portal itself: its number, its currencies, its zone.

Vendor facts: account information reference and the legacy /integrations/v1/me, checked Nov 2026.
"""

from sandbox.vendors.hubspot_columns import HOME_RATES
from sandbox.vendors.hubspot_http import Call, Reply
from sandbox.vendors.hubspot_portal import Handler, Portal
from sandbox.vendors.hubspot_write import PORTAL_ID

ZONE = {"timeZone": "UTC", "utcOffset": "+00:00", "utcOffsetMilliseconds": 0}
HOME, *OTHERS = (currency.upper() for currency in HOME_RATES)


def details(_portal: Portal, _call: Call) -> Reply:
    """GET /account-info/v3/details, in the dated version too."""
    return Reply(
        200,
        {
            "portalId": PORTAL_ID,
            "accountType": "STANDARD",
            **ZONE,
            "companyCurrency": HOME,
            "additionalCurrencies": OTHERS,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        },
    )


def me(_portal: Portal, _call: Call) -> Reply:
    """GET /integrations/v1/me."""
    return Reply(200, {"portalId": PORTAL_ID, "currency": HOME, **ZONE})


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/account-info/{version}/details", details),
    ("GET", "/integrations/v1/me", me),
)
