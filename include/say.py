"""How numbers stand in sentences and tables for people: by thousands, and never with an exponent.

`shown` is for what was measured or computed, `written` for what a person wrote, such as a limit, a
corner of a curve or a weight. Receipts and data have every digit; these are words.
"""

from decimal import Decimal

PLACES = (2, 4, 6, 9)  # decimals, as few as tell enough
DIGITS = 12  # of a number that was written; what is beyond them is dust of binary arithmetic


def shown(reading: float, other: float | None = None) -> str:
    """A reading with up to two decimals, or as many more as it takes to see it.

    That is, to have two digits of it where it is smaller than 0.1 (what is below 1e-9 is 0), and to
    tell it from `other`.
    """
    text = ""
    for places in PLACES:
        text = _with_places(reading, places)
        is_seen = reading == 0 or abs(reading) >= 10 ** (1 - places)
        if is_seen and (other in (None, reading) or text != _with_places(other, places)):
            break
    return _short(text)


def written(number: float) -> str:
    """A number as a person wrote it: 1234567.5 is 1,234,567.5 and 5e-05 is 0.00005."""
    return _short(f"{Decimal(f'{number + 0.0:.{DIGITS}g}'):,f}")


def points_shown(points: float) -> float:
    """Points to one decimal, as the CRM shows them; never -0."""
    return float(f"{points:.1f}") + 0.0


def _with_places(number: float, places: int) -> str:
    return f"{round(number, places) + 0.0:,.{places}f}"


def _short(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
