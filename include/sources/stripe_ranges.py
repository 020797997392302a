"""A list of Stripe read in ranges of creation, side by side.

Lists come newest first, a hundred a page, and take bounds of `created`. Nothing tells in advance
how many objects a range has, so a range is cut in two whenever a thread has nothing to do.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any

from include.sources.base import rows_of
from include.sources.http.answers import Body
from include.sources.http.client import Client, Params
from include.sources.http.pagination import stripe_has_more
from include.sources.http.side_by_side import Growing, side_by_side

PAGE = 100


@dataclass(frozen=True, slots=True)
class Range:
    """What was created from `first` on and before `until`, epoch seconds; None: no end."""

    first: int = 0
    until: int | None = None

    @property
    def params(self) -> dict[str, Any]:
        end = {} if self.until is None else {"created[lt]": self.until}
        return {"created[gte]": self.first, **end}

    def holds(self, created: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Return whether something may be of this range; what has no such time may."""
        if type(created) is not int:
            return True
        return self.first <= created and (self.until is None or created < self.until)

    def halves(self) -> "tuple[Range, Range] | None":
        """Return the older and the newer half; None for one that has no end, or a second only."""
        if self.until is None or self.until - self.first < 2:
            return None
        middle = (self.first + self.until) // 2
        return replace(self, until=middle), replace(self, first=middle)


@dataclass(frozen=True, slots=True)
class Piece:
    """A page of a range. rest: what of the range is still to come; None: nothing.

    cut_off: the number and the range of what was handed over to another thread.
    """

    number: int
    rows: list[Any]
    rest: Range | None
    cut_off: tuple[int, Range] | None = None


class Walk:
    """One walk over a list. left: the ranges not read yet, as far as its pages were taken."""

    def __init__(
        self,
        client: Client,
        path: str,
        params: Params,
        *,
        ranges: Sequence[Range] = (Range(),),
        whole: Callable[[Any], Any] | None = None,
    ) -> None:
        """whole: what becomes of each row, made in the threads; None: the row itself."""
        self._client = client
        self._path = path
        self._params = {**params, "limit": PAGE}
        self._whole = whole
        self._open = dict(enumerate(ranges))
        self._numbers = count(len(self._open))
        parts = [partial(self._read, *one) for one in self._open.items()]
        self._parts: Growing[Piece] = Growing(parts)

    @property
    def left(self) -> list[Range]:
        return list(self._open.values())

    def pages(self, width: int) -> Iterator[list[Any]]:
        """Yield page after page, of any range; a page's rows stand in the list's order."""
        for piece in side_by_side(self._parts, width=width):
            if piece.rest is None:
                del self._open[piece.number]
            else:
                self._open[piece.number] = piece.rest
            if piece.cut_off is not None:
                number, range_ = piece.cut_off
                self._open[number] = range_
            yield piece.rows

    def _read(self, number: int, range_: Range) -> Iterator[Piece]:
        rest: Range | None = range_
        cut_off: tuple[int, Range] | None = None

        def following(params: Params, body: Body) -> Params | None:
            nonlocal rest, cut_off
            behind, cut_off = stripe_has_more(params, body), None
            if rest is None or behind == params or is_astray(params, rest, body["data"]):
                return params  # which ends the walk: a list must not lead back
            if behind is None:
                rest = None
                return None
            rest = before_last(rest, body["data"])
            halves = rest.halves() if self._parts.are_short else None
            if halves:
                older, rest = halves
                cut_off = next(self._numbers), older
            return {**behind, **rest.params}

        asked = {**self._params, **range_.params}
        for body in self._client.pages(self._path, asked, following):
            rows = rows_of(body, "data", self._path)
            if self._whole is not None:
                rows = [self._whole(row) for row in rows]
            yield Piece(number, rows, rest, cut_off)
            if cut_off is not None:
                self._parts.add(partial(self._read, *cut_off))


def is_astray(params: Params, range_: Range, rows: list[Any]) -> bool:
    """Return whether a page is not what was asked for, but one of before, by its last row."""
    last = rows[-1] if rows and isinstance(rows[-1], dict) else {}
    is_known = "id" in last and last["id"] == params.get("starting_after")
    return is_known or not range_.holds(last.get("created"))


def before_last(range_: Range, rows: list[Any]) -> Range:
    """Return what of a range is behind a page, whose last row's second may go on."""
    created = rows[-1].get("created") if rows and isinstance(rows[-1], dict) else None
    if type(created) is not int or not range_.first <= created:
        return range_
    return replace(range_, until=created + 1)
