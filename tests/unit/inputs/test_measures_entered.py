"""Which measures may be entered at all, and what is said of others before anybody fills them in."""

import pytest
import yaml
from click.testing import CliRunner

from include.cli import health
from include.settings import ROOT
from tests.unit.scoring.test_bad_rules import RICH

INPUTS = {"name": "inputs", "vendor": "inputs", "folder": "var/inputs"}
TABLE = {
    "name": "tables", "vendor": "warehouse", "role": "inputs", "folder": "var/tables",
    "facts": {"measures": {"files": "*.csv"}},
}  # fmt: skip
NAMED = INPUTS | {"measures": {"roadmap_fit": {}, "sponsor_risk": {}}}


@pytest.fixture
def run(tmp_path):
    """Type a command beside sources of manual inputs: run([NAMED], "inputs", …)."""

    def run(sources, *words):
        settings = yaml.safe_load((ROOT / "health.yaml").read_text())
        settings["sources"] += sources
        path = tmp_path / "health.yaml"
        path.write_text(yaml.safe_dump(settings))
        runner = CliRunner(env={"HEALTH_SETTINGS": str(path)})
        return runner.invoke(health, [str(word) for word in words])

    return run


@pytest.fixture
def card(tmp_path):
    def write(measure):
        path = tmp_path / "draft.yaml"
        path.write_text(RICH.replace("series: pulse", f"series: manual_{measure}"))
        return path

    return write


def said(run, sources, path):
    result = run(sources, "scorecard", "check", path, "--day", "2026-12-01")
    assert result.exit_code == 0
    return " ".join(result.stdout.split())


def test_a_card_that_reads_what_nobody_may_enter_is_warned_of(run, card):
    assert (
        "No source of manual inputs in health.yaml takes what manual_roadmp_fit reads, so it stays "
        'unknown; did you mean "manual_roadmap_fit"?'
    ) in said(run, [NAMED], card("roadmp_fit"))
    assert "there is no such source." in said(run, [], card("roadmap_fit"))


@pytest.mark.parametrize("sources", [[NAMED], [INPUTS], [TABLE], [NAMED, TABLE]])
def test_a_card_that_reads_what_may_be_entered_is_not(run, card, sources):
    assert "manual inputs" not in said(run, sources, card("roadmap_fit"))


def test_a_template_has_no_measure_that_would_come_back(run, tmp_path):
    file = tmp_path / "fit.csv"
    refused = run([NAMED], "inputs", "template", "--measure", "roadmp_fit", file)
    assert refused.exit_code != 0
    assert 'takes the measure "roadmp_fit"; did you mean "roadmap_fit"?' in str(refused.exception)
    assert not file.exists()
    assert run([NAMED], "inputs", "template", "--measure", "roadmap_fit", file).exit_code == 0
    for name, sources in (("any.csv", [INPUTS]), ("none.csv", [])):
        made = run(sources, "inputs", "template", "--measure", "roadmp_fit", tmp_path / name)
        assert made.exit_code == 0
