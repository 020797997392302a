"""What files of series say about themselves, and what is wrong with those that say it wrongly."""

import re
from pathlib import Path

import pytest

from include.errors import FixConfig
from include.scoring.series import FILES, SERIES, find_series, windows_of
from include.series import in_use, known_files, read_file, series_files

DOCS = Path(__file__).parents[2] / "docs" / "series.md"
GOOD = """-- Grain: one row per account and touched day. Re-running replaces these rows.
-- Series: logins usage counts blocked by odd: logins of the day
-- Series: odd usage counts: logins of nobody
-- Touched by: usage_day up to 2 days on
insert into fresh select 1
"""


def test_every_series_has_its_line_in_the_documentation_and_no_other():
    documented = re.findall(r"^\| `([a-z0-9_{}]+)` \|", DOCS.read_text(encoding="utf-8"), re.M)
    assert documented
    assert sorted(documented) == sorted(one.name for file in FILES for one in file.series)


def test_the_documentation_says_of_each_series_what_its_file_says():
    text = DOCS.read_text(encoding="utf-8")
    for file in FILES:
        for one in file.series:
            line = f"| `{one.name}` | {one.role} | {one.kind} | {one.meaning} |"
            assert line in text, line
    for rule in known_files():
        assert f"| {rule.role} | {rule.known} |" in text, rule.role


def test_a_file_says_what_it_counts_and_which_days_a_change_reaches():
    file = read_file("logins", GOOD)
    logins, odd = file.series
    assert (logins.name, logins.role, logins.kind) == ("logins", "usage", "counts")
    assert (logins.meaning, logins.blocked_by, odd.blocked_by) == ("logins of the day", "odd", None)
    assert [(reach.fact, reach.days) for reach in file.touched_by] == [("usage_day", 2)]
    assert read_file("logins", GOOD + " ").digest != file.digest


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("-- Grain:", "-- grain:", "must begin with its grain"),
        (" counts: logins of n", " sums: logins of n", "odd: sums is none of counts, changes, v"),
        ("odd usage", "odd product", "odd: product is none of crm, billing, support, usage"),
        (": logins of nobody", "", "this is not -- Series: <name> <role> <kind>"),
        ("up to 2 days on", "for 2 days", "this is not -- Touched by: <fact> on its days"),
        ("-- Touched by:", "-- Touched:", "no line that begins with -- Touched by:"),
        ("-- Series:", "-- series:", "no line that begins with -- Series:"),
    ],
)
def test_a_wrong_line_is_named(before, after, message):
    assert before in GOOD
    with pytest.raises(FixConfig, match=re.escape(message)):
        read_file("logins", GOOD.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("blocked by odd", "blocked by even", "logins is blocked by even, which no file declares"),
        ("Series: odd", "Series: logins", "The series logins is declared twice"),
    ],
)
def test_series_that_do_not_go_together_are_named(tmp_path, before, after, message):
    (tmp_path / "logins.sql").write_text(GOOD.replace(before, after))
    with pytest.raises(FixConfig, match=re.escape(message)):
        series_files(tmp_path)


def test_a_window_is_part_of_the_name_and_comes_into_being_by_being_asked_for():
    assert "active_users_28d" in SERIES
    assert "active_users_90d" not in SERIES
    ninety = find_series("active_users_90d")
    assert ninety is not None
    assert "last 90 days" in ninety.meaning
    for name in ("active_users_0d", "active_users_{n}d", "active_users_9999d", "active_users_d"):
        assert find_series(name) is None, name
    assert windows_of(["seats", "active_users_90d", "active_features_7d"]) == (7, 28, 90)
    names = [one.name for one in in_use(FILES, (7, 90))]
    assert "active_users_7d" in names
    assert "active_users_28d" not in names
