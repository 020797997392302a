"""What `health sources check` finds out about a vendor: one line for each thing that may be wrong.

A vendor's module gives `check`, which yields findings and lets no HealthError pass: `tried` makes a
finding of one. Nothing is written anywhere, and each stream costs a request or two.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from include.errors import HealthError
from include.sources.http.answers import Answer, Download
from include.sources.http.refusals import date_of

A = TypeVar("A", Answer, Download)
MOST_SKEW_S = 180.0  # Salesforce refuses a JWT that was signed three minutes off


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    what: `credential`, `version`, `clock`, `limit …`, `stream …` or `field …`. words: how it is
    and, where it does not work, what to do.
    """

    what: str
    words: str
    works: bool = True


def tried(what: str, look: Callable[[], str]) -> Finding:
    """Return what a look tells in words; the HealthError it raises is what does not work."""
    try:
        return Finding(what, look())
    except HealthError as error:
        return Finding(what, str(error), works=False)


def answered(what: str, ask: Callable[[], A], words: str) -> tuple[Finding, A | None]:
    """Return what asking tells and the answer; None where there is none, since it was refused."""
    try:
        return Finding(what, words), ask()
    except HealthError as error:
        return Finding(what, str(error), works=False), None


def left_of(what: str, headers: Mapping[str, str], left: str, size: str) -> Finding:
    """Return how much of a limit is left, by the headers of those names; a full one may pass."""
    if left not in headers:
        return Finding(what, "the vendor's answers do not tell it")
    return Finding(what, f"{headers[left]} of {headers.get(size, '?')} requests are left")


def named(what: str, name: str, known: Iterable[str]) -> Finding:
    """Return whether the vendor knows a name of health.yaml, and the nearest one if not."""
    names = sorted(known)
    if name in names:
        return Finding(what, f"{name} is there")
    near = get_close_matches(name, names, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return Finding(what, f"the vendor has no {name}{hint}", works=False)


def keyed(keys: Sequence[str], objects: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield how many objects have each key that may name their account; one key must do."""
    counts = {key: sum(bool(one.get(key)) for one in objects) for key in keys}
    known = {name for one in objects for name in one}
    for key, count in counts.items():
        if objects and not any(counts.values()):
            yield named(f"field account_keys {key}", key, known)
        else:
            yield Finding(f"field account_keys {key}", f"{count} of {len(objects)} objects have it")


def share_of(what: str, name: str, having: int, events: int) -> Finding:
    """Return how many events name an account, where the vendor does not list what they may have."""
    if not events:
        return Finding(what, "no events came, so whether they name accounts cannot be told")
    words = f"{having:,} of {events:,} events have {name}"
    lost = "" if having else "; those without count for no account: is the name right?"
    return Finding(what, words + lost, works=having > 0)


def clock(headers: Mapping[str, str], now: datetime) -> Finding:
    """Return how far the vendor's Date header is from our time, which is aware.

    It always works: no result depends on our clock, only signed logins do, and those say so.
    """
    told = date_of(headers)
    if told is None:
        return Finding("clock", "the vendor's answers have no date")
    ahead_s = (now.astimezone(UTC) - told).total_seconds()
    words = f"ours is {abs(ahead_s):,.0f} s {'ahead of' if ahead_s > 0 else 'behind'} the vendor's"
    far = "; signed logins may be refused: set the clock" if abs(ahead_s) > MOST_SKEW_S else ""
    return Finding("clock", words + far)
