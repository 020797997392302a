"""Answers to surveys as feedback submissions: readable, searchable, tied to who gave them."""

import pytest

from .conftest import make_world, served

ANSWERS = [
    {"answer_no": 1, "kind": "nps", "rating": 9, "answered_at": "2026-05-01T09:30:00"},
    {"answer_no": 2, "kind": "csat", "rating": 1, "answered_at": "2026-06-01T09:30:00"},
    {"answer_no": 3, "kind": "nps", "rating": 6, "answered_at": "2026-12-01T09:30:00"},  # to come
]


@pytest.fixture(scope="module")
def portal():
    with served(make_world(accounts=[{}], people=[{}], surveys=ANSWERS)) as it:
        yield it


def test_an_answer_says_what_was_rated_how_and_by_whom(portal):
    names = "hs_survey_type,hs_value,hs_response_group,hs_submission_timestamp,hs_contact_id"
    path = "/crm/v3/objects/feedback_submissions"
    rows = portal.get(path, properties=f"{names},hs_contact_email_rollup")["results"]
    [nps, csat] = [row["properties"] for row in rows]
    assert (nps["hs_survey_type"], nps["hs_value"], nps["hs_response_group"]) == (
        "NPS", "9", "PROMOTER",
    )  # fmt: skip
    assert nps["hs_submission_timestamp"] == "2026-05-01T09:30:00.000Z"
    assert nps["hs_contact_email_rollup"] == "ana@kite.example"
    assert (csat["hs_value"], csat["hs_response_group"]) == ("1", "PASSIVE")
    contact = portal.get(f"/crm/v3/objects/contacts/{nps['hs_contact_id']}")
    assert contact["properties"]["email"] == "ana@kite.example"


def test_answers_are_found_by_when_they_changed_and_lead_to_their_contact(portal):
    since = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": "2026-05-15"}
    asked = {"filterGroups": [{"filters": [since]}], "properties": ["hs_survey_type"]}
    found = portal.post("/crm/v3/objects/feedback_submissions/search", asked)
    assert [row["properties"]["hs_survey_type"] for row in found["results"]] == ["CSAT"]
    path = "/crm/v4/associations/feedback_submissions/contacts/batch/read"
    linked = portal.post(path, {"inputs": [{"id": found["results"][0]["id"]}]})
    assert len(linked["results"][0]["to"]) == 1
