"""Records on their way to the CRM, and what an answer settles about them. Pure, for any CRM."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from include.crm.plan import Change
from include.crm.values import Values, is_same
from include.errors import HealthError

MOST_TRIES = 3  # of a call that was lost, or of a record that somebody else is writing
LOCKED_WAIT_S = 2.0  # at least, before a locked record is written again
LONGEST_WAIT_S = 60.0
UNKNOWN_RECORD = "the CRM does not know this record (deleted or merged since it was read)"


@dataclass(frozen=True, slots=True)
class Row:
    """One ledger row on its way."""

    write_id: int
    change: Change


@dataclass(frozen=True, slots=True)
class Parcel:
    """Rows that travel in one call. tries: sent without a usable answer; refusals: 429s."""

    rows: tuple[Row, ...]
    tries: int = 0
    refusals: int = 0

    def halves(self) -> list["Parcel"]:
        middle = len(self.rows) // 2
        return [replace(self, rows=rows) for rows in (self.rows[:middle], self.rows[middle:])]


@dataclass(slots=True)
class Verdict:
    """What one answer settled. Rows in `again` are still open.

    missed: rows proved not to have been written, for no fault of theirs. strangers: ids of records
    that were written though we named others. stop: raise it once all this is recorded.
    """

    acknowledged: list[Row] = field(default_factory=list)
    rejected: list[tuple[Row, str]] = field(default_factory=list)
    missed: list[tuple[Row, str]] = field(default_factory=list)
    again: list[Parcel] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    wait_s: float = 0.0
    stop: HealthError | None = None


def compare(parcel: Parcel, shown: Mapping[str, Mapping[str, str | None]]) -> Verdict:
    """Settle rows whose answer was lost by what the CRM shows for them now.

    A record that shows all new values was written. The others are `missed`, and so are records
    that are not there.
    """
    verdict = Verdict()
    for row in parcel.rows:
        now = shown.get(row.change.record_id)
        if now is not None and _shows(now, row.change.new):
            verdict.acknowledged.append(row)
        else:
            verdict.missed.append((row, "the answer was lost; read back, it had not been written"))
    return verdict


def split(parcel: Parcel, words: str, *, may_split: bool) -> Verdict:
    """What a parcel comes to that was refused as a whole: its halves again, or its only row."""
    if len(parcel.rows) == 1:
        return Verdict(rejected=[(parcel.rows[0], words)])
    if may_split:
        return Verdict(again=parcel.halves())
    words = f"refused together with {len(parcel.rows) - 1} others and not tried alone: {words}"
    return Verdict(rejected=[(row, words) for row in parcel.rows])


def wait(parcel: Parcel) -> Verdict:
    """The same rows again, after a wait that doubles with each try."""
    again = replace(parcel, tries=parcel.tries + 1)
    return Verdict(again=[again], wait_s=LOCKED_WAIT_S * 2**parcel.tries)


def try_again(verdict: Verdict, locked: list[tuple[Row, str]], tries: int) -> None:
    """Add rows that somebody else was writing: again after a wait, in the end not written."""
    if locked and tries + 1 < MOST_TRIES:
        verdict.again.append(Parcel(tuple(row for row, _ in locked), tries + 1))
        verdict.wait_s = LOCKED_WAIT_S * 2**tries
    else:
        verdict.missed.extend(locked)


def _shows(now: Mapping[str, str | None], values: Values) -> bool:
    return all(is_same(now.get(name), value) for name, value in values.items())
