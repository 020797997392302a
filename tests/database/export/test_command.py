"""`health export` as people type it."""

import json
from datetime import timedelta

from tests.database.histories.conftest import TODAY
from tests.database.typed import health_on


def test_a_file_is_written_told_of_and_replaced(shop, tmp_path):
    shop.run(TODAY)
    health = health_on(shop.engine, tmp_path, shop.environment())
    out = tmp_path / "scores.csv"
    done = health("export", out)
    assert done.returncode == 0, done.stderr
    assert f"30 rows of accounts, {TODAY}" in done.stdout
    assert len(out.read_text().splitlines()) == 31
    done = health("export", out, "--what", "history", "--json")
    told = json.loads(done.stdout)
    assert (told["rows"], told["format"], told["first"]) == (30, "csv", str(TODAY))
    assert "These scores are old" in done.stderr
    assert [one.name for one in tmp_path.iterdir() if "scores" in one.name] == ["scores.csv"]


def test_what_cannot_be_done_ends_with_the_code_for_a_person(shop, tmp_path):
    shop.run(TODAY)
    health = health_on(shop.engine, tmp_path, shop.environment())
    for said, arguments in {
        "nearest published days": ("a.csv", "--as-of", TODAY - timedelta(days=9)),
        "is no format": ("a.pdf",),
        "valid here": ("a.csv", "--what", "people"),
        "cannot write": ("nowhere/a.csv",),
        "either --as-of": ("a.csv", "--as-of", TODAY, "--from", TODAY),
    }.items():
        done = health("export", tmp_path / arguments[0], *arguments[1:])
        assert (done.returncode, said in done.stderr) == (78, True), done.stderr
    assert not list(tmp_path.glob("a.*"))
