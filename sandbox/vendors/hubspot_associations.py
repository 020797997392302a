"""HubSpot associations: which types of link exist, and reading them in bulk or by record.

Type ids follow the associations guide, checked Nov 2026: a company can be a record's primary one,
and then the unlabelled type stands beside the label.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.vendors.hubspot_http import Call, Refused, Reply, batch_reply, inputs_of, row_error
from sandbox.vendors.hubspot_objects import to_inline
from sandbox.vendors.hubspot_store import Link, Spec, Store

MOST_LINKS = 500
MOST_INPUTS = 1_000
Page = dict[str, Any]

SPECS: dict[tuple[str, str], tuple[Spec, ...]] = {
    ("contacts", "companies"): (
        Spec(1, "Primary", "contact_to_company"),
        Spec(279, None, "contact_to_company_unlabeled"),
    ),
    ("companies", "contacts"): (
        Spec(2, "Primary", "company_to_contact"),
        Spec(280, None, "company_to_contact_unlabeled"),
    ),
    ("deals", "companies"): (
        Spec(5, "Primary", "deal_to_company"),
        Spec(341, None, "deal_to_company_unlabeled"),
    ),
    ("companies", "deals"): (
        Spec(6, "Primary", "company_to_deal"),
        Spec(342, None, "company_to_deal_unlabeled"),
    ),
    ("contacts", "deals"): (Spec(4, None, "contact_to_deal"),),
    ("deals", "contacts"): (Spec(3, None, "deal_to_contact"),),
    ("deals", "line_items"): (Spec(19, None, "deal_to_line_item"),),
    ("line_items", "deals"): (Spec(20, None, "line_item_to_deal"),),
    ("contacts", "meetings"): (Spec(199, None, "contact_to_meeting_event"),),
    ("meetings", "contacts"): (Spec(200, None, "meeting_event_to_contact"),),
    ("meetings", "companies"): (Spec(188, None, "meeting_event_to_company"),),
    ("companies", "meetings"): (Spec(187, None, "company_to_meeting_event"),),
    ("tasks", "companies"): (Spec(192, None, "task_to_company"),),
    ("companies", "tasks"): (Spec(191, None, "company_to_task"),),
    ("feedback_submissions", "contacts"): (Spec(98, None, "feedback_submission_to_contact"),),
    ("contacts", "feedback_submissions"): (Spec(97, None, "contact_to_feedback_submission"),),
}
CHILD = Spec(13, "Child Company", "parent_to_child_company")
PARENT = Spec(14, "Parent Company", "child_to_parent_company")


def connect(store: Store, ends: tuple[str, str], ids: tuple[int, int]) -> None:
    """Link two records in both directions, by the usual types of their kinds."""
    one, other = ends
    store.link((one, other), ids[0], Link(ids[1], SPECS[one, other]))
    store.link((other, one), ids[1], Link(ids[0], SPECS[other, one]))


def connect_family(store: Store, parent: int, child: int) -> None:
    store.link(("companies", "companies"), parent, Link(child, (CHILD,)))
    store.link(("companies", "companies"), child, Link(parent, (PARENT,)))


def target_of(origin: str, type_id: object) -> str:
    """The object type that an association type id of a create body leads to."""
    for (one, other), specs in SPECS.items():
        if one == origin and any(spec.type_id == type_id for spec in specs):
            return other
    raise Refused(400, f"Association type {type_id} is not valid from {origin}")


def read_batch(store: Store, call: Call, now: str) -> Reply:
    """POST …/{from}/{to}/batch/read: records without associations are errors, and make it a 207."""
    return _read_batch(store, call, now, _page)


def read_batch_v3(store: Store, call: Call, now: str) -> Reply:
    """The older shape of the same batch: ids as text, one entry an association type."""
    return _read_batch(store, call, now, _page_v3)


def _read_batch(store: Store, call: Call, now: str, to_page: Callable[..., Page]) -> Reply:
    origin, target = store.kind(call.path["from"]), store.kind(call.path["to"])
    table = store.tables[origin.name]
    results, errors = [], []
    for asked in inputs_of(call.json(), MOST_INPUTS):
        given = str(asked.get("id"))
        row = table.find(given)
        links = store.linked(origin, target, table.ids[row]) if row is not None else []
        if links:
            page = to_page(links, str(asked.get("after") or "0"), MOST_LINKS)
            results.append({"from": {"id": given}, "to": page.pop("results"), **page})
        else:
            errors.append(_none_found(origin.singular, target.singular, given))
    return batch_reply(results, errors, now)


def list_labels(store: Store, call: Call) -> Reply:
    """GET …/associations/{from}/{to}/labels: the types between two kinds, maybe none."""
    return Reply(200, {"results": [_to_type(spec) for spec in _specs_of(store, call)]})


def list_types_v3(store: Store, call: Call) -> Reply:
    """GET /crm/v3/associations/{from}/{to}/types: the same types by id and name."""
    shown = [{"id": str(spec.type_id), "name": spec.inline} for spec in _specs_of(store, call)]
    return Reply(200, {"results": shown})


def _specs_of(store: Store, call: Call) -> tuple[Spec, ...]:
    ends = store.kind(call.path["from"]).name, store.kind(call.path["to"]).name
    return (CHILD, PARENT) if ends == ("companies", "companies") else SPECS.get(ends, ())


def list_by_record(store: Store, call: Call) -> Reply:
    """GET …/{type}/{id}/associations/{to} of v4 and the dated versions."""
    links = _links_of(store, call)
    page = _page(links, call.text("after") or "0", call.limit(MOST_LINKS, MOST_LINKS))
    if "paging" in page:
        page["paging"]["next"]["link"] = call.link(page["paging"]["next"]["after"])
    return Reply(200, page)


def list_by_record_v3(store: Store, call: Call) -> Reply:
    """The older shape of the same list, one row an association type."""
    page = _page_v3(
        _links_of(store, call), call.text("after") or "0", call.limit(MOST_LINKS, MOST_LINKS)
    )
    if "paging" in page:
        page["paging"]["next"]["link"] = call.link(page["paging"]["next"]["after"])
    return Reply(200, page)


def _links_of(store: Store, call: Call) -> list[Link]:
    table, target = store.table(call.path["type"]), store.kind(call.path["to"])
    row = table.find(call.path["id"])
    return store.linked(table.kind, target, table.ids[row]) if row is not None else []


def _cut(links: Sequence[Link], after: str, limit: int) -> tuple[list[Link], str | None]:
    """One page from the id `after` on, and where the next one starts."""
    if not after.isdigit():
        raise Refused(400, f"Invalid 'after': '{after}' is not a paging cursor of this endpoint")
    rest = [link for link in links if link.to_id >= int(after)]
    return rest[:limit], str(rest[limit].to_id) if len(rest) > limit else None


def _page(links: Sequence[Link], after: str, limit: int) -> Page:
    shown, following = _cut(links, after, limit)
    # The API description says text, the wire has a number (vendor reference, Nov 2026).
    results = [
        {"toObjectId": link.to_id, "associationTypes": [_to_type(s) for s in link.specs]}
        for link in shown
    ]
    return _paged(results, following)


def _page_v3(links: Sequence[Link], after: str, limit: int) -> Page:
    shown, following = _cut(links, after, limit)
    return _paged(to_inline(shown), following)


def _paged(results: Sequence[dict[str, Any]], following: str | None) -> Page:
    page: Page = {"results": list(results)}
    return {**page, "paging": {"next": {"after": following}}} if following else page


def _to_type(spec: Spec) -> dict[str, Any]:
    return {"category": "HUBSPOT_DEFINED", "typeId": spec.type_id, "label": spec.label}


def _none_found(origin: str, target: str, record_id: str) -> dict[str, Any]:
    context = {
        "fromObjectId": [record_id],
        "fromObjectType": [origin],
        "toObjectType": [target],
    }
    message = f"No {target} is associated with {origin} {record_id}."
    error = row_error(message, "OBJECT_NOT_FOUND", context)
    return {**error, "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"}
