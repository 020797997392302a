"""/query and /queryAll: one page of records, and the cursor that leads to the next.

A cursor knows which rows were found, not what stood in them: a page shows what is there when it is
asked for. Vendor facts: REST API developer guide on query, checked Nov 2026.
"""

from collections import OrderedDict

from sandbox.vendors.salesforce_http import Call, Json, Refused, Reply
from sandbox.vendors.salesforce_ids import record_id
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_soql_parse import parse
from sandbox.vendors.salesforce_soql_run import Found, Reading, is_count, run

MOST_CURSORS = 1_000
LEAST_BATCH, MOST_BATCH = 200, 2_000


class Cursors:
    """The queries that are not read to their end, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Found] = OrderedDict()
        self._given = 0

    def keep(self, found: Found) -> str:
        self._given += 1
        name = record_id("0r8", self._given)
        self._kept[name] = found
        while len(self._kept) > MOST_CURSORS:
            self._kept.popitem(last=False)
        return name

    def find(self, name: str) -> Found:
        found = self._kept.get(name)
        if found is None:
            raise Refused(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return found


def query(org: Org, cursors: Cursors, call: Call) -> Reply:
    return _first_page(org, cursors, call, everything=False)


def query_all(org: Org, cursors: Cursors, call: Call) -> Reply:
    """With what was deleted or archived."""
    return _first_page(org, cursors, call, everything=True)


def _first_page(org: Org, cursors: Cursors, call: Call, *, everything: bool) -> Reply:
    text = call.query.get("q")
    if not text:
        message = "A query string has to be specified"
        raise Refused(400, "MALFORMED_QUERY", message)
    parsed = parse(text)
    found = run(Reading(org, everything, call.data), parsed)
    if is_count(parsed):
        return Reply(body={"totalSize": found.total, "done": True, "records": []})
    return Reply(body=_page(org, cursors, call, found, (None, 0)))


def query_more(org: Org, cursors: Cursors, call: Call) -> Reply:
    name, _, offset = call.path["locator"].partition("-")
    found = cursors.find(name)
    if not offset.isdigit() or int(offset) >= len(found.rows):
        raise Refused(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    return Reply(body=_page(org, cursors, call, found, (name, int(offset))))


def _page(
    org: Org, cursors: Cursors, call: Call, found: Found, place: tuple[str | None, int]
) -> Json:
    """The rows from a place on, as many as the client and the org allow."""
    name, start = place
    end = start + _batch(org, call)
    page: Json = {"totalSize": found.total, "done": end >= len(found.rows)}
    if not page["done"]:
        name = name or cursors.keep(found)
        page["nextRecordsUrl"] = f"{call.data}/query/{name}-{end}"
    page["records"] = [found.show(row) for row in found.rows[start:end]]
    return page


def _batch(org: Org, call: Call) -> int:
    asked = call.options("sforce-query-options").get("batchsize", "")
    if not asked:
        return org.settings.batch
    if not asked.isdigit() or not LEAST_BATCH <= int(asked) <= MOST_BATCH:
        message = f"batchSize must be between {LEAST_BATCH} and {MOST_BATCH}"
        raise Refused(400, "INVALID_QUERY_OPTIONS", message)
    return min(int(asked), org.settings.batch)
