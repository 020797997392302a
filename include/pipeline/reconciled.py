"""Compare what we have of a source with what it has, and mend it where a person says so."""

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

from include.errors import FixConfig
from include.pipeline.job import Job
from include.settings import Credentials
from include.sources import open_source
from include.sources.base import Gone, NotShown, Reconciled, in_blocks
from include.warehouse.landing import land
from include.warehouse.page import Page
from include.warehouse.reconcile import Difference, compare

log = logging.getLogger("customer_health")
BLOCK = 1000


@dataclass(frozen=True, slots=True)
class Compared:
    """One stream. repaired: records that were fetched or marked as gone; None: nobody asked for it.

    can_go: whether a record of it may vanish at all, so that those that did can be marked.
    not_shown: why the vendor shows none of it although some is here; nothing is known then.
    """

    stream: str
    here: int
    there: int
    missing: list[str]
    gone: list[str]
    can_go: bool
    repaired: int | None = None
    not_shown: str | None = None

    @property
    def is_equal(self) -> bool:
        return not self.missing and not self.gone and self.not_shown is None

    @property
    def is_mended(self) -> bool:
        """Whether as many records were fetched and marked as were missing and gone."""
        return (self.repaired or 0) >= len(self.missing) + len(self.gone)

    def shown(self) -> dict[str, Any]:
        return asdict(self)


def reconcile(
    job: Job, source: str, credentials: Credentials, as_of: date, *, repairs: bool = False
) -> Iterator[Compared]:
    """Yield each stream of a source, compared by the ids of all living records.

    repairs: fetch what is missing and once more what a check has set aside, and mark what is gone,
    through a landing, so that every version stays; nothing is ever deleted. The facts follow with
    the next run. FixConfig for a source that has no ids to compare.
    """
    reader = open_source(
        job.settings.source(source),
        credentials,
        time_zone=job.settings.time_zone,
        own_prefix=job.settings.crm.prefix,
    )
    if not isinstance(reader, Reconciled):
        raise FixConfig(f"Source {source} ({reader.vendor}) has no ids to compare with.")
    for stream in reader.streams:
        gone = reader.gone.get(stream)
        against = partial(
            compare,
            job.engine,
            source=source,
            stream=stream,
            as_of=as_of,
            gone=gone.test if gone else None,
            reach_days=gone.reach_days if gone else None,
        )
        try:
            found = against(ids=reader.ids(stream, as_of))
        except NotShown as error:
            here = against(ids=()).here
            yield Compared(stream, here, 0, [], [], bool(gone), 0 if repairs else None,
                           str(error) if here else None)  # fmt: skip
            continue
        changed = None
        if repairs and (found.missing or found.set_aside or (gone and found.gone)):
            pages = _repairs(reader, stream, as_of, found, gone)
            landed = land(
                job.engine, run_id=f"reconcile {as_of}", as_of=as_of, source=source,
                vendor=reader.vendor, stream=stream, pages=pages,
            )  # fmt: skip
            changed = landed.changed
        elif repairs:
            changed = 0
        yield Compared(
            stream, found.here, found.there, found.missing, list(found.gone), bool(gone), changed
        )


def _repairs(
    reader: Reconciled, stream: str, as_of: date, found: Difference, gone: Gone | None
) -> Iterator[Page]:
    for ids in in_blocks([*found.missing, *found.set_aside], BLOCK):
        for page in reader.fetch(stream, ids, as_of):
            yield Page(page.records, key=page.key, volatile=page.volatile)
    if gone is None:
        return
    marks = {**gone.marks, **({gone.at: f"{as_of}T23:59:59Z"} if gone.at else {})}
    for block in in_blocks(found.gone.values(), BLOCK):
        yield Page([{**payload, **marks} for payload in block], key=gone.key)
