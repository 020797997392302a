"""Storms: random faults of one day, the same for the same seed, none of which changes a record.

What is left out, since no client could notice it: an export without an end mark that lost whole
lines, and values that are wrong but possible.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Rule = dict[str, Any]
NOTE = "storm_note"  # a field that no vendor has: where it landed, the record is another one


@dataclass(frozen=True)
class Shore:
    """Where a vendor's lists are. edit: a list, a field of its records and another value of it.

    late: a list whose records may show late, and which of a page; None: the vendor promises that
    what it has exported is whole. data: what a token opens. is_renewed: by the client itself.
    """

    lists: str
    note: str
    edit: tuple[str, str, Any]
    late: tuple[str, int] | None
    data: str = "/"
    is_renewed: bool = False


SHORES = {
    "hubspot": Shore(
        "/crm/v3/objects", f"properties.{NOTE}",
        edit=("/crm/v3/objects/companies", "properties.name", "Before the edit"),
        late=("/crm/v3/objects/contacts/search", -1),
    ),
    "zendesk": Shore(
        "/api/v2", NOTE, edit=("/api/v2/incremental/tickets", "status", "new"),
        late=("/api/v2/satisfaction_ratings", 0),
    ),
    "stripe": Shore(
        "/v1", NOTE, edit=("/v1/invoices", "amount_remaining", 1), late=("/v1/events", 0)
    ),
    "posthog": Shore(
        "/api/projects/1/query", NOTE, edit=("/api/projects/1/query", "events", 0),
        late=("/api/projects/1/query", -1),
    ),
    "salesforce": Shore(
        "/services/data/v66.0/query", f"{NOTE}__c",
        edit=("/services/data/v66.0/query", "Name", "Before the edit"),
        late=("/services/data/v66.0/query", -1), data="/services/data", is_renewed=True,
    ),
    "intercom": Shore(
        "/conversations", NOTE, edit=("/conversations/search", "state", "open"),
        late=("/conversations/search", -1),
    ),
    "chargebee": Shore(
        "/api/v2", NOTE, edit=("/api/v2/invoices", "status", "payment_due"),
        late=("/api/v2/customers", -1),
    ),
    "mixpanel": Shore(
        "/api/2.0/export", f"properties.{NOTE}",
        edit=("/api/2.0/export", f"properties.{NOTE}", 1), late=("/api/2.0/export", -1),
    ),
    "amplitude": Shore(
        "/api/2/export", NOTE, edit=("/api/2/export", NOTE, 1), late=None
    ),
}  # fmt: skip
# On any request; all but slowness and a wrong clock make it worthless.
WEATHER: tuple[Rule, ...] = (
    {"fault": "status", "code": 500},
    {"fault": "status", "code": 503},
    {"fault": "retry_after", "seconds": 1},
    {"fault": "html"},
    {"fault": "html", "code": 200},
    {"fault": "cut"},
    {"fault": "invalid_json"},
    {"fault": "truncated_json"},
    {"fault": "slow", "seconds": 0.05, "pieces": 3},
    {"fault": "clock_skew", "seconds": -200_000},
    {"fault": "clock_skew", "seconds": 200_000},
)
CHANCES = (0.02, 0.05, 0.1)  # of each request
UNNOTICED = ("mixpanel", "truncated_json")  # where the half ends with a line
# Of exports that come in a form of their own.
EXPORTS: dict[str, tuple[Rule, ...]] = {
    "mixpanel": ({"fault": "terminated_early"}, {"fault": "split_line", "n": 2}),
    "amplitude": tuple({"fault": "broken_archive", "how": how} for how in ("bytes", "file", "cut")),
    "salesforce": ({"fault": "lost_lines", "path": "/services/data/v66.0/jobs/query/*/results"},),
}


def storm(vendor: str, *, day: int, seed: int) -> list[Rule]:
    """The faults of a vendor's day, counted from 0; no record is late on the first."""
    draws = random.Random(f"{seed} {vendor} {day}")
    shore = SHORES[vendor]
    weather = [
        {"path": "/", "chance": draws.choice(CHANCES), "seed": draws.randrange(1000), **one}
        for one in draws.sample(WEATHER, 4)
        if (vendor, one["fault"]) != UNNOTICED
    ]
    incidents = [one for one in _incidents(vendor, shore) if day or one["fault"] != "late"]
    drawn = draws.sample(incidents, 5)
    if any(one["fault"] == "edited" for one in drawn):  # backwards, the old version would be last
        drawn = [one for one in drawn if one["fault"] != "reorder"]
    chosen = [{"after": draws.choice((0, 0, 1, 2)), **one} for one in drawn]
    return [{"vendor": vendor, **one} for one in (*chosen, *weather)]


def _incidents(vendor: str, shore: Shore) -> Iterator[Rule]:
    """What happens once or twice on a bad day."""
    edited, field, value = shore.edit
    lists = {"path": shore.lists}
    yield {**lists, "fault": "reorder", "times": 2}
    yield {**lists, "fault": "duplicate", "times": 2}
    yield {**lists, "fault": "duplicate", "where": "same", "times": 2}
    yield {**lists, "fault": "empty_page"}
    yield {**lists, "fault": "repeated_cursor"}
    yield {**lists, "fault": "new_field", "field": shore.note, "value": "new", "times": 3}
    yield {"path": edited, "fault": "edited", "field": field, "value": value, "times": 2}
    if shore.late:
        late, n = shore.late
        yield {"path": late, "fault": "late", "n": n, "requests": 1000}
    yield {"path": "/", "fault": "retry_after", "seconds": 3600}
    yield {"path": shore.data, "fault": "expire_token", "for_good": shore.is_renewed}
    yield from ({**lists, **one} for one in EXPORTS.get(vendor, ()))
