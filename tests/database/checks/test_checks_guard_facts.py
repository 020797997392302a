"""Whatever single records hold, the facts can be made: all that could fail is set aside before."""

import copy
from datetime import date
from itertools import product

from include.checks import check_raw
from include.warehouse.conform import conform

DAY = date(2026, 11, 20)
HOSTILE = (
    None, "", " ", "x", "null", -1, 0, 1.5, 10**30, "1e400", "NaN", "infinity", "2026-13-45", True,
    [], {}, [None], ["x", 1], [{}], [{"quantity": "x", "timestamp": 3}], {"a": {"b": 1}}, "é\u2028",
)  # fmt: skip
# Where each stream's records end up, and which accepted ones are no such fact by definition.
FACTS = {
    "hubspot.owners": ("owner", "false"),
    "hubspot.companies": ("account", "false"),
    "hubspot.contacts": ("contact", "false"),
    "hubspot.deals": ("opportunity", "false"),
    "hubspot.meetings": ("touch", "false"),
    "zendesk.organizations": ("organization", "false"),
    "zendesk.users": ("requester", "false"),
    "zendesk.tickets": ("ticket", "false"),
    "zendesk.satisfaction_ratings": (
        "survey_response",
        "payload ->> 'score' in ('offered', 'unoffered')",
    ),
    "stripe.customers": ("customer", "false"),
    "stripe.subscriptions": ("subscription", "false"),
    "stripe.invoices": ("invoice", "payload ->> 'status' = 'draft'"),
    "posthog.usage_day": ("usage_day", "false"),
}


def paths(value, at=()):
    """All places in a record: keys of objects, first elements of lists."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*at, key)
            yield from paths(inner, (*at, key))
    if isinstance(value, list) and value:
        yield (*at, 0)
        yield from paths(value[0], (*at, 0))


def spoilt(record, path, value):
    """A copy of the record with another value in one place, or with nothing there."""
    changed = copy.deepcopy(record)
    place = changed
    for key in path[:-1]:
        place = place[key]
    if value is NOTHING:
        place.pop(path[-1])
    else:
        place[path[-1]] = value
    return changed


NOTHING = object()


def test_no_single_record_can_keep_the_facts_from_being_made(landing, good):
    for stream in FACTS:
        record, key = good(stream), "account_key" if stream.startswith("posthog") else "id"
        places = [path for path in paths(record) if path != (key,)]
        records = [
            spoilt(record, path, value) | {key: f"r{at}"}
            for at, (path, value) in enumerate(product(places, (*HOSTILE, NOTHING)))
        ]
        assert len(records) > 40
        landing.land(stream, [record, *records])
    checks = landing.settings.checks.model_copy(update={"max_quarantined_share": 1.0})
    settings = landing.settings.model_copy(update={"checks": checks})

    check_raw(landing.engine, settings, run_no=1, as_of=DAY)
    accepted = {
        stream: landing.rows(
            "select count(*) from raw.accepted where source || '.' || stream = :stream"
            f" and coalesce(not ({exempt}), true)",
            stream=stream,
        )
        for stream, (_, exempt) in FACTS.items()
    }
    conform(landing.engine, settings)

    made = {
        stream: landing.rows(f"select count(*) from core.{table}")
        for stream, (table, _) in FACTS.items()
    }
    assert made == accepted
    assert all(rows[0][0] > 1 for rows in made.values())
