"""Support from a table of tickets."""

from datetime import date

import numpy as np
import pandas as pd

from sandbox.world.frames import table_of, typed
from sandbox.world.model import COLUMNS

PRIORITIES = {
    "low": "low",
    "medium": "normal",
    "normal": "normal",
    "high": "high",
    "urgent": "urgent",
}
GOOD_FROM = 4
HOUR_MINUTES = 60
NEVER = np.datetime64("NaT", "s")


def organizations_table(directory: pd.DataFrame, start: date) -> pd.DataFrame:
    """One an account_id, also those that only other tables name; they are as old as the world."""
    since = directory["since"].fillna(pd.Timestamp(start))
    rows = zip(directory.index, directory["account_no"], directory["name"], since, strict=True)
    return table_of(
        "organizations",
        (
            (number, number, name if isinstance(name, str) else key, key or None, (), at, at, NEVER)
            for key, number, name, at in rows
        ),
    )


def tickets_and_ratings(
    tickets: pd.DataFrame, numbers: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Times as they stand in the file, also where a ticket is closed before it is submitted."""
    count = len(tickets)
    frame = pd.DataFrame({name: [None] * count for name in COLUMNS["tickets"]}, dtype=object)
    closed_at = tickets["closed_at"]
    frame["ticket_no"] = np.arange(1, count + 1)
    frame["organization_no"] = tickets["account_id"].map(numbers)
    frame["subject"] = "Ticket " + tickets["ticket_id"]
    frame["priority"] = tickets["priority"].map(PRIORITIES)
    frame["type"] = np.where(tickets["escalation_flag"].astype(bool), "problem", "question")
    frame["status"] = np.where(closed_at.isna(), "open", "closed")
    frame["created_at"] = tickets["submitted_at"]
    frame["updated_at"] = closed_at.fillna(tickets["submitted_at"])
    frame["generated_at"] = np.maximum(frame["updated_at"], frame["created_at"])
    frame["solved_at"] = closed_at
    frame["first_solved_at"] = closed_at
    frame["first_reply_minutes"] = tickets["first_response_time_minutes"].round()
    frame["resolution_minutes"] = (tickets["resolution_time_hours"] * HOUR_MINUTES).round()
    frame["reopens"] = 0
    frame["replies"] = tickets["first_response_time_minutes"].notna().astype(int)
    made = typed("tickets", frame)
    return made, _ratings(made, tickets["satisfaction_score"])


def _ratings(tickets: pd.DataFrame, scores: pd.Series) -> pd.DataFrame:
    """One where somebody gave a score, at the time the ticket was closed."""
    rated = tickets[scores.notna().to_numpy()]
    answers = np.where(scores.dropna() >= GOOD_FROM, "good", "bad").tolist()
    return table_of(
        "ratings",
        (
            (row.ticket_no, row.ticket_no, answer, None, row.updated_at, row.updated_at)
            for row, answer in zip(rated.itertuples(), answers, strict=True)
        ),
    )
