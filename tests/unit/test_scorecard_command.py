"""`health scorecard` as people and CI type it."""

import json

import pytest
from click.testing import CliRunner

from include.cli import health
from include.errors import FixConfig
from include.settings import ROOT
from tests.unit.scoring.test_bad_rules import RICH

EXAMPLE = ROOT / "scorecards" / "examples" / "retention_by_segment.v1.yaml"


@pytest.fixture
def run():
    return lambda *words: CliRunner().invoke(health, ["scorecard", *map(str, words)])


@pytest.fixture
def draft(tmp_path):
    def draft(text):
        path = tmp_path / "draft.yaml"
        path.write_text(text)
        return path

    return draft


def test_a_good_card_shows_percentages_policies_and_rules_in_their_order(run):
    result = run("check", EXAMPLE, "--day", "2026-12-01")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{EXAMPLE}: good; digest ")
    [csat] = [
        line.split() for line in lines if line.strip().startswith("support") and "csat" in line
    ]
    assert csat[:4] == ["support", "csat_90d", "0.85", "9.19%"]
    assert " ".join(csat[4:]) == "60 points, which count as unknown"
    numbered = [line.split()[1] for line in lines if line.strip()[:2].rstrip(".").isdigit()]
    assert numbered == [
        "narrow_but_happy", "no_review", "happy_customers_are_not_red", "payment_hold",
        "said_they_leave", "not_logging_in",
    ]  # fmt: skip


def test_every_mistake_of_every_file_is_printed_with_its_line(run, draft):
    path = draft(RICH.replace("factor: 0.8", "factr: 0.8").replace("to: 10", "to: 60"))
    result = run("check", EXAMPLE, path)
    assert result.exit_code == 78
    assert result.stderr.splitlines() == [
        f'{path}, line 56, rules[1].factr: there is no such key; did you mean "factor"?',
        (
            f'{path}, line 63, rules[4].to: a hard red ends in the lowest band, "red", so below '
            "60, but this is 60."
        ),
    ]


def test_what_is_doubtful_is_a_warning_and_no_error(run, draft):
    path = draft(RICH.replace("attribute: segment", "attribute: tier"))
    result = run("check", path, "--day", "2027-04-01", "--json")
    assert result.exit_code == 0
    [said] = json.loads(result.stdout)
    assert said["mistakes"] == []
    assert [warning[:40] for warning in said["warnings"]] == [
        "The review of this scorecard was due on ",
        "health.yaml names no attribute tier, so ",
    ]
    assert sum(share["percent"] for share in said["effective_weights"]) == 100
    assert said["when_unknown"] == {
        "seats": "the last reading holds for 7 days more",
        "answers": "50 points, which count as unknown",
        "pulse": "0 points, which count as known",
    }
    assert [rule["kind"] for rule in said["rules_in_order"]] == [
        "interaction", "penalty", "floor", "cap", "red", "flag",
    ]  # fmt: skip


def test_mistakes_as_json_have_their_lines(run, draft):
    path = draft(RICH.replace("factor: 0.8", "factor: 8"))
    result = run("check", path, "--json")
    assert result.exit_code == 78
    [said] = json.loads(result.stdout)
    assert said == {
        "file": str(path),
        "mistakes": [f"{path}, line 56, rules[1].factor: must be less than 1, but is 8."],
    }


def test_a_versioned_file_is_checked_as_one(run, tmp_path):
    path = tmp_path / "rich.v3.yaml"
    path.write_text(RICH.replace("version: 1", "version: 3"))
    result = run("check", path)
    assert result.exit_code == 78
    assert "there is no rich.v1.yaml beside it" in result.stderr


def test_a_card_can_be_shown_by_its_label(run):
    result = run("show", "retention.v1")
    assert result.exit_code == 0
    assert "Retention health: retention.v1" in result.stdout
    assert "good: 0.8 or more of the paid seats active (share of paid seats)" in result.stdout
    assert "band confirmed at once" in result.stdout


@pytest.mark.parametrize("name", ["draft.yml", "draft", "idea.v2.txt"])
def test_a_draft_is_shown_whatever_its_file_is_called(run, tmp_path, name):
    path = tmp_path / name
    path.write_text(RICH)
    result = run("show", path)
    assert result.exit_code == 0
    assert "rich.v1" in result.stdout


def test_a_file_that_is_not_there_is_named_as_it_was_typed(run, tmp_path):
    result = run("show", tmp_path / "draft.yml")
    assert f"{tmp_path / 'draft.yml'}: cannot read this scorecard" in str(result.exception)


def test_a_card_is_shown_with_targets_levels_and_whom_it_is_for(run, draft):
    shown = run("show", draft(RICH)).stdout
    assert "accounts       segment smb" in shown
    assert "approved by    Success: Ana, Product: Jonas" in shown
    assert "target: 0.8, segment smb 0.9, 20% of it by month 1, 100% of it by month 6" in shown
    assert "points: 1 bad 0, 2 fair 50, 3 good 100" in shown
    assert "when answers above 6 (segment: key 4, smb 8) and segment is key or smb" in shown


def test_large_and_small_numbers_of_a_card_are_shown_as_they_are_written(run, draft):
    text = RICH.replace("above: 6", "above: 1234567.5").replace("[10, 100]", "[2500000, 100]")
    shown = run("show", draft(text.replace("default: 0.8", "default: 0.00005"))).stdout
    assert "when answers above 1,234,567.5 (segment" in shown
    assert "points: 0 -> 0, 2,500,000 -> 100" in shown
    assert "target: 0.00005, segment" in shown


def test_the_schema_is_printed_as_it_is_published(run):
    result = run("schema")
    assert result.stdout == (ROOT / "scorecards" / "scorecard.schema.json").read_text()


def test_without_files_the_cards_of_the_settings_are_checked_and_whether_they_fit_together(run):
    result = run("check")
    assert result.exit_code == 0
    assert "retention.v1.yaml: good; digest " in result.stdout


def test_the_cards_of_the_settings_are_named_from_the_working_folder(run, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    assert run("check").stdout.startswith("scorecards/retention.v1.yaml: good; ")
    monkeypatch.chdir(tmp_path)
    assert run("check").stdout.startswith(f"{ROOT}/scorecards/retention.v1.yaml: good; ")


def test_cards_that_leave_accounts_out_are_told(tmp_path):
    (tmp_path / "rich.v1.yaml").write_text(RICH)
    settings = (ROOT / "health.yaml").read_text()
    named = settings.replace("scorecards/retention.v1.yaml", str(tmp_path / "rich.v1.yaml"))
    assert named != settings
    (tmp_path / "health.yaml").write_text(named)
    runner = CliRunner(env={"HEALTH_SETTINGS": str(tmp_path / "health.yaml")})
    result = runner.invoke(health, ["scorecard", "check"])
    assert "rich.v1.yaml: good" in result.stdout
    assert isinstance(result.exception, FixConfig)
    assert "applies to some accounts only" in str(result.exception)
