"""Seeded randomness that does not shift when the world gets longer or a module draws more.

Each purpose has a generator of its own, and draws go in day order (or by account and ordinal), so
the first days of a longer world are the days of the shorter one. Hence one array from one
generator: a second one would begin where the first ends, and that moves with the world's end.
"""

import hashlib
import zlib

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

Days = NDArray[np.datetime64]
Seconds = NDArray[np.datetime64]
Floats = NDArray[np.floating]
Whole = NDArray[np.integer]
Flags = NDArray[np.bool_]


def generator(seed: int, purpose: str, *keys: int) -> np.random.Generator:
    """The generator of one purpose, and of one account or day where keys say so."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode()), *keys])


def text_id(prefix: str, length: int, *parts: object) -> str:
    """An id in a vendor's look that depends on nothing but its parts."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return prefix + "".join(letters)


def seconds_of(days: Days, seconds: Floats | Whole | int) -> Seconds:
    """Moments that many seconds after midnight of each day."""
    return days.astype("datetime64[s]") + np.asarray(seconds).astype("timedelta64[s]")


def working_time(rng: np.random.Generator, count: int) -> Whole:
    """Seconds after midnight, mostly between 8 and 18 UTC and never outside the day."""
    return np.clip(rng.normal(13.5, 2.8, count) * 3600, 0, 86_399).astype(np.int64)


def add_months(day: np.datetime64, months: int) -> np.datetime64:
    """The same day of a later month, or that month's last day where it is shorter."""
    month = day.astype("datetime64[M]")
    first = (month + months).astype("datetime64[D]")
    last = (month + months + 1).astype("datetime64[D]") - 1
    return min(first + (day - month.astype("datetime64[D]")), last)


def sigmoid(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-x))
