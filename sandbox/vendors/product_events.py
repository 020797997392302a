"""A world's product events as arrays: what happened, and when a vendor of analytics heard of it.

Most events arrive within seconds. In the world's first weeks some devices were offline, and their
events arrive up to five days late; so a world of more than five weeks has arrived whole at its end.
Everything that is made up follows from the event's place in the table, which stays the same when
the world goes on.
"""

from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from sandbox.world.model import World

Whole = npt.NDArray[np.int64]
NOBODY = -1
LATE_DAYS = 30  # of the world's beginning
ONE_IN = 100  # of these is late
DAY_S = 86_400
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
USUAL_MS, MOST_USUAL_MS = 500, 20_000


@dataclass(frozen=True, slots=True)
class Events:
    """Columns of one length, in the order of time.

    at: epoch seconds; arrived: epoch milliseconds, never before; row_no: the event's lasting
    number; draw: 63 random bits of it; event and group: places in `names` and `groups`, of which ""
    is no group; person: NOBODY for none.
    """

    at: Whole
    arrived: Whole
    row_no: Whole
    draw: Whole
    event: Whole
    person: Whole
    group: Whole
    names: list[str]
    groups: list[str]

    def __len__(self) -> int:
        return len(self.at)

    def take(self, which: npt.NDArray[np.generic] | slice) -> "Events":
        """Return some of the events: by place, by mask or by slice."""
        taken = {field.name: getattr(self, field.name) for field in fields(self)}
        columns = {
            name: value[which] if isinstance(value, np.ndarray) else value
            for name, value in taken.items()
        }
        return Events(**columns)

    def between(self, first_s: int, until_s: int) -> "Events":
        """Return those that happened from one epoch second until another, which is not included."""
        return self.take(slice(*np.searchsorted(self.at, (first_s, until_s)).tolist()))

    def heard(self, now: datetime) -> "Events":
        return self.take(self.arrived <= int(now.timestamp() * 1000))


def events_of(world: World, *, late_days: int = LATE_DAYS) -> Events:
    """All events of a world; `late_days` 0: none is late."""
    table = world["events"]
    at = table["at"].to_numpy().astype("datetime64[s]").astype(np.int64)
    draw = _draws(len(at))
    start = int(pd.Timestamp(world.start).timestamp())
    names, event = _codes(table["event"])
    groups, group = _codes(table["tenant_key"])
    events = Events(
        at=at,
        arrived=at * 1000 + _delays(draw, at < start + late_days * DAY_S),
        row_no=np.arange(len(at)),
        draw=draw,
        event=event,
        person=table["person_no"].fillna(NOBODY).to_numpy(np.int64),
        group=group,
        names=names,
        groups=groups,
    )
    return events.take(np.argsort(at, kind="stable"))


def _draws(count: int) -> Whole:
    """63 random bits a place: the same for a place however many there are (splitmix64)."""
    mixed = (np.arange(count, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(1)).astype(np.int64)


def _delays(draw: Whole, may_be_late: npt.NDArray[np.bool_]) -> Whole:
    usual = USUAL_MS + draw % (MOST_USUAL_MS - USUAL_MS)
    late = HOUR_MS + (draw >> 16) % (5 * DAY_MS - HOUR_MS)
    return np.where(may_be_late & ((draw >> 40) % ONE_IN == 0), late, usual)


def _codes(column: pd.Series) -> tuple[list[str], Whole]:
    """Its distinct texts, the last of which is "", and the place of each row's text among them."""
    given = column.astype("category").array
    texts = ["" if pd.isna(text) else str(text) for text in given.categories] + [""]
    codes = given.codes.astype(np.int64)
    return texts, np.where(codes < 0, len(texts) - 1, codes)
