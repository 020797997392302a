"""Amounts in Chargebee's units: whole numbers of a hundredth, or of one where there are none.

Chargebee API v2 on currencies, checked Nov 2026: a currency without subunits is sent in major
units, every other one times 100, those with thousandths too.
"""

from decimal import Decimal

# ISO 4217; a world's amounts are in its minor units.
WHOLE = {"bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw", "pyg", "rwf", "ugx", "uyi", "vnd"}
WHOLE |= {"vuv", "xaf", "xof", "xpf"}
THOUSANDTHS = {"bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"}


def cents(amount: int, currency: str) -> int:
    """A world's amount as Chargebee sends it."""
    return round(amount / 10) if currency in THOUSANDTHS else amount


def in_decimal(amount: int, currency: str) -> str:
    """A world's amount in major units, as sites with multi-decimal pricing give it beside."""
    digits = 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
    return format(Decimal(amount).scaleb(-digits), "f")
