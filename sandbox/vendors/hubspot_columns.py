"""Columns of a world as HubSpot writes them: text, or None where there is nothing."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from sandbox.vendors.hubspot_store import Column

# Digits after the point of a currency's major unit; two where none is named (ISO 4217).
ZERO_DECIMAL = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv")
) | {"xaf", "xof", "xpf"}
THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))
# The portal's own exchange rates into its currency, US dollars.
HOME_RATES = {"usd": "1", "eur": "1.1", "gbp": "1.3", "cad": "0.7", "aud": "0.65", "jpy": "0.0066"}


def texts(series: "pd.Series[Any]") -> Column:
    """Text of each value; empty text stays empty."""
    plain = series.astype(object).where(series.notna(), None)
    return [None if value is None else str(value) for value in plain]


def numbers(series: "pd.Series[Any]") -> Column:
    """Whole numbers without a point."""
    plain = pd.to_numeric(series, errors="coerce").astype("float64")
    return [None if np.isnan(value) else _number(value) for value in plain]


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(float(value))


def flags(series: "pd.Series[Any]") -> Column:
    return ["true" if value else "false" for value in series]


def stamps(series: "pd.Series[Any]") -> Column:
    """UTC with milliseconds and Z."""
    moments = pd.to_datetime(series).to_numpy("datetime64[ms]")
    written = np.datetime_as_string(moments, unit="ms")
    return [None if text == "NaT" else f"{text}Z" for text in written]


def days(series: "pd.Series[Any]") -> Column:
    moments = pd.to_datetime(series).to_numpy("datetime64[D]")
    return [None if text == "NaT" else str(text) for text in np.datetime_as_string(moments)]


def amounts(minor: "pd.Series[Any]", currency: "pd.Series[Any]") -> Column:
    """Major units of each row's own currency."""
    return [_text(_major(*pair)) for pair in zip(minor, texts(currency), strict=True)]


def home_amounts(minor: "pd.Series[Any]", currency: "pd.Series[Any]") -> Column:
    """In the portal's currency; None where the portal has no rate."""
    converted: Column = []
    for amount, code in zip(minor, texts(currency), strict=True):
        rate, major = HOME_RATES.get((code or "").lower()), _major(amount, code)
        known = rate is not None and major is not None
        converted.append(
            _text((major * Decimal(rate)).quantize(Decimal("0.01"))) if known else None
        )
    return converted


def offset_ids(series: "pd.Series[Any]", start: int) -> list[int]:
    return [start + int(number) for number in series]


def listed(value: object) -> list[str]:
    """A cell that holds several ids, as a sequence or joined by semicolons."""
    if isinstance(value, str):
        return [part for part in value.split(";") if part]
    if isinstance(value, Iterable):
        return [str(part) for part in value]
    return []


def _major(minor: float, currency: str | None) -> Decimal | None:
    if pd.isna(minor) or currency is None:
        return None
    code = currency.lower()
    digits = 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else 2
    return Decimal(int(minor)).scaleb(-digits)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount.normalize(), "f")
