"""A world's tables as rows of plain values."""

from typing import Any

import numpy as np
import pandas as pd


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain values: times as ISO-8601 UTC text, missing as None, whole numbers as int."""
    columns = [_plain(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    if column.dtype.kind == "M":
        moments = column.to_numpy().astype("datetime64[s]")
        texts = np.datetime_as_string(moments, unit="s").tolist()
        return [None if text == "NaT" else f"{text}Z" for text in texts]
    missing = column.isna().tolist()
    values = column.tolist()
    return [None if gone else _whole(v) for v, gone in zip(values, missing, strict=True)]


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
