"""The list that people work from: whom to look at first."""

import pytest

from include import reports


@pytest.fixture
def listed(book):
    """Accounts of the published day, of all bands or one."""
    run = book.fill()
    book.publish(run)

    def listed(**only):
        with book.engine.connect() as connection:
            day = reports.published_day(connection, book.card, None)
            return reports.accounts_on(connection, day, **only)

    return listed


def test_000_25_accounts_are_listed_with_the_worst_score_first_and_the_unknown_last(listed):
    """So nobody at risk is missed, 002-01, and the day's work begins at the top."""
    scores = [row["score"] for row in listed(limit=100)]
    known = [one for one in scores if one is not None]
    assert len(scores) == 40
    assert known == sorted(known)
    assert 0 < len(known) < 40
    assert scores[len(known) :] == [None] * (40 - len(known))
    assert [row["score"] for row in listed(limit=5)] == known[:5]


def test_002_34_accounts_of_one_band_can_be_taken_together(listed):
    found = {band: listed(band=band, limit=100) for band in ("red", "green", "unknown")}
    assert {row["band"] for row in found["green"]} == {"green"}
    assert all(row["score"] >= 50 for row in found["green"])
    assert sum(map(len, found.values())) == 40
    assert all(found.values())
