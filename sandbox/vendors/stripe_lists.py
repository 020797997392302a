"""Stripe's paging: newest first, one page after or before an id.

Vendor facts: Stripe API reference on pagination, checked Nov 2026.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.vendors.stripe_account import Account
from sandbox.vendors.stripe_expand import expand_list
from sandbox.vendors.stripe_http import Kind, Params, Refused, no_such
from sandbox.vendors.stripe_prices import Json, to_list

MOST, DEFAULT = 100, 10
PAGING: dict[str, Kind] = {
    "limit": "whole",
    "starting_after": "text",
    "ending_before": "text",
    "expand": "list",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a list is taken from: all things newest first, where each id stands, and its words."""

    url: str
    kind: str
    things: Sequence[Any]
    places: Mapping[str, int]
    show: Callable[[Any], Json]


def to_page(account: Account, source: Source, params: Params, keep: Callable[[Any], bool]) -> Json:
    """One page of the things that `keep` lets through."""
    limit = params.values.get("limit", DEFAULT)
    if not 1 <= limit <= MOST:
        bound = "greater than or equal to 1" if limit < 1 else f"less than or equal to {MOST}"
        message = f"This value must be {bound} (it currently is '{limit}')."
        raise Refused(400, message, code="parameter_invalid_integer", param="limit")
    after, before = params.text("starting_after"), params.text("ending_before")
    if after and before:
        message = (
            "Received both starting_after and ending_before parameters. Please pass in only one."
        )
        raise Refused(400, message, code="parameters_exclusive")
    things: Iterable[Any] = source.things
    if after:
        things = source.things[_place(source, after, "starting_after") + 1 :]
    elif before:
        things = reversed(source.things[: _place(source, before, "ending_before")])
    kept = [thing for thing, _ in zip(filter(keep, things), range(limit + 1), strict=False)]
    shown = kept[:limit] if not before else kept[:limit][::-1]
    page = to_list(source.url, [source.show(one) for one in shown], has_more=len(kept) > limit)
    return expand_list(page, source.kind, params.expand(), account.fetch)


def _place(source: Source, object_id: str, param: str) -> int:
    place = source.places.get(object_id)
    gone = place is not None and getattr(source.things[place], "deleted", None) is not None
    if place is None or gone:
        raise no_such(source.kind, object_id, param=param, status=400)
    return place
