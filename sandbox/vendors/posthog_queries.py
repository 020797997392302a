"""The query endpoint: answers at once or later, fresh or cached, three queries at a time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson

from sandbox.vendors.posthog_engine import Answer, Cache, Engine, cache_key
from sandbox.vendors.posthog_http import Refused, invalid, malformed, not_found, too_many_at_once

MOST_AT_ONCE = 3  # running queries of a project (vendor documentation, checked Nov 2026)
FRESH = ("force_blocking", True)
AT_ONCE = ("blocking", "async_except_on_cache_miss", "force_cache", False, None)
LATER = ("async", "lazy_async", "force_async")
MOST_KEPT = 20  # later answers


class Queries:
    """`has_limits` False: as many queries at a time as come."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], *, has_limits: bool) -> None:
        self._engine = engine
        self._now = now
        self._cache = Cache()
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE) if has_limits else None
        self._statuses: dict[str, dict[str, Any]] = {}
        self._answers: dict[str, Answer] = {}

    def ask(self, body: bytes) -> tuple[int, bytes]:
        """Status and body: 200 with rows, or 202 with the id under which they will be."""
        asked = _request(body)
        query, values = _hogql(asked.get("query"))
        refresh = asked.get("refresh")
        if refresh not in (*FRESH, *AT_ONCE, *LATER):
            raise invalid(f"Unknown refresh: {refresh}", attr="refresh")
        cached = self._cache.get(cache_key(query, values))
        if cached is not None and refresh not in (*FRESH, "force_async"):
            return 200, cached.body(is_cached=True)
        if refresh in LATER:
            status = self._start(query, values, asked.get("client_query_id"))
            return 202, orjson.dumps({"query_status": status})
        return 200, self._run(query, values).body(is_cached=False)

    def status(self, query_id: str) -> tuple[int, bytes]:
        """202 while it runs, 200 with the rows, 400 when it failed, 404 when it is not known."""
        status = self._statuses.get(query_id)
        if status is None:
            raise not_found(f"Query {query_id} not found for team")
        code = 202 if not status["complete"] else 400 if status["error"] else 200
        shown = orjson.dumps({"query_status": status})
        if code != 200:
            return code, shown
        rows = self._answers[query_id].body(is_cached=False)
        return code, shown[:-2] + b',"results":' + rows + b"}}"

    def _start(self, query: str, values: dict[str, Any], given_id: object) -> dict[str, Any]:
        query_id = given_id if isinstance(given_id, str) and given_id else uuid4().hex
        started = self._now().astimezone(UTC).isoformat()
        status = {
            "id": query_id,
            "team_id": 1,
            "query_async": True,
            "complete": False,
            "error": False,
            "error_message": None,
            "start_time": started,
            "end_time": None,
        }
        self._forget_all_but(MOST_KEPT)
        self._statuses[query_id] = status
        work = (query_id, query, values)
        threading.Thread(target=self._finish, args=work, daemon=True).start()
        return dict(status)

    def _forget_all_but(self, newest: int) -> None:
        for query_id in list(self._statuses)[:-newest]:
            del self._statuses[query_id]
            self._answers.pop(query_id, None)

    def _finish(self, query_id: str, query: str, values: dict[str, Any]) -> None:
        done: dict[str, Any] = {"complete": True}
        try:
            self._answers[query_id] = self._run(query, values)
        except Refused as refused:
            done |= {"error": True, "error_message": refused.body["detail"]}
        done["end_time"] = self._now().astimezone(UTC).isoformat()
        if query_id in self._statuses:
            self._statuses[query_id] = self._statuses[query_id] | done

    def _run(self, query: str, values: dict[str, Any]) -> Answer:
        if self._places is not None and not self._places.acquire(blocking=False):
            raise too_many_at_once(MOST_AT_ONCE)
        try:
            answer = self._engine.run(query, values)
        finally:
            if self._places is not None:
                self._places.release()
        self._cache.put(cache_key(query, values), answer)
        return answer


def _request(body: bytes) -> dict[str, Any]:
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise malformed(f"JSON parse error - {error}") from error
    if not isinstance(asked, dict):
        raise invalid("Invalid data. Expected a dictionary.")
    return asked


def _hogql(node: object) -> tuple[str, dict[str, Any]]:
    """Text and values of a HogQLQuery; 400 for any other kind."""
    if not isinstance(node, dict):
        raise invalid("This field is required.", code="required", attr="query")
    if node.get("kind") != "HogQLQuery" or not isinstance(node.get("query"), str):
        raise invalid("Unsupported query kind: only HogQLQuery with a query", attr="query")
    values = node.get("values") or {}
    if not isinstance(values, dict):
        raise invalid("values must be a dictionary", attr="values")
    return node["query"], values
