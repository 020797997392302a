"""HubSpot's associations of version 1: ids by the number of a definition."""

import pytest

PATH = "/crm-associations/v1/associations/{}/HUBSPOT_DEFINED/{}"
KITE, REED = 9_100_000_001, 9_100_000_002
ANA, DEAL, REVIEW = 51_000_000_501, 30_000_000_031, 60_000_000_071


@pytest.mark.parametrize(
    ("record", "definition", "linked"),
    [
        (ANA, 1, [KITE]),
        (KITE, 2, [ANA]),
        (DEAL, 5, [KITE]),
        (KITE, 6, [DEAL]),
        (KITE, 7, [REVIEW]),
        (REVIEW, 8, [KITE]),
        (KITE, 13, [REED]),
        (REED, 14, [KITE]),
        (REED, 13, []),
        (DEAL, 3, []),
        (1, 1, []),
    ],
)
def test_a_definition_leads_from_a_record_to_ids(portal, record, definition, linked):
    read = portal.get(PATH.format(record, definition))
    assert read == {"results": linked, "hasMore": False, "offset": len(linked)}


def test_many_ids_are_paged_by_position(serve):
    people = [{"person_no": n, "email": f"p{n}@kite.example"} for n in range(1, 6)]
    with serve(accounts=[{}], people=people) as portal:
        first = portal.get(PATH.format(KITE, 2), limit=3)
        second = portal.get(PATH.format(KITE, 2), limit=3, offset=first["offset"])
    ids = [vid - 51_000_000_000 for vid in first["results"] + second["results"]]
    assert ids == [1, 2, 3, 4, 5]
    assert (first["hasMore"], second["hasMore"]) == (True, False)


@pytest.mark.parametrize(("record", "definition"), [(KITE, 99), ("kite", 1)])
def test_what_is_no_definition_or_record_is_refused(portal, record, definition):
    assert portal.refused("GET", PATH.format(record, definition))[0] == 400
