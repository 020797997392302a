"""The ASGI layer between a vendor's app and its socket, which breaks what it is told to."""

import asyncio
import copy
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from sandbox.faults.answers import HTML_PAGE, own_body
from sandbox.faults.message import App, Receive, Reply, Scope, Send, ask, read_body
from sandbox.faults.pages import Asked, HeldBack
from sandbox.faults.records import change_records, records_of
from sandbox.faults.rules import Faults, Rule


class FaultyApp:
    """One vendor's app behind the faults that name it; untouched while no rule matches."""

    def __init__(
        self, app: App, vendor: str, faults: Faults, *, now: Callable[[], float] = time.time
    ) -> None:
        self.app = app
        self.vendor = vendor
        self.faults = faults
        self._now = now
        self._held_back = HeldBack()
        self._last: dict[str, Reply] = {}
        self._carried: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rules = self.faults.matching(self.vendor, scope["method"], scope["path"])
        if not rules and not self._held_back and not self._carried:
            await self.app(scope, receive, send)
            return
        await _deliver(await self._answer(rules, scope, await read_body(receive)), send)

    async def _answer(self, rules: list[Rule], scope: Scope, body: bytes) -> Reply:
        changes = []
        for rule in rules:
            if not rule.is_due():
                continue
            if (reply := self._instead(rule, scope["path"])) is not None:
                rule.fired += 1
                if rule.options.get("applied"):
                    await ask(self.app, {**scope}, body)
                return reply
            if rule.fault != "repeated_cursor":
                changes.append(rule)
        asked = self._held_back.resolve(Asked(_url_of(scope), scope["query_string"], body))
        reply = await ask(self.app, {**scope, "query_string": asked.query}, asked.body)
        self._put_carried(reply, scope["path"])
        self._last[scope["path"]] = copy.deepcopy(reply)
        for rule in changes:
            if not rule.is_spent:  # requests at the same time may have used it up
                rule.fired += self._change(rule, reply, asked)
        return reply

    def _instead(self, rule: Rule, path: str) -> Reply | None:
        """The answer of a fault that does not ask the vendor at all."""
        options = rule.options
        match rule.fault:
            case "status":
                return self._error(options["code"], options.get("headers", {}), options.get("body"))
            case "retry_after":
                headers = {"Retry-After": options["seconds"]}
                return self._error(options.get("code", 429), headers)
            case "expire_token":
                return self._error(401, {})
            case "html":
                kind = {"content-type": "text/html; charset=utf-8"}
                return Reply(options.get("code", 502), kind, HTML_PAGE)
            case "repeated_cursor":
                return copy.deepcopy(self._last.get(path))
        return None

    def _error(self, code: int, headers: dict[str, Any], body: object = None) -> Reply:
        named = {str(name).lower(): str(value) for name, value in headers.items()}
        if isinstance(body, str):
            return Reply(code, {"content-type": "text/plain; charset=utf-8"} | named, body.encode())
        return Reply.of_json(code, own_body(self.vendor, code) if body is None else body, named)

    def _change(self, rule: Rule, reply: Reply, asked: Asked) -> bool:
        """Apply the fault to the vendor's answer; false when there was nothing to apply it to."""
        if rule.fault == "clock_skew":
            date = self._now() + rule.options["seconds"]
            reply.headers["date"] = formatdate(date, usegmt=True)
            return True
        if rule.fault in WIRE:
            return WIRE[rule.fault](reply, rule.options)
        if reply.status >= 300 or reply.document is None:
            return False
        is_changed = self._change_page(rule, reply.document, asked)
        if is_changed:
            reply.render()
        return is_changed

    def _change_page(self, rule: Rule, document: dict[str, Any], asked: Asked) -> bool:
        rows = records_of(document)
        match rule.fault:
            case "empty_page":
                return self._held_back.empty(document, asked)
            case "reorder":
                (rows or []).reverse()
                return bool(rows)
            case "duplicate":
                return self._duplicate(rule, rows or [], _next_page(document) or asked.url)
            case _:
                return change_records(document, rule.fault, rule.options)

    def _duplicate(self, rule: Rule, rows: list[Any], url: str) -> bool:
        if rows and rule.options.get("where") == "same":
            rows.append(copy.deepcopy(rows[-1]))
        elif rows:
            self._carried[url] = copy.deepcopy(rows[-1])
        return bool(rows)

    def _put_carried(self, reply: Reply, path: str) -> None:
        """Put the last record of the page before in front of this one."""
        rows = records_of(reply.document) if reply.status < 300 else None
        for url in [url for url in self._carried if url.endswith(path)]:
            if rows is not None:
                rows.insert(0, self._carried.pop(url))
                reply.render()


def _next_page(document: Any) -> str | None:  # noqa: ANN401
    """The path of a next page that has another one than this page: Salesforce's."""
    return document.get("nextRecordsUrl") if isinstance(document, dict) else None


def _url_of(scope: Scope) -> str:
    hosts = [value.decode() for name, value in scope["headers"] if name == b"host"]
    return f"http://{hosts[0] if hosts else '127.0.0.1'}{scope['path']}"


def _slow(reply: Reply, options: dict[str, Any]) -> bool:
    reply.pause_s = float(options["seconds"])
    reply.pieces = options.get("pieces", 1)
    return True


def _cut(reply: Reply, options: dict[str, Any]) -> bool:  # noqa: ARG001
    reply.is_cut = bool(reply.body)
    return reply.is_cut


def _truncate(reply: Reply, options: dict[str, Any]) -> bool:  # noqa: ARG001
    reply.body = reply.body[: len(reply.body) // 2]
    return True


def _spoil(reply: Reply, options: dict[str, Any]) -> bool:  # noqa: ARG001
    reply.body = b'{"results": [NaN,, ' + reply.body[:20]
    return True


WIRE = {
    "slow": _slow,
    "cut": _cut,
    "truncated_json": _truncate,
    "invalid_json": _spoil,
}


async def _deliver(reply: Reply, send: Send) -> None:
    """Send the reply; one that is cut ends after half its bytes, and the server hangs up."""
    reply.headers["content-length"] = str(len(reply.body))
    headers = [
        (reply.names.get(name, name).encode(), value.encode())
        for name, value in reply.headers.items()
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if reply.is_cut:
        half = reply.body[: len(reply.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        return
    for piece in _pieces(reply.body, reply.pieces):
        await asyncio.sleep(reply.pause_s / reply.pieces)
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _pieces(body: bytes, count: int) -> list[bytes]:
    size = max(1, -(-len(body) // count))
    return [body[at : at + size] for at in range(0, len(body), size)]
