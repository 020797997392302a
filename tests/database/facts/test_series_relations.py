"""Who is there at an account, which deals it has, what it was taught."""

import pytest

from .conftest import company, meeting


def role(contact_id, name, since, until=None, *, account="100"):
    return {
        "source": "hubspot", "contact_id": contact_id, "source_account_id": account, "role": name,
        "since": f"{since}T12:00:00Z", "until": until and f"{until}T12:00:00Z",
    }  # fmt: skip


def deal(deal_id, stage, created, closed=None, *, kind="renewal"):
    return {
        "source": "hubspot", "opportunity_id": deal_id, "source_account_id": "100", "kind": kind,
        "stage": stage, "created_at": f"{created}T12:00:00Z",
        "closed_at": closed and f"{closed}T12:00:00Z",
    }  # fmt: skip


@pytest.fixture
def known(conformed, put, roll):
    """Facts about an account of the CRM, in series."""

    def run(table, *rows):
        conformed(companies=[company("100")])
        put(table, *rows)
        roll()

    return run


def test_people_are_counted_by_role_while_they_have_it(known, series, level):
    """Requirement 002-18."""
    known(
        "contact_role",
        role("1", "contact", "2025-02-01"),
        role("1", "champion", "2025-03-01", "2026-02-10"),
        role("2", "contact", "2025-02-01", "2026-03-01"),
        role("2", "executive_sponsor", "2025-04-01", "2026-03-01"),
        role("3", "end_user", "2025-02-01"),
    )
    assert level("contacts", "2026-02-28") == 2
    assert level("contacts", "2026-03-01") == 1
    assert level("executive_sponsors", "2026-02-28") == 1
    assert level("executive_sponsors", "2026-03-01") == 0
    assert series("champions_lost") == {"2026-02-10": 1}
    assert series("executive_sponsors_lost") == {"2026-03-01": 1}
    assert series("decision_makers") == {}


def test_a_role_that_goes_on_the_same_day_is_not_lost(known, series):
    known(
        "contact_role",
        role("1", "champion", "2025-03-01", "2026-02-10"),
        role("1", "champion", "2026-02-10"),
    )
    assert series("champions_lost") == {}
    assert series("champions") == {"2025-03-01": 1}


def test_a_person_of_two_merged_records_is_one_and_lost_when_gone_from_both(
    conformed, put, roll, series
):
    conformed(companies=[company("100"), company("200", hs_merged_object_ids="100")])
    put("contact_role", role("1", "champion", "2026-01-01", "2026-03-20"))
    roll()
    assert series("champions_lost") == {"2026-03-20": 1}
    put("contact_role", role("1", "champion", "2026-03-01", "2026-03-10", account="200"))
    roll()
    assert series("champions_lost") == {"2026-03-20": 1}
    put("contact_role", role("1", "champion", "2026-03-01", account="200"))
    roll()
    assert series("champions_lost") == {}
    assert series("champions") == {"2026-01-01": 1}


def test_deals_are_open_until_they_are_won_or_lost(known, series):
    """Requirement 001-07."""
    known(
        "opportunity",
        deal("1", "won", "2025-03-01", "2025-04-01"),
        deal("2", "lost", "2025-03-01", "2025-05-01", kind="Expansion"),
        deal("3", "open", "2026-03-01", "2026-09-01"),  # the close date is a hope
        deal("4", "won", "2025-03-01"),  # nobody says when
        deal("5", "won", "2025-06-02", "2025-06-01", kind="expansion"),  # closed before it began
    )
    assert series("deals_open") == {
        "2025-03-01": 2, "2025-04-01": -1, "2025-05-01": -1, "2026-03-01": 1,
    }  # fmt: skip
    assert series("deals_won") == {"2025-04-01": 1, "2025-06-01": 1}
    assert series("deals_lost") == {"2025-05-01": 1}
    assert series("expansions_won") == {"2025-06-01": 1}
    assert series("expansions_lost") == {"2025-05-01": 1}


def test_trainings_and_kickoffs_held_are_milestones(conformed, series):
    """Requirement 000-14."""
    conformed(
        companies=[company("100")],
        meetings=[
            meeting("1", kind="Kickoff", on="2026-01-10T10:00:00Z"),
            meeting("2", kind="Training", on="2026-01-20T10:00:00Z"),
            meeting("3", kind="Training", on="2026-01-21T10:00:00Z", outcome="CANCELED"),
        ],
    )
    assert series("kickoffs_held") == {"2026-01-10": 1}
    assert series("trainings_held") == {"2026-01-20": 1}


def test_what_hangs_on_a_record_that_is_merged_goes_along(known, arrive, conformed, level):
    known("contact_role", role("1", "champion", "2025-03-01"), role("2", "champion", "2025-03-01",
          account="200"))  # fmt: skip
    assert level("champions", "2026-03-01") == 1
    conformed(companies=[company("100", hs_merged_object_ids="200")])
    assert level("champions", "2026-03-01") == 2
