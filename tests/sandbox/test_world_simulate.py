from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from sandbox.world.model import COLUMNS
from sandbox.world.simulate import simulate

START = date(2025, 10, 1)
# When a row of each table came to be, and its columns that never change afterwards.
LASTING = {
    "accounts": ("created_at", ["account_no", "crm_id", "name", "domain"]),
    "account_changes": ("at", list(COLUMNS["account_changes"])),
    "people": ("created_at", ["person_no", "account_no", "email", "buying_role", "is_contact"]),
    "pulses": ("set_at", list(COLUMNS["pulses"])),
    "meetings": ("created_at", ["meeting_no", "account_no", "kind", "starts_at"]),
    "deals": ("created_at", ["deal_no", "account_no", "kind", "amount_minor"]),
    "organizations": ("created_at", list(COLUMNS["organizations"])),
    "tickets": ("created_at", ["ticket_no", "organization_no", "requester_no", "priority"]),
    "ratings": ("created_at", ["rating_no", "ticket_no"]),
    "surveys": ("answered_at", list(COLUMNS["surveys"])),
    "customers": ("created_at", ["customer_no", "customer_id", "account_no", "metadata"]),
    "subscriptions": ("created_at", ["subscription_no", "subscription_id", "unit_amount_minor"]),
    "subscription_changes": ("at", list(COLUMNS["subscription_changes"])),
    "invoices": ("created_at", ["invoice_no", "invoice_id", "amount_minor", "seats", "due_at"]),
    "events": ("at", list(COLUMNS["events"])),
    "truth": ("day", list(COLUMNS["truth"])),
    "outcomes": ("on", list(COLUMNS["outcomes"])),
}
# Moments at which a row changed; the same in a longer world once they have come.
MOMENTS = {
    "tickets": ["solved_at", "first_solved_at", "reopened_at"],
    "invoices": ["paid_at", "finalized_at"],
    "subscriptions": ["ended_at"],
    "deals": ["closed_at"],
    "accounts": ["archived_at"],
    "customers": ["deleted_at"],
}


@pytest.fixture(scope="module")
def long_world():
    return simulate(accounts=60, seed=7, start=START, end=START + timedelta(days=240))


@pytest.fixture(scope="module", params=[0, 1, 45, 170])
def short_world(request):
    return simulate(accounts=60, seed=7, start=START, end=START + timedelta(days=request.param))


def happened(world, table, column, end):
    frame = world[table]
    rows = frame[frame[column] < pd.Timestamp(end) + pd.Timedelta(days=1)]
    return rows.reset_index(drop=True)


@pytest.mark.parametrize("table", LASTING)
def test_a_longer_world_only_adds_to_a_shorter_one(long_world, short_world, table):
    moment, columns = LASTING[table]
    known = happened(long_world, table, moment, short_world.end)[columns]
    assert len(long_world[table]) > 0
    pd.testing.assert_frame_equal(known, short_world[table][columns])


@pytest.mark.parametrize("table", MOMENTS)
def test_what_changed_in_a_shorter_world_changed_at_the_same_moment(long_world, short_world, table):
    key = COLUMNS[table][0]
    later = long_world[table].set_index(key)
    for column in MOMENTS[table]:
        changed = short_world[table].set_index(key)[column].dropna()
        kept = later.loc[changed.index, column]
        # A ticket that was solved may have been opened and solved again since.
        same = (kept == changed) | (kept > pd.Timestamp(short_world.end))
        assert same.all()


def test_nothing_lies_in_the_future(long_world):
    until = pd.Timestamp(long_world.end) + pd.Timedelta(days=1)
    future = {
        ("meetings", "starts_at"),
        ("meetings", "ends_at"),
        ("accounts", "renewal_date"),
        ("subscriptions", "period_end"),
        ("invoices", "period_end"),
        ("invoices", "due_at"),
        ("invoices", "next_attempt_at"),
    }
    for table, frame in long_world.tables.items():
        for column in frame.select_dtypes("datetime").columns:
            if (table, column) not in future:
                assert not (frame[column] >= until).any(), (table, column)


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    end = START + timedelta(days=20)
    one, again, other = (
        simulate(accounts=20, seed=seed, start=START, end=end) for seed in (5, 5, 6)
    )
    assert len(one["events"]) > 100
    for table in COLUMNS:
        pd.testing.assert_frame_equal(one[table], again[table])
    assert not one["events"].equals(other["events"])


