"""The queries that the source asks, as text. Pure; forms: SOQL reference, checked Nov 2026."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote

# Address and headers may have 16,384 bytes in all; a longer query travels in a bulk job's body.
LONGEST_URI = 12_000
# Salesforce began in 1999: nothing was stamped before.
BEGINNING = int(datetime(1999, 1, 1, tzinfo=UTC).timestamp())
NARROWEST_S = 60


@dataclass(frozen=True, slots=True)
class Query:
    """Records of one object, by a half-open window of a time field, in epoch seconds.

    start None: from the beginning; end None: to the end. conditions: all must hold.
    """

    entity: str
    fields: tuple[str, ...]
    stamp: str
    start: int | None = None
    end: int | None = None
    conditions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self._selecting(", ".join(self.fields)) + self._where

    @property
    def counting(self) -> str:
        return self._selecting("COUNT()") + self._where

    @property
    def newest(self) -> str:
        """Of all records, whatever the window."""
        return f"{self._selecting(self.stamp)} ORDER BY {self.stamp} DESC LIMIT 1"

    @property
    def fits_in_uri(self) -> bool:
        return len(quote(self.text)) <= LONGEST_URI

    def _selecting(self, what: str) -> str:
        return f"SELECT {what} FROM {self.entity}"  # noqa: S608 - names of fields only

    @property
    def _where(self) -> str:
        bounds = [
            f"{self.stamp} {sign} {moment(second)}"
            for sign, second in ((">=", self.start), ("<", self.end))
            if second is not None
        ]
        terms = [*bounds, *self.conditions]
        return f" WHERE {' AND '.join(terms)}" if terms else ""

    def halves(self) -> "Iterator[Query]":
        """Yield the two halves of the window; none where it is as narrow as it gets, or open."""
        if self.end is None:
            return
        start = BEGINNING if self.start is None else self.start
        middle = (start + self.end) // 2
        if self.end - start > NARROWEST_S:
            yield replace(self, end=middle)
            yield replace(self, start=middle)


def moment(second: int) -> str:
    """Write a time as SOQL takes it: unquoted, and with Z, since a + would have to be escaped."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def one_of(field: str, values: Sequence[str]) -> str:
    """Return a condition on a text field; quotes and backslashes in values are escaped."""
    escaped = (value.replace("\\", "\\\\").replace("'", "\\'") for value in values)
    listed = ", ".join(f"'{value}'" for value in escaped)
    return f"{field} IN ({listed})"


def second_of(stamp: str) -> int:
    """Return the epoch second of a time in an answer: `.000+0000` in JSON, `.000Z` in CSV."""
    return int(datetime.fromisoformat(stamp).timestamp())
