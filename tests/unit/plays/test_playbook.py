"""Playbooks as people write them: read strictly, and told what is wrong by line and key."""

import shutil

import pytest

from include.errors import FixConfig
from include.plays.playbook import Playbook, load_playbook, parse_playbook
from include.scoring.versions import released
from include.settings import ROOT

FOLDER = ROOT / "playbooks"


def test_every_playbook_that_comes_along_is_as_it_was_released():
    digests = {path.stem: load_playbook(path).digest for path in FOLDER.glob("*.v*.yaml")}
    assert digests == released(FOLDER)
    assert len(digests) > 3


def test_001_25_a_red_account_gets_five_steps_each_with_an_owner_and_a_day():
    steps = load_playbook(FOLDER / "rescue.v1.yaml").steps
    assert len(steps) == 5
    assert {step.owner for step in steps} == {"account_owner", "manager"}
    assert [step.due_days for step in steps] == sorted(step.due_days for step in steps)


def test_what_is_stored_of_a_playbook_reads_back_the_same():
    playbook = load_playbook(FOLDER / "grow.v1.yaml")
    again = Playbook.model_validate_json(playbook.body)
    assert (again, again.digest) == (playbook, playbook.digest)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("priority: 1", "prioritie: 1", 'line 8, prioritie: .*did you mean "priority"'),
        ("band: [red]", "bands: [red]", 'line 9, when.bands: .*did you mean "band"'),
        ("{ band: [red] }", "{}", "line 9, when: at least one condition is needed"),
        ("band: [red]", "drop: {points: 5, days: 14}", r"when.drop.days: 14 is not valid"),
        ("due_days: 3", "due_days: soon", r"line 13, steps\[0\].due_days: must be a whole number"),
        ("Call {name}", "Call {nam}", r'line 13, steps\[0\].title: .*did you mean "name"'),
        ("Why {score}?", "Why {score:.2f}?", r"steps\[0\].text: .*alone: \{score\}"),
        ("Why {score}?", "Why {?", r"steps\[0\].text: a \{ or \} stands alone"),
        ("band: [green]", "band: [red]", 'line 10, closes.band: "red" both opens and closes'),
        ("band: [green], for_days: 3", "for_days: 3", "closes: say band or after_days"),
    ],
)
def test_a_mistake_is_told_with_its_line_its_key_and_the_nearest_name(text, old, new, said):
    assert old in text
    with pytest.raises(FixConfig, match=said):
        parse_playbook(text.replace(old, new), "rescue.v1.yaml")


def test_a_released_playbook_that_was_changed_is_refused(tmp_path):
    for name in ("rescue.v1.yaml", "released.yaml"):
        shutil.copy(FOLDER / name, tmp_path)
    path = tmp_path / "rescue.v1.yaml"
    path.write_text(path.read_text().replace("due_days: 3", "due_days: 4"))
    with pytest.raises(FixConfig, match="was released with the digest"):
        load_playbook(path)


def test_a_file_is_named_by_its_name_and_version(text, tmp_path):
    path = tmp_path / "other.v1.yaml"
    path.write_text(text)
    with pytest.raises(FixConfig, match=r"must be named rescue\.v1\.yaml"):
        load_playbook(path)


def test_a_version_without_the_one_before_it_is_refused(text, tmp_path):
    path = tmp_path / "rescue.v2.yaml"
    path.write_text(text.replace("version: 1", "version: 2"))
    with pytest.raises(FixConfig, match=r"no rescue\.v1\.yaml beside it"):
        load_playbook(path)
