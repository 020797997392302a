"""What clients write into Mixpanel: events and profiles (MIXPANEL.md part 6).

Writes of profiles answer the text 1 or 0 with status 200, or with verbose=1 a document. An import
is checked record by record.
"""

import base64
import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
from fastapi import Response

from sandbox.state import Journal
from sandbox.vendors.mixpanel_http import Call, answer

MOST_EVENTS, MOST_PROFILES = 2000, 200
MOST_BYTES = 10_000_000
OPERATIONS = ("$set", "$set_once", "$unset", "$add", "$union", "$append", "$remove", "$delete")
OLDEST_S = 5 * 366 * 86_400
AHEAD_S = 3600
MILLISECONDS = 10**11  # a time beyond this is no epoch second


class Writes:
    """Every write that was taken goes into the journal, and from there into what is read."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        self._journal = journal
        self._now = now

    def profiles(self, kind: str) -> list[dict[str, Any]]:
        entries = self._journal.entries("mixpanel")
        return [entry for entry in entries if entry.get("kind") == kind]

    def events(self) -> list[dict[str, Any]]:
        return [entry["event"] for entry in self._journal.entries("mixpanel") if "event" in entry]

    def people(self, call: Call) -> Response:
        return self._set(call, "people", "$distinct_id")

    def groups(self, call: Call) -> Response:
        return self._set(call, "groups", "$group_id")

    def _set(self, call: Call, kind: str, id_field: str) -> Response:
        rows = _rows(call)
        wrong = _wrong(rows, id_field)
        for row in rows if not wrong else []:
            for operation in OPERATIONS:
                if operation in row:
                    entry = {"kind": kind, "id": str(row[id_field]), "operation": operation}
                    more = {"group_key": row["$group_key"]} if kind == "groups" else {}
                    self._journal.append("mixpanel", {**entry, **more, "value": row[operation]})
        return _told(call, wrong)

    def track(self, call: Call) -> Response:
        """Taken as they come; what is wrong with one is found out later, so it is dropped."""
        rows = _rows(call)
        for row in rows:
            properties = row.get("properties") if isinstance(row, dict) else None
            if isinstance(properties, dict) and row.get("event"):
                given = {"time": int(self._now().timestamp()), "$insert_id": uuid4().hex[:36]}
                self._take({**row, "properties": {**given, **properties}})
        return _told(call, "" if rows else "data, missing or empty")

    def imported(self, call: Call) -> Response:
        """At most 2,000 events; with strict=1 each is checked, and the good ones are taken.

        In a form, as older clients send them, they are taken and answered like tracked ones.
        """
        if "data" in call.fields:
            return self.track(call)
        rows = _import_rows(call)
        if rows is None:
            return _import_answer(400, 0, [], "some data points in the request failed validation")
        if len(rows) > MOST_EVENTS or len(call.body) > MOST_BYTES:
            return _import_answer(413, 0, [], "request exceeds max limit")
        is_strict = call.text("strict", "1") != "0"
        failed = [one for place, row in enumerate(rows) for one in self._failure(place, row)]
        bad = {one["index"] for one in failed}
        good = [row for place, row in enumerate(rows) if place not in bad]
        for row in good:
            self._take(row)
        if failed and is_strict:
            error = "some data points in the request failed validation"
            return _import_answer(400, len(good), failed, error)
        return _import_answer(200, len(rows) if not is_strict else len(good), [], "")

    def _take(self, row: dict[str, Any]) -> None:
        properties = {name: one for name, one in row["properties"].items() if name != "token"}
        time = properties["time"]
        properties["time"] = int(time / 1000 if time > MILLISECONDS else time)
        properties["mp_processing_time_ms"] = int(self._now().timestamp() * 1000)
        event = {"event": row["event"], "properties": properties}
        self._journal.append("mixpanel", {"event": event})

    def _failure(self, place: int, row: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """What is wrong with an event, as a list of at most one."""
        properties = row.get("properties") if isinstance(row, dict) else None
        if not isinstance(properties, dict) or not isinstance(row.get("event"), str):
            return [_failed(place, "", "event", "'event' must not be missing or blank")]
        insert_id = str(properties.get("$insert_id") or "")
        if not insert_id or len(insert_id) > 36:
            message = "'properties.$insert_id' is invalid: must not be missing"
            return [_failed(place, insert_id, "properties.$insert_id", message)]
        time = properties.get("time")
        now = self._now().astimezone(UTC).timestamp()
        if not isinstance(time, int | float):
            message = "'properties.time' is invalid: must be a number"
            return [_failed(place, insert_id, "properties.time", message)]
        seconds = time / 1000 if time > MILLISECONDS else time
        if not now - OLDEST_S <= seconds <= now + AHEAD_S:
            message = "'properties.time' is invalid: must be specified as seconds since epoch"
            return [_failed(place, insert_id, "properties.time", message)]
        return []


def _failed(index: int, insert_id: str, field: str, message: str) -> dict[str, Any]:
    named = {"$insert_id": insert_id, "insert_id": insert_id}
    return {"index": index, **named, "field": field, "message": message}


def _import_answer(code: int, taken: int, failed: list[dict[str, Any]], error: str) -> Response:
    body: dict[str, Any] = {"code": code, "num_records_imported": taken}
    body |= {"status": "OK"} if code == 200 else {"error": error, "failed_records": failed}
    if code != 200:
        body["status"] = "Bad Request" if code == 400 else "Request Entity Too Large"
    return Response(orjson.dumps(body), code, media_type="application/json")


def _rows(call: Call) -> list[Any]:
    """What was sent: a JSON body, or the form field data with JSON, also in base64."""
    sent: Any = call.document
    if "data" in call.fields:
        text = call.text("data")
        try:
            sent = orjson.loads(text if text[:1] in "[{" else base64.b64decode(text))
        except ValueError:
            return []
    return sent if isinstance(sent, list) else [sent] if isinstance(sent, dict) else []


def _import_rows(call: Call) -> list[Any] | None:
    """Events of an import: a JSON list or JSON Lines, plain or in gzip; None: neither."""
    body = call.body
    if body[:2] == b"\x1f\x8b":
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError):
            return None
    try:
        sent = orjson.loads(body)
        return sent if isinstance(sent, list) else [sent]
    except orjson.JSONDecodeError:
        pass
    try:
        return [orjson.loads(line) for line in body.splitlines() if line.strip()]
    except orjson.JSONDecodeError:
        return None


def _wrong(rows: list[Any], id_field: str) -> str:
    if not rows:
        return "data, missing or empty"
    if len(rows) > MOST_PROFILES:
        return f"data, more than {MOST_PROFILES} updates"
    for row in rows:
        if not isinstance(row, dict) or not row.get("$token"):
            return "token, missing or empty"
        if not row.get(id_field) or (id_field == "$group_id" and not row.get("$group_key")):
            return f"{id_field}, missing or empty"
    return ""


def _told(call: Call, error: str) -> Response:
    if call.text("verbose") == "1":
        return answer({"status": 0 if error else 1, "error": error or None})
    return Response("0" if error else "1", media_type="text/plain")
