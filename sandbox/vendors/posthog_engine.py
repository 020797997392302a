"""Runs HogQL: text and values in, the body of PostHog's answer out."""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import orjson
from sqlglot import exp

from sandbox.vendors.posthog_answers import describe, json_select
from sandbox.vendors.posthog_compile import Compiler
from sandbox.vendors.posthog_http import invalid, timed_out
from sandbox.vendors.posthog_sql import HogQL, parse
from sandbox.vendors.posthog_store import Project

# Without LIMIT 100 rows come, silently; more than 50,000 never (vendor documentation, checked Nov
# 2026). PostHog stops a query after 10 seconds; a busy laptop gets more.
ROWS_WITHOUT_LIMIT, MOST_ROWS = 100, 50_000
MOST_SECONDS = 60.0
CACHE_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """`rows` is the JSON list of the rows, `facts` the rest of the body."""

    rows: bytes
    facts: dict[str, Any]

    def body(self, *, is_cached: bool) -> bytes:
        facts = orjson.dumps({**self.facts, "is_cached": is_cached})
        return b'{"results":' + self.rows + b"," + facts[1:]


class Engine:
    """Thread-safe: each query has a cursor of its own."""

    def __init__(
        self, store: duckdb.DuckDBPyConnection, project: Project, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._project = project
        self._now = now

    def run(self, query: str, values: dict[str, Any]) -> Answer:
        """400 for what cannot be read or resolved, 504 for what takes too long."""
        try:
            return self._run(parse(query, values), cache_key(query, values))
        except RecursionError as error:
            raise invalid("Query is nested too deeply") from error

    def _run(self, tree: exp.Query, key: str) -> Answer:
        compiler = Compiler(tree, self._now(), self._project.time_zone)
        asked = compiler.number(tree.args.get("limit"))
        limit = ROWS_WITHOUT_LIMIT if asked is None else min(asked, MOST_ROWS)
        offset = compiler.number(tree.args.get("offset")) or 0
        inner = compiler.query(tree, limit=limit + 1)
        with self._store.cursor() as cursor:
            shape = _execute(cursor, f"SELECT * FROM ({inner}) LIMIT 0").description  # noqa: S608
            columns = describe(tree, shape, self._project.time_zone)
            rows = [row for (row,) in _execute(cursor, json_select(inner, columns)).fetchall()]
        text = tree.copy().limit(limit).sql(HogQL)
        facts = {
            "columns": [column.name for column in columns],
            "types": [[column.name, column.label] for column in columns],
            "hasMore": len(rows) > limit,
            "limit": limit,
            "offset": offset,
            "hogql": text,
            "clickhouse": text,
            "timings": [],
            "modifiers": {},
            "error": None,
            "explain": None,
            "metadata": None,
            "query_status": None,
            "cache_key": key,
            "last_refresh": self._now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "timezone": self._project.time_zone,
        }
        return Answer(f"[{','.join(rows[:limit])}]".encode(), facts)


def cache_key(query: str, values: dict[str, Any]) -> str:
    """The same for the same text and values."""
    given = orjson.dumps([query, values], option=orjson.OPT_SORT_KEYS)
    return f"cache_{hashlib.md5(given).hexdigest()}"  # noqa: S324


def _execute(cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    watch = threading.Timer(MOST_SECONDS, cursor.interrupt)
    watch.start()
    try:
        return cursor.execute(sql)
    except duckdb.InterruptException as error:
        raise timed_out() from error
    except duckdb.Error as error:
        raise invalid(_said(str(error))) from error
    finally:
        watch.cancel()


def _said(message: str) -> str:
    """The database's complaint in the words of HogQL, without long lists and positions."""
    if column := re.search(r'Referenced column "([^"]+)" (?:not found|was not found)', message):
        return f"Unable to resolve field: {column[1]}"
    if column := re.search(r'does not have a column named "([^"]+)"', message):
        return f"Unable to resolve field: {column[1]}"
    first = message.partition("\n")[0]
    return re.sub(r"ENUM\([^)]*\)", "String", first)[:300]


class Cache:
    """The newest answers, as many as fit into a limited number of bytes."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Answer | None:
        with self._lock:
            return self._answers.get(key)

    def put(self, key: str, answer: Answer) -> None:
        with self._lock:
            self._answers.pop(key, None)
            self._answers[key] = answer
            while sum(len(one.rows) for one in self._answers.values()) > CACHE_BYTES:
                self._answers.popitem(last=False)
