"""A folder of tables of our own; the data set that others made is tested where it is there."""

import pandas as pd
import pytest

from sandbox.serve import running
from sandbox.world.tables import load_tables

FILES = {
    "accounts.csv": """
account_id,account_name,industry,country,signup_date,referral_source,plan_tier,seats,churn_flag
A-1,One,EdTech,US,05-01-2024,ads,Basic,9,FALSE
A-2,,FinTech,UK,31-01-2024,ads,Pro,9,TRUE
""",
    "subscriptions.csv": """
subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,is_trial,billing_frequency,auto_renew_flag
S-1,A-1,31-01-2024,,Basic,2,19.99,239.88,FALSE,monthly,TRUE
S-2,A-2,01-02-2024,01-01-2024,Pro,0,-7,-84,FALSE,annual,FALSE
S-3,A-9,01-03-2024,,Enterprise,3,0,0,TRUE,annual,TRUE
""",
    "feature_usage.csv": """
usage_id,subscription_id,usage_date,feature_name,usage_count
U-1,S-1,02-01-2024,export,3
U-1,S-1,02-01-2024,export,3
U-2,S-9,03-01-2024,export,1
U-3,S-2,03-01-2024,export,0
""",
    "support_tickets.csv": """
ticket_id,account_id,submitted_at,closed_at,resolution_time_hours,priority,first_response_time_minutes,satisfaction_score,escalation_flag
T-1,A-1,10-02-2024,09-02-2024 03:00,-21,medium,5,4,TRUE
T-2,A-9,10-02-2024,,,odd,,2,FALSE
""",
    "churn_events.csv": """
churn_event_id,account_id,churn_date,reason_code
C-1,A-2,30-04-2024,price
""",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text.lstrip())
    return tmp_path


@pytest.fixture
def tables(folder):
    return load_tables(folder)


def test_it_covers_the_first_to_the_last_day_named(tables):
    assert (str(tables.start), str(tables.end)) == ("2024-01-01", "2024-04-30")


def test_companies_show_what_the_tables_say_and_no_more(tables):
    first, second = tables["accounts"].to_dict("records")
    assert (first["tenant_key"], first["segment"], first["lifecycle"]) == ("A-1", "smb", "customer")
    assert (first["arr"], str(first["renewal_date"].date())) == (239.88, "2024-05-31")
    assert (first["domain"], second["name"]) == (None, None)
    assert pd.isna(first["owner_no"])
    assert (second["lifecycle"], second["segment"]) == ("other", "mid_market")


def test_a_month_that_is_shorter_bills_on_its_last_day(tables):
    invoices = tables["invoices"]
    first = invoices[invoices["subscription_no"] == 1]
    assert [str(day.date()) for day in first["created_at"]] == [
        "2024-01-31",
        "2024-02-29",
        "2024-03-31",
        "2024-04-30",
    ]
    assert set(first["amount_minor"]) == {1999}
    assert set(first["unit_amount_minor"]) == {1000}


def test_a_subscription_that_ends_before_it_starts_stays_so_and_bills_nothing(tables):
    line = tables["subscriptions"].set_index("subscription_no").loc[2]
    assert line["ended_at"] < line["started_at"]
    assert (line["status"], line["unit_amount_minor"]) == ("canceled", -8400)
    assert not tables["invoices"]["subscription_no"].eq(2).any()


def test_unknown_accounts_keep_their_key_and_match_nothing(tables):
    organizations = tables["organizations"].set_index("external_id")
    assert list(organizations.index) == ["A-1", "A-2", "A-9"]
    assert {"tenant_id": "A-9"} in tables["customers"]["metadata"].tolist()
    assert not tables["accounts"]["account_no"].eq(organizations.loc["A-9", "account_no"]).any()


def test_usage_becomes_events_also_twice_and_without_a_group(tables):
    counts = tables["events"].groupby("tenant_key", observed=True).size().to_dict()
    assert counts == {"A-1": 6, "": 1}
    assert tables["events"]["at"].is_monotonic_increasing


def test_tickets_and_ratings_stay_as_they_are(tables):
    first, second = tables["tickets"].to_dict("records")
    assert first["solved_at"] < first["created_at"]
    assert (first["resolution_minutes"], first["priority"], first["type"]) == (
        -1260,
        "normal",
        "problem",
    )
    assert (second["status"], second["priority"], pd.isna(second["solved_at"])) == (
        "open",
        None,
        True,
    )
    assert tables["ratings"]["score"].tolist() == ["good", "bad"]


def test_all_vendors_can_serve_it(tables):
    with running(tables) as sandbox:
        assert sandbox.describe_world()["accounts"] == 2


def test_an_empty_folder_of_tables_is_refused(folder):
    for name, text in FILES.items():
        (folder / name).write_text(text.lstrip().splitlines()[0] + "\n")
    with pytest.raises(ValueError, match="has no rows"):
        load_tables(folder)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'a,b\n"1,2\n3'])
def test_what_is_no_csv_file_is_named(folder, content):
    (folder / "accounts.csv").write_bytes(content)
    with pytest.raises(ValueError, match=r"accounts\.csv (is not a CSV file|lacks the column)"):
        load_tables(folder)
