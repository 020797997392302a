"""The simulator's tables hang together; the folder loader has its own tests beside."""

import pandas as pd
import pytest

from sandbox.world.model import COLUMNS

KEYS = {
    "accounts": ["account_no", "crm_id"],
    "owners": ["owner_no", "email"],
    "people": ["person_no", "email"],
    "meetings": ["meeting_no"],
    "deals": ["deal_no"],
    "organizations": ["organization_no"],
    "tickets": ["ticket_no"],
    "ratings": ["rating_no"],
    "customers": ["customer_no", "customer_id"],
    "subscriptions": ["subscription_no", "subscription_id"],
    "invoices": ["invoice_no", "invoice_id"],
}
REFERENCES = [
    ("accounts", "owner_no", "owners"),
    ("accounts", "parent_no", "accounts"),
    ("people", "account_no", "accounts"),
    ("pulses", "account_no", "accounts"),
    ("meetings", "account_no", "accounts"),
    ("deals", "account_no", "accounts"),
    ("organizations", "account_no", "accounts"),
    ("tickets", "organization_no", "organizations"),
    ("ratings", "ticket_no", "tickets"),
    ("customers", "account_no", "accounts"),
    ("subscriptions", "customer_no", "customers"),
    ("subscription_changes", "subscription_no", "subscriptions"),
    ("invoices", "customer_no", "customers"),
    ("invoices", "subscription_no", "subscriptions"),
    ("events", "person_no", "people"),
    ("truth", "account_no", "accounts"),
    ("outcomes", "account_no", "accounts"),
]


@pytest.mark.parametrize("table", COLUMNS)
def test_every_table_has_its_columns_in_order_and_rows(world, table):
    assert tuple(world[table].columns) == COLUMNS[table]
    assert len(world[table]) > 0


@pytest.mark.parametrize("table", KEYS)
def test_ids_are_there_and_unique(world, table):
    for key in KEYS[table]:
        assert world[table][key].notna().all()
        assert world[table][key].is_unique


@pytest.mark.parametrize(("table", "column", "target"), REFERENCES)
def test_references_resolve(world, table, column, target):
    key = COLUMNS[target][0]
    named = world[table][column].dropna()
    assert len(named) > 0
    assert named.isin(world[target][key]).all()


def test_times_are_seconds_without_zone(world):
    for frame in world.tables.values():
        for column in frame.select_dtypes("datetime").columns:
            assert frame[column].dtype == "datetime64[s]"


def test_things_happen_in_order(world):
    for table, first, second in [
        ("accounts", "created_at", "updated_at"),
        ("meetings", "created_at", "starts_at"),
        ("meetings", "created_at", "updated_at"),
        ("deals", "created_at", "closed_at"),
        ("tickets", "created_at", "solved_at"),
        ("tickets", "updated_at", "generated_at"),
        ("ratings", "created_at", "updated_at"),
        ("subscriptions", "period_start", "period_end"),
        ("invoices", "created_at", "paid_at"),
        ("invoices", "period_start", "period_end"),
    ]:
        frame = world[table]
        assert not (frame[second] < frame[first]).any(), (table, first, second)


def test_invoices_add_up(world):
    invoices = world["invoices"]
    whole = invoices[invoices["billing_reason"] != "subscription_update"]
    assert (whole["amount_minor"] == whole["seats"] * whole["unit_amount_minor"]).all()
    paid = invoices["status"] == "paid"
    assert paid.any()
    assert (invoices["amount_paid_minor"] == invoices["amount_minor"].where(paid, 0)).all()
    assert (invoices["paid_at"].notna() == paid).all()


def test_the_changes_of_a_subscription_lead_to_its_state(world):
    lines = world["subscriptions"].set_index("subscription_no")
    changes = world["subscription_changes"]
    assert (
        changes.groupby("subscription_no")["at"].apply(lambda at: at.is_monotonic_increasing).all()
    )
    created = changes[changes["kind"] == "created"].set_index("subscription_no")["at"]
    assert (created.sort_index() == lines["created_at"].sort_index()).all()
    deleted = set(changes[changes["kind"] == "deleted"]["subscription_no"])
    assert deleted == set(lines.index[lines["status"] == "canceled"])
    rolled = [row for row in changes.itertuples() if "period_end" in row.previous]
    last = {row.subscription_no: row.previous["period_end"] for row in rolled}
    assert last
    assert all(lines.loc[number, "period_start"] == at for number, at in last.items())


def test_missing_text_is_none(world):
    for table in ("accounts", "people", "tickets", "ratings"):
        for column in world[table].select_dtypes("object").columns:
            missing = world[table][column][world[table][column].map(pd.api.types.is_float)]
            assert missing.empty, (table, column)


def test_the_mess_of_real_systems_is_there(world):
    accounts, organizations = world["accounts"], world["organizations"]
    customers, tickets = world["customers"], world["tickets"]
    assert accounts["domain"].isna().any()
    assert accounts["domain"].dropna().duplicated().any()
    assert accounts["archived_at"].notna().any()
    assert (accounts["merged_crm_ids"].map(len) == 1).any()
    assert accounts["tenant_key"].isna().any()
    bare = organizations[organizations["external_id"].isna()]
    assert (bare["domains"].map(len) == 1).any()
    assert (bare["domains"].map(len) == 0).any()
    merged = {one for ids in accounts["merged_crm_ids"] for one in ids}
    assert organizations["external_id"].isin(merged).any()
    free_mail = customers["email"].str.endswith("@gmail.com")
    assert (free_mail & (customers["metadata"].map(len) == 0)).any()
    assert (~free_mail & (customers["metadata"].map(len) == 0)).any()
    assert customers["account_no"].duplicated().any()
    assert tickets["organization_no"].isna().any()
    assert (world["events"]["tenant_key"] == "").any()
