"""The folder of tables that others made, as a world. The runner says where it is."""

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sandbox.__main__ import main
from sandbox.world.model import COLUMNS
from sandbox.world.tables import load_tables

FOLDER = Path(os.environ["HEALTH_SHARED_DATA"]) / "ravenstack"


@pytest.fixture(scope="module")
def files():
    return {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in FOLDER.glob("*.csv")
    }


@pytest.fixture(scope="module")
def world():
    return load_tables(FOLDER)


def test_it_covers_the_days_of_the_data(world):
    assert (world.name, str(world.start), str(world.end)) == (
        "ravenstack",
        "2023-01-01",
        "2024-12-31",
    )
    assert {table: tuple(frame.columns) for table, frame in world.tables.items()} == COLUMNS


def test_no_row_is_lost(world, files):
    usage = files["feature_usage"]["usage_count"].astype(int)
    counts = {
        "accounts": len(files["accounts"]),
        "organizations": len(files["accounts"]),
        "customers": files["subscriptions"]["account_id"].nunique(),
        "subscriptions": len(files["subscriptions"]),
        "tickets": len(files["support_tickets"]),
        "ratings": (files["support_tickets"]["satisfaction_score"] != "").sum(),
        "outcomes": len(files["churn_events"]),
        "events": usage.sum(),
    }
    assert {table: len(world[table]) for table in counts} == counts
    assert counts["events"] > 100_000


def test_the_account_id_is_the_key_everywhere(world, files):
    ids = set(files["accounts"]["account_id"])
    assert set(world["accounts"]["tenant_key"]) == ids
    assert set(world["organizations"]["external_id"]) == ids
    assert {data["tenant_id"] for data in world["customers"]["metadata"]} == ids
    assert set(world["events"]["tenant_key"].unique()) <= ids


def test_contradictions_are_served_as_they_are(world):
    accounts = world["accounts"].set_index("account_no")
    lines = world["subscriptions"].merge(
        world["customers"][["customer_no", "account_no"]], on="customer_no"
    )
    signed_up = lines["account_no"].map(accounts["created_at"])
    live = lines[lines["status"] != "canceled"]
    left = live["account_no"].map(accounts["lifecycle"]) == "other"
    churned = world["outcomes"].groupby("account_no").size()
    users = world["people"].set_index("person_no")["created_at"]
    early = world["events"]["at"] < world["events"]["person_no"].map(users)
    assert (lines["created_at"] >= signed_up).all()
    assert left.sum() > 500
    assert (churned > 1).sum() > 50
    assert early.sum() > 10_000
    assert (lines["unit_amount_minor"] == 0).sum() > 500


def test_invoices_follow_the_rule(world, files):
    raw = files["subscriptions"]
    number = raw.index[(raw["billing_frequency"] == "monthly") & (raw["end_date"] != "")][0] + 1
    line = world["subscriptions"].set_index("subscription_no").loc[number]
    invoices = world["invoices"][world["invoices"]["subscription_no"] == number]
    months = pd.date_range(line["started_at"], line["ended_at"], freq=pd.DateOffset(months=1))
    months = months[months < line["ended_at"]]
    assert len(months) > 1
    assert list(invoices["created_at"]) == list(months)
    assert set(invoices["amount_minor"]) == {int(raw.loc[number - 1, "mrr_amount"]) * 100}
    assert set(invoices["status"]) == {"paid"}
    yearly = raw.index[raw["billing_frequency"] == "annual"] + 1
    amounts = world["invoices"].set_index("subscription_no").loc[yearly[2]]["amount_minor"]
    assert set(pd.Series(amounts)) == {int(raw.loc[yearly[2] - 1, "arr_amount"]) * 100}


def test_a_ticket_is_the_row_it_came_from(world, files):
    raw, ticket = files["support_tickets"].iloc[0], world["tickets"].iloc[0]
    assert raw["ticket_id"] in ticket["subject"]
    assert ticket["created_at"] == pd.to_datetime(raw["submitted_at"], dayfirst=True)
    assert ticket["solved_at"] == pd.to_datetime(raw["closed_at"], dayfirst=True)
    assert ticket["first_reply_minutes"] == int(raw["first_response_time_minutes"])
    assert ticket["resolution_minutes"] == int(raw["resolution_time_hours"]) * 60


