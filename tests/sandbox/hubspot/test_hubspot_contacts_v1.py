"""HubSpot's contacts of version 1: the same records as those of the CRM API, in the older form."""

import pytest

from tests.sandbox.hubspot.epoch import ms

ALL = "/contacts/v1/lists/all/contacts/all"
RECENT = "/contacts/v1/lists/recently_updated/contacts/recent"
CREATED, CHANGED = ms("2026-03-01T09:00:00"), ms("2026-03-02T09:00:00")
VID = 51_000_000_501


@pytest.fixture
def four(serve):
    """Contacts 1 to 4: the first not of late, the second and third at the same time."""
    days = {1: "2026-09-01", 2: "2026-11-02", 3: "2026-11-02", 4: "2026-11-04"}
    rows = [
        {"person_no": n, "email": f"p{n}@kite.example", "updated_at": day}
        for n, day in days.items()
    ]
    with serve(accounts=[{}], people=rows) as portal:
        yield portal


def vids(*reads):
    return [row["vid"] - 51_000_000_000 for read in reads for row in read["contacts"]]


def test_all_contacts_come_with_the_values_of_four_properties(portal):
    assert portal.get(ALL) == {
        "contacts": [
            {
                "addedAt": CREATED,
                "vid": VID,
                "canonical-vid": VID,
                "merged-vids": [],
                "portal-id": 145_300_000,
                "is-contact": True,
                "properties": {
                    "firstname": {"value": "Ana"},
                    "lastname": {"value": "Silva"},
                    "company": {"value": "Kite & Co"},
                    "lastmodifieddate": {"value": str(CHANGED)},
                },
                "form-submissions": [],
                "identity-profiles": [
                    {
                        "vid": VID,
                        "saved-at-timestamp": CREATED,
                        "deleted-changed-timestamp": 0,
                        "identities": [
                            {"type": "EMAIL", "value": "ana@kite.example", "timestamp": CREATED}
                        ],
                    }
                ],
                "merge-audits": [],
            }
        ],
        "has-more": False,
        "vid-offset": VID,
    }


def test_named_properties_come_too_with_versions_when_asked_for(portal):
    [plain] = portal.get(ALL, property=["jobtitle", "no_such"])["contacts"]
    [whole] = portal.get(ALL, property="jobtitle", propertyMode="value_and_history")["contacts"]
    assert plain["properties"]["jobtitle"] == {"value": "VP Support"}
    assert "no_such" not in plain["properties"]
    version = {"value": "VP Support", "source-type": "IMPORT", "source-id": "1"}
    version |= {"source-label": None, "timestamp": CREATED, "selected": False}
    assert whole["properties"]["jobtitle"] == {"value": "VP Support", "versions": [version]}


def test_one_contact_is_whole(portal):
    path = f"/contacts/v1/contact/vid/{VID}/profile"
    whole, plain = portal.get(path), portal.get(path, propertyMode="value_only")
    assert whole["properties"]["email"]["value"] == "ana@kite.example"
    assert plain["properties"]["email"] == {"value": "ana@kite.example"}
    assert whole["properties"].keys() == plain["properties"].keys()
    assert portal.refused("GET", "/contacts/v1/contact/vid/1/profile")[0] == 404


def test_a_batch_has_those_that_are_there_by_id(portal):
    path = "/contacts/v1/contact/vids/batch"
    whole = portal.get(path, vid=[VID, 1])
    profile = portal.get(f"/contacts/v1/contact/vid/{VID}/profile", propertyMode="value_only")
    named = portal.get(path, vid=VID, property="email")
    assert whole == {str(VID): profile}
    assert named[str(VID)]["properties"] == {"email": {"value": "ana@kite.example"}}
    assert portal.refused("GET", path, params={"vid": list(range(101))})[0] == 400


def test_all_are_paged_by_id(four):
    first = four.get(ALL, count=3)
    second = four.get(ALL, count=3, vidOffset=first["vid-offset"])
    assert (vids(first), vids(second)) == ([1, 2, 3], [4])
    assert (first["has-more"], second["has-more"]) == (True, False)


def test_recent_ones_are_paged_by_time_and_id(four):
    first = four.get(RECENT, count=2)
    second = four.get(
        RECENT, count=2, timeOffset=first["time-offset"], vidOffset=first["vid-offset"]
    )
    assert (vids(first), vids(second)) == ([4, 2], [3])
    assert (first["has-more"], second["has-more"]) == (True, False)


def test_the_lists_that_were_shut_down_are_not_there(portal):
    assert portal.refused("GET", "/contacts/v1/lists")[0] == 404
    assert portal.refused("GET", "/owners/v2/owners")[0] == 404
