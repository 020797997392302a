"""Usage rows of any grain (a user and day, a feature, a single event) to one record an account-day.

Rows come by day; a day is held in memory until the next one begins, whatever order the database
gives accounts in. Users and features are sets, events are summed; without a column of events each
row is one.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from include.errors import RejectData
from include.sources.tables_rows import Record, plain

Row = Sequence[Any]


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
    names: Sequence[str], blocks: Iterable[Iterable[Row]], zone: ZoneInfo, place: str
) -> Iterator[Record]:
    """Yield a record for each account and day, and one for each row without either.

    names: our columns, in the order of the rows. zone: the organisation's, in which a time with a
    zone falls on a day. RejectData where a day comes again after a later one.
    """
    adders = [(adder, names.index(name)) for name, adder in ADDERS.items() if name in names]
    now = date.min
    held: dict[str, AccountDay] = {}
    for block in blocks:
        for (day_value, account_value), rows in _by_account_day(names, block):
            day, account = day_of(day_value, zone), plain(account_value)
            if day is None or account is None or account == "":
                yield from (_odd(account, day_value) for _ in rows)
                continue
            if day < now:
                raise RejectData(f"{place}: days do not come in order; cast the column to a date.")
            if day > now:
                yield from _records(held, now)
                now, held = day, {}
            entry = held.setdefault(str(account), AccountDay())
            columns = list(zip(*rows, strict=True))
            for add, at in adders:
                add(entry, columns[at])
            if "events" not in names:
                entry.events += len(rows)
    yield from _records(held, now)


def _by_account_day(
    names: Sequence[str], block: Iterable[Row]
) -> Iterable[tuple[tuple[Any, Any], list[Row]]]:
    """Put rows with the same values for day and account together, in the order of the first."""
    day_at, account_at = names.index("day"), names.index("account_key")
    groups: dict[tuple[Any, Any], list[Row]] = defaultdict(list)
    for row in block:
        groups[row[day_at], row[account_at]].append(row)
    return groups.items()


def _records(held: dict[str, AccountDay], day: date) -> Iterator[Record]:
    return (entry.record(account, day) for account, entry in held.items())


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


def _add_events(entry: AccountDay, values: Sequence[Any]) -> None:
    if set(map(type, values)) == {int}:
        entry.events += sum(values)
        return
    for value in values:
        try:
            entry.events += Decimal(str(value))
        except InvalidOperation:
            entry.odd["events"] = plain(value)


def _add_users(entry: AccountDay, values: Sequence[Any]) -> None:
    _add_names(entry.users, values)


def _add_features(entry: AccountDay, values: Sequence[Any]) -> None:
    _add_names(entry.features, values)


def _add_names(found: set[str], values: Iterable[Any]) -> None:
    """Add names; nothing and an empty text are none."""
    found.update(
        value if type(value) is str else str(plain(value))
        for value in set(values)
        if value is not None and value != ""
    )


def _add_user_lists(entry: AccountDay, values: Sequence[Any]) -> None:
    for value in values:
        _add_list(entry, "users", value)


def _add_feature_lists(entry: AccountDay, values: Sequence[Any]) -> None:
    for value in values:
        _add_list(entry, "features", value)


def _add_list(entry: AccountDay, name: str, value: Any) -> None:  # noqa: ANN401
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
    _add_names(getattr(entry, name), (str(item) for item in listed if item is not None))


ADDERS = {
    "events": _add_events,
    "user": _add_users,
    "users": _add_user_lists,
    "feature": _add_features,
    "features": _add_feature_lists,
}
