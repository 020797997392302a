"""The endpoints of what a workspace has little of, or nothing: ticket types, notes, articles.

Shapes: the examples of the published API description 2.16 (checked Nov 2026).
"""

from functools import partial

from sandbox.vendors.intercom_companies import known_contact
from sandbox.vendors.intercom_door import Handler
from sandbox.vendors.intercom_http import Call, invalid, missing, no_company, not_found
from sandbox.vendors.intercom_pages import Asked, Ordered, cursor_page, numbered_page
from sandbox.vendors.intercom_rows import TICKET_TYPE_ID, Row, Workspace
from sandbox.vendors.intercom_ticket_types import ticket_states, ticket_type_with_states

# Lists that come whole, and lists in pages with how many rows a page has where nobody says.
WHOLE = ("tags", "subscription_types", "help_center/collections", "help_center/help_centers")
WHOLE += ("conversations/attributes", "away_status_reasons")
PAGED = {"articles": 25, "internal_articles": 25, "news/news_items": 10, "news/newsfeeds": 10}
PAGED |= {"calls": 25}
# Of which none can be asked for, since there is none.
ONES = ("articles", "calls", "help_center/collections", "internal_articles", "notes", "tags")
ONES += ("news/news_items", "news/newsfeeds")
# A contact's name in a question for its events, and the field of its row.
NAMES = {"user_id": "external_id", "email": "email", "intercom_user_id": "id"}


def smaller(workspace: Workspace) -> dict[tuple[str, str], Handler]:
    """Handlers by method and path."""
    return {
        **{("GET", f"/{name}"): _nothing for name in WHOLE},
        **{("GET", f"/{name}"): partial(_no_rows, usual=usual) for name, usual in PAGED.items()},
        ("GET", "/articles/search"): _no_articles,
        **{("GET", f"/{name}/{{id}}"): _no_such for name in ONES},
        ("GET", "/ticket_types"): lambda _: _listed([ticket_type_with_states()]),
        ("GET", "/ticket_types/{id}"): _ticket_type,
        ("GET", "/ticket_states"): lambda _: _listed(ticket_states()),
        ("GET", "/contacts/{id}/tags"): partial(_nothing_of_contact, workspace),
        ("GET", "/contacts/{id}/segments"): partial(_nothing_of_contact, workspace),
        ("GET", "/contacts/{id}/subscriptions"): partial(_nothing_of_contact, workspace),
        ("GET", "/contacts/{id}/notes"): partial(_notes_of_contact, workspace),
        ("GET", "/companies/{id}/notes"): partial(_notes_of_company, workspace),
        ("GET", "/events"): partial(_events, workspace),
    }


def _listed(rows: list[Row]) -> Row:
    return {"type": "list", "data": rows}


def _nothing(_call: Call) -> Row:
    return _listed([])


def _no_rows(call: Call, *, usual: int) -> Row:
    _, pages, total = cursor_page(Ordered((), ()), Asked.of_query(call, usual))
    return _listed([]) | {"total_count": total, "pages": pages}


def _no_articles(call: Call) -> Row:
    return _no_rows(call, usual=10) | {"data": {"articles": [], "highlights": []}}


def _no_such(_call: Call) -> Row:
    raise not_found()


def _ticket_type(call: Call) -> Row:
    if call.ids["id"] != str(TICKET_TYPE_ID):
        raise not_found()
    return ticket_type_with_states()


def _nothing_of_contact(workspace: Workspace, call: Call) -> Row:
    known_contact(workspace, call)
    return _listed([])


def _notes_of_contact(workspace: Workspace, call: Call) -> Row:
    known_contact(workspace, call)
    return _no_notes(call)


def _notes_of_company(workspace: Workspace, call: Call) -> Row:
    if call.ids["id"] not in workspace.companies:
        raise no_company()
    return _no_notes(call)


def _no_notes(call: Call) -> Row:
    rows, pages = numbered_page([], call, usual=50)
    return _listed(rows) | {"total_count": 0, "pages": pages}


def _events(workspace: Workspace, call: Call) -> Row:
    """The events of one person; nobody of a world's product sends any."""
    if call.text("type") != "user":
        raise invalid("type must be user")
    name = next((one for one in NAMES if call.text(one)), None)
    if name is None:
        raise missing(f"one of {', '.join(NAMES)} must be present")
    wanted = call.text(name)
    row = next((one for one in workspace.contacts if one[NAMES[name]] == wanted), None)
    if row is None:
        raise not_found("User Not Found")
    return {
        "type": "event.summary",
        "events": [],
        "pages": {"next": None},
        "email": row["email"],
        "intercom_user_id": row["id"],
        "user_id": row["external_id"],
    }
