"""An empty page in the middle of a list, whose end mark still says that there is more.

The empty page gets a cursor of its own; the request that comes back with it is turned into the
one that was held back, so a client that keeps going loses nothing. Stripe's lists and PostHog's
queries have no cursor but the rows themselves: there a client can only ask again or give up.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from sandbox.faults.records import Document, list_of, records_of

# Where a page says what comes next: the cursor, or an address that holds it.
LEADS = (
    ("paging", "next", "after"),
    ("meta", "after_cursor"),
    ("after_cursor",),
    ("next_offset",),
    ("pages", "next", "starting_after"),
    ("pages", "next"),
    ("next_page",),
    ("nextRecordsUrl",),
)
# What tells a page of a list, in the query or the body, by any vendor's name of it.
CURSORS = frozenset(
    ("after", "page[after]", "cursor", "start_time", "starting_after", "offset", "page")
)


Held = tuple[str, str, str]  # a path, a parameter's name and the cursor in it


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as paging goes. `url` is absolute and without query."""

    url: str
    query: bytes
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def cursors(self) -> list[str]:
        """What may lead to this page: its cursors, and its path, as Salesforce has one a page."""
        names = {name: name.removeprefix("body ").rsplit(".", 1)[-1] for name in self.given}
        return [self.path, *(self.given[name] for name, last in names.items() if last in CURSORS)]

    @property
    def question(self) -> str:
        """What tells this list from others at its path: all that is asked but for the page."""
        parts = {name: name.removeprefix("body ") for name in self.given}
        asked = {
            name: self.given[name]
            for name, bare in parts.items()
            if bare.rsplit(".", 1)[-1] not in CURSORS
            and not isinstance(self.fields.get(bare), dict)  # what is in it stands beside it
        }
        return urlencode(sorted(asked.items()))

    @property
    def parameters(self) -> dict[str, str]:
        return dict(parse_qsl(self.query.decode(), keep_blank_values=True))

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON body; empty when it is something else."""
        try:
            document = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return document if isinstance(document, dict) else {}

    @property
    def given(self) -> dict[str, str]:
        """All that a cursor may stand in, by name: the query, the body, and one level below it."""
        found = self.parameters
        for name, value in self.fields.items():
            found[f"body {name}"] = str(value)
            if isinstance(value, dict):
                found |= {f"body {name}.{key}": str(inner) for key, inner in value.items()}
        return found


class HeldBack:
    """Requests whose page was answered empty, by the cursor that brings each of them back."""

    def __init__(self) -> None:
        self._held: dict[Held, Asked] = {}

    def __bool__(self) -> bool:
        return bool(self._held)

    def resolve(self, asked: Asked) -> tuple[Asked, Held | None]:
        """The request that was meant, and where it was held if it was; it is not any more."""
        for name, cursor in asked.given.items():
            held = (_bare(asked.url), name, cursor)
            original = self._held.pop(held, None)
            if original is not None:
                return replace(asked, query=original.query, body=original.body), held
        return asked, None

    def hold_again(self, held: Held, meant: Asked) -> None:
        """The answer did not arrive: a client asks once more."""
        self._held[held] = meant

    def empty(self, document: Document, asked: Asked) -> bool:
        """Take the records out and say "more"; false when this is no page of a list."""
        rows = records_of(document)
        if rows is None or rows is document or any(row is document for row in rows):
            return False
        if "scroll_param" in document:  # what was held back would not come again
            return False
        rows.clear()
        more = next((key for key in ("has_more", "hasMore") if key in document), None)
        if more:
            document[more] = True
        elif "total" in document:
            cursor = self._hold(asked, "body after", str(asked.fields.get("after") or "0"))
            document["paging"] = {"next": {"after": cursor}}
        elif isinstance(document.get("pages"), dict):
            self._hold_pages(document["pages"], asked)
        else:
            self._hold_list(document, asked)
        return True

    def _hold_pages(self, pages: Document, asked: Asked) -> None:
        """Intercom: numbered pages go on by address, others by cursor, in a search's body."""
        if "next" in pages and not isinstance(pages["next"], dict):
            number = self._hold(asked, "page", asked.parameters.get("page", "1"))
            pages["next"] = f"{asked.url}?{urlencode(asked.parameters | {'page': number})}"
            return
        name = "body pagination.starting_after" if "query" in asked.fields else "starting_after"
        cursor = self._hold(asked, name, asked.given.get(name, "0"))
        pages["next"] = {"page": pages.get("page", 1), "starting_after": cursor}

    def _hold_list(self, document: Document, asked: Asked) -> None:
        if "totalSize" in document:
            query = urlencode(asked.parameters | {"held": self._hold(asked, "held", "0")})
            document |= {"done": False, "nextRecordsUrl": f"{urlsplit(asked.url).path}?{query}"}
            return
        if "list" in document:
            first = '["0","0"]'
            document["next_offset"] = self._hold(
                asked, "offset", asked.parameters.get("offset", first)
            )
            return
        name = _cursor_name(document, asked.parameters)
        cursor = self._hold(asked, name, asked.parameters.get(name, "0"))
        link = f"{asked.url}?{urlencode(asked.parameters | {name: cursor})}"
        if name == "after":
            document["paging"] = {"next": {"after": cursor, "link": link}}
        elif name == "page[after]":
            document["meta"] = {**document.get("meta", {}), "has_more": True}
            document["meta"]["after_cursor"] = cursor
            document["links"] = {**document.get("links", {}), "next": link}
        elif name == "cursor":
            document |= {"after_cursor": cursor, "after_url": link, "end_of_stream": False}
        elif name == "start_time":
            more = {"end_time": int(cursor), "next_page": link, "end_of_stream": False, "count": 0}
            document |= more
        else:
            document["next_page"] = link

    def _hold(self, asked: Asked, name: str, cursor: str) -> str:
        """Remember the request under a cursor just beside the one it came with."""
        if cursor.endswith('"]'):  # Chargebee's: text that holds a JSON array
            beside = f'{cursor[:-2]}0"]'
        else:
            beside = str(int(cursor) + 1) if cursor.isdigit() else f"{cursor}0"
        self._held[_bare(asked.url), name, beside] = asked
        return beside


def next_cursor(document: Any) -> str | None:  # noqa: ANN401
    """What the request for the next page will bear; None: this is the last, or no page of a list.

    Stripe's is the last row's id. PostHog's queries say that there is more and not where.
    """
    if not isinstance(document, dict):
        return None
    for path in LEADS:
        value: Any = document
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str | int):
            return _cursor_in(str(value))
    rows = list_of(document)
    is_stripe = document.get("has_more") is True and rows and "meta" not in document
    return str(rows[-1].get("id")) if is_stripe and rows else None


def _cursor_in(lead: str) -> str:
    """The cursor of a whole address; of Salesforce's, which has no query, the path."""
    found = dict(parse_qsl(urlsplit(lead).query))
    return next((found[name] for name in found if name in CURSORS), lead)


def _bare(url: str) -> str:
    """Zendesk's links may end in .json where the request did not."""
    return url.removesuffix(".json")


def _cursor_name(document: Document, parameters: dict[str, str]) -> str:
    if "after_cursor" in document:
        return "cursor"
    if "end_of_stream" in document:
        return "start_time"
    if "meta" in document or "page[size]" in parameters:
        return "page[after]"
    return "page" if "next_page" in document else "after"
