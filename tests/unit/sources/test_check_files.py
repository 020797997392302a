"""What `health sources check` says of a warehouse and of the folder of manual inputs."""

from datetime import UTC, datetime

import pytest

from include.settings import Credentials
from include.sources import open_source
from include.vendor_settings import Inputs, Warehouse

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def checked(settings, credentials=None):
    source = open_source(settings, credentials or Credentials("", ""))
    return {one.what: one for one in source.check(NOW)}


def failing(found):
    return {what for what, one in found.items() if not one.works}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tickets.csv").write_text("ticket_id,account_key,created_at\n1,kite,2026-11-01\n")
    return tmp_path


def warehouse(folder, **columns):
    tickets = {"files": "*.csv", "columns": columns}
    return Warehouse(
        name="dwh", vendor="warehouse", role="support", folder=folder, facts={"tickets": tickets}
    )


def test_of_a_warehouse_the_columns_are_told(folder):
    found = checked(warehouse(folder))
    assert failing(found) == set()
    assert "without status" in found["stream tickets"].words


def test_a_misspelt_column_is_told_the_nearest_one(folder):
    found = checked(warehouse(folder, account_key="acount_key"))
    assert failing(found) == {"stream tickets"}
    assert "did you mean account_key?" in found["stream tickets"].words


def test_a_database_that_is_not_there_is_all_that_is_said(tmp_path):
    table = {"query": "select 1 as ticket_id"}
    settings = Warehouse(
        name="dwh", vendor="warehouse", role="support", connection="c", facts={"tickets": table}
    )
    found = checked(settings, Credentials(f"sqlite:///{tmp_path}/none.db", ""))
    assert list(found) == ["credential"]
    assert failing(found) == {"credential"}


def test_a_folder_of_inputs_must_be_there(tmp_path):
    (tmp_path / "pulse.csv").write_text("who,when\n")
    there = Inputs(name="inputs", vendor="inputs", folder=tmp_path)
    assert "1 file waits" in checked(there)["stream rows"].words
    gone = Inputs(name="inputs", vendor="inputs", folder=tmp_path / "none")
    assert failing(checked(gone)) == {"credential"}
