"""The endpoints that read one record or a list of them."""

from collections.abc import Callable
from typing import Any

from sandbox.vendors import zendesk_render as render
from sandbox.vendors.zendesk_checks import same_text
from sandbox.vendors.zendesk_history import history
from sandbox.vendors.zendesk_http import Call, invalid_attribute, record_not_found
from sandbox.vendors.zendesk_metrics import metric_set
from sandbox.vendors.zendesk_pages import Listing
from sandbox.vendors.zendesk_rows import ADMIN_ID, GROUP_ID, METRIC_SET, Desk, Row, epoch

MOST_AT_ONCE = 100
SCORES = ("offered", "unoffered", "received", "good", "bad")
TICKET_ORDERS = {
    "id": lambda row: (row["id"],),
    "updated_at": lambda row: (row["updated_at"], row["id"]),
    "status": lambda row: (row["status"], row["id"]),
}
RATING_ORDERS = {
    "id": lambda row: (row["id"],),
    "created_at": lambda row: (row["created_at"], row["id"]),
}


def api_of(call: Call) -> str:
    return f"{call.origin}/api/v2"


class Reads:
    """Handlers by kind of record; each takes a call and gives a body."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # organisations

    def organizations(self, call: Call) -> Row:
        """All, or those of one user."""
        rows = self._desk.living_organizations()
        if "user_id" in call.ids:
            user_id = call.record_id("user_id")
            homes = {
                row["organization_id"]
                for row in self._desk.memberships
                if row["user_id"] == user_id
            }
            rows = [row for row in rows if row["id"] in homes]
        return self._listing("organizations", rows, render.organization, call)

    def organization(self, call: Call) -> Row:
        row = self._desk.organizations.get(call.record_id())
        if row is None or row["deleted_at"] is not None:
            raise record_not_found()
        return {"organization": render.organization(row, api_of(call))}

    def find_organizations(self, call: Call) -> Row:
        """By `external_id` or by whole `name`, without regard to case."""
        by = next((key for key in ("external_id", "name") if call.text(key)), None)
        if by is None:
            raise invalid_attribute("name", "or external_id must be given")
        wanted = call.text(by)
        rows = [row for row in self._desk.living_organizations() if same_text(row[by], wanted)]
        return self._listing("organizations", rows, render.organization, call)

    def show_organizations(self, call: Call) -> Row:
        rows = chosen(call, self._desk.living_organizations())
        return self._listing("organizations", rows, render.organization, call)

    # users

    def users(self, call: Call) -> Row:
        roles = [value for key, value in call.query if key in ("role", "role[]")]
        rows = [row for row in self._desk.users if not roles or row["role"] in roles]
        if "organization_id" in call.ids:
            wanted = call.record_id("organization_id")
            members = self._desk.members_of(wanted)
            rows = [row for row in rows if row["id"] in members]
        return self._listing("users", rows, render.user, call)

    def user(self, call: Call) -> Row:
        row = self._desk.user_by_id.get(call.record_id())
        if row is None:
            raise record_not_found()
        return {"user": render.user(row, api_of(call))}

    def deleted_users(self, call: Call) -> Row:
        rows = self._desk.former_users
        return self._listing("deleted_users", rows, render.deleted_user, call)

    def find_users(self, call: Call) -> Row:
        """`query` is an email address or part of a name; `external_id` finds nobody here."""
        wanted = (call.text("query") or "").removeprefix("email:").casefold()
        rows = [
            row
            for row in self._desk.users
            if wanted and (same_text(row["email"], wanted) or wanted in row["name"].casefold())
        ]
        return self._listing("users", rows, render.user, call)

    def show_users(self, call: Call) -> Row:
        rows = chosen(call, [{**row, "external_id": None} for row in self._desk.users])
        return self._listing("users", rows, render.user, call)

    def identities(self, call: Call) -> Row:
        row = self._desk.user_by_id.get(call.record_id("user_id"))
        if row is None:
            raise record_not_found()
        known = [row] if row["email"] else []
        return self._listing("identities", known, render.identity, call)

    def me(self, call: Call) -> Row:
        shown = render.user(self._desk.user_by_id[ADMIN_ID], api_of(call))
        return {"user": {**shown, "authenticity_token": "sandbox"}}

    def memberships(self, call: Call) -> Row:
        rows = self._desk.memberships
        for name in ("user_id", "organization_id"):
            if name in call.ids:
                rows = [row for row in rows if row[name] == call.record_id(name)]
        return self._listing("organization_memberships", rows, render.membership, call)

    # tickets

    def tickets(self, call: Call) -> Row:
        rows, show = self._desk.listed_tickets(), ticket_shower(call)
        for name in ("organization_id", "requester_id", "assignee_id"):
            if name in call.ids:
                wanted = call.record_id(name)
                rows = [row for row in rows if row[name] == wanted]
        return Listing("tickets", rows, show, TICKET_ORDERS).page(call)

    def ticket(self, call: Call) -> Row:
        return {"ticket": ticket_shower(call)(self._ticket(call.record_id()))}

    def ticket_metrics(self, call: Call) -> Row:
        """The newest ticket first; there is no filter by date."""
        rows = self._desk.listed_tickets()
        orders = {"id": lambda row: (-row["id"],)}
        show = _shower(metric_set, call)
        return Listing("ticket_metrics", list(reversed(rows)), show, orders).page(call)

    def metrics_of_ticket(self, call: Call) -> Row:
        row = self._ticket(call.record_id())
        return {"ticket_metric": metric_set(row, api_of(call))}

    def ticket_metric(self, call: Call) -> Row:
        row = self._ticket(call.record_id() - METRIC_SET)
        return {"ticket_metric": metric_set(row, api_of(call))}

    # satisfaction

    def ratings(self, call: Call) -> Row:
        """`start_time` and `end_time` go by the last change; both ends are included."""
        wanted = call.text("score")
        kind = (wanted or "").removesuffix("_with_comment").removesuffix("_without_comment")
        if wanted and kind not in SCORES:
            raise invalid_attribute("score", f"must be one of {', '.join(SCORES)}")
        start, end = call.number("start_time"), call.number("end_time")
        rows = [
            row
            for row in self._desk.ratings
            if (not wanted or _is_scored(row, kind, wanted))
            and (start is None or epoch(row["updated_at"]) >= start)
            and (end is None or epoch(row["updated_at"]) <= end)
        ]
        show = _shower(render.rating, call)
        return Listing("satisfaction_ratings", rows, show, RATING_ORDERS).page(call)

    def rating(self, call: Call) -> Row:
        wanted = call.record_id()
        row = next((row for row in self._desk.ratings if row["id"] == wanted), None)
        if row is None:
            raise record_not_found()
        return {"satisfaction_rating": render.rating(row, api_of(call))}

    # settings

    def organization_fields(self, call: Call) -> Row:
        rows = list(enumerate(self._desk.fields))
        orders = {"id": lambda row: (row[1]["id"],)}

        def show(row: tuple[int, Row]) -> Row:
            return render.organization_field(row[1], row[0], api_of(call))

        return Listing("organization_fields", rows, show, orders).page(call)

    def groups(self, call: Call) -> Row:
        rows = [{"id": GROUP_ID, "created_at": self._desk.users[0]["created_at"]}]
        return self._listing("groups", rows, render.group, call)

    def _listing(
        self, name: str, rows: list[Row], show: Callable[[Row, str], Row], call: Call
    ) -> Row:
        return Listing(name, rows, _shower(show, call)).page(call)

    def _ticket(self, ticket_id: int) -> Row:
        row = self._desk.ticket_by_id.get(ticket_id)
        if row is None or row["status"] == "deleted":
            raise record_not_found()
        return row


def ticket_shower(call: Call) -> Callable[[Row], Row]:
    """With `metric_set` and `comment_count` inside each ticket where the client includes them."""
    api, included = api_of(call), call.names("include")

    def show(row: Row) -> Row:
        shown = render.ticket(row, api)
        if "metric_sets" in included:
            shown["metric_set"] = metric_set(row, api)
        if "comment_count" in included:
            shown["comment_count"] = sum(one.words is not None for one in history(row))
        return shown

    return show


def _shower(show: Callable[[Row, str], Row], call: Call) -> Callable[[Any], Row]:
    api = api_of(call)
    return lambda row: show(row, api)


def chosen(call: Call, rows: list[Row]) -> list[Row]:
    """Those of `ids` or `external_ids`, at most 100; unknown ones are left out."""
    by = "external_id" if call.text("external_ids") else "id"
    wanted = call.names(f"{by}s")
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise invalid_attribute(f"{by}s", f"must list 1 to {MOST_AT_ONCE} ids")
    folded = {one.casefold() for one in wanted}
    return [row for row in rows if str(row[by]).casefold() in folded]


def _is_scored(row: Row, kind: str, wanted: str) -> bool:
    """`offered` and `unoffered` are not answers; `received` is any answer."""
    if not (row["score"] == kind or (kind == "received" and row["score"] in ("good", "bad"))):
        return False
    if wanted.endswith("_with_comment"):
        return bool(row["comment"])
    return not (wanted.endswith("_without_comment") and row["comment"])
