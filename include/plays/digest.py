"""What owners are told when scores adjust: events of a day, and one digest an owner. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

Kind = Literal["band_down", "band_up", "drop", "rise", "flag", "plan"]
UNKNOWN_BAND = "unknown"
Told = Collection[tuple[int, str, str]]  # account, kind, detail


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An account on a day and on the published day before; score: 0..100.

    band_then: None where it had no row. move: points within 7 days, None where it is unknown.
    plans: titles of those that opened on the day.
    """

    account_id: int
    score: float | None
    band: str
    band_then: str | None
    move: float | None
    flags: frozenset[str]
    flags_then: frozenset[str]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to tell. detail: what tells it from others of its kind, such as the new band."""

    account_id: int
    kind: Kind
    detail: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One message. html: the same as text, as a page."""

    to: str
    subject: str
    text: str
    html: str


def events_of(at: Adjusted, bands: Sequence[str], points: float, told: Told) -> list[Event]:
    """Return what is new of an account; bands: worst first; told: what need not be said again."""
    return [one for one in _events(at, bands, points)
            if (one.account_id, one.kind, one.detail) not in told]  # fmt: skip


def _events(at: Adjusted, bands: Sequence[str], points: float) -> Iterable[Event]:
    score = "unknown" if at.score is None else f"{at.score:.1f}"
    if at.band in bands and at.band_then in bands and at.band != at.band_then:
        fell = bands.index(at.band) < bands.index(at.band_then)
        words = f"{'fell' if fell else 'rose'} from {at.band_then} to {at.band}, score {score}"
        yield Event(at.account_id, "band_down" if fell else "band_up", at.band, words)
    if at.move is not None and abs(at.move) >= points:
        words = f"{'lost' if at.move < 0 else 'gained'} {abs(at.move):.1f} points in 7 days"
        yield Event(at.account_id, "drop" if at.move < 0 else "rise", "", f"{words}, now {score}")
    for flag in sorted(at.flags - at.flags_then):
        yield Event(at.account_id, "flag", flag, f"flag raised: {flag.replace('_', ' ')}")
    for plan in at.plans:
        yield Event(at.account_id, "plan", plan, f"plan opened: {plan}")


def is_quiet(hour: int, quiet_from: int, quiet_until: int) -> bool:
    """Whether an hour of the day is in the quiet ones, which may go over midnight."""
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def write_digest(to: str, rows: Sequence[Mapping[str, Any]]) -> Digest:
    """Write one owner's digest. rows: with name, crm_id, as_of, kind, sentence; worst first."""
    by_account: dict[str, list[str]] = {}
    for row in sorted(rows, key=_order):
        sentence = f"{row['sentence']} ({row['as_of']})"
        by_account.setdefault(f"{' '.join(row['name'].split())} ({row['crm_id']})", []).append(
            sentence
        )
    count = len(by_account)
    subject = f"Customer health: {count} account{'s' if count > 1 else ''} of yours moved"
    lines = [f"{name}\n" + "\n".join(f"  - {one}" for one in own)
             for name, own in by_account.items()]  # fmt: skip
    html = "".join(
        f"<p><b>{escape(name)}</b></p><ul>"
        + "".join(f"<li>{escape(one)}</li>" for one in own)
        + "</ul>"
        for name, own in by_account.items()
    )
    return Digest(to, subject, "\n\n".join(lines), html)


def _order(row: Mapping[str, Any]) -> tuple[int, str, str]:
    worst_first = ("band_down", "drop", "flag", "plan", "band_up", "rise")
    return worst_first.index(row["kind"]), row["name"], row["sentence"]
