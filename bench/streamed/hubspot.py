"""HubSpot over a streamed world: lists, searches, batches and associations, and the push's writes.

Archived records there are none; limits are there, but so wide that nobody reaches them.
"""

import re
from collections import Counter
from typing import Any

import numpy as np

from bench.streamed.door import Asked
from bench.streamed.hubspot_kinds import COMPANIES, CONTACTS, KINDS, Kind, owners
from bench.streamed.hubspot_push import Written
from bench.streamed.world import World, ascending, iso
from sandbox.vendors.hubspot_http import Call, Refused, batch_reply, inputs_of, not_found, row_error

MOST_FOUND = 10_000
WRITTEN_S = 60  # behind the end of the day
ALWAYS = "hs_object_id"
HISTORIES = {"lifecyclestage", "industry", "hubspot_owner_id", "segment"}
OBJECTS = re.compile(r"/crm/v3/objects/(\w+)(/search|/batch/read|/batch/update)?")
ASSOCIATIONS = re.compile(r"/crm/v4/associations/(\w+)/companies/batch/read")
PROPERTIES = "/crm/v3/properties/companies"
GENEROUS = {  # limits that nobody reaches
    "X-HubSpot-RateLimit-Max": "1000000",
    "X-HubSpot-RateLimit-Remaining": "1000000",
    "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
}


