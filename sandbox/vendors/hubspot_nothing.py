"""What a portal without custom objects, lists and marketing answers: empty lists, each in its form.

`offset` is empty where the vendor has an opaque text there. Vendor facts: API reference of schemas,
lists, forms, workflows, marketing e-mail and e-mail events, checked Nov 2026.
"""

from typing import Any

from sandbox.vendors.hubspot_http import Call, Reply
from sandbox.vendors.hubspot_portal import Handler, Portal

Json = dict[str, Any] | list[Any]


def _always(body: Json) -> Handler:
    def answer(_portal: Portal, _call: Call) -> Reply:
        return Reply(200, body)

    return answer


def _no_lists(_portal: Portal, call: Call) -> Reply:
    """POST /crm/v3/lists/search; the body must be an object, its filters find nothing."""
    call.json()
    return Reply(200, {"lists": [], "hasMore": False, "offset": 0, "total": 0})


def _no_more(name: str) -> dict[str, Any]:
    return {name: [], "hasMore": False, "offset": ""}


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/crm/v3/schemas", _always({"results": []})),
    ("GET", "/crm-object-schemas/v3/schemas", _always({"results": []})),
    ("POST", "/crm/v3/lists/search", _no_lists),
    ("GET", "/forms/v2/forms", _always([])),
    ("GET", "/marketing/v3/forms", _always({"results": []})),
    ("GET", "/marketing/v3/emails", _always({"total": 0, "results": []})),
    ("GET", "/events/v3/events", _always({"results": []})),
    ("GET", "/automation/v3/workflows", _always({"workflows": []})),
    ("GET", "/marketing-emails/v1/emails/with-statistics", _always({"objects": [], "total": 0})),
    ("GET", "/email/public/v1/campaigns", _always(_no_more("campaigns"))),
    ("GET", "/email/public/v1/campaigns/by-id", _always(_no_more("campaigns"))),
    ("GET", "/email/public/v1/events", _always(_no_more("events"))),
    ("GET", "/email/public/v1/subscriptions", _always({"subscriptionDefinitions": []})),
    ("GET", "/email/public/v1/subscriptions/timeline", _always(_no_more("timeline"))),
)
