"""What to write: each account's values against what the CRM last acknowledged. Pure.

A score that trembles is not news: a value is sent when it moved at least its dead-band since it was
last *acknowledged* (so slow drift is sent in the end), and what changed beside it goes along. The
day and the reason never cause a write by themselves; but after seven days of silence everything
that differs is sent, so a fresh score is never shown with a day more than seven days old.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from include.crm import fields
from include.crm.fields import Values
from include.errors import RejectData

MAX_SILENCE_DAYS = 7

Decision = Literal["send", "held", "unchanged"]


@dataclass(frozen=True, slots=True)
class Desired:
    """What one record should show, and what it showed when the CRM last answered.

    values and known are by property name; a name missing in known was never written.
    """

    account_id: int
    record_id: str
    values: Values
    known: Values


@dataclass(frozen=True, slots=True)
class Change:
    """The values of one record to write, and the acknowledged ones that they replace."""

    account_id: int
    record_id: str
    old: Values
    new: Values


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a difference worth a write on one day; moves: see fields.moves.

    newest: the newest published day; the scores of an older one are history and never sent.
    """

    prefix: str
    as_of: date
    moves: Mapping[str, float | None]
    newest: date

    def name(self, field: fields.Field) -> str:
        return self.prefix + field.name


@dataclass(slots=True)
class Survey:
    """What a plan comes to.

    held: differs, but within the dead-bands, or a later day is published already. with_band:
    accounts with an acknowledged band; flipped: those of them that would get another one.
    """

    accounts: int = 0
    unchanged: int = 0
    held: int = 0
    changed: "array[int]" = field(default_factory=lambda: array("q"))
    with_band: int = 0
    flipped: int = 0


def survey(rows: Iterable[Desired], rules: Rules) -> Survey:
    """Decide on every row; only counts and the changed account ids are kept."""
    found = Survey()
    band = rules.name(fields.BAND)
    for row in rows:
        found.accounts += 1
        earlier = row.known.get(band)
        found.with_band += bool(earlier)
        match decide(row, rules):
            case "send":
                found.changed.append(row.account_id)
                found.flipped += bool(earlier) and row.values[band] != earlier
            case "held":
                found.held += 1
            case "unchanged":
                found.unchanged += 1
    return found


def decide(row: Desired, rules: Rules) -> Decision:
    """An older day is never sent, not even to a record that shows no day."""
    differing = [name for name, value in row.values.items() if row.known.get(name) != value]
    if not differing:
        return "unchanged"
    if rules.newest > rules.as_of:
        return "held"
    shown_day = row.known.get(rules.name(fields.AS_OF)) or ""
    moved = any(
        has_moved(row.known.get(name), row.values[name], rules.moves[name]) for name in differing
    )
    if moved or is_silent(shown_day, rules.as_of):
        return "send"
    return "unchanged" if differing == [rules.name(fields.AS_OF)] else "held"


def has_moved(known: str | None, wanted: str, least: float | None) -> bool:
    """Whether two different values are far enough apart; to and from unknown always is."""
    if least is None:
        return False
    if not least or not known or not wanted:
        return True
    return abs(Decimal(wanted) - Decimal(known)) >= Decimal(str(least))


def is_silent(shown_day: str, as_of: date) -> bool:
    return bool(shown_day) and (as_of - date.fromisoformat(shown_day)).days >= MAX_SILENCE_DAYS


def change_of(row: Desired, reason: str, rules: Rules) -> Change:
    """Everything that differs, once it is decided that something is sent.

    A record that is emptied has no reason either.
    """
    sentence = fields.to_reason(reason) if any(row.values.values()) else ""
    wanted = {**row.values, rules.name(fields.REASON): sentence}
    new = {name: value for name, value in wanted.items() if row.known.get(name) != value}
    old = {name: row.known[name] for name in new if name in row.known}
    return Change(row.account_id, row.record_id, old, new)


def check_flips(found: Survey, max_share: float) -> None:
    """Raise RejectData when too many bands would flip at once.

    Only accounts with an acknowledged band count, and only where they are at least half of all:
    on a first push there is nothing to flip.
    """
    if found.with_band * 2 < found.accounts or found.flipped <= max_share * found.with_band:
        return
    share = found.flipped / found.with_band
    raise RejectData(
        f"{found.flipped:,} of {found.with_band:,} accounts ({share:.0%}) would change their band"
        f" in the CRM at once; crm.max_band_change_share allows {max_share:.0%}. Nothing was sent."
        " Look for broken data or a new scorecard; if the change is right, raise the limit in"
        " health.yaml for one run."
    )
