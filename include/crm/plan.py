"""What to write: each account's values against what the CRM last acknowledged. Pure.

A score that trembles is not news: a value is sent when it moved at least its dead-band since it was
last *acknowledged* (so slow drift is sent in the end), and what changed beside it goes along. The
day and the sentences never cause a write by themselves; but after seven days of silence everything
that differs is sent, so a fresh score is never shown with a day more than seven days old.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from include.crm.catalogue import Catalogue
from include.crm.values import Sentences, Values

MAX_SILENCE_DAYS = 7

Decision = Literal["send", "held", "unchanged", "waiting"]
OnDrift = Literal["leave", "restore"]


@dataclass(frozen=True, slots=True)
class Desired:
    """What one record should show, and what it showed when the CRM last answered.

    values and known are by field name; a name missing in known was never written. drifted: fields
    that somebody changed since, of which known has the value that they gave them. refused: the
    values that the CRM refused in the last days. written_on: the day of the last write, "" where
    there was none; it counts where the CRM does not show the day.
    """

    account_id: int
    record_id: str
    values: Values
    known: Values
    drifted: frozenset[str] = frozenset()
    refused: Values | None = None
    written_on: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """The values of one record to write, and the acknowledged ones that they replace."""

    account_id: int
    record_id: str
    old: Values
    new: Values


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a difference worth a write on one day.

    newest: the newest published day; the scores of an older one are history and never sent.
    on_drift: what becomes of a field that somebody changed by hand: it stays, or ours is restored.
    """

    catalogue: Catalogue
    as_of: date
    newest: date
    on_drift: OnDrift = "leave"


@dataclass(slots=True)
class Survey:
    """What a plan comes to.

    held: differs, but within the dead-bands, or a later day is published already. waiting: would be
    sent, but the CRM refused these very values in the last days. with_band:
    accounts with an acknowledged band; flipped, emptied: those of them that would get another one,
    or none. filled: accounts that had none and would get one. fields: values to write, without the
    sentences.
    """

    accounts: int = 0
    unchanged: int = 0
    held: int = 0
    waiting: int = 0
    changed: "array[int]" = field(default_factory=lambda: array("q"))
    with_band: int = 0
    flipped: int = 0
    emptied: int = 0
    filled: int = 0
    fields: int = 0


def survey(rows: Iterable[Desired], rules: Rules) -> Survey:
    """Decide on every row; only counts and the changed account ids are kept."""
    found = Survey()
    band = rules.catalogue.name("band")
    for row in rows:
        found.accounts += 1
        decision = decide(row, rules)
        if band is not None:
            _count_band(found, row.known.get(band) or "", row.values[band], decision)
        match decision:
            case "send":
                found.changed.append(row.account_id)
                found.fields += len(_differing(row, row.values, rules))
            case "held":
                found.held += 1
            case "waiting":
                found.waiting += 1
            case "unchanged":
                found.unchanged += 1
    return found


def _count_band(found: Survey, shown: str, wanted: str, decision: Decision) -> None:
    found.with_band += bool(shown)
    if decision != "send":
        return
    found.flipped += bool(shown and wanted) and shown != wanted
    found.emptied += bool(shown) and not wanted
    found.filled += bool(wanted) and not shown


def decide(row: Desired, rules: Rules) -> Decision:
    """An older day is never sent, not even to a record that shows no day."""
    differing = _differing(row, row.values, rules)
    if not differing:
        return "unchanged"
    if rules.newest > rules.as_of:
        return "held"
    as_of = rules.catalogue.name("as_of")
    shown_day = (row.known.get(as_of) or "") if as_of else row.written_on
    moved = any(
        field.name in row.drifted
        or has_moved(row.known.get(field.name), row.values[field.name], field.least)
        for field in rules.catalogue.fields
        if field.name in differing
    )
    if moved or is_silent(shown_day, rules.as_of):
        return "waiting" if _was_refused(row, differing, rules) else "send"
    silent = {rules.catalogue.name("as_of"), rules.catalogue.name("receipt")}
    return "unchanged" if set(differing) <= silent else "held"


def has_moved(known: str | None, wanted: str, least: float | None) -> bool:
    """Whether two different values are far enough apart; to and from unknown always is."""
    if least is None:
        return False
    if not least or not known or not wanted:
        return True
    return abs(Decimal(wanted) - Decimal(known)) >= Decimal(str(least))


def is_silent(shown_day: str, as_of: date) -> bool:
    return bool(shown_day) and (as_of - date.fromisoformat(shown_day)).days >= MAX_SILENCE_DAYS


def change_of(row: Desired, said: Sentences, rules: Rules) -> Change:
    """Everything that differs, once it is decided that something is sent.

    A record that is emptied has no sentences either.
    """
    sentences = said if any(row.values.values()) else Sentences()
    wanted = {**row.values, **rules.catalogue.sentences(sentences)}
    new = {name: wanted[name] for name in _differing(row, wanted, rules)}
    old = {name: row.known[name] for name in new if name in row.known}
    return Change(row.account_id, row.record_id, old, new)


def _differing(row: Desired, wanted: Values, rules: Rules) -> list[str]:
    """Return the fields to write, if anything is written: not those that people keep as theirs."""
    kept = row.drifted if rules.on_drift == "leave" else frozenset()
    return [
        name for name, value in wanted.items() if row.known.get(name) != value and name not in kept
    ]


def _was_refused(row: Desired, differing: list[str], rules: Rules) -> bool:
    """Whether all that is worth a write is what was refused; its day does not matter."""
    told = {field.name for field in rules.catalogue.fields if field.least is not None}
    refused = row.refused
    return refused is not None and all(
        refused.get(name) == row.values[name] for name in differing if name in told
    )
