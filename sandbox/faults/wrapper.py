"""The ASGI layer between a vendor's app and its socket, which breaks what it is told to."""

import asyncio
import copy
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from sandbox.faults.answers import HTML_PAGE, own_body
from sandbox.faults.bodies import SPOILED, spoil
from sandbox.faults.forms import JSON
from sandbox.faults.message import App, Receive, Reply, Scope, Send, ask, read_body
from sandbox.faults.pages import Asked, HeldBack, next_cursor
from sandbox.faults.records import change_field, change_records, list_of
from sandbox.faults.rules import Faults, Rule

MOST_PAGES = 16  # that are remembered, to be sent once more
# The path of a next page, the cursor that it is asked with, and which list at that path it is of.
Lead = tuple[str, str, str]


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
        self._pages: dict[Lead, Reply] = {}
        self._carried: dict[Lead, tuple[Rule, Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rules = self.faults.matching(self.vendor, scope["method"], scope["path"])
        if not rules and not self._held_back and not self._carried:
            await self.app(scope, receive, send)
            return
        await _deliver(await self._answer(rules, scope, await read_body(receive)), send)

    async def _answer(self, rules: list[Rule], scope: Scope, body: bytes) -> Reply:
        asked = Asked(_url_of(scope), scope["query_string"], body)
        changes = []
        for rule in rules:
            if not rule.is_due() and _credential(scope) not in rule.refused:
                continue
            if (reply := self._instead(rule, scope, asked)) is not None:
                rule.fired += 1
                if rule.options.get("applied"):
                    await ask(self.app, {**scope}, body)
                return reply
            if rule.fault not in {"repeated_cursor", "expire_token"}:
                changes.append(rule)
        meant, held = self._held_back.resolve(asked)
        reply = await ask(self.app, {**scope, "query_string": meant.query}, meant.body)
        self._change_reply(rules, changes, reply, meant)
        if held and not reply.is_whole:
            self._held_back.hold_again(held, meant)
        return reply

    def _change_reply(
        self, rules: list[Rule], changes: list[Rule], reply: Reply, asked: Asked
    ) -> None:
        """Put in and leave out what earlier answers began, then let the rules that are due act.

        Those of records come before those of bodies, which would be written anew.
        """
        self._put_carried(reply, asked)
        self._leave_out_late(rules, reply)
        if any(rule.fault == "repeated_cursor" for rule in rules):
            self._keep(reply, asked)
        for rule in sorted(changes, key=lambda rule: rule.fault in SPOILED):
            if not rule.is_spent:  # requests at the same time may have used it up
                rule.fired += self._change(rule, reply, asked)

    def _instead(self, rule: Rule, scope: Scope, asked: Asked) -> Reply | None:
        """The answer of a fault that does not ask the vendor at all."""
        options = rule.options
        match rule.fault:
            case "status":
                return self._error(options["code"], options.get("headers", {}), options.get("body"))
            case "retry_after":
                headers = {"Retry-After": options["seconds"]}
                return self._error(options.get("code", 429), headers)
            case "expire_token":
                if options.get("for_good") and (credential := _credential(scope)):
                    rule.refused.add(credential)
                return self._error(401, {})
            case "html":
                kind = {"content-type": "text/html; charset=utf-8"}
                return Reply(options.get("code", 502), kind, HTML_PAGE)
            case "repeated_cursor":
                kept = map(self._pages.get, _leads_to(asked))
                return copy.deepcopy(next(filter(None, kept), None))
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
        if rule.fault in SPOILED:
            return spoil(rule.fault, reply, rule.options)
        if reply.status >= 300 or reply.document is None:
            return False
        if rule.fault == "empty_page" and reply.form is not JSON:
            return False  # an export has no mark that says that there is more
        is_changed = self._change_page(rule, reply.document, asked)
        if is_changed:
            reply.render()
        return is_changed

    def _change_page(self, rule: Rule, document: dict[str, Any], asked: Asked) -> bool:
        rows = list_of(document) or []
        match rule.fault:
            case "empty_page":
                return self._held_back.empty(document, asked)
            case "reorder":
                rows.reverse()
                return bool(rows)
            case "duplicate":
                return self._repeat(rule, document, rows, asked)
            case "edited":
                return _show_edit(document, rows, rule.options)
            case "late":
                return rule.late.hold(rows, rule.options, request=rule.seen, now_s=self._now())
            case _:
                return change_records(document, rule.fault, rule.options)

    def _repeat(self, rule: Rule, document: dict[str, Any], rows: list[Any], asked: Asked) -> bool:
        """Send the last record again; on the next page it counts once that is asked for."""
        if not rows:
            return False
        again = copy.deepcopy(rows[-1])
        if rule.options.get("where") == "same":
            rows.append(again)
            return True
        if (lead := _lead_of(document, asked)) is not None:
            self._carried[lead] = rule, again
        return False

    def _leave_out_late(self, rules: list[Rule], reply: Reply) -> None:
        rows = list_of(reply.document) if reply.status < 300 else None
        now_s = self._now()
        held = [rule for rule in rules if rule.fault == "late"]
        if any([rule.late.leave_out(rows or [], request=rule.seen, now_s=now_s) for rule in held]):  # noqa: C419 - all of them
            reply.render()

    def _put_carried(self, reply: Reply, asked: Asked) -> None:
        """Put the last record of the page before in front of this one."""
        rows = list_of(reply.document) if reply.status < 300 else None
        for lead in _leads_to(asked):
            if rows is not None and lead in self._carried:
                rule, row = self._carried.pop(lead)
                if not rule.is_spent:
                    rows.insert(0, row)
                    reply.render()
                    rule.fired += 1

    def _keep(self, reply: Reply, asked: Asked) -> None:
        """Remember a page by what leads to the one behind it; only the newest few."""
        lead = _lead_of(reply.document, asked) if reply.status < 300 else None
        if lead is not None:
            self._pages[lead] = copy.deepcopy(reply)
            for old in [*self._pages][:-MOST_PAGES]:
                del self._pages[old]


def _show_edit(document: dict[str, Any], rows: list[Any], options: dict[str, Any]) -> bool:
    """The last record as it was before an edit, and as it is."""
    edited = copy.deepcopy(rows[-1:])
    if not rows or not change_field(document, rows[-1], "set", options):
        return False
    rows.extend(edited)
    return True


def _lead_of(document: object, asked: Asked) -> Lead | None:
    """What leads on from a page: most vendors' next page has its path, Salesforce's its own."""
    cursor = next_cursor(document)
    if cursor is None:
        return None
    return cursor if cursor.startswith("/") else asked.path, cursor, _list_of(cursor, asked)


def _leads_to(asked: Asked) -> list[Lead]:
    """All that may have led to a page."""
    return [(asked.path, cursor, _list_of(cursor, asked)) for cursor in asked.cursors]


def _list_of(cursor: str, asked: Asked) -> str:
    """Which list it is of: a number may lead on in any, all else is of one alone."""
    return asked.question if cursor.isdigit() else ""


def _url_of(scope: Scope) -> str:
    hosts = [value.decode() for name, value in scope["headers"] if name == b"host"]
    return f"http://{hosts[0] if hosts else '127.0.0.1'}{scope['path']}"


def _credential(scope: Scope) -> bytes:
    """What the client let itself in with; empty where it did not."""
    return next((value for name, value in scope["headers"] if name == b"authorization"), b"")


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
