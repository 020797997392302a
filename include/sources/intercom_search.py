"""Intercom's searches: what to ask so that nothing is lost, in which windows, and how they go on.

Contacts are matched by whole days in the workspace's time zone, and `>` there begins with the day
after; for conversations and tickets it begins with the very second. Asking for `>` or `=` gets all
from a moment on in either case, and more; what lies outside is dropped by the full stamps. So no
time zone is needed. Forms: API description 2.16, checked Nov 2026.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from include.sources.http.answers import Body
from include.sources.http.client import Params

PAGE = 150
BEGINNING = 1  # epoch seconds; a first window has no beginning
MOST_WINDOWS = 256
# Search indexes lag by minutes; contacts go by whole days.
DAY_S = 86_400


class Looked(msgspec.Struct):
    """What is looked at of a record that stays as it came."""

    id: Any = None
    created_at: Any = None
    updated_at: Any = None


LOOK = msgspec.json.Decoder(Looked)
NOTHING = Looked()


def looked_at(record: Any) -> Looked:  # noqa: ANN401 - a decoded record, or its bytes
    """Return what is looked at; of a record that is no object nothing is."""
    try:
        if isinstance(record, msgspec.Raw | bytes):
            return LOOK.decode(record)
        return msgspec.convert(record, Looked)
    except msgspec.ValidationError:
        return NOTHING


@dataclass(frozen=True, slots=True)
class Search:
    """Where one kind of record is searched for; rows: the name of the answer's list.

    window_rows: how many records a window of a first run has on average: with fewer than a page
    most windows are one request; contacts, which go by whole days, come twice at each cut.
    """

    path: str
    rows: str
    window_rows: int = 100


@dataclass(frozen=True, slots=True)
class Window:
    """From `first` (included) to `end` (excluded) by one stamp, epoch seconds; None: no bound."""

    field: str
    first: int | None = None
    end: int | None = None

    def holds(self, record: msgspec.Raw) -> bool:
        """A stamp that is no number is held: a check will say so."""
        at = getattr(looked_at(record), self.field)
        if not isinstance(at, int):
            return True
        return (self.first is None or self.first <= at) and (self.end is None or at < self.end)

    def query(self) -> dict[str, Any]:
        """What Intercom has to match: all that the window holds, and some more."""
        first = BEGINNING if self.first is None else self.first
        groups = [_any_of(self.field, (">", "="), first)]
        if self.end is not None:
            groups.append(_any_of(self.field, ("<", "="), self.end))
        return {"operator": "AND", "value": groups}


def _any_of(field: str, operators: Sequence[str], value: int) -> dict[str, Any]:
    filters = [{"field": field, "operator": one, "value": value} for one in operators]
    return {"operator": "OR", "value": filters}


def question(
    query: dict[str, Any], field: str, *, order: str = "ascending", size: int = PAGE
) -> dict[str, Any]:
    """Return a search's body. Ascending: a record that changes while we read moves to the end."""
    return {
        "query": query,
        "pagination": {"per_page": size},
        "sort": {"field": field, "order": order},
    }


def windows_between(first: int, last: int, count: int | None, rows: int) -> list[Window]:
    """Cut the time in which records were created into even parts, both ends open.

    count: how many records there are; None: not told. rows: of one part. A record's creation never
    changes, so none moves between windows while they are read.
    """
    parts = min(MOST_WINDOWS, max(1, (count or 0) // rows), max(1, last - first))
    cuts = [first + (last - first) * part // parts for part in range(1, parts)]
    return [
        Window("created_at", since, end)
        for since, end in zip([None, *cuts], [*cuts, None], strict=True)
    ]


def id_of(record: Any) -> str | None:  # noqa: ANN401 - a decoded record, or its bytes
    """Return a record's id; None where it has none."""
    found = looked_at(record).id
    return None if found is None else str(found)


def search_after(params: Params, body: Body) -> Params | None:
    """Intercom's cursors: until `pages.next` is gone. Older versions gave it as an address."""
    following = _next_of(body)
    if isinstance(following, str):
        following = {name: one[0] for name, one in parse_qs(urlsplit(following).query).items()}
    given = (following or {}).get("starting_after")
    if not given:
        return None
    return {**params, "pagination": {**params["pagination"], "starting_after": given}}


def next_number(params: Params, body: Body) -> Params | None:
    """Intercom's numbered pages: while `pages.next` is there, whatever it holds."""
    return {**params, "page": params["page"] + 1} if _next_of(body) else None


def _next_of(body: Body) -> Any:  # noqa: ANN401 - any JSON value
    """Return `pages.next`; a page without `pages` is an end only where it is seen to hold all.

    AttributeError elsewhere, which becomes RejectData: records would be missing without a word.
    """
    pages, total = body["pages"], body.get("total_count")
    rows = sum(len(value) for value in body.values() if isinstance(value, list))
    if pages is None and (rows >= total if isinstance(total, int) else not rows):
        return None
    return pages.get("next")
