"""POST /v1/customers/{id}: the few values an integration tags customers with, sent once or again.

Vendor facts: Stripe API reference on metadata and idempotent requests, checked Nov 2026.
"""

from dataclasses import dataclass
from typing import Any

from sandbox.vendors.stripe_account import Account, changed
from sandbox.vendors.stripe_expand import expand_one
from sandbox.vendors.stripe_http import Kind, Params, Refused, no_such
from sandbox.vendors.stripe_prices import Json

CHANGEABLE: dict[str, Kind] = {
    "description": "clearable",
    "email": "clearable",
    "name": "clearable",
    "metadata": "map",
    "expand": "list",
}
MOST_KEYS, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500
LONGEST_IDEMPOTENCY_KEY = 255


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a write was sent, what it said, and by which keys it is known."""

    url: str
    pairs: list[list[str]]
    request_id: str
    key: str | None


def earlier_answer(account: Account, sent: Sent) -> tuple[str, Json] | None:
    """Request id and body of the first answer to this key; the key with other content is a 400."""
    if sent.key is None:
        return None
    if len(sent.key) > LONGEST_IDEMPOTENCY_KEY:
        message = f"Idempotency keys are at most {LONGEST_IDEMPOTENCY_KEY} characters long."
        raise Refused(400, message, kind="idempotency_error")
    kept = account.answered.get(sent.key)
    if kept is None:
        return None
    if kept.url != sent.url:
        raise _key_reused(
            f"for the same endpoint they were first used for ('{kept.url}')", sent.key
        )
    if kept.sent != sent.pairs:
        raise _key_reused("with the same parameters they were first used with", sent.key)
    return kept.request_id, kept.answer


def update_customer(account: Account, params: Params, customer_id: str, sent: Sent) -> Json:
    customer = account.books.customers.get(customer_id)
    if customer is None or customer.deleted is not None:
        raise no_such("customer", customer_id, param="id")
    values = {name: value for name, value in params.values.items() if name != "expand"}
    _check_metadata(values.get("metadata"))
    after = changed(customer, values)
    if len(after.metadata) > MOST_KEYS:
        raise _bad_metadata(f"You can have at most {MOST_KEYS} metadata keys.")
    shown = account.update_customer(
        {
            "op": "update",
            "id": customer_id,
            "values": values,
            "at": account.now(),
            "request_id": sent.request_id,
            "key": sent.key,
        }
    )
    answer = expand_one(shown, "customer", params.expand(), account.fetch)
    if sent.key is not None:
        account.remember(
            {
                "op": "answered",
                "key": sent.key,
                "url": sent.url,
                "sent": sent.pairs,
                "request_id": sent.request_id,
                "answer": answer,
            }
        )
    return answer


def _check_metadata(metadata: Any) -> None:  # noqa: ANN401
    """Keys up to 40 characters without brackets, values up to 500."""
    if not isinstance(metadata, dict):
        return
    for key, value in metadata.items():
        if not 1 <= len(key) <= LONGEST_KEY:
            raise _bad_metadata(
                f"Metadata keys have 1 to {LONGEST_KEY} characters; this one has {len(key)}: {key}"
            )
        if len(value) > LONGEST_VALUE:
            raise _bad_metadata(
                f"Metadata values have up to {LONGEST_VALUE} characters; the value of {key} has "
                f"{len(value)}."
            )


def _bad_metadata(message: str) -> Refused:
    return Refused(400, message, param="metadata")


def _key_reused(rule: str, key: str) -> Refused:
    message = (
        f"Keys for idempotent requests can only be used {rule}. Try using a key other than "
        f"'{key}' if you meant to execute a different request."
    )
    return Refused(400, message, kind="idempotency_error")
