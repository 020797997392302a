"""What clients may write: organisations, their custom fields, new tickets.

Each write goes to the journal.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from sandbox.state import Journal
from sandbox.vendors.zendesk_checks import checked_changes, checked_field, same_text
from sandbox.vendors.zendesk_http import record_invalid, record_not_found
from sandbox.vendors.zendesk_new_tickets import checked_ticket, new_ticket
from sandbox.vendors.zendesk_rows import Desk, Row, iso

VENDOR = "zendesk"
FIRST_NEW_ORGANIZATION = 9_000_000_000
FIRST_NEW_TICKET = 9_000_000_000
FIRST_NEW_FIELD = 7_100


class Writes:
    """Changes a desk, after repeating what earlier sessions wrote."""

    def __init__(self, desk: Desk, journal: Journal, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._journal = journal
        self._now = now
        self._numbering = Lock()
        for entry in journal.entries(VENDOR):
            self._apply(entry)

    def update(self, organization_id: int, changes: Row) -> Row:
        """404 for no such living organisation, 422 for a value it cannot take."""
        row = self._desk.organizations.get(organization_id)
        if row is None or row["deleted_at"] is not None:
            raise record_not_found()
        kept = checked_changes(changes, row, self._desk)
        self._write({"op": "update", "id": organization_id, "changes": kept})
        return row

    def create_or_update(self, changes: Row) -> tuple[Row, bool]:
        """Matches by `id`, else by `external_id`; says whether the organisation is new."""
        row = self._match(changes)
        if row is not None:
            return self.update(row["id"], changes), False
        if not changes.get("name"):
            raise record_invalid("name", "BlankValue", "Name: cannot be blank")
        kept = checked_changes(changes, None, self._desk)
        new_id = max(FIRST_NEW_ORGANIZATION, *self._desk.organizations) + 1
        self._write({"op": "create", "id": new_id, "changes": kept})
        return self._desk.organizations[new_id], True

    def create_field(self, given: Row) -> tuple[Row, int]:
        """The field and its position; 422 for a key that exists or a type that does not."""
        self._write({"op": "field", "field": checked_field(given, self._desk)})
        return self._desk.fields[-1], len(self._desk.fields) - 1

    def create_ticket(self, given: Row) -> Row:
        """The new ticket; 422 for one without words, or of somebody whom the desk does not know."""
        kept = checked_ticket(given, self._desk)
        with self._numbering:
            new_id = max([FIRST_NEW_TICKET, *self._desk.ticket_by_id]) + 1
            self._write({"op": "ticket", "id": new_id, "changes": kept})
        return self._desk.ticket_by_id[new_id]

    def _match(self, changes: Row) -> Row | None:
        rows = self._desk.living_organizations()
        if changes.get("id") is not None:
            return next((row for row in rows if row["id"] == changes["id"]), None)
        key = changes.get("external_id")
        matches = (row for row in rows if key is not None and same_text(row["external_id"], key))
        return next(matches, None)

    def _write(self, entry: Row) -> None:
        entry = {**entry, "at": iso(self._now())}
        self._journal.append(VENDOR, entry)
        self._apply(entry)

    def _apply(self, entry: Row) -> None:
        if entry["op"] == "field":
            new_id = FIRST_NEW_FIELD + len(self._desk.fields)
            field = {"id": new_id, **entry["field"], "created_at": entry["at"]}
            self._desk.fields.append(field)
            return
        if entry["op"] == "ticket":
            self._desk.add_ticket(new_ticket(entry["id"], entry["at"], entry["changes"]))
            return
        if entry["op"] == "create":
            self._desk.organizations[entry["id"]] = _blank(entry["id"], entry["at"])
        row = self._desk.organizations.get(entry["id"])
        if row is None:
            return  # written in another world
        fields = row["organization_fields"] | entry["changes"].get("organization_fields", {})
        row |= {**entry["changes"], "organization_fields": fields}
        row["updated_at"] = max(row["updated_at"], entry["at"])


def _blank(organization_id: int, at: str) -> Row:
    return {
        "id": organization_id,
        "account_no": None,
        "name": "",
        "external_id": None,
        "domain_names": [],
        "organization_fields": {},
        "tags": [],
        "notes": "",
        "details": "",
        "group_id": None,
        "shared_tickets": False,
        "shared_comments": False,
        "created_at": at,
        "updated_at": at,
        "deleted_at": None,
    }
