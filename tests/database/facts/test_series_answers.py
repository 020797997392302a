"""What people answered: NPS of the latest answer of each, and satisfaction on its own scale."""

import pytest

from .conftest import company, organization, ticket


def nps(response_id, score, on, *, who="ann@kite.example", account="100", **more):
    return {
        "source": "hubspot", "response_id": response_id, "kind": "nps", "score": score,
        "scale_low": 0, "scale_high": 10, "source_account_id": account, "email": who,
        "occurred_at": f"{on}T12:00:00Z", **more,
    }  # fmt: skip


def csat(response_id, score, on, *, high=5, **more):
    return {
        "source": "zendesk", "response_id": response_id, "kind": "csat", "score": score,
        "scale_low": 1, "scale_high": high, "occurred_at": f"{on}T12:00:00Z", **more,
    }  # fmt: skip


@pytest.fixture
def answered(conformed, put, roll):
    """Answers of an account, in its series."""

    def run(*answers):
        conformed(companies=[company("100")])
        put("survey_response", *answers)
        roll()

    return run


def test_nps_is_promoters_less_detractors_of_the_latest_answer_of_each_person(answered, level):
    """Requirement 002-15."""
    answered(
        nps("1", 9, "2026-01-10"),
        nps("2", 6, "2026-01-12", who="bob@kite.example"),
        nps("3", 8, "2026-01-14", who="eve@kite.example"),
        nps("4", 3, "2026-02-01", who="Ann+news@kite.example"),  # ann changed her mind
    )
    assert level("nps_answered_365d", "2026-01-31") == 3
    assert level("nps_balance_365d", "2026-01-31") == 0  # 1 promoter, 1 detractor: NPS 0
    assert level("nps_answered_365d", "2026-02-01") == 3
    assert level("nps_balance_365d", "2026-02-01") == -2  # 2 of 3 detractors: NPS -67
    assert level("nps_detractors_365d", "2026-02-01") == 2


@pytest.mark.parametrize("days", [90, 180, 365])
def test_an_answer_counts_until_its_window_has_passed(answered, level, series, days):
    answered(nps("1", 10, "2026-01-01"))
    rows = series(f"nps_answered_{days}d")
    first, last = sorted(rows)
    assert (first, rows[first], rows[last]) == ("2026-01-01", 1, -1)
    assert level(f"nps_balance_{days}d", first) == 1
    assert level(f"nps_balance_{days}d", last) == 0


def test_an_answer_after_the_window_begins_anew(answered, series):
    answered(nps("1", 10, "2026-01-01"), nps("2", 10, "2026-05-01"))
    assert series("nps_answered_90d") == {
        "2026-01-01": 1, "2026-04-01": -1, "2026-05-01": 1, "2026-07-30": -1,
    }  # fmt: skip


def test_a_person_who_answers_twice_a_day_counts_once(answered, series):
    later = nps("2", 10, "2026-01-01") | {"occurred_at": "2026-01-01T15:00:00Z"}
    answered(nps("1", 2, "2026-01-01"), later)
    assert series("nps_balance_90d") == {"2026-01-01": 1, "2026-04-01": -1}


def test_answers_on_another_scale_are_no_nps(answered, series):
    answered(nps("1", 5, "2026-01-01", scale_low=1, scale_high=5), nps("2", 11, "2026-01-01"))
    assert series("nps_answered_365d") == {}


def test_no_answer_leaves_no_row_so_that_the_share_is_unknown(answered, series):
    answered()
    assert series("nps_answered_365d") == series("csat_answered") == {}


def test_satisfaction_counts_by_its_place_on_its_own_scale(answered, series):
    """Requirement 001-08."""
    answered(
        csat("1", 5, "2026-01-10", source_account_id="100", source="hubspot"),
        csat("2", 4, "2026-01-10", source_account_id="100", source="hubspot"),
        csat("3", 2, "2026-01-10", high=3, source_account_id="100", source="hubspot"),
        csat("4", 6, "2026-01-10", high=5, source_account_id="100", source="hubspot"),
        csat("5", 7, "2026-01-10", high=7, source_account_id="100", source="hubspot", kind="ces"),
    )
    assert series("csat_answered") == {"2026-01-10": 3}  # 6 of 5 is none
    assert series("csat_positive") == {"2026-01-10": 2}
    assert series("csat_points") == {"2026-01-10": 100 + 75 + 50}
    assert series("ces_answered") == {"2026-01-10": 1}
    assert series("ces_points") == {"2026-01-10": 100}


def test_yes_or_no_stays_apart_from_scales(conformed, put, roll, series):
    conformed(
        companies=[company("100")],
        organizations=[organization(1, external_id="100")],
        tickets=[ticket(1)],
        satisfaction_ratings=[
            {"id": 1, "ticket_id": 1, "score": "good", "updated_at": "2026-03-05T00:00:00Z"}
        ],
    )
    put("survey_response", csat("s1", 2, "2026-03-06", ticket_id="1"))
    roll()
    assert series("ratings_answered") == {"2026-03-05": 1}
    assert series("csat_answered") == {"2026-03-06": 1}
    assert series("csat_positive") == {}


def test_an_answer_of_a_person_belongs_to_where_the_person_does(conformed, put, roll, series):
    conformed(
        companies=[company("100", domain="kite.example")],
        users=[{"id": 7, "email": "ann@kite.example", "role": "end-user"}],
    )
    mine = nps("1", 9, "2026-03-01", account=None, source="zendesk", requester_id="7")
    put("survey_response", mine)
    roll()
    assert series("nps_answered_90d") == {"2026-03-01": 1, "2026-05-30": -1}


def test_an_answer_that_moves_to_another_account_leaves_the_first(conformed, put, roll, series):
    conformed(companies=[company("100"), company("200")])
    put("survey_response", nps("1", 9, "2026-03-01"))
    roll()
    put("survey_response", nps("1", 9, "2026-03-01", account="999"))
    roll()
    assert series("nps_answered_90d") == {}
    put("survey_response", nps("1", 0, "2026-03-02", account="200"))
    roll()
    assert series("nps_balance_90d") == {"2026-03-02": -1, "2026-05-31": 1}
