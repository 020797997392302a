"""What a source hands over and a landing takes: some records, and where the next run goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order in which the vendor sent them.

    records: each one decoded, or the JSON bytes of one (also in msgspec's Raw).
    state: where the next run would start if this page were the last; None: as before.
    resume: a state from which a later run may go on, once this page and all before it are stored,
    where this run ends early; None: from here it could not.
    key: the fields whose values, joined by "|", are a record's id within its stream.
    volatile: dotted paths of fields whose change alone makes no new version of a record.
    """

    records: Sequence[Any]
    state: State | None = None
    key: tuple[str, ...] = ("id",)
    volatile: tuple[str, ...] = ()
    resume: State | None = None
