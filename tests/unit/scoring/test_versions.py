"""Versions of a card count up without gaps, and a released one never changes."""

import pytest

from include.errors import FixConfig
from include.scoring.scorecard import load_scorecard
from tests.unit.scoring.test_bad_scorecards import GOOD


@pytest.fixture
def write(tmp_path):
    def write(version, text=GOOD):
        path = tmp_path / f"demo.v{version}.yaml"
        path.write_text(text.replace("version: 1", f"version: {version}"))
        return path

    return write


def test_a_version_needs_all_earlier_ones_beside_it(write):
    write(1)
    third = write(3)
    with pytest.raises(FixConfig) as caught:
        load_scorecard(third)
    assert str(caught.value) == (
        f"{third}: there is no demo.v2.yaml beside it, but versions count up from 1 without gaps; "
        "name this one demo.v2.yaml, or bring demo.v2.yaml back."
    )
    write(2)
    assert load_scorecard(third).version == 3


def test_a_released_version_must_be_what_it_was(write, tmp_path):
    """Requirements 002-35, 004-16."""
    path = write(1)
    digest = load_scorecard(path).digest
    (tmp_path / "released.yaml").write_text(f"demo.v1: {digest}\n")
    assert load_scorecard(path).digest == digest
    write(1, GOOD.replace("weight: 3", "weight: 4"))
    with pytest.raises(FixConfig) as caught:
        load_scorecard(path)
    assert str(caught.value).startswith(
        f"{path}: demo.v1 was released with the digest {digest}, but now says something else "
    )
    assert str(caught.value).endswith("Undo the change and make it in a copy, demo.v2.yaml.")


def test_layout_of_a_released_version_is_free(write, tmp_path):
    digest = load_scorecard(write(1)).digest
    (tmp_path / "released.yaml").write_text(f"demo.v1: {digest}\n")
    assert load_scorecard(write(1, "# a word of warning\n" + GOOD)).digest == digest


def test_a_version_that_was_not_released_may_change(write, tmp_path):
    (tmp_path / "released.yaml").write_text("demo.v1: 0\nother.v2: 0\n")
    write(1)
    assert load_scorecard(write(2)).version == 2


def test_a_list_of_releases_that_is_no_mapping_is_refused(write, tmp_path):
    path = write(1)
    (tmp_path / "released.yaml").write_text("- demo.v1\n")
    with pytest.raises(FixConfig, match=r"must be a mapping of labels like retention\.v1"):
        load_scorecard(path)
