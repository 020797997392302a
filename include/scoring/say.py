"""How numbers stand in sentences."""


def shown(reading: float, other: float | None = None) -> str:
    """A reading with up to two decimals, or as many more as it takes to tell it from `other`."""
    for places in (2, 4, 6, 9):
        text = f"{reading:,.{places}f}"
        if other is None or text != f"{other:,.{places}f}":
            break
    return text.rstrip("0").rstrip(".") if "." in text else text


def points_shown(points: float) -> float:
    """Points to one decimal, as the CRM shows them; never -0."""
    return float(f"{points:.1f}") + 0.0
