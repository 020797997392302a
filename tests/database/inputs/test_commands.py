"""`health inputs` as CS ops types it."""

import csv
import io
import json

import pytest
import yaml
from openpyxl import load_workbook

from include.settings import ROOT
from tests.database.inputs.conftest import HEAD
from tests.database.typed import health_on

DAY = "2026-03-01"


@pytest.fixture
def health(store, tmp_path, folder):
    shipped = yaml.safe_load((ROOT / "health.yaml").read_text())
    shipped["sources"].append({"name": "inputs", "vendor": "inputs", "folder": str(folder)})
    settings = tmp_path / "health.yaml"
    settings.write_text(yaml.safe_dump(shipped))
    return health_on(store, tmp_path, {"HEALTH_SETTINGS": str(settings)})


def test_002_22_a_template_has_the_accounts_and_can_be_dropped_half_filled_in(
    health, run_day, folder, tmp_path, said
):
    run_day()
    file = tmp_path / "fit.csv"
    done = health("inputs", "template", "--measure", "fit", "--accounts", "--who", "ann",
                  "--when", DAY, file)  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"{file}: 4 accounts, 1 measures.\n")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [(row["account"], row["account_name"]) for row in rows] == [
        ("100", "Kite"), ("101", "Mast"), ("102", "Twin"), ("103", "Twin")
    ]  # fmt: skip
    (folder / "fit.csv").write_text(
        file.read_text(encoding="utf-8-sig").replace("100,fit,", "100,fit,4")
    )
    assert run_day()["rows_returned"] == 0
    assert said("manual_fit") == {("100", DAY): 4.0}
    again = health("inputs", "template", file)
    assert (again.returncode, again.stderr) == (
        78, f"FixConfig: {file} is there already; choose another name.\n"
    )  # fmt: skip


def test_a_template_may_be_a_workbook(health, tmp_path):
    assert health("inputs", "template", "--measure", "fit", tmp_path / "fit.xlsx").returncode == 0
    sheet = load_workbook(tmp_path / "fit.xlsx").active
    assert [cell.value for cell in sheet[1]] == [*HEAD.split(","), "account_name"]


def test_files_rows_and_measures_are_listed(health, run_day, drop):
    drop("old.csv", f"ann,{DAY},Nobody,fit,4,", f"ann,{DAY},100,fit,4,")
    run_day()
    drop("new.csv", f"ann,{DAY},101,fit,x,", f"ann,{DAY},101,fit,3,")
    listed = json.loads(health("inputs", "list", "--json").stdout)
    assert [(row["file"], row["state"], row["entries"], len(row["faults"])) for row in listed] == [
        ("new.csv", "waits", 1, 1), ("old.rejected.csv", "went back", 0, 1)
    ]  # fmt: skip
    words = health("inputs", "list").stdout
    assert "no account of the CRM has 'Nobody'" in " ".join(words.split())
    status = json.loads(health("inputs", "status", "--json").stdout)
    assert [(row["measure"], row["series"], row["entries"], row["nobodys"]) for row in status] == [
        ("fit", "manual_fit", 2, 1)
    ]  # fmt: skip


def test_a_file_can_be_checked_before_it_is_dropped(health, run_day, tmp_path):
    run_day()
    file = tmp_path / "fit.csv"
    file.write_text(f"{HEAD}\nann,{DAY},Twin,fit,4,\nann,{DAY},101,fit,x,\nann,{DAY},101,fit,4,\n")
    done = health("inputs", "check", file, "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["entries"], [row for row, _ in found["faults"]]) == (
        65,
        1,
        [2, 3],
    )
    file.write_text(f"{HEAD}\nann,{DAY},101,fit,4,\n")
    assert health("inputs", "check", file).returncode == 0
