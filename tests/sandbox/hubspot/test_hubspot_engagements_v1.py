"""HubSpot's engagements of version 1: every kind of activity in one list."""

import pytest

from tests.sandbox.hubspot.epoch import ms

BASE = "/engagements/v1/engagements"
REVIEW = {
    "engagement": {
        "id": 60_000_000_071,
        "portalId": 145_300_000,
        "active": True,
        "createdAt": ms("2026-09-01T08:00:00"),
        "lastUpdated": ms("2026-09-10T16:05:00"),
        "ownerId": 5_550_001,
        "type": "MEETING",
        "activityType": "Business review",
        "timestamp": ms("2026-09-10T15:00:00"),
    },
    "associations": {
        "contactIds": [],
        "companyIds": [9_100_000_001],
        "dealIds": [],
        "ticketIds": [],
        "ownerIds": [],
        "workflowIds": [],
    },
    "attachments": [],
    "scheduledTasks": [],
    "metadata": {
        "title": "Third quarter review",
        "startTime": ms("2026-09-10T15:00:00"),
        "endTime": ms("2026-09-10T16:00:00"),
    },
}


def ids_of(read):
    return [row["engagement"]["id"] - 60_000_000_000 for row in read["results"]]


@pytest.fixture
def five(serve):
    """Meetings 1 to 5, changed on the first to the fifth of November; 3 and 4 at the same time."""
    days = {1: 5, 2: 2, 3: 3, 4: 3, 5: 1}
    rows = [{"meeting_no": n, "updated_at": f"2026-11-{day:02}"} for n, day in days.items()]
    with serve(accounts=[{}], meetings=rows) as portal:
        yield portal


def test_a_meeting_is_an_engagement_with_its_times_as_epoch_milliseconds(portal):
    assert portal.get(f"{BASE}/60000000071") == REVIEW
    assert portal.get(f"{BASE}/paged") == {"results": [REVIEW], "hasMore": False, "offset": 1}
    assert portal.refused("GET", f"{BASE}/1")[0] == 404


def test_a_task_is_one_too(desk):
    properties = {"hs_task_subject": "Call Ana", "hs_timestamp": "2026-11-25T12:00:00Z"}
    made = desk.post("/crm/v3/objects/tasks", {"properties": properties}, 201)
    [_, task] = desk.get(f"{BASE}/paged")["results"]
    assert (task["engagement"]["id"], task["engagement"]["type"]) == (int(made["id"]), "TASK")
    assert task["engagement"]["timestamp"] == ms("2026-11-25T12:00:00")
    assert task["metadata"] == {"subject": "Call Ana"}
    assert "ownerId" not in task["engagement"]


def test_all_are_paged_by_id(five):
    first = five.get(f"{BASE}/paged", limit=3)
    second = five.get(f"{BASE}/paged", limit=3, offset=first["offset"])
    assert ids_of(first) + ids_of(second) == [1, 2, 3, 4, 5]
    assert (first["hasMore"], second["hasMore"]) == (True, False)


def test_changes_are_read_from_a_time_on_and_behind_a_cursor(five):
    first = five.get(f"{BASE}/modified/after", after=ms("2026-11-02"), limit=2)
    second = five.get(f"{BASE}/modified/after", after=first["after"], limit=2)
    nothing = five.get(f"{BASE}/modified/after", after=second["after"])
    assert ids_of(first) + ids_of(second) == [2, 3, 4, 1]
    assert (first["hasMore"], second["hasMore"]) == (True, False)
    assert nothing == {"results": [], "hasMore": False, "after": second["after"]}


def test_recent_ones_come_newest_first(five):
    read = five.get(f"{BASE}/recent/modified", since=ms("2026-11-02"), count=3)
    assert ids_of(read) == [1, 3, 4]
    assert (read["hasMore"], read["offset"], read["total"]) == (True, 3, 4)


def test_those_of_one_company_are_paged(five):
    path = f"{BASE}/associated/COMPANY/9100000001/paged"
    first = five.get(path, limit=3)
    second = five.get(path, limit=3, offset=first["offset"])
    assert ids_of(first) + ids_of(second) == [1, 2, 3, 4, 5]
    assert (first["hasMore"], second["hasMore"]) == (True, False)
    assert five.get(f"{BASE}/associated/DEAL/1/paged")["results"] == []


@pytest.mark.parametrize("after", ["yesterday", "1-2", "-1"])
def test_a_place_that_is_none_is_refused(portal, after):
    assert portal.refused("GET", f"{BASE}/modified/after", params={"after": after})[0] == 400
