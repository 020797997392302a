"""Windows of exported days: counted each into its own tally, several at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from zoneinfo import ZoneInfo

from include.sources.base import Gone, Pages, id_of
from include.sources.event_lines import CutShort
from include.sources.http.side_by_side import Done, side_by_side
from include.sources.usage_days import KEY, Tally
from include.warehouse.page import Page, State

TRIES = 3  # for an export that is not whole
NONE_ANY_MORE = {"events": 0, "users": [], "features": []}
# Days at the far end of the history whose first parts may lie before it.
MARGIN_DAYS = 2


def counted(
    count_window: Callable[[Tally], list[bytes]], is_feature: Callable[[str], bool]
) -> Iterator[Page]:
    """Yield the pages of a window, and what in it was no event, to be set aside.

    count_window counts it into a tally and returns the latter. Where the export was not whole, all
    of it is thrown away and counted anew, TRIES times in all; then CutShort, which is RetryLater.
    """
    for tries_left in reversed(range(TRIES)):
        with Tally(is_feature) as tally:
            try:
                unreadable = count_window(tally)
            except CutShort:
                if tries_left:
                    continue
                raise
            for records in tally.pages():
                yield Page(records, key=KEY)
            if unreadable:
                yield Page(unreadable, key=KEY)
            return


def read_windows(
    windows: Sequence[tuple[date, Callable[[], Iterator[Page]]]],
    *,
    width: int,
    state: State,
    following: State,
) -> Pages:
    """Yield the pages of windows of days, `width` of them at a time, and the state that follows.

    windows: the first day of each and what yields its pages, in the order of their days. A run that
    goes on begins behind the windows that are stored without a gap: at the day `resume`.
    """
    done = Done()
    parts = [partial(_numbered, place, pages) for place, (_, pages) in enumerate(windows)]
    for place, page in side_by_side(parts, width=width):
        if page is not None:
            yield page
            continue
        done.add(place)
        if 0 < done.all_before < len(windows):
            first, _ = windows[done.all_before]
            yield Page([], resume={**state, "resume": first.isoformat()})
    yield Page([], following)


def _numbered(place: int, pages: Callable[[], Iterator[Page]]) -> Iterator[tuple[int, Page | None]]:
    """Yield a window's pages, and None when that were all."""
    for page in pages():
        yield place, page
    yield place, None


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the moment at which a day is over in a zone, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time_of_day(), ZoneInfo(time_zone))
    return midnight.astimezone(UTC)


def gone_after(history_days: int) -> Mapping[str, Gone]:
    """Say what becomes of a part whose events were all deleted: one of zeros."""
    reach = max(0, history_days - MARGIN_DAYS)
    return {"usage_day": Gone("$.events == 0", NONE_ANY_MORE, reach_days=reach, key=KEY)}


def ids_of(pages: Iterable[Page], as_of: date, history_days: int) -> Iterator[list[str]]:
    """Yield the ids of the records whose days a reconciliation compares, as `gone_after` says."""
    first = as_of - timedelta(days=max(0, history_days - MARGIN_DAYS))
    for page in pages:
        yield [
            id_of(record, KEY)
            for record in page.records
            if isinstance(record, dict) and first.isoformat() <= record["day"] <= as_of.isoformat()
        ]


def records_with(
    ids: Iterable[str], count_part: Callable[[date], Iterable[Page]]
) -> Iterator[Page]:
    """Yield the records of these ids, by counting anew the parts that they belong to."""
    wanted = set(ids)
    for part in sorted({record_id.rpartition("|")[2] for record_id in wanted}):
        for page in count_part(date.fromisoformat(part)):
            records = [
                record
                for record in page.records
                if isinstance(record, dict) and id_of(record, KEY) in wanted
            ]
            yield Page(records, key=KEY)