@pytest.mark.parametrize(
    ("accounts", "days", "message"), [(0, 5, "accounts must be"), (5, -1, "before it starts")]
)
def test_impossible_worlds_are_refused(accounts, days, message):
    with pytest.raises(ValueError, match=message):
        simulate(accounts=accounts, seed=1, start=START, end=START + timedelta(days=days))


def test_a_world_of_one_account_and_one_day_is_a_world():
    world = simulate(accounts=1, seed=1, start=START, end=START)
    assert set(world.tables) == set(COLUMNS)


@pytest.fixture(scope="module")
def year():
    return simulate(accounts=500, seed=1, start=START, end=START + timedelta(days=365))


def numbers_by_tenant(world):
    known = world["accounts"].dropna(subset=["tenant_key"])
    return known.set_index("tenant_key")["account_no"]


def area_under_curve(risk, happened_):
    """Chance that one to whom it happened had the higher risk than one to whom it did not."""
    rank = pd.Series(risk).rank().to_numpy()
    yes, no = happened_.sum(), (~happened_).sum()
    return (rank[happened_].sum() - yes * (yes + 1) / 2) / (yes * no)


def test_discontent_before_the_renewal_foretells_churn(year):
    daily = year["truth"].pivot_table(index="day", columns="account_no", values="satisfaction")
    recent = daily.rolling(60, min_periods=30).mean().shift(1)
    decided = year["outcomes"][year["outcomes"]["kind"].isin(["renewal", "churn"])]
    content = np.array(
        [
            recent[no].get(on, np.nan)
            for no, on in zip(decided["account_no"], decided["on"], strict=True)
        ]
    )
    known = ~np.isnan(content)
    churned = (decided["kind"] == "churn").to_numpy()
    assert churned[known].sum() > 40
    assert area_under_curve(-content[known], churned[known]) > 0.7


def test_the_stated_hazard_is_the_share_that_churns(year):
    """Summed over all renewals, the hazard on the day before expects as many as did churn."""
    hazard = year["truth"].set_index(["account_no", "day"])["hazard"]
    decided = year["outcomes"][year["outcomes"]["kind"].isin(["renewal", "churn"])]
    keys = [
        (no, on - pd.Timedelta(days=1))
        for no, on in zip(decided["account_no"], decided["on"], strict=True)
    ]
    expected = hazard.reindex(keys).dropna()
    churned = (decided["kind"] == "churn").sum()
    spread = np.sqrt((expected * (1 - expected)).sum())
    assert abs(expected.sum() - churned) < 3 * spread + 5


def test_content_accounts_use_more_and_complain_less(year):
    mean = year["truth"].groupby("account_no")["satisfaction"].mean()
    days = year["truth"].groupby("account_no").size()
    accounts = year["accounts"].set_index("account_no")
    number = numbers_by_tenant(year)
    events = year["events"]["tenant_key"].astype(object).map(number).value_counts()
    urgent = year["tickets"][year["tickets"]["priority"] == "urgent"]
    urgent = urgent["organization_no"].value_counts()
    smb = accounts.index[(accounts["segment"] == "smb") & (days.reindex(accounts.index) > 200)]
    daily_events = (events / days).reindex(smb).fillna(0)
    daily_urgent = (urgent / days).reindex(smb).fillna(0)
    assert len(smb) > 100
    assert mean.reindex(smb).corr(daily_events, method="spearman") > 0.3
    assert mean.reindex(smb).corr(daily_urgent, method="spearman") < -0.15


def test_good_ratings_and_high_pulses_come_from_content_accounts(year):
    truth = year["truth"].set_index(["account_no", "day"])["satisfaction"]
    pulses = year["pulses"]
    keys = list(zip(pulses["account_no"], pulses["set_at"].dt.floor("D"), strict=True))
    content = truth.reindex(keys).to_numpy()
    assert len(content) > 200
    assert np.corrcoef(content, pulses["value"])[0, 1] > 0.6
    counts = year["ratings"]["score"].value_counts()
    answered = (counts["good"] + counts["bad"]) / counts.sum()
    assert 0.15 < answered < 0.25


def returned(world):
    """The accounts that became customers a second time."""
    changes = world["account_changes"]
    times = changes[changes["value"] == "customer"].groupby("account_no").size()
    return set(times[times == 2].index)


