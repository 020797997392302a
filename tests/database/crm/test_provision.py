"""Our properties in a HubSpot on loopback: made where missing, never taken from somebody else."""

from dataclasses import replace

import pytest

from include.crm.catalogue import catalogue_of
from include.crm.provision import provision
from include.errors import FixConfig

PROPERTIES = "/crm/v3/properties/companies"
GROUPS = f"{PROPERTIES}/groups"


@pytest.fixture
def portal(desk):
    """A desk that can provision with `portal.provision()`."""
    hubspot = desk.crm()

    def make(words=desk.words):
        fields = catalogue_of(desk.settings.crm, None, words, hubspot.name_of).fields
        return provision(desk.engine, hubspot, "hubspot", fields)

    desk.provision = make
    return desk


def define(desk, **more):
    """Somebody makes a property that has one of our names."""
    body = {
        "name": "cs_health_score",
        "label": "Score",
        "type": "number",
        "fieldType": "number",
        "groupName": "cs_health",
    }
    desk.client.call("POST", PROPERTIES, json=body | more, accept=(201,))


def make_group(desk):
    body = {"name": "cs_health", "label": "Customer health", "displayOrder": -1}
    desk.client.call("POST", GROUPS, json=body, accept=(201,))


def ours(desk):
    shown = desk.client.get(PROPERTIES)["results"]
    return {row["name"]: row for row in shown if row["name"].startswith("cs_")}


def test_everything_missing_is_made_in_our_group(portal):
    assert len(portal.provision().created) == 10
    shown = ours(portal)
    assert {row["groupName"] for row in shown.values()} == {"cs_health"}
    assert shown["cs_health_score"]["type"] == "number"
    assert shown["cs_health_as_of"]["type"] == "date"
    bands = shown["cs_health_band"]["options"]
    assert [option["value"] for option in bands] == ["red", "yellow", "green", "unknown"]


def test_a_second_time_is_one_read_and_no_write(portal):
    portal.provision()
    portal.sandbox.reset_requests()
    assert portal.provision().created == ()
    assert [(row["method"], row["count"]) for row in portal.sandbox.requests()] == [("GET", 1)]


def test_only_what_is_missing_is_made(portal):
    make_group(portal)
    define(portal)
    created = portal.provision().created
    assert len(created) == 9
    assert "cs_health_score" not in created
    assert len(ours(portal)) == 10


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        ({"type": "string", "fieldType": "text"}, "of type string, not number"),
        ({"groupName": "customer_success"}, "in group customer_success, not in our group"),
        ({"fieldType": "calculation_equation"}, "whose value cannot be written"),
    ],
)
def test_a_property_that_somebody_else_made_is_never_touched(portal, theirs, words):
    make_group(portal)
    define(portal, **theirs)
    before = ours(portal)
    with pytest.raises(FixConfig, match=words):
        portal.provision()
    assert ours(portal) == before


def test_an_archived_name_is_explained(portal):
    portal.provision()
    portal.client.call("DELETE", f"{PROPERTIES}/cs_health_trend", accept=(204,))
    with pytest.raises(FixConfig, match=r"cs_health_trend is archived.*restore"):
        portal.provision()


def test_a_new_band_is_added_to_the_list_and_the_old_ones_stay(portal):
    portal.provision()
    again = portal.provision(replace(portal.words, bands=("crimson", "green")))
    assert again.extended == ("cs_health_band",)
    bands = ours(portal)["cs_health_band"]["options"]
    values = [option["value"] for option in bands]
    assert values == ["red", "yellow", "green", "unknown", "crimson"]
    assert len({option["displayOrder"] for option in bands}) == 5


@pytest.mark.parametrize(
    "lost",
    [
        {"path": f"{PROPERTIES}/batch/create", "fault": "cut"},
        {"path": f"{PROPERTIES}/batch/create", "fault": "status", "code": 500, "applied": True},
        {"path": GROUPS, "method": "POST", "fault": "status", "code": 503, "applied": True},
    ],
)
def test_an_answer_that_was_lost_is_made_up_for_by_reading_back(portal, lost):
    portal.sandbox.faults = [{"vendor": "hubspot", **lost}]
    assert len(portal.provision().created) == 10
    assert portal.sandbox.faults[0]["fired"] == 1
    assert len(ours(portal)) == 10


def test_a_refusal_is_shown_in_the_vendor_s_words(portal):
    body = {"status": "error", "category": "VALIDATION_ERROR", "message": "Too many properties."}
    path = f"{PROPERTIES}/batch/create"
    portal.sandbox.faults = [
        {"vendor": "hubspot", "path": path, "fault": "status", "code": 400, "body": body}
    ]
    with pytest.raises(FixConfig, match="Too many properties"):
        portal.provision()


def test_a_missing_permission_is_a_matter_of_configuration(portal):
    portal.sandbox.faults = [
        {"vendor": "hubspot", "path": PROPERTIES, "fault": "status", "code": 403}
    ]
    with pytest.raises(FixConfig, match="403"):
        portal.provision()


def test_after_our_properties_were_purged_everything_is_sent_anew(desk):
    """What the ledger believed about a property ends with the property."""
    desk.score_all(50.0)
    desk.push()
    desk.start_over()
    counts = desk.push()
    assert counts["properties_created"] == 10
    assert counts["acknowledged"] == len(desk.record_ids)
    assert set(desk.shown("cs_health_score").values()) == {"50"}
