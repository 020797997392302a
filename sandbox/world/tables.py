"""A world from tables that others made: a folder in the shape of the RavenStack data set.

The tables are served as they are, contradictions included. What the folder does not say is missing
in the world (owners, contacts, domains, meetings, deals, pulses, the hidden truth), and what must
be made up for a vendor to have something to send follows these rules:

- An account's CRM id is made of its row; its account_id is the product's key (tenant_key), and
  support organisations carry it as external_id, billing customers as metadata `tenant_id`.
  Rows that name an account which does not exist keep that id, so that they match nothing; rows
  that name none share one nameless organisation or billing customer.
- Plan Basic is smb, Pro mid_market, Enterprise enterprise. A company's ARR is the sum over its
  subscriptions without end date, its renewal the earliest end of their current periods.
- Each account has one billing customer; billing rules stand in `table_billing.py`.
- A usage row becomes usage_count events (none below 1) named after the feature, spread over the
  working hours of its day, by one user per subscription; duration, errors and the beta flag are
  not used.
- Priority medium is normal; a score of 4 or 5 is a good rating, less is bad; tickets have no
  requester. Escalated tickets are of type problem, others of type question.
- Each churn event is an outcome with amount 0: the tables do not say what was lost.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sandbox.world.frames import table_of, typed
from sandbox.world.model import COLUMNS, World
from sandbox.world.table_billing import billing_tables
from sandbox.world.table_files import read_files
from sandbox.world.table_support import organizations_table, tickets_and_ratings

CRM_ID_BASE = 9_200_000_000
SEGMENTS = {"Basic": "smb", "Pro": "mid_market", "Enterprise": "enterprise"}
WORK_BEGINS_S = 9 * 3600
WORK_LASTS_S = 8 * 3600
TIMES = {
    "accounts": ["signup_date"],
    "subscriptions": ["start_date", "end_date"],
    "feature_usage": ["usage_date"],
    "support_tickets": ["submitted_at", "closed_at"],
    "churn_events": ["churn_date"],
}


def load_tables(folder: Path) -> World:
    """The folder as a world, from the first to the last day that any file names.

    ValueError names the file and column that is missing or holds what it cannot.
    """
    files = read_files(folder)
    moments = pd.concat([files[name][column] for name in TIMES for column in TIMES[name]])
    if moments.isna().all():
        raise ValueError(f"{folder} has no rows")
    start, end = moments.min().date(), moments.max().date()
    directory = _directory(files)
    numbers = directory["account_no"]
    billing = billing_tables(files["subscriptions"], directory, end)
    tickets, ratings = tickets_and_ratings(files["support_tickets"], numbers)
    tables = {name: table_of(name, []) for name in COLUMNS} | billing
    tables |= {
        "accounts": _accounts(files["accounts"], files["subscriptions"], billing["subscriptions"]),
        "organizations": organizations_table(directory, start),
        "tickets": tickets,
        "ratings": ratings,
        "people": _people(files["subscriptions"], numbers),
        "events": _events(files["feature_usage"], files["subscriptions"]),
        "outcomes": _outcomes(files["churn_events"], numbers),
    }
    return World(folder.resolve().name, 0, start, end, tables)


def _directory(files: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """By account_id: account_no from 1, name and since; first the accounts' rows, then others.

    An account_id that stands twice has the number of its first row; "" is for rows that name none.
    """
    named = [files[name]["account_id"] for name in ("subscriptions", "support_tickets")]
    accounts = files["accounts"]
    everyone = pd.concat(named, ignore_index=True)
    strange = everyone[~everyone.isin(accounts["account_id"])].drop_duplicates()
    directory = pd.DataFrame(
        {
            "account_id": pd.concat([accounts["account_id"], strange], ignore_index=True),
            "name": accounts["account_name"],
            "since": accounts["signup_date"],
        }
    )
    directory["account_no"] = np.arange(1, len(directory) + 1)
    return directory.drop_duplicates("account_id").set_index("account_id")


def _accounts(
    accounts: pd.DataFrame, lines: pd.DataFrame, subscriptions: pd.DataFrame
) -> pd.DataFrame:
    """One row a row: an account_id that stands twice is two companies with the same key."""
    running = lines["end_date"].isna()
    arr = lines[running].groupby("account_id")["arr_amount"].sum()
    renewal = subscriptions["period_end"][running].groupby(lines["account_id"][running]).min()
    number = np.arange(1, len(accounts) + 1)
    frame = pd.DataFrame(
        {name: [None] * len(accounts) for name in COLUMNS["accounts"]}, dtype=object
    )
    frame["account_no"] = number
    frame["crm_id"] = [str(CRM_ID_BASE + one) for one in number]
    frame["tenant_key"] = accounts["account_id"]
    frame["name"] = accounts["account_name"]
    frame["segment"] = accounts["plan_tier"].map(SEGMENTS)
    frame["industry"] = accounts["industry"]
    frame["country"] = accounts["country"]
    frame["arr"] = accounts["account_id"].map(arr)
    frame["renewal_date"] = accounts["account_id"].map(renewal)
    frame["lifecycle"] = np.where(accounts["churn_flag"].astype(bool), "other", "customer")
    frame["created_at"] = frame["updated_at"] = accounts["signup_date"]
    frame["merged_crm_ids"] = [()] * len(accounts)
    return typed("accounts", frame)


def _people(lines: pd.DataFrame, numbers: pd.Series) -> pd.DataFrame:
    """The one user of each subscription."""
    accounts = lines["account_id"].map(numbers)
    nobody = (None,) * 5
    return table_of(
        "people",
        (
            (row.Index + 1, account, *nobody, False, True, False, row.start_date, row.start_date)
            for row, account in zip(lines.itertuples(), accounts, strict=True)
        ),
    )


def _events(usage: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """usage_count events a row; without group where the subscription does not exist."""
    first = lines.drop_duplicates("subscription_id").set_index("subscription_id")
    user = pd.Series(first.index.map(dict(zip(lines["subscription_id"], lines.index, strict=True))))
    persons = pd.Series(user.to_numpy() + 1, index=first.index)
    count = usage["usage_count"].clip(lower=0).astype(int).to_numpy()
    each = usage.loc[usage.index.repeat(count)]
    turn = each.groupby(level=0).cumcount().to_numpy()
    second = WORK_BEGINS_S + turn * WORK_LASTS_S // np.repeat(np.maximum(count, 1), count)
    frame = pd.DataFrame(
        {
            "event": each["feature_name"],
            "at": each["usage_date"].to_numpy("datetime64[s]") + second.astype("timedelta64[s]"),
            "person_no": each["subscription_id"].map(persons).fillna(0).astype(int),
            "tenant_key": each["subscription_id"].map(first["account_id"]).fillna(""),
        }
    )
    frame = frame.sort_values("at", kind="stable", ignore_index=True)
    return frame.astype({"event": "category", "tenant_key": "category"})


def _outcomes(churns: pd.DataFrame, numbers: pd.Series) -> pd.DataFrame:
    known = churns.assign(account_no=churns["account_id"].map(numbers)).dropna(
        subset=["account_no"]
    )
    return table_of(
        "outcomes",
        ((int(row.account_no), row.churn_date, "churn", 0, "usd") for row in known.itertuples()),
    )
