"""Round parts so that they still sum to their rounded whole: the largest-remainder method."""

from collections.abc import Sequence
from fractions import Fraction


def apportion(parts: Sequence[Fraction], whole: int) -> list[int]:
    """Whole numbers beside `parts` that sum to `whole`, which is their sum rounded either way.

    Each part is rounded down; what is then missing goes, one each, to the largest remainders, the
    first in order among equals. A part that is a whole number already is left alone.
    """
    rounded = [int(part // 1) for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (rounded[i] - parts[i], i))
    for i in by_remainder[: whole - sum(rounded)]:
        rounded[i] += 1
    return rounded
