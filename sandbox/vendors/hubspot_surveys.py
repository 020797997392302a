"""Answers to surveys as HubSpot's feedback submissions, which only HubSpot itself creates.

Ratings and the groups they fall into follow the knowledge base on survey response properties,
checked Nov 2026: NPS 0 to 10, CSAT 0 (unhappy) to 2 (happy), CES 1 to 7.
"""

from datetime import datetime

import numpy as np

from sandbox.vendors.hubspot_catalog import KINDS
from sandbox.vendors.hubspot_columns import numbers, offset_ids, stamps, texts
from sandbox.vendors.hubspot_store import Table
from sandbox.world.model import World

SURVEYS_FROM = 100_000_000_000
NAMES = {"nps": "Would you recommend us?", "csat": "Yearly satisfaction", "ces": "Was it easy?"}
SURVEY_IDS = {"nps": "5", "csat": "7", "ces": "9"}
# Of each kind: the highest rating of a detractor and of a passive; who rates higher is a promoter.
GROUPS = {"nps": (6, 8), "csat": (0, 1), "ces": (3, 5)}


def answers_of(world: World, now: datetime, contacts_from: int) -> Table:
    """The answers given up to `now`; contacts_from: the record id of the contact without number."""
    every = world["surveys"]
    frame = every[every["answered_at"] <= np.datetime64(now.replace(tzinfo=None))]
    frame = frame.sort_values("answer_no")
    people = world["people"].set_index("person_no")
    kinds = texts(frame["kind"])
    groups = [group_of(*pair) for pair in zip(kinds, frame["rating"], strict=True)]
    at = stamps(frame["answered_at"])
    ids = offset_ids(frame["answer_no"], SURVEYS_FROM)
    emails = texts(frame["person_no"].map(people["email"]))
    columns = {
        "hs_object_id": [str(one) for one in ids],
        "hs_survey_type": [str(kind).upper() for kind in kinds],
        "hs_survey_name": [NAMES[str(kind)] for kind in kinds],
        "hs_survey_id": [SURVEY_IDS[str(kind)] for kind in kinds],
        "hs_survey_channel": ["EMAIL"] * len(ids),
        "hs_value": numbers(frame["rating"]),
        "hs_response_group": groups,
        "hs_sentiment": groups,
        "hs_content": texts(frame["comment"]),
        "hs_submission_timestamp": at,
        "hs_contact_id": [str(one) for one in offset_ids(frame["person_no"], contacts_from)],
        "hs_contact_email_rollup": emails,
        "hs_contact_firstname": texts(frame["person_no"].map(people["first_name"])),
        "hs_contact_lastname": texts(frame["person_no"].map(people["last_name"])),
        "hs_createdate": at,
        "hs_lastmodifieddate": at,
    }
    return Table(KINDS["feedback_submissions"], ids, columns)


def group_of(kind: str | None, rating: int) -> str:
    lowest, middle = GROUPS[str(kind)]
    return "DETRACTOR" if rating <= lowest else "PASSIVE" if rating <= middle else "PROMOTER"
