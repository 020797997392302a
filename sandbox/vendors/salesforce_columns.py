"""Columns of a world as Salesforce keeps them; None where there is nothing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from sandbox.vendors.salesforce_ids import record_id

Value = str | float | int | bool | None
Column = list[Value]
# Digits behind the point of a currency's minor unit; two where none is named (ISO 4217).
DIGITS = dict.fromkeys(("jpy", "krw", "clp", "vnd"), 0) | dict.fromkeys(("kwd", "bhd", "tnd"), 3)


def texts(series: "pd.Series[Any]") -> Column:
    """Empty text is no value: Salesforce keeps none."""
    return [None if pd.isna(value) or value == "" else str(value) for value in series]


def numbers(series: "pd.Series[Any]") -> Column:
    plain = pd.to_numeric(series, errors="coerce").astype("float64")
    return [None if np.isnan(value) else float(value) for value in plain]


def wholes(series: "pd.Series[Any]") -> Column:
    return [None if value is None else int(value) for value in numbers(series)]


def flags(series: Iterable[Any]) -> Column:
    return [bool(value) for value in series]


def stamps(series: "pd.Series[Any]") -> Column:
    """UTC with milliseconds, as REST writes it: the order of the texts is that of the times."""
    moments = pd.to_datetime(series).to_numpy("datetime64[ms]")
    written = np.datetime_as_string(moments, unit="ms")
    return [None if text == "NaT" else f"{text}+0000" for text in written]


def days(series: "pd.Series[Any]") -> Column:
    moments = pd.to_datetime(series).to_numpy("datetime64[D]")
    return [None if text == "NaT" else str(text) for text in np.datetime_as_string(moments)]


def ids(prefix: str, series: "pd.Series[Any]", *, start: int = 0) -> Column:
    """Record ids of world numbers; `start` keeps apart what shares a prefix."""
    return [None if pd.isna(one) else record_id(prefix, start + int(one)) for one in series]


def words(series: "pd.Series[Any]", known: Mapping[str, str]) -> Column:
    """Salesforce's word for each; one that is not known stays as it is."""
    return [value if value is None else known.get(str(value), value) for value in texts(series)]


def amounts(minor: "pd.Series[Any]", currency: "pd.Series[Any]") -> Column:
    """Major units of each row's own currency."""
    return [
        None if pd.isna(amount) else float(Decimal(int(amount)).scaleb(-DIGITS.get(str(code), 2)))
        for amount, code in zip(minor, currency, strict=True)
    ]