class HubSpot:
    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: Counter[str] = Counter()
        self._written = Written(world.accounts)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        call = Call(asked.method, asked.origin + asked.path, {}, asked.query, asked.body)
        try:
            return self._answer(call, asked)
        except Refused as refused:
            return refused.status, refused.body()

    def _answer(self, call: Call, asked: Asked) -> tuple[int, Any]:
        if asked.path.startswith(PROPERTIES):
            return self._written.define(call, asked.path.removeprefix(PROPERTIES))
        if asked.route == "GET /crm/v3/owners":
            return 200, self._owners(call)
        if asked.method == "POST" and (linked := ASSOCIATIONS.fullmatch(asked.path)):
            return self._associated(call, _kind(linked[1]))
        found = OBJECTS.fullmatch(asked.path)
        answers = {
            ("GET", None): self._listed, ("POST", "/search"): self._found,
            ("POST", "/batch/read"): self._read, ("POST", "/batch/update"): self._update,
        }  # fmt: skip
        if found is None or (asked.method, found[2]) not in answers:
            raise not_found()
        return answers[asked.method, found[2]](call, _kind(found[1]))

    def _owners(self, call: Call) -> Any:
        rows = [one for one in owners(self.world) if one["archived"] is call.flag("archived")]
        limit, after = call.limit(100, 500), int(call.text("after") or 0)
        rows = [one for one in rows if int(one["id"]) > after]
        self.sent["owners"] += len(rows[:limit])
        last = rows[limit - 1]["id"] if len(rows) > limit else None
        return {"results": rows[:limit], **_paging(call, last)}

    def _listed(self, call: Call, kind: Kind) -> tuple[int, Any]:
        """By id; nothing here is archived. `after` is the next id to show."""
        if call.flag("archived"):
            return 200, {"results": []}
        history = call.names("propertiesWithHistory")
        limit = call.limit(10, 50 if history else 100)
        start, stop = kind.from_id(int(call.text("after") or 0)), kind.count(self.world)
        places = ascending(lambda part: kind.exists(self.world, part), start, stop, limit + 1)
        records = self._records(kind, places[:limit], call.names("properties"), history)
        self.sent[kind.name] += len(records)
        following = str(kind.ids(places[limit - 1]) + 1) if len(places) > limit else None
        return 200, {"results": records, **_paging(call, following)}

    def _found(self, call: Call, kind: Kind) -> tuple[int, Any]:
        """Filters on the last change and on the id; sorted by either."""
        asked = call.json()
        start, since = self._filters(kind, asked)
        places = np.arange(start, kind.count(self.world))
        places = places[kind.exists(self.world, places)]
        times = self._modified(kind, places)
        places = places[times >= since]
        if asked["sorts"][0]["propertyName"] == kind.modified:
            places = places[np.argsort(-times[times >= since], kind="stable")]
        after, limit = int(asked["after"]), asked["limit"]
        if after + limit > MOST_FOUND:
            raise Refused(400, f"Paging beyond {MOST_FOUND} results is not supported")
        page = places[after : after + limit].tolist()
        records = self._records(kind, page, asked["properties"], [])
        if asked["properties"] != [ALWAYS] and asked["filterGroups"]:
            self.sent[kind.name] += len(records)
        more = {"paging": {"next": {"after": str(after + limit)}}}
        return 200, {
            "total": len(places), "results": records,
            **(more if after + limit < len(places) else {}),
        }  # fmt: skip

    def _filters(self, kind: Kind, asked: dict[str, Any]) -> tuple[int, int]:
        """The first place and the first second that a search asks for; 400 for other filters."""
        start, since = 0, 0
        for group in asked["filterGroups"]:
            for one in group["filters"]:
                rule = one["propertyName"], one["operator"]
                if rule == (ALWAYS, "GT"):
                    start = kind.from_id(int(one["value"]) + 1)
                elif rule == (kind.modified, "GTE"):
                    since = -(-int(one["value"]) // 1_000)
                else:
                    raise Refused(400, f"This filter is not answered here: {' '.join(rule)}")
        return start, since

    def _read(self, call: Call, kind: Kind) -> tuple[int, Any]:
        asked = call.json()
        history = asked.get("propertiesWithHistory") or []
        ids = [str(row.get("id")) for row in inputs_of(asked, 50 if history else 100)]
        places, missing = self._places(kind, ids)
        records = self._records(kind, places, asked["properties"], history)
        self.sent[kind.name] += len(records) if history else 0
        return self._batch(records, [_unknown(kind, missing)] if missing else [])

    def _associated(self, call: Call, kind: Kind) -> tuple[int, Any]:
        """A company's own record is linked to none here."""
        rows, errors = [], []
        for one in inputs_of(call.json(), 1_000):
            place = kind.place(self.world, one.get("id"))
            if place is None or not kind.types:
                errors.append(_unlinked(kind, str(one.get("id"))))
                continue
            types = [
                {"category": "HUBSPOT_DEFINED", "typeId": number, "label": label}
                for number, label in kind.types
            ]
            company = int(COMPANIES.ids(place // kind.width))
            to = [{"toObjectId": company, "associationTypes": types}]
            rows.append({"from": {"id": str(one["id"])}, "to": to})
        return self._batch(rows, errors)

    def _update(self, call: Call, kind: Kind) -> tuple[int, Any]:
        """Companies only; a bad value anywhere refuses all of it."""
        if kind is not COMPANIES:
            raise not_found()
        inputs = inputs_of(call.json(), 100)
        stored = [self._written.stored(row["properties"]) for row in inputs]
        results, missing = [], []
        for row, values in zip(inputs, stored, strict=True):
            place = kind.place(self.world, row.get("id"))
            if place is None:
                missing.append(str(row.get("id")))
                continue
            self._written.keep(place, values, self.world.now + WRITTEN_S)
            [record] = self._records(kind, [place], list(values), [])
            traced = {key: row[key] for key in ("objectWriteTraceId",) if key in row}
            results.append(record | traced)
        return self._batch(results, [_unknown(kind, missing)] if missing else [])

    def _records(
        self, kind: Kind, places: list[int], wanted: list[str], history: list[str]
    ) -> list[dict[str, Any]]:
        """Records as SimplePublicObject: the properties asked for, and those always given."""
        changed = self._modified(kind, np.array(places, np.int64)).tolist()
        made = kind.made(self.world, np.array(places, np.int64)).tolist()
        names = [*dict.fromkeys([*wanted, kind.created, kind.modified, ALWAYS])]
        told = kind.changed(self.world, np.array(places, np.int64)).tolist()
        return [
            self._record(kind, place, (made_at, changed_at, told_at), names, history)
            for place, made_at, changed_at, told_at in zip(places, made, changed, told, strict=True)
        ]

    def _record(
        self, kind: Kind, place: int, times: tuple[int, int, int], names: list[str],
        history: list[str],
    ) -> dict[str, Any]:  # fmt: skip
        """times: when it was made, last changed at all, and last changed by people."""
        record_id, (account, own) = str(kind.ids(place)), divmod(place, kind.width)
        made, changed = (iso(time, millis=".000") for time in times[:2])
        values = kind.values(self.world, self.world.account(account), own, times[2])
        values |= {kind.created: made, kind.modified: changed, ALWAYS: record_id}
        if kind is COMPANIES:
            values |= self._written.values(place)
        record: dict[str, Any] = {
            "id": record_id, "properties": {name: values.get(name) or None for name in names},
            "createdAt": made, "updatedAt": changed, "archived": False,
        }  # fmt: skip
        if history:
            told = iso(times[2], millis=".000")
            since = {name: made if kind is CONTACTS or name in HISTORIES else told
                     for name in history}  # fmt: skip
            record["propertiesWithHistory"] = {
                name: _history(values.get(name), since[name]) for name in history
            }
        return record

    def _modified(self, kind: Kind, places: Any) -> Any:
        changed = kind.changed(self.world, places)
        return np.maximum(changed, self._written.at[places]) if kind is COMPANIES else changed

    def _places(self, kind: Kind, ids: list[str]) -> tuple[list[int], list[str]]:
        places = {one: kind.place(self.world, one) for one in ids}
        there = [place for place in places.values() if place is not None]
        return there, [one for one, place in places.items() if place is None]

    def _batch(self, results: list[Any], errors: list[Any]) -> tuple[int, Any]:
        reply = batch_reply(results, errors, iso(self.world.now, millis=".000"))
        return reply.status, reply.body


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Refused(400, f"Unable to infer object type from: {name}")
    return KINDS[name]


def _history(value: str | None, since: str) -> list[dict[str, str]]:
    one = {"value": value, "timestamp": since, "sourceType": "IMPORT", "sourceId": "1"}
    return [one] if value else []


def _paging(call: Call, after: str | None) -> dict[str, Any]:
    return {"paging": {"next": {"after": after, "link": call.link(after)}}} if after else {}


def _unlinked(kind: Kind, record_id: str) -> dict[str, Any]:
    context = {
        "fromObjectId": [record_id], "fromObjectType": [kind.singular], "toObjectType": ["company"],
    }  # fmt: skip
    message = f"No company is associated with {kind.singular} {record_id}."
    return row_error(message, "OBJECT_NOT_FOUND", context)


def _unknown(kind: Kind, missing: list[str]) -> dict[str, Any]:
    message = (
        f"Could not get some {kind.singular.upper()} objects, they may be deleted or not exist."
        " Check that ids are valid."
    )
    return row_error(message, "OBJECT_NOT_FOUND", {"ids": missing})
