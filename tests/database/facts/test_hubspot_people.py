"""Contacts of HubSpot in their roles through time, and what they answered to surveys."""

import pytest
from sqlalchemy import text

from .conftest import company


def contact(contact_id="7", *, company_id="100", roles=(), changed="2026-03-01T00:00:00Z",
            archived_at=None, email="ann@kite.example"):  # fmt: skip
    """roles: what the buying role was and since when, newest first."""
    history = [{"value": value, "timestamp": at} for value, at in roles]
    row = {
        "id": contact_id, "company_id": company_id, "createdAt": "2025-02-01T00:00:00Z",
        "updatedAt": changed, "archived": archived_at is not None,
        "properties": {"email": email, "hs_buying_role": history[0]["value"] if history else None},
        "propertiesWithHistory": {"hs_buying_role": history},
    }  # fmt: skip
    return row | ({"archivedAt": archived_at} if archived_at else {})


def submission(answer_id, kind, value, *, contact_id="7", on="2026-03-05", **more):
    properties = {
        "hs_survey_type": kind, "hs_value": value, "hs_contact_id": contact_id,
        "hs_submission_timestamp": f"{on}T10:00:00Z",
    }  # fmt: skip
    return {"id": answer_id, "properties": properties, "archived": False, **more}


@pytest.fixture
def roles(store):
    """Company, role, since and until of every spell."""

    def read():
        asked = text(
            "select source_account_id, role, since::date::text, until::date::text"
            " from core.contact_role order by role, since"
        )
        with store.connect() as connection:
            return [tuple(row) for row in connection.execute(asked)]

    return read


@pytest.fixture
def answers(store):
    def read():
        asked = text(
            "select response_id, kind, score, scale_low, scale_high, source_account_id, email"
            " from core.survey_response order by 1"
        )
        with store.connect() as connection:
            return [tuple(row) for row in connection.execute(asked)]

    return read


def test_a_role_holds_from_when_it_was_set_until_it_was_taken_away(conformed, roles):
    """Requirement 002-18."""
    history = [
        ("END_USER", "2026-01-10T00:00:00Z"),
        ("CHAMPION;END_USER", "2025-06-01T00:00:00Z"),
        ("", "2025-02-01T00:00:00Z"),
    ]
    conformed(companies=[company("100")], contacts=[contact(roles=history)])
    assert roles() == [
        ("100", "champion", "2025-06-01", "2026-01-10"),
        ("100", "contact", "2025-02-01", None),
        ("100", "end_user", "2025-06-01", None),
    ]


def test_who_is_archived_leaves_with_all_roles(conformed, roles, level):
    champion = [("CHAMPION", "2025-06-01T00:00:00Z")]
    conformed(companies=[company("100")], contacts=[contact(roles=champion)])
    assert level("champions", "2026-03-31") == 1
    gone = contact(roles=champion, company_id=None, archived_at="2026-03-10T00:00:00Z")
    conformed(contacts=[gone])
    assert roles() == [
        ("100", "champion", "2025-06-01", "2026-03-10"),
        ("100", "contact", "2025-02-01", "2026-03-10"),
    ]
    assert (level("champions", "2026-03-09"), level("champions", "2026-03-10")) == (1, 0)
    assert (level("champions_lost", "2026-03-31"), level("contacts", "2026-03-31")) == (1, 0)


def test_who_was_marked_as_archived_is_at_no_company(conformed, store):
    """As a reconciliation marks: in the payload that we have, which still names the company."""
    conformed(companies=[company("100")], contacts=[contact()])
    conformed(contacts=[contact(archived_at="2026-03-10T00:00:00Z")])
    with store.connect() as connection:
        asked = text("select source_account_id from core.contact")
        assert connection.execute(asked).scalar_one() is None


def test_who_changes_companies_is_at_the_new_one_from_then_on(conformed, roles):
    champion = [("CHAMPION", "2025-06-01T00:00:00Z")]
    conformed(companies=[company("100"), company("200")], contacts=[contact(roles=champion)])
    moved = contact(roles=champion, company_id="200", changed="2026-03-20T00:00:00Z")
    conformed(contacts=[moved])
    assert roles() == [
        ("100", "champion", "2025-06-01", "2026-03-20"),
        ("200", "champion", "2026-03-20", None),
        ("100", "contact", "2025-02-01", "2026-03-20"),
        ("200", "contact", "2026-03-20", None),
    ]


def test_who_was_seen_without_a_company_counts_from_when_one_was_seen(conformed, roles, level):
    champion = [("CHAMPION", "2025-06-01T00:00:00Z")]
    alone = contact(roles=champion, company_id=None)
    conformed(companies=[company("100"), company("200")], contacts=[alone])
    assert roles() == []
    for crm_id, changed in (("100", 10), (None, 15), ("200", 20)):
        moved = contact(
            roles=champion, company_id=crm_id, changed=f"2026-03-{changed}T00:00:00Z", email=crm_id
        )
        conformed(contacts=[moved])
    assert roles() == [
        ("100", "champion", "2026-03-10", "2026-03-15"),
        ("200", "champion", "2026-03-20", None),
        ("100", "contact", "2026-03-10", "2026-03-15"),
        ("200", "contact", "2026-03-20", None),
    ]


def test_the_same_contact_again_changes_nothing(conformed, arrive, roles):
    champion = [("EXECUTIVE_SPONSOR", "2025-06-01T00:00:00Z")]
    conformed(companies=[company("100")], contacts=[contact(roles=champion)])
    before = roles()
    conformed(contacts=[contact(roles=champion, changed="2026-03-30T00:00:00Z", email="a@b.c")])
    assert roles() == before
    assert ("100", "executive_sponsor", "2025-06-01", None) in before


def test_answers_keep_their_own_scales(conformed, answers):
    conformed(
        companies=[company("100")],
        contacts=[contact()],
        feedback_submissions=[
            submission("1", "NPS", "9"),
            submission("2", "CSAT", "2"),
            submission("3", "CES", "6"),
            submission("4", "CSAT", "5"),  # of a scale that nobody described
            submission("5", "CUSTOM", "3"),
            submission("6", "NPS", ""),
        ],
    )
    ann = ("100", "ann@kite.example")
    assert answers() == [
        ("1", "nps", 9, 0, 10, *ann),
        ("2", "csat", 2, 0, 2, *ann),
        ("3", "ces", 6, 1, 7, *ann),
        ("4", "csat", 5, None, None, *ann),
    ]


def test_an_answer_finds_its_account_when_its_contact_comes_later(conformed, answers, series):
    conformed(companies=[company("100")], feedback_submissions=[submission("1", "NPS", "10")])
    assert answers()[0][5] is None
    conformed(contacts=[contact()])
    assert answers()[0][5:] == ("100", "ann@kite.example")
    assert series("nps_balance_90d") == {"2026-03-05": 1, "2026-06-03": -1}


def test_a_deleted_answer_leaves_and_a_moved_contact_takes_none_along(conformed, answers):
    conformed(
        companies=[company("100"), company("200")],
        contacts=[contact()],
        feedback_submissions=[submission("1", "NPS", "9"), submission("2", "NPS", "1")],
    )
    conformed(contacts=[contact(company_id="200", changed="2026-03-20T00:00:00Z")])
    conformed(feedback_submissions=[submission("1", "NPS", "8"),
                                    submission("2", "NPS", "1", archived=True)])  # fmt: skip
    assert answers() == [("1", "nps", 8, 0, 10, "100", "ann@kite.example")]
