"""What clients write into Amplitude: events, and properties of groups and users (part 5)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson
from fastapi import Response

from sandbox.state import Journal
from sandbox.vendors.amplitude_export import Project, text_of
from sandbox.vendors.amplitude_http import Call, Refused, answer

MOST_EVENTS, MOST_IDENTIFICATIONS = 2000, 1024
COPY_MS = 7 * 86_400_000  # so long an insert id is remembered


class Writes:
    """Every write that was taken goes into the journal; events are exported from there."""

    def __init__(
        self,
        journal: Journal,
        project: Project,
        knows: Callable[[object], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._journal = journal
        self._project = project
        self._knows = knows
        self._now = now

    def events(self) -> list[dict[str, Any]]:
        return [entry["event"] for entry in self._journal.entries("amplitude") if "event" in entry]

    def upload(self, call: Call) -> Response:
        """HTTP V2 and batch: events with the API key in the body."""
        sent = call.document if isinstance(call.document, dict) else {}
        rows = sent.get("events")
        if not self._knows(sent.get("api_key")):
            raise Refused(400, {"code": 400, "error": f"Invalid API key: {sent.get('api_key')}"})
        if not isinstance(rows, list) or not rows:
            raise Refused(400, {"code": 400, "error": "Request missing required field",
                                "missing_field": "events"})  # fmt: skip
        if len(rows) > MOST_EVENTS:
            raise Refused(413, {"code": 413, "error": "Payload too large"})
        missing = [at for at, row in enumerate(rows) if not _is_event(row)]
        if missing:
            raise Refused(400, {"code": 400, "error": "Request missing required field",
                                "events_with_missing_fields": {"event_type": missing}})  # fmt: skip
        moment_ms = int(self._now().timestamp() * 1000)
        for row in rows:
            self._take(row, moment_ms)
        told = {"code": 200, "events_ingested": len(rows), "server_upload_time": moment_ms}
        return answer({**told, "payload_size_bytes": len(orjson.dumps(sent))})

    def identify_groups(self, call: Call) -> Response:
        return self._identify(call, "group", ("group_type", "group_value"))

    def identify_users(self, call: Call) -> Response:
        return self._identify(call, "user", ())

    def _identify(self, call: Call, kind: str, needed: tuple[str, ...]) -> Response:
        """Form fields api_key and identification, which is JSON: one object or a list."""
        if not self._knows(call.fields.get("api_key")):
            raise Refused(400, "invalid_api_key")
        sent = call.json("identification")
        rows = sent if isinstance(sent, list) else [sent]
        if not rows or not all(isinstance(row, dict) for row in rows):
            raise Refused(400, "missing_event")
        if any(not row.get(name) for row in rows for name in needed):
            raise Refused(400, "missing_group_type_or_value")
        if len(rows) > MOST_IDENTIFICATIONS:
            raise Refused(413, "payload too large")
        for row in rows:
            self._journal.append("amplitude", {"kind": kind, **row})
        return Response("success", media_type="text/html")

    def _take(self, row: dict[str, Any], moment_ms: int) -> None:
        """Keep an event as it will be exported, unless it is a copy of one."""
        insert_id, device = row.get("insert_id"), row.get("device_id") or row.get("user_id")
        for entry in self.events() if insert_id else ():
            if (entry["$insert_id"], entry["device_id"]) == (insert_id, device):
                return
        happened = text_of(int(row.get("time") or moment_ms))
        uploaded = text_of(moment_ms)
        groups = {
            name: value if isinstance(value, list) else [str(value)]
            for name, value in (row.get("groups") or {}).items()
        }
        event = {
            "$insert_id": insert_id,
            "uuid": str(uuid4()),
            "app": self._project.id,
            "event_type": row["event_type"],
            "user_id": row.get("user_id"),
            "device_id": device,
            "amplitude_id": None,
            "event_time": happened,
            "client_event_time": happened,
            "client_upload_time": uploaded,
            "server_received_time": uploaded,
            "server_upload_time": uploaded,
            "processed_time": uploaded,
            "session_id": row.get("session_id", -1),
            "event_properties": row.get("event_properties") or {},
            "user_properties": row.get("user_properties") or {},
            "group_properties": {},
            "groups": groups,
            "data": {},
        }
        self._journal.append("amplitude", {"event": event})


def _is_event(row: Any) -> bool:  # noqa: ANN401
    has_user = isinstance(row, dict) and (row.get("user_id") or row.get("device_id"))
    return bool(has_user and isinstance(row.get("event_type"), str))
