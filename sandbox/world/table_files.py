"""Reading the five files of a RavenStack folder: every cell becomes what it should be, or an error.

Nothing is repaired: contradictions between cells are the reader's to find. Only a cell that is no
date, number or flag at all stops the reading, because no vendor could put it on the wire.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

# Per file: each column that is used, and what it holds. "day?" may be empty, "day" may not;
# an empty text is None, an empty key "".
FILES: dict[str, dict[str, str]] = {
    "accounts.csv": {
        "account_id": "text",
        "account_name": "text?",
        "industry": "text?",
        "country": "text?",
        "signup_date": "day",
        "plan_tier": "text?",
        "churn_flag": "flag",
    },
    "subscriptions.csv": {
        "subscription_id": "text",
        "account_id": "key?",
        "start_date": "day",
        "end_date": "day?",
        "plan_tier": "text?",
        "seats": "whole",
        "mrr_amount": "number",
        "arr_amount": "number",
        "is_trial": "flag",
        "billing_frequency": "text",
        "auto_renew_flag": "flag",
    },
    "feature_usage.csv": {
        "usage_id": "text?",
        "subscription_id": "text?",
        "usage_date": "day",
        "feature_name": "text",
        "usage_count": "whole",
    },
    "support_tickets.csv": {
        "ticket_id": "text",
        "account_id": "key?",
        "submitted_at": "day",
        "closed_at": "day?",
        "resolution_time_hours": "number?",
        "priority": "text?",
        "first_response_time_minutes": "number?",
        "satisfaction_score": "number?",
        "escalation_flag": "flag",
    },
    "churn_events.csv": {
        "account_id": "key?",
        "churn_date": "day",
        "reason_code": "text?",
    },
}
TIME_FORMATS = ("%d-%m-%Y", "%d-%m-%Y %H:%M", "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
FLAGS = {"TRUE": True, "FALSE": False, "True": True, "False": False}
MEANING = {
    "day": "a day as day-month-year",
    "number": "a number",
    "whole": "a whole number",
    "flag": "TRUE or FALSE",
    "text": "a text",
    "key": "a key",
}


def read_files(folder: Path) -> dict[str, pd.DataFrame]:
    """The files by name without .csv, only the columns of `FILES`, typed.

    ValueError names the file, and the column, line and cell where there is one.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise ValueError(f"{folder} lacks {', '.join(missing)}")
    return {name.removesuffix(".csv"): _read(folder / name, FILES[name]) for name in FILES}


def _read(path: Path, columns: dict[str, str]) -> pd.DataFrame:
    try:
        cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, OSError) as error:
        raise ValueError(f"{path} is not a CSV file: {error}") from error
    missing = [name for name in columns if name not in cells.columns]
    if missing:
        raise ValueError(f"{path} lacks the column {', '.join(missing)}")
    return pd.DataFrame({name: _column(cells[name], kind, path) for name, kind in columns.items()})


def _column(cells: pd.Series, kind: str, path: Path) -> pd.Series:
    texts = cells.astype(object).where(cells.notna(), "").str.strip()
    bare = kind.removesuffix("?")
    values = _READERS[bare](texts)
    wrong = ((texts == "") & (bare == kind)) | ((texts != "") & values.isna())
    if wrong.any():
        place = int(wrong.to_numpy().argmax())
        raise ValueError(
            f"{path}, line {place + 2}, column {cells.name}: "
            f"{texts.iloc[place]!r} is not {MEANING[bare]}"
        )
    return values


def _texts(texts: pd.Series) -> pd.Series:
    return texts.where(texts != "", None)


def _keys(texts: pd.Series) -> pd.Series:
    return texts


def _days(texts: pd.Series) -> pd.Series:
    """Day first as in the original files, or year first; with or without a time of day."""
    moments = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[s]")
    for layout in TIME_FORMATS:
        rest = moments.isna()
        read = pd.to_datetime(texts[rest], format=layout, errors="coerce")
        moments[rest] = read.astype("datetime64[s]")
    return moments


def _numbers(texts: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(texts.where(texts != "", None), errors="coerce").astype("float64")
    return numbers.where(numbers.abs() < 1e12)


def _wholes(texts: pd.Series) -> pd.Series:
    numbers = _numbers(texts)
    return numbers.where(numbers == numbers.round())


def _flags(texts: pd.Series) -> pd.Series:
    return texts.map(FLAGS)


_READERS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "text": _texts,
    "key": _keys,
    "day": _days,
    "number": _numbers,
    "whole": _wholes,
    "flag": _flags,
}
