"""The endpoints that write."""

from typing import Any

from sandbox.vendors import zendesk_render as render
from sandbox.vendors.zendesk_audits import audit
from sandbox.vendors.zendesk_history import history
from sandbox.vendors.zendesk_http import Call, Reply, invalid_attribute
from sandbox.vendors.zendesk_jobs import Jobs
from sandbox.vendors.zendesk_pages import Listing
from sandbox.vendors.zendesk_reads import api_of
from sandbox.vendors.zendesk_rows import Row
from sandbox.vendors.zendesk_writes import Writes


class Changes:
    """Handlers: each takes a call and gives a body, or a reply where it is not a plain 200."""

    def __init__(self, writes: Writes, jobs: Jobs) -> None:
        self._writes = writes
        self._jobs = jobs

    def update(self, call: Call) -> Row:
        row = self._writes.update(call.record_id(), _object(call, "organization"))
        return {"organization": render.organization(row, api_of(call))}

    def create_or_update(self, call: Call) -> Reply:
        row, is_new = self._writes.create_or_update(_object(call, "organization"))
        shown = {"organization": render.organization(row, api_of(call))}
        return Reply(201 if is_new else 200, shown)

    def update_many(self, call: Call) -> Row:
        """One change to many (`ids` and `organization`), or many changes (`organizations`)."""
        if call.text("ids"):
            change = _object(call, "organization")
            rows = [{**change, "id": _number(one)} for one in call.names("ids")]
        else:
            rows = call.json().get("organizations", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise invalid_attribute("organizations", "must be a list of objects")
        return {"job_status": self._jobs.update_many(rows, api_of(call))}

    def create_field(self, call: Call) -> Reply:
        field, place = self._writes.create_field(_object(call, "organization_field"))
        shown = render.organization_field(field, place, api_of(call))
        return Reply(201, {"organization_field": shown})

    def create_ticket(self, call: Call) -> Reply:
        """The ticket and its first audit."""
        row = self._writes.create_ticket(_object(call, "ticket"))
        shown = render.ticket(row, api_of(call))
        body = {"ticket": shown, "audit": audit(history(row)[0])}
        return Reply(201, body, {"Location": shown["url"]})

    def job(self, call: Call) -> Row:
        return {"job_status": self._jobs.show(call.ids["id"], api_of(call))}

    def jobs(self, call: Call) -> Row:
        return Listing("job_statuses", self._jobs.list(api_of(call)), dict).page(call)


def _object(call: Call, name: str) -> dict[str, Any]:
    """400 unless the body holds an object of that name."""
    given = call.json().get(name)
    if not isinstance(given, dict):
        raise invalid_attribute(name, "must be an object")
    return given


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
