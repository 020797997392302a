"""Rows into the tables of a world, each column with one dtype however few rows there are."""

# ruff: noqa: SIM905 - long lists of words read better as text

from collections.abc import Iterable

import pandas as pd

from sandbox.world.model import COLUMNS

TIMES = frozenset(
    "created_at updated_at archived_at deleted_at set_at starts_at ends_at closed_at generated_at "
    "solved_at first_solved_at reopened_at started_at ended_at canceled_at period_start period_end "
    "at finalized_at due_at paid_at next_attempt_at answered_at day on renewal_date".split()
)
# Whole numbers that may be missing, and those that never are.
MAYBE_NUMBERS = frozenset(
    "owner_no parent_no organization_no requester_no account_no first_reply_minutes "
    "resolution_minutes employees".split()
)
NUMBERS = frozenset(
    "person_no meeting_no answer_no deal_no ticket_no rating_no customer_no subscription_no "
    "invoice_no value rating amount_minor amount_paid_minor unit_amount_minor seats attempt_count "
    "reopens replies".split()
)
FRACTIONS = frozenset({"arr", "satisfaction", "hazard"})
FLAGS = frozenset({"archived", "is_contact", "is_user", "is_requester", "cancel_at_period_end"})
# Tables in which every row has its account.
SURE_ACCOUNTS = frozenset(
    {"accounts", "account_changes", "pulses", "meetings", "deals", "surveys", "truth", "outcomes"}
)
# Tables whose value is text, not a number.
TEXT_VALUES = frozenset({"account_changes"})


def table_of(table: str, rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Rows in the order of the table's columns."""
    return typed(table, pd.DataFrame(list(rows), columns=list(COLUMNS[table]), dtype=object))


def typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The table's columns in their order and dtypes; text stays object, so that None stays None."""
    columns = {name: _column(frame[name], _dtype(table, name)) for name in COLUMNS[table]}
    return pd.DataFrame(columns).reset_index(drop=True)


def _column(values: pd.Series, dtype: str) -> pd.Series:
    column = values.astype(dtype)
    return column.where(column.notna(), None) if dtype == "object" else column


def _dtype(table: str, column: str) -> str:
    if column in TIMES:
        return "datetime64[s]"
    if column in MAYBE_NUMBERS and not (column == "account_no" and table in SURE_ACCOUNTS):
        return "Int64"
    is_number = column in NUMBERS and table not in TEXT_VALUES
    if is_number or column == "account_no":
        return "int64"
    if column == "owner_no":
        return "Int64"
    if column in FRACTIONS:
        return "float64"
    return "bool" if column in FLAGS else "object"
