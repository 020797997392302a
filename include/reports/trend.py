"""One account's scores over time, and what became of everybody's dips."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection

from include.pipeline.cards import find
from include.pipeline.past import no_history, one_history
from include.reports import Row, numbered, scored_by
from include.scoring.dips import NEVER, Dips, Recovery, find_dips, recoveries
from include.scoring.scorecard import Scorecard
from include.scoring.standing import LOOK_BACK, Banded
from include.scoring.trend import DIRECTIONS, change, trend
from include.warehouse import histories
from include.warehouse.database import query
from include.warehouse.histories import WHOLE, Accounts, History
from include.warehouse.revisions import to_date

BASES = ("live", "reconstructed")
TOUCHES = "meetings_held"
BLOCK = 10_000  # accounts whose scores of a year are 30 MB


@dataclass(frozen=True, slots=True)
class Dip:
    """One dip with its days; None where it did not happen, so far."""

    begun: date
    level: float
    lowest: float
    lowest_on: date
    answered_on: date | None
    recovered_on: date | None
    account_id: int

    @property
    def words(self) -> str:
        """What happened, in a sentence."""
        said = (
            f"{self.begun}: from {self.level:.1f} down to {self.lowest:.1f} on {self.lowest_on}; "
        )
        said += _after("answered", self.begun, self.answered_on) + "; "
        return said + _after("back", self.begun, self.recovered_on)


@dataclass(frozen=True, slots=True)
class Course:
    """An account's scores from `first` on, one a day (None: unknown), and what they say at the end.

    change: over `window` days. band, confirmed_band: 'unknown' where none is.
    below_since: the first of the days below the best band; that far back as there are scores.
    """

    first: date
    last: date
    scores: list[float | None]
    window: int
    change: float | None
    slope_30d: float | None
    slope_p: float | None
    state: str
    streak_days: int
    below_since: date | None
    band: str
    confirmed_band: str
    dips: list[Dip]


def course(
    connection: Connection,
    cards: Sequence[Scorecard],
    account_id: int,
    *,
    days: tuple[date, date],
    window: int,
) -> Course:
    """Describe an account's stored scores on a range of days, both included.

    The days of trend and level before the first one are read as well. cards: of one outcome, the
    one that scores the account now first; bands are its own, those of others unknown to it none.
    """
    first, last = days
    card = cards[0]
    own = Accounts(first_account=account_id, last_account=account_id)
    start = first - timedelta(days=max(LOOK_BACK, window))
    past = _past(connection, cards, own, (start, last))
    if not len(past.account_ids):
        past = no_history(np.array([account_id], np.int32), start, len(past.days))
    best = len(card.bands) - 1
    banded = Banded(past.bands, best=best, confirm=card.confirm_bands_after)
    now = trend(past.scores, banded=banded)
    found = find_dips(past.scores, _touches(connection, past))
    words = [*(band.name for band in card.bands), "unknown", "unknown"]
    shown = (last - first).days + 1
    below = int(now.below[0, 0])
    return Course(
        first=first, last=last, scores=[_known(one) for one in past.scores[0, -shown:]],
        window=window, change=_known(change(past.scores, window, days=1)[0, 0]),
        slope_30d=_known(now.slope[0, 0]), slope_p=_known(now.significance[0, 0]),
        state=[*DIRECTIONS, "unknown"][now.direction[0, 0]], streak_days=int(now.streak[0, 0]),
        below_since=None if below < 0 else last - timedelta(days=below),
        band=words[past.bands[0, -1]], confirmed_band=words[now.confirmed[0, 0]],
        dips=[one for one in _dips(found, past) if (one.recovered_on or last) >= first],
    )  # fmt: skip


def own_first(
    connection: Connection, cards: Sequence[Scorecard], account_id: int, as_of: date
) -> list[Scorecard]:
    """Order the cards of an outcome: first the one that scored an account on a day, if any did."""
    known = numbered(connection, cards)
    by_account = scored_by(connection, known, as_of, [account_id])
    own = [known[number] for number in by_account.values()]
    return own + [card for card in cards if card not in own]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everybody's dips that began in a range of days, and whether answers went with recoveries."""

    first: date
    last: date
    accounts: int
    dips: list[Dip]
    recoveries: list[Recovery]

    def plain(self) -> dict[str, Any]:
        """Return it as data."""
        return asdict(self)


