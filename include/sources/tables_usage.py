"""Usage rows of any grain (a user and day, a feature, a single event) to one record an account-day.

Rows come by day; a day is held in memory until the next one begins, whatever order the database
gives accounts in. Users and features are sets, events are summed; without a column of events each
row is one.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from include.errors import RejectData
from include.sources.tables_rows import Record, plain


@dataclass(slots=True)
class AccountDay:
    """What an account's rows of one day come to. odd: a value that is none; it spoils the day."""

    events: int | Decimal = 0
    users: set[str] = field(default_factory=set)
    features: set[str] = field(default_factory=set)
    odd: dict[str, Any] = field(default_factory=dict)

    def record(self, account_key: str, day: date) -> Record:
        """Return the record; a value that is none stands in it, so that the check names it."""
        return {
            "account_key": account_key,
            "day": day.isoformat(),
            "events": plain(self.events),
            "users": sorted(self.users),
            "features": sorted(self.features),
        } | self.odd


def usage_days(
    names: Sequence[str], rows: Iterable[Sequence[Any]], zone: ZoneInfo, place: str
) -> Iterator[Record]:
    """Yield a record for each account and day, and one for each row without either.

    names: our columns, in the order of the rows. zone: the organisation's, in which a time with a
    zone falls on a day. RejectData where a day comes again after a later one.
    """
    at = {name: names.index(name) for name in names}
    account_at, day_at = at["account_key"], at["day"]
    adders = [(adder, at[name]) for name, adder in ADDERS.items() if name in at]
    counts_rows = "events" not in at
    now: date | None = None
    held: dict[str, AccountDay] = {}
    for row in rows:
        day = day_of(row[day_at], zone)
        account = plain(row[account_at])
        if day is None or account is None or account == "":
            yield _odd(account, row[day_at])
            continue
        if day != now:
            if now is not None and day < now:
                raise RejectData(f"{place}: days do not come in order; cast the column to a date.")
            yield from _records(held, now)
            now, held = day, {}
        entry = held.get(account := str(account))
        if entry is None:
            entry = held[account] = AccountDay()
        for adder, place_of in adders:
            adder(entry, row[place_of])
        if counts_rows:
            entry.events += 1
    yield from _records(held, now)


def _records(held: dict[str, AccountDay], day: date | None) -> Iterator[Record]:
    for account, entry in held.items():
        assert day is not None
        yield entry.record(account, day)


def _odd(account: Any, day: Any) -> Record:  # noqa: ANN401 - any value of a database
    """A row that is about no account or no day: what is checked later says so."""
    return {"account_key": account, "day": plain(day), "events": 0, "users": [], "features": []}


def day_of(value: Any, zone: ZoneInfo) -> date | None:  # noqa: ANN401 - any value of a database
    """Return the day of a date or time; one without a zone is taken by its own date.

    None where it is none of these.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None


def _add_events(entry: AccountDay, value: Any) -> None:  # noqa: ANN401
    if type(value) is int:
        entry.events += value
        return
    try:
        entry.events += Decimal(str(value))
    except InvalidOperation:
        entry.odd["events"] = plain(value)


def _add_user(entry: AccountDay, value: Any) -> None:  # noqa: ANN401
    if value is not None and value != "":
        entry.users.add(str(plain(value)))


def _add_feature(entry: AccountDay, value: Any) -> None:  # noqa: ANN401
    if value is not None and value != "":
        entry.features.add(str(plain(value)))


def _add_users(entry: AccountDay, value: Any) -> None:  # noqa: ANN401
    _add_all(entry, "users", value)


def _add_features(entry: AccountDay, value: Any) -> None:  # noqa: ANN401
    _add_all(entry, "features", value)


def _add_all(entry: AccountDay, name: str, value: Any) -> None:  # noqa: ANN401
    """Add the members of a list, or of a JSON list in a text; anything else is odd."""
    if value is None or value == "":
        return
    listed = plain(value)
    if isinstance(listed, str):
        try:
            listed = json.loads(listed)
        except ValueError:
            listed = value
    if not isinstance(listed, list):
        entry.odd[name] = plain(value)
        return
    getattr(entry, name).update(str(item) for item in listed if item is not None and item != "")


ADDERS = {
    "events": _add_events,
    "user": _add_user,
    "users": _add_users,
    "feature": _add_feature,
    "features": _add_features,
}
