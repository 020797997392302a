"""Salesforce record ids: 15 characters that tell letters' cases apart, and 18 that need not.

The last three characters of the long form say which of the first fifteen are capitals (Salesforce
help on id formats, checked Nov 2026). Ids are made of the number that a thing has in the world.
"""

import re

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SUFFIXES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
INSTANCE = "5a0"  # which database the record stands in, and a reserved character
SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")


def record_id(prefix: str, number: int) -> str:
    """The 18 characters of a record: three for its type, then where it stands, then the number."""
    digits = ""
    for _ in range(9):
        number, place = divmod(number, len(DIGITS))
        digits = DIGITS[place] + digits
    return with_suffix(f"{prefix}{INSTANCE}{digits}")


def with_suffix(fifteen: str) -> str:
    return fifteen + "".join(
        SUFFIXES[sum(1 << place for place, letter in enumerate(five) if "A" <= letter <= "Z")]
        for five in (fifteen[:5], fifteen[5:10], fifteen[10:])
    )


def to_18(text: str) -> str | None:
    """The long form of a short or a long id; a long one in wrong cases is mended by its suffix.

    None for what is no id.
    """
    if not SHAPE.fullmatch(text):
        return None
    if len(text) == 15:
        return with_suffix(text)
    suffix = text[15:].upper()
    if not set(suffix) <= set(SUFFIXES):
        return None
    capitals = [SUFFIXES.index(letter) >> place & 1 for letter in suffix for place in range(5)]
    letters = zip(text[:15], capitals, strict=True)
    return (
        "".join(one.upper() if is_capital else one.lower() for one, is_capital in letters) + suffix
    )