def copied(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "copy"))


def change(folder, name, edit):
    cells = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
    edit(cells)
    cells.to_csv(folder / name, index=False)


def test_worse_contradictions_are_served_too(tmp_path):
    """Unknown and empty keys, doubled rows, end before start, negative money, closed too early."""
    folder = copied(tmp_path)

    def spoil_lines(cells):
        cells.loc[0, ["start_date", "end_date"]] = ["01-06-2024", "01-05-2024"]
        cells.loc[1, "mrr_amount"] = "-5"
        cells.loc[2, "account_id"] = "A-nobody"
        cells.loc[3, "account_id"] = ""
        cells.loc[5] = cells.loc[4]

    def spoil_tickets(cells):
        cells.loc[0, "closed_at"] = "01-01-2023 00:00"
        cells.loc[1, "closed_at"] = ""

    change(folder, "subscriptions.csv", spoil_lines)
    change(folder, "support_tickets.csv", spoil_tickets)
    change(folder, "accounts.csv", lambda cells: cells.__setitem__("account_id", "A-same"))
    world = load_tables(folder)
    lines, invoices = world["subscriptions"], world["invoices"]
    assert lines.loc[0, "ended_at"] < lines.loc[0, "started_at"]
    assert not invoices["subscription_no"].eq(1).any()
    assert invoices[invoices["subscription_no"] == 2]["amount_minor"].iloc[0] == -500
    assert world["customers"]["metadata"].tolist().count({"tenant_id": "A-nobody"}) == 1
    assert world["customers"]["metadata"].tolist().count({}) == 1
    assert lines["subscription_id"].is_unique
    assert (world["accounts"]["tenant_key"] == "A-same").all()
    assert world["accounts"]["crm_id"].is_unique
    tickets = world["tickets"]
    assert tickets.loc[0, "solved_at"] < tickets.loc[0, "created_at"]
    assert tickets.loc[1, "status"] == "open"


@pytest.mark.parametrize(
    ("name", "column", "value", "sentence"),
    [
        ("accounts.csv", "signup_date", "31-02-2024", "line 4, column signup_date: '31-02-2024'"),
        ("subscriptions.csv", "seats", "many", "line 4, column seats: 'many' is not a whole"),
        ("subscriptions.csv", "is_trial", "", "line 4, column is_trial: '' is not TRUE or FALSE"),
        ("subscriptions.csv", "billing_frequency", "weekly", "'weekly' is none of monthly, annual"),
        ("support_tickets.csv", "closed_at", "soon", "line 4, column closed_at: 'soon'"),
    ],
)
def test_a_cell_that_cannot_be_is_named(tmp_path, name, column, value, sentence):
    folder = copied(tmp_path)
    change(
        folder,
        name,
        lambda cells: cells.__setitem__(column, cells[column].where(cells.index != 2, value)),
    )
    with pytest.raises(ValueError, match=r"\.csv") as error:
        load_tables(folder)
    assert name in str(error.value)
    assert sentence in str(error.value)


def test_missing_files_and_columns_are_named(tmp_path, capsys):
    folder = copied(tmp_path)
    change(folder, "churn_events.csv", lambda cells: cells.pop("churn_date"))
    with pytest.raises(ValueError, match=r"churn_events\.csv lacks the column churn_date"):
        load_tables(folder)
    (folder / "churn_events.csv").unlink()
    (folder / "accounts.csv").unlink()
    assert main(["serve", "--tables", str(folder)]) == 2
    complaint = capsys.readouterr().err
    assert complaint == f"sandbox: {folder} lacks accounts.csv, churn_events.csv\n"


def test_dates_may_also_be_year_first(tmp_path, world):
    folder = copied(tmp_path)

    def turn(cells):
        cells["signup_date"] = cells["signup_date"].str.replace(
            r"(\d\d)-(\d\d)-(\d{4})", r"\3-\2-\1", regex=True
        )

    change(folder, "accounts.csv", turn)
    assert load_tables(folder)["accounts"].equals(world["accounts"])
