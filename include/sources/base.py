"""What every source shares: its shape, the rows of a page, and where the next run may start."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from itertools import islice
from typing import Any, Protocol, TypeVar, runtime_checkable

import orjson

from include.errors import FixConfig, RejectData
from include.sources.findings import Finding
from include.sources.http.answers import Body
from include.sources.http.read_ahead import read_ahead
from include.warehouse.page import Page, State

Pages = Generator[Page, None, None]
T = TypeVar("T")


class NotShown(FixConfig):
    """The vendor shows no such stream, by plan or permission: whether it has records is unknown."""


class Source(Protocol):
    """One vendor's system; the streams in the order in which they should be read."""

    @property
    def name(self) -> str: ...

    @property
    def vendor(self) -> str: ...

    @property
    def streams(self) -> tuple[str, ...]: ...

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Iterator[Page]:
        """Yield a stream's records: all without a state, else those that may have changed.

        The state to go on from next time comes with the pages and holds once they are all stored.
        """
        ...


@runtime_checkable
class Checked(Protocol):
    """A source that can tell what works: `health sources check`."""

    def check(self, now: datetime) -> Iterator[Finding]:
        """Yield the credential first, and no more if it is refused; raises no HealthError.

        Then a finding for each stream (its scope or permission), each name in health.yaml that
        the vendor must know, the limits left, the clock and the API version. now: our clock, aware.
        """
        ...


@dataclass(frozen=True, slots=True)
class Gone:
    """How a record of a stream says that it is no more.

    test: an SQL/JSON path predicate on the payload, as `$.archived == true`. marks: top-level
    fields that are set in the payload we have when the vendor does not list the record any more.
    at: the field that gets the end of as_of then. reach_days: the ids of a stream with a `day` go
    back so many days before as_of; None: they are those of all records. key: as of its pages.
    """

    test: str
    marks: Mapping[str, Any]
    at: str | None = None
    reach_days: int | None = None
    key: tuple[str, ...] = ("id",)


@runtime_checkable
class Reconciled(Protocol):
    """A source whose ids can be walked cheaply: `health reconcile`."""

    @property
    def vendor(self) -> str: ...

    @property
    def streams(self) -> tuple[str, ...]: ...

    @property
    def gone(self) -> Mapping[str, Gone]:
        """The streams whose records can vanish; those of the others never do."""
        ...

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:
        """Yield the id of every living record in blocks, as landing names it; each once at least.

        Deleted and archived ones are left out. as_of: where a stream has days, the last one.
        NotShown where `pages` would yield nothing because the stream cannot be seen.
        """
        ...

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:
        """Yield the records of these ids as `pages` would, without a state, but no lost ones."""
        ...


def only(pages: Iterable[Page], ids: Sequence[str]) -> Iterator[Page]:
    """Yield of each page the records of these ids: fetching where a vendor gives none by id."""
    wanted = set(ids)
    for page in pages:
        records = [record for record in page.records if id_of(record, page.key) in wanted]
        if records:
            yield Page(records, key=page.key, volatile=page.volatile)


def is_object(row: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(row, dict)


def id_of(record: Any, key: tuple[str, ...]) -> str:  # noqa: ANN401 - a record in any form
    """Return a record's id as landing names it; empty where it has none."""
    content = record if isinstance(record, dict) else orjson.loads(bytes(record))
    if not is_object(content):
        return ""
    return "|".join(str(content.get(field, "")) for field in key)


def deliver(pages: Pages, place: str) -> Pages:
    """Read pages ahead in a thread; an answer of a form that we do not know becomes RejectData."""
    return read_ahead(_understood(pages, place))


def _understood(pages: Pages, place: str) -> Pages:
    try:
        yield from pages
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise RejectData(f"{place}: an answer has not the form that it should have.") from error


def rows_of(body: Body, name: str, place: str) -> list[Any]:
    """Return the list of records in a page; RejectData if there is none."""
    rows = body.get(name) if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise RejectData(f"{place}: the answer has no list of {name}; the vendor changed its form.")
    return rows


def end_of(day: date) -> int:
    """Return the end of a day, which is not part of it, in epoch seconds UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time_of_day(), UTC)
    return int(midnight.timestamp())


def safe_start(newest: int | None, as_of: date, before: int | None) -> int | None:
    """Return the epoch second from which the next run must read changes.

    newest: the last change that the vendor had when this run began to read, so no clock of ours is
    asked; None: it had none. A change that claims to come from after the end of as_of is not
    believed, since one bad stamp would hide all real changes until then. Never before `before`.
    """
    if newest is None:
        return before
    start = min(newest, end_of(as_of))
    return start if before is None else max(start, before)


def in_blocks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block
