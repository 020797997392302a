"""The endpoints that read companies: the scroll, numbered lists, by key, and who belongs to them.

Companies that nobody belongs to show in no list, only when asked for by id or key.
"""

from collections.abc import Callable

from sandbox.vendors import intercom_render as render
from sandbox.vendors.intercom_http import Call, no_company, not_found
from sandbox.vendors.intercom_pages import WALL, Asked, Ordered, cursor_page, numbered_page
from sandbox.vendors.intercom_rows import Row, Workspace
from sandbox.vendors.intercom_scroll import Scroll
from sandbox.vendors.intercom_search import id_key

# Before this version a company asked for by its key came alone; since then in a list of one
# (vendor reference of 2.5 and API descriptions from 2.7 on, checked Nov 2026).
LISTED_SINCE = (2, 7)


class Companies:
    """Handlers; each takes a call and gives a body."""

    def __init__(self, workspace: Workspace, now: Callable[[], float]) -> None:
        self._workspace = workspace
        self._scroll = Scroll(self._listed, now)

    def scroll(self, call: Call) -> Row:
        rows, param = self._scroll.page(call.text("scroll_param"))
        shown = [self.shown(row) for row in rows]
        return {
            "type": "list",
            "data": shown,
            "pages": None,
            "total_count": None,
            "scroll_param": param,
        }

    def numbered(self, call: Call) -> Row:
        """Those with the latest request first, unless the client wants them last."""
        is_rising = call.text("order") == "asc"
        rows = sorted(
            self._listed(), key=lambda row: (row["updated_at"], row["id"]), reverse=not is_rising
        )
        return self._page(rows, call)

    def find(self, call: Call) -> Row:
        """By `company_id` or whole `name`; else all, of a segment or a tag where one is named."""
        by = next((key for key in ("company_id", "name") if call.text(key)), None)
        if by is None:
            return self._page(self._labelled(call), call)
        wanted = call.text(by)
        found = [row for row in self._workspace.companies.values() if row[by] == wanted]
        if not found:
            raise no_company()
        if call.version < LISTED_SINCE:
            return self.shown(found[0])
        return self._page(found, call)

    def one(self, call: Call) -> Row:
        return self.shown(self._known(call))

    def contacts(self, call: Call) -> Row:
        rows = self._workspace.contacts_of.get(self._known(call)["id"], [])
        found = Ordered.by(rows, lambda row: id_key(row["id"]))
        shown, pages, total = cursor_page(found, Asked.of_query(call, 50))
        data = [render.contact(row) for row in shown]
        return {"type": "list", "data": data, "total_count": total, "pages": pages}

    def of_contact(self, call: Call) -> Row:
        ids = known_contact(self._workspace, call)["company_ids"]
        known = [self._workspace.companies[one] for one in ids if one in self._workspace.companies]
        body = self._page(known, call, wall=None)
        # Its published schema says `companies`, its published example `data`: clients read either.
        return body | {"companies": body["data"]}

    def segments_of(self, call: Call) -> Row:
        wanted = self._known(call)["segment"]
        rows = [row for row in self.all_segments() if row["name"] == wanted]
        return {"type": "list", "data": rows}

    def segments(self, call: Call) -> Row:
        rows = self.all_segments()
        if call.flag("include_count"):
            rows = [row | {"count": self._size(row["name"])} for row in rows]
        return {"type": "segment.list", "segments": rows}

    def segment(self, call: Call) -> Row:
        found = (row for row in self.all_segments() if row["id"] == call.ids["id"])
        row = next(found, None)
        if row is None:
            raise not_found()
        return row

    def counts(self, _call: Call) -> Row:
        contacts = self._workspace.contacts
        users = sum(row["role"] == "user" for row in contacts)
        numbers = {
            "company": len(self._listed()),
            "segment": len(self._workspace.segments),
            "tag": 0,
            "user": users,
            "lead": len(contacts) - users,
        }
        return {"type": "count.hash"} | {name: {"count": n} for name, n in numbers.items()}

    def shown(self, row: Row) -> Row:
        users = len(self._workspace.contacts_of.get(row["id"], ()))
        return render.company(row, users, self.all_segments())

    def all_segments(self) -> list[Row]:
        at = self._workspace.started_at
        times = {"created_at": at, "updated_at": at}
        return [{"type": "segment", **row, **times} for row in self._workspace.segments]

    def _page(self, rows: list[Row], call: Call, *, wall: int | None = WALL) -> Row:
        shown, pages = numbered_page(rows, call, usual=15, wall=wall)
        data = [self.shown(row) for row in shown]
        return {"type": "list", "data": data, "pages": pages, "total_count": len(rows)}

    def _listed(self) -> list[Row]:
        workspace = self._workspace
        return [row for row in workspace.companies.values() if workspace.has_users(row)]

    def _labelled(self, call: Call) -> list[Row]:
        rows = self._listed()
        if call.text("tag_id"):
            return []  # nothing is tagged
        if call.text("segment_id"):
            wanted = {
                row["name"] for row in self.all_segments() if row["id"] == call.text("segment_id")
            }
            return [row for row in rows if row["segment"] in wanted]
        return rows

    def _size(self, segment: str) -> int:
        return sum(row["segment"] == segment for row in self._listed())

    def _known(self, call: Call) -> Row:
        row = self._workspace.companies.get(call.ids["id"])
        if row is None:
            raise no_company()
        return row


def known_contact(workspace: Workspace, call: Call) -> Row:
    row = workspace.contact_by_id.get(call.ids["id"])
    if row is None:
        raise not_found("User Not Found")
    return row
