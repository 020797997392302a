"""One thing that was looked at, and what to do about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from include.errors import HealthError

State = Literal["good", "look", "bad"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found.

    state: `good`; `look`, which may pass or can wait; `bad`, which a person must mend. words: how
    it is and, where it is not good, what to do.
    """

    what: str
    state: State
    words: str


def guarded(what: str, look: Callable[[], Iterable[Found]]) -> Iterator[Found]:
    """Yield what a look finds; the HealthError that ends it is a finding too."""
    try:
        yield from look()
    except HealthError as error:
        yield Found(what, "bad", str(error))