def test_a_reopened_ticket_keeps_its_first_solution_and_its_replies(year):
    tickets = year["tickets"]
    again = tickets[(tickets["reopens"] > 0) & tickets["solved_at"].isna()]
    assert len(again) > 0
    assert (again["first_solved_at"] < again["reopened_at"]).all()
    assert again["replies"].max() > 1
    once = tickets[tickets["reopened_at"].isna()]
    pd.testing.assert_series_equal(once["first_solved_at"], once["solved_at"], check_names=False)


def test_after_churn_an_account_goes_silent_everywhere(year):
    churns = year["outcomes"][year["outcomes"]["kind"] == "churn"].set_index("account_no")["on"]
    churns = churns[~churns.index.isin(returned(year))]
    assert len(churns) > 40
    accounts = year["accounts"].set_index("account_no")
    assert (accounts.loc[churns.index, "lifecycle"] == "other").all()
    number = numbers_by_tenant(year)
    events = year["events"]
    left_on = events["tenant_key"].astype(object).map(number).map(churns)
    assert not (events["at"] >= left_on).any()
    lines = year["subscriptions"].merge(year["customers"], on="customer_no")
    gone = lines[lines["account_no"].isin(churns.index)]
    assert set(gone["status"]) == {"canceled"}
    assert (gone["ended_at"].dt.floor("D") == gone["account_no"].map(churns)).all()
    lost = year["deals"][year["deals"]["stage"] == "closedlost"]
    assert len(lost[lost["kind"] == "renewal"]) > 5


def test_there_are_millions_of_events_for_a_year_of_500_accounts(year):
    assert 1_800_000 < len(year["events"]) < 3_500_000
    assert set(year["events"]["event"].unique()) >= {"page_viewed", "report_exported"}


def test_every_account_says_what_was_entered_last(year):
    changes = year["account_changes"]
    newest = changes.drop_duplicates(["account_no", "attribute"], keep="last")
    newest = newest.pivot_table(
        index="account_no", columns="attribute", values="value", aggfunc="first"
    )
    accounts = year["accounts"].set_index("account_no")
    for column in ("segment", "lifecycle"):
        pd.testing.assert_series_equal(
            accounts[column].fillna(""), newest[column].reindex(accounts.index).fillna(""),
            check_names=False,
        )  # fmt: skip
    for column in ("arr", "owner_no", "parent_no"):
        entered = pd.to_numeric(newest[column]).reindex(accounts.index)
        assert np.allclose(
            accounts[column].astype("float64"), entered.astype("float64"), equal_nan=True
        )
    renewal = pd.to_datetime(newest["renewal_date"]).reindex(accounts.index)
    assert (renewal.dropna() == accounts["renewal_date"].dropna()).all()


def test_owners_segments_and_parents_change_within_a_year(year):
    changes = year["account_changes"]
    inside = changes[changes["at"] >= pd.Timestamp(START)]
    before = changes.duplicated(["account_no", "attribute"])
    moved = inside[before.reindex(inside.index)].groupby("attribute")["account_no"].nunique()
    assert moved["owner_no"] > 20
    assert moved["segment"] > 5
    assert moved["parent_no"] > 0


def test_families_are_four_deep_and_nobody_is_its_own_parent(year):
    parents = year["accounts"].dropna(subset=["parent_no"]).set_index("account_no")["parent_no"]
    depths = []
    for account in parents.index:
        seen = [account]
        while seen[-1] in parents.index:
            assert parents[seen[-1]] not in seen
            seen.append(parents[seen[-1]])
        depths.append(len(seen))
    assert max(depths) == 4


def test_some_who_left_come_back_with_a_contract_and_a_bill_of_their_own(year):
    churned = year["outcomes"][year["outcomes"]["kind"] == "churn"]
    back = returned(year)
    assert back
    assert back <= set(churned["account_no"])
    billed = year["customers"].merge(year["subscriptions"], on="customer_no")
    for account in back & set(billed["account_no"]):
        lines = billed[billed["account_no"] == account].sort_values("started_at")
        assert (lines["ended_at"].iloc[0] + pd.Timedelta(days=30)) < lines["started_at"].iloc[-1]
    assert (year["truth"].groupby("account_no")["day"].nunique() > 0).all()
