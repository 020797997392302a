"""Usage days of Mixpanel and Amplitude: parts that add up, and the same as PostHog's of a world."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from include.settings import Credentials
from include.sources import open_source
from include.sources.usage_days import KEY
from include.vendor_settings import Amplitude, Mixpanel, PostHog
from include.warehouse.conform import conform
from include.warehouse.landing import land, last_state
from include.warehouse.page import Page
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.database.facts.conftest import AS_OF, RUNS

NOISE = ("page_viewed",)
AMPLITUDE = Amplitude(vendor="amplitude", name="amplitude", connection="c", not_features=NOISE)
VENDORS = (
    PostHog(vendor="posthog", name="posthog", connection="c", not_features=NOISE),
    Mixpanel(
        vendor="mixpanel", name="mixpanel", connection="c", not_features=NOISE, history_days=80
    ),
    AMPLITUDE.model_copy(update={"history_days": 80}),
)


def part(part, *, day="2026-03-10", key="kite", events=5, users=("u1",), features=("f1",)):
    return {
        "account_key": key, "day": day, "part": part, "events": events, "users": list(users),
        "features": list(features),
    }  # fmt: skip


@pytest.fixture
def parts_arrive(store, settings):
    """Land records of an Amplitude source and turn them into facts."""
    sources = (settings.crm_source, AMPLITUDE)
    changed = settings.model_copy(update={"sources": sources})

    def arrive(*records):
        land(store, run_id=f"run-{next(RUNS)}", as_of=AS_OF, source="amplitude",
             vendor="amplitude", stream="usage_day", pages=[Page(records, key=KEY)])  # fmt: skip
        conform(store, changed)
        return usage_days(store)

    return arrive


def usage_days(store, source="amplitude"):
    """Events, users and features by group and day."""
    with store.connect() as connection:
        rows = connection.execute(
            text(
                "select account_key, cast(day as text), events, users, features"
                " from core.usage_day where source = :source"
            ),
            {"source": source},
        )
        return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows}


def test_the_parts_of_a_day_add_up_and_a_member_of_two_is_one(parts_arrive):
    days = parts_arrive(
        part("2026-03-10", events=5, users=["u2", "u1"], features=["f1"]),
        part("2026-03-11", events=2, users=["u3", "u1"], features=[]),
        part("2026-03-11", day="2026-03-11", users=[], features=["f2"]),
        part("2026-03-11", key="reed"),
    )
    assert days == {
        ("kite", "2026-03-10"): (7, ["u1", "u2", "u3"], ["f1"]),
        ("kite", "2026-03-11"): (5, [], ["f2"]),
        ("reed", "2026-03-10"): (5, ["u1"], ["f1"]),
    }


def test_a_part_that_comes_later_changes_its_day_and_no_other(parts_arrive):
    parts_arrive(part("2026-03-10"), part("2026-03-10", key="reed"))
    days = parts_arrive(part("2026-03-14", events=1, users=["late"], features=["f9"]))
    assert days[("kite", "2026-03-10")] == (6, ["late", "u1"], ["f1", "f9"])
    assert days[("reed", "2026-03-10")] == (5, ["u1"], ["f1"])


def test_a_part_that_is_counted_again_replaces_itself_alone(parts_arrive):
    parts_arrive(part("2026-03-10"), part("2026-03-11", events=1, users=["u2"]))
    days = parts_arrive(part("2026-03-11", events=4, users=["u3"]))
    assert days == {("kite", "2026-03-10"): (9, ["u1", "u3"], ["f1"])}
    assert parts_arrive(part("2026-03-11", events=4, users=["u3"])) == days


def test_what_health_yaml_says_is_no_feature_is_none(parts_arrive):
    days = parts_arrive(part("2026-03-10", features=["page_viewed", "f1"]))
    assert days[("kite", "2026-03-10")][2] == ["f1"]


def counted(days, until):
    """Days as numbers of users, whose ids differ by vendor."""
    return {
        key: (events, len(users), sorted(features))
        for key, (events, users, features) in days.items()
        if key[1] <= until.isoformat()
    }


def test_one_world_is_the_same_usage_through_three_vendors_also_as_days_go_by(store, settings):
    end = date(2026, 9, 20)
    world = simulate(accounts=14, seed=3, start=date(2026, 8, 1), end=end)
    changed = settings.model_copy(update={"sources": (settings.crm_source, *VENDORS)})
    facts = defaultdict(dict)
    with running(world, limits=False) as sandbox:
        for as_of in (end, end + timedelta(days=3)):
            sandbox.advance(as_of)
            for vendor in VENDORS:
                read_into(store, sandbox, vendor, as_of)
            conform(store, changed)
            for vendor in VENDORS:
                facts[as_of][vendor.name] = counted(usage_days(store, vendor.name), as_of)
    for posthog, mixpanel, amplitude in (tuple(one.values()) for one in facts.values()):
        assert posthog == mixpanel == amplitude
        assert len(posthog) > 300
    assert len(facts[end]["posthog"]) < len(facts[end + timedelta(days=3)]["posthog"])


def read_into(store, sandbox, vendor, as_of):
    reach = sandbox.vendors[vendor.name]
    credentials = Credentials(
        reach["base_url"], reach["token"], reach.get("user", ""), reach.get("extra", {})
    )
    source = open_source(vendor, credentials, time_zone="America/New_York")
    state = last_state(store, vendor.name, "usage_day")
    pages = source.pages("usage_day", state=state, as_of=as_of)
    land(store, run_id=f"run-{next(RUNS)}", as_of=as_of, source=vendor.name,
         vendor=vendor.vendor, stream="usage_day", pages=pages)  # fmt: skip
