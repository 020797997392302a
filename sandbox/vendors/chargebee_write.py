"""POST /customers/{id}: what an integration writes, custom fields above all; once, or again.

Vendor facts: Chargebee API v2 on updating a customer, custom fields and idempotency, Nov 2026.
"""

import json
from typing import Any

from sandbox.vendors.chargebee_http import Json, not_found, wrong_value
from sandbox.vendors.chargebee_objects import to_customer
from sandbox.vendors.chargebee_site import Site

LONGEST_KEY = 100
TEXTS = {
    "first_name": 150,
    "last_name": 150,
    "email": 70,
    "phone": 50,
    "company": 250,
    "locale": 50,
    "invoice_notes": 2000,
}
CHOICES = {"auto_collection": ("on", "off"), "taxability": ("taxable", "exempt")}
LONGEST_CUSTOM = 250


def replayed(site: Site, key: str | None, path: str, pairs: list[list[str]]) -> Json | None:
    """The answer that this key stands for; the key with other content is refused."""
    if key is None:
        return None
    if len(key) > LONGEST_KEY:
        raise wrong_value("chargebee-idempotency-key", f"has more than {LONGEST_KEY} characters")
    kept = site.answered.get(key)
    if kept is None:
        return None
    if [kept["path"], kept["sent"]] != [path, pairs]:
        raise wrong_value("chargebee-idempotency-key", "was used for another request before")
    answer: Json = kept["answer"]
    return answer


def update_customer(
    site: Site, customer_id: str, pairs: list[list[str]], key: str | None, path: str
) -> Json:
    """Check everything, then write everything; returns what the call answers."""
    customer = site.books.customers.get(customer_id)
    if customer is None or customer.deleted is not None:
        raise not_found(customer_id)
    values = {name: _checked(site, name, text) for name, text in pairs}
    entry = {"op": "update", "id": customer_id, "values": values, "at": site.now(), "key": None}
    site.write(entry)
    answer = {"customer": to_customer(site, customer)}
    if key is not None:
        kept = {"op": "answered", "key": key, "path": path, "sent": pairs, "answer": answer}
        site.write(kept)
    return answer


def _checked(site: Site, name: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value to be written; None takes it away."""
    if name.startswith("cf_"):
        if name not in site.settings.custom_fields:
            raise wrong_value(name, "there is no such custom field on this site")
        return _short(name, text, LONGEST_CUSTOM)
    if name in TEXTS:
        return _short(name, text, TEXTS[name])
    if name in CHOICES:
        if text not in CHOICES[name]:
            raise wrong_value(name, f"should be one of [{', '.join(CHOICES[name])}]")
        return text
    if name == "meta_data":
        return _object(name, text)
    raise wrong_value(name, "unknown parameter")


def _short(name: str, text: str, longest: int) -> str | None:
    if len(text) > longest:
        raise wrong_value(name, f"should not have more than {longest} characters")
    return text or None


def _object(name: str, text: str) -> Json:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise wrong_value(name, "should be a JSON object")
    return document
