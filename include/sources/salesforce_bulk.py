"""Bulk API 2.0 queries: a job, waited for, and its results as pages of CSV.

Shapes and states: Bulk API 2.0 developer guide, checked Nov 2026. Results are read with the version
that made the job; the last page's locator is the word null.
"""

import logging
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from include.errors import HealthError, RetryLater
from include.sources.base import in_blocks, rows_of
from include.sources.http.answers import Download
from include.sources.http.client import Params
from include.sources.http.side_by_side import side_by_side
from include.sources.salesforce_calls import Calls
from include.sources.salesforce_csv import Row, records_of
from include.sources.salesforce_refusals import code_and_words

log = logging.getLogger("customer_health")
JOBS = "/jobs/query"
MAX_RECORDS = 100_000  # of one page of results, which lies on disk
WIDTH = 5  # pages at a time: as many as the org names in one answer
BLOCK = 2000
PAGE_TRIES = 4  # of one page of results, which stay with their job for days
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 15.0
# A job may be refused for what is asked, or since the day's jobs are used up: REST may do it then.
REFUSED = (400, 403, 404, 405, 409, 415, 422, 501)


def bulk_rows(
    calls: Calls, soql: str, types: Mapping[str, str], *, everything: bool, patience_s: float
) -> Iterator[list[Row]] | None:
    """Return a query's records, 2,000 at a time, as REST would send them; None: use REST.

    types: of the fields, as describe names them. everything: deleted and archived ones too.
    """
    job = _created(calls, soql, everything=everything)
    if job is None or (records := _completed(calls, job, patience_s)) is None:
        return None
    return _results(calls, job, types, records)


def _created(calls: Calls, soql: str, *, everything: bool) -> str | None:
    asked = {
        "operation": "queryAll" if everything else "query",
        "query": soql,
        "contentType": "CSV",
        "columnDelimiter": "COMMA",
        "lineEnding": "LF",
    }
    answer = calls.call("POST", JOBS, json=asked, accept=(200, 201, *REFUSED), retry=True)
    if answer.status not in REFUSED:
        return str(answer.body["id"])
    code, _ = code_and_words(answer.body)
    log.info("salesforce: no bulk job (%s %s); the records are listed instead", answer.status, code)
    return None


def _completed(calls: Calls, job: str, patience_s: float) -> int | None:
    """Wait until a job is done and return how many records it has; None: it failed.

    RetryLater where it takes too long.
    """
    deadline, pause_s = time.monotonic() + patience_s, FIRST_PAUSE_S
    while True:
        try:
            told = calls.get(f"{JOBS}/{job}")
        except HealthError:
            _forget(calls, job, is_running=True)
            raise
        if told["state"] == "JobComplete":
            return int(told.get("numberRecordsProcessed") or 0)
        if told["state"] in ("Failed", "Aborted"):
            log.warning("salesforce: a bulk job did not succeed; the records are listed instead")
            _forget(calls, job)
            return None
        if time.monotonic() > deadline:
            _forget(calls, job, is_running=True)
            raise RetryLater(
                f"salesforce: a bulk job was not done after {patience_s / 60:.0f} minutes. If this "
                "stays, raise bulk_patience_minutes."
            )
        calls.pause(pause_s)
        pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)


def _results(calls: Calls, job: str, types: Mapping[str, str], records: int) -> Iterator[list[Row]]:
    """Yield the pages that the org names, side by side; without names one leads to the next.

    RetryLater where fewer records came in all than the job has.
    """
    read = 0
    try:
        if records > MAX_RECORDS:
            pages = (partial(_page, calls, types, *link) for link in _links(calls, job))
            read = yield from _counting(side_by_side(pages, width=WIDTH))
        if read < max(1, records):
            read = yield from _counting(_chained(calls, job, types))
        if read < records:
            raise RetryLater(f"salesforce: of {records:,} bulk results only {read:,} came.")
    finally:
        _forget(calls, job)


def _counting(blocks: Iterable[list[Row]]) -> Generator[list[Row], None, int]:
    """Yield the blocks and return how many records they had."""
    count = 0
    for block in blocks:
        count += len(block)
        yield block
    return count


def _links(calls: Calls, job: str) -> Iterator[tuple[str, Params]]:
    """Yield where each page of results lies; nothing (more) where the org does not tell it."""
    path, asked = f"{JOBS}/{job}/resultPages", set[str]()
    while path and path not in asked:
        asked.add(path)
        answer = calls.call("GET", path, accept=(200, *REFUSED))
        if answer.status != 200:
            return
        for row in rows_of(answer.body, "resultPages", path):
            link = urlsplit(str(row["resultUrl"]))
            yield link._replace(query="").geturl(), dict(parse_qsl(link.query))
        following = answer.body.get("nextRecordsUrl") or answer.body.get("nextRecordUrl")
        path = "" if answer.body.get("done") else str(following or "")


def _page(
    calls: Calls, types: Mapping[str, str], path: str, params: Params
) -> Generator[list[Row], None, str]:
    """Yield a page's records and return the next page's locator.

    A page that did not come whole is asked for again and goes on behind the records that were
    given: the job's results do not change. Still broken after PAGE_TRIES: its error.
    """
    given = tries = 0
    while True:
        tries += 1
        with calls.download(path, params, {"Accept": "text/csv"}) as page:
            try:
                for block in _verified(page, types, given):
                    given += len(block)
                    yield block
            except HealthError:
                if tries == PAGE_TRIES:
                    raise
            else:
                return page.headers.get("Sforce-Locator", "null")


def _chained(calls: Calls, job: str, types: Mapping[str, str]) -> Iterator[list[Row]]:
    path, locators = f"{JOBS}/{job}/results", set[str]()
    params: dict[str, Any] = {"maxRecords": MAX_RECORDS}
    while True:
        locator = yield from _page(calls, types, path, params)
        if locator in ("null", ""):
            return
        if locator in locators:
            raise RetryLater("salesforce: a page of bulk results led back to one that was read.")
        locators.add(locator)
        params["locator"] = locator


def _verified(page: Download, types: Mapping[str, str], given: int) -> Iterator[list[Row]]:
    """Yield a page's records behind the first `given`.

    The last ones, where a cut would be, come only when there are as many as its header says;
    RetryLater where there are not.
    """
    count, held = given, list[Row]()
    for block in in_blocks(islice(records_of(page.file, types), given, None), BLOCK):
        if held:
            yield held
        count, held = count + len(block), block
    told = page.headers.get("Sforce-NumberOfRecords", "")
    if told.isdecimal() and int(told) != count:
        raise RetryLater(f"salesforce: a page of {int(told):,} bulk results came with {count:,}.")
    if held:
        yield held


def _forget(calls: Calls, job: str, *, is_running: bool = False) -> None:
    """Clean up; a job that stays is deleted by the org after seven days."""
    with suppress(HealthError):
        if is_running:
            calls.call("PATCH", f"{JOBS}/{job}", json={"state": "Aborted"}, accept=(200, 204))
        calls.call("DELETE", f"{JOBS}/{job}", accept=(200, 204))
