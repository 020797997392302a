"""What a CRM shows of one score, as text.

`""` clears a field: unknown is empty in the CRM, never 0. Numbers are rounded to one decimal from
the stored number (`72.25` is `72.2`: an exact tie goes to the even digit) and written without a
trailing `.0`; the band is decided before rounding. Days are `YYYY-MM-DD`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from include.html_page import printable

Values = Mapping[str, str]

LONGEST_SENTENCE = 500


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is shown of one score. Points are 0..100, coverage 0..1; None is unknown."""

    score: float | None
    band: str
    change_30d: float | None
    direction: str
    coverage: float
    floor: float | None = None
    ceiling: float | None = None


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said of one score: why it is what it is, and what would help; "": nothing."""

    reason: str = ""
    next_step: str = ""


def to_number(value: float | None) -> str:
    """Text with at most one decimal; None and NaN are empty, and -0 is 0."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def to_sentence(sentence: str) -> str:
    """One line of at most 500 characters, cut between words with an ellipsis.

    What could move a cursor or turn the direction of text, such as ESC or a mark of direction in
    a name, is replaced, as on the job's own pages.
    """
    line = printable(" ".join(sentence.split()))
    if len(line) <= LONGEST_SENTENCE:
        return line
    return line[: LONGEST_SENTENCE - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def is_same(shown: str | None, written: str) -> bool:
    """Whether the CRM shows what was written: null is empty, `72.0` is `72`."""
    shown = shown or ""
    if shown == written:
        return True
    try:
        return Decimal(shown) == Decimal(written)
    except InvalidOperation:
        return shown.strip() == written.strip()