def portfolio(
    connection: Connection, cards: Sequence[Scorecard], first: date, last: date
) -> Portfolio:
    """Find all dips that began on days of a range, both included; a block of accounts at a time."""
    measured = connection.execute(query("snapshots/measure_accounts")).one()
    found: list[Dips] = []
    listed: list[Dip] = []
    accounts = 0
    for start in range(int(measured.first), int(measured.last) + 1, BLOCK):
        own = Accounts(first_account=start, last_account=start + BLOCK - 1)
        past = _past(connection, cards, own, (first - timedelta(days=LOOK_BACK), last))
        accounts += len(past.account_ids)
        dips = _from(find_dips(past.scores, _touches(connection, past)), LOOK_BACK)
        found.append(dips)
        listed += _dips(dips, past)
    return Portfolio(first, last, accounts, sorted(listed, key=_newest), recoveries(_all(found)))


def _newest(dip: Dip) -> tuple[int, int]:
    return -dip.begun.toordinal(), dip.account_id


def _past(
    connection: Connection, cards: Sequence[Scorecard], own: Accounts, days: tuple[date, date]
) -> History:
    words = [band.name for band in cards[0].bands]
    found = [
        histories.load_past(
            connection, bases=BASES, bands=words, scorecard_id=find(connection, card) or 0,
            first_day=days[0], last_day=days[1], **own,
        )
        for card in cards
    ]  # fmt: skip
    return one_history(found, days[0], (days[1] - days[0]).days + 1)


def _touches(connection: Connection, past: History) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return on which days a meeting was held with each account of a history."""
    touched = np.zeros(past.scores.shape, np.bool_)
    if not touched.size:
        return touched
    loaded = histories.load_series(
        connection, {TOUCHES: WHOLE}, past.account_ids, last_day=to_date(past.days[-1])
    )
    account_ids, days, values = loaded[TOUCHES]
    inside = (days >= past.days[0]) & (values > 0)
    lines = np.searchsorted(past.account_ids, account_ids[inside])
    touched[lines, days[inside] - past.days[0]] = True
    return touched


def _from(dips: Dips, first: int) -> Dips:
    """Keep the dips that began on a column or later."""
    kept = dips.begun >= first
    return Dips(*(getattr(dips, name)[kept] for name in dips.__dataclass_fields__))


def _all(found: Sequence[Dips]) -> Dips:
    if not found:
        return find_dips(np.empty((0, 0)))
    names = Dips.__dataclass_fields__
    return Dips(*(np.concatenate([getattr(one, name) for one in found]) for name in names))


def _dips(dips: Dips, past: History) -> Iterator[Dip]:
    for i in range(len(dips)):
        yield Dip(
            begun=_day(past, dips.begun[i]),
            level=float(dips.level[i]),
            lowest=float(dips.lowest[i]),
            lowest_on=_day(past, dips.lowest_day[i]),
            answered_on=_day_or_none(past, dips.answered[i]),
            recovered_on=_day_or_none(past, dips.recovered[i]),
            account_id=int(past.account_ids[dips.account[i]]),
        )


def _day(past: History, column: int) -> date:
    return to_date(past.days[column])


def _day_or_none(past: History, column: int) -> date | None:
    return None if column == NEVER else _day(past, column)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _after(word: str, begun: date, day: date | None) -> str:
    return f"not {word} yet" if day is None else f"{word} after {(day - begun).days} days"


def names_of(connection: Connection, account_ids: Iterable[int]) -> dict[int, Row]:
    """Return CRM id and name of accounts, by our id."""
    binds = {"accounts": sorted(set(account_ids))}
    rows = connection.execute(query("snapshots/name_accounts"), binds).mappings()
    return {row["account_id"]: dict(row) for row in rows}
