"""What is left of a vendor's record once a person in it was to be forgotten. Pure.

Ids, times, numbers, states and roles stay, since scores stand on them. An address becomes another
one that says nothing but is the same everywhere, so that what belonged together still does; its
host name stays, for that is the firm's. Texts go.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from include.warehouse.json_text import mended

ADDRESS = re.compile(r"[\w.+&'~$!#*^{}-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
TIME = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.,]+ ?(Z|[+-]\d\d:?\d\d)?)?")
# Streams whose records are a person each.
PEOPLE = frozenset({
    ("hubspot", "contacts"), ("hubspot", "owners"), ("salesforce", "contacts"),
    ("salesforce", "users"), ("zendesk", "users"), ("intercom", "contacts"),
})  # fmt: skip
# Texts of a person's own record that facts are made of, by their keys; all others go.
KEPT = frozenset({
    "id", "Id", "email", "Email", "object", "type", "role", "company_id", "organization_id",
    "AccountId", "MasterRecordId", "ManagerId", "hs_object_id", "hs_buying_role", "value",
})  # fmt: skip
# Where records of others say who wrote, answered or took part.
WHO = frozenset({
    "requester_id", "submitter_id", "author_id", "hs_contact_id", "contact_id", "ContactId",
    "WhoId",
})  # fmt: skip
PARTIES = frozenset({"author", "contact", "contacts"})  # objects with an `id`
# What such records hold in a person's own words, or about the person.
SAID = frozenset({
    "subject", "raw_subject", "title", "_default_title_", "description", "_default_description_",
    "comment", "remark", "body", "text", "message", "content", "notes", "phone", "customer_phone",
    "address", "customer_address", "shipping", "customer_shipping", "billing_address",
    "shipping_address", "billing_details", "card", "ip", "avatar", "photo", "location",
    "first_name", "last_name", "formatted_phone",
})  # fmt: skip
NAMES = frozenset({"name", "Name", "first_name", "last_name", "firstName", "lastName"})
SENDER = "from"  # below it stands who called or wrote, where no address need be
OF_SENDER = NAMES | {"username", "profile_url"}
# Manual inputs, signed by people as they like: by name or address.
ENTRIES = frozenset({("inputs", "rows"), ("warehouse", "measures")})


def digest_of(salt: bytes, address: str) -> bytes:
    return blake2b(address.strip().lower().encode(), key=salt, digest_size=16).digest()


def pseudonym_of(salt: bytes, address: str) -> str:
    """Return what stands for an address: the same for the same one, in this store only."""
    host = address.rpartition("@")[2].lower()
    return f"forgotten-{digest_of(salt, address)[:8].hex()}@{host}"


def alias_of(salt: bytes, name: str) -> str:
    """Return what stands for a name: the same for the same one, in this store only."""
    return f"(forgotten {digest_of(salt, name)[:8].hex()})"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Whom to forget in one stream. Falsy: nobody yet.

    own: ids of this stream's records that are a forgotten person; people: of all such records of
    the source. names: patterns of full names, with what stands for each in manual inputs; known
    while somebody is being forgotten, and not stored.
    """

    vendor: str
    stream: str
    salt: bytes = field(repr=False)
    digests: frozenset[bytes]
    own: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    names: tuple[tuple[re.Pattern[str], str], ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.digests)

    @property
    def is_of_people(self) -> bool:
        return (self.vendor, self.stream) in PEOPLE

    def in_text(self, text: str) -> str:
        """Return a text with what stands for each forgotten address, and for the names."""
        for name, instead in self.names:
            text = name.sub(instead, text)
        if "@" not in text and "%40" not in text:
            return text
        return ADDRESS.sub(lambda found: self._instead(found[0]), text)

    def in_record(self, content: Any, record_id: str) -> Any:  # noqa: ANN401 - any JSON document
        """Return what may stay of a record; the same object where nothing has to go."""
        if self.is_of_people:
            is_theirs = record_id in self.own or self._has_address(content)
            left = self._bare(content, "") if is_theirs else content
        elif (self.vendor, self.stream) in ENTRIES and isinstance(content, dict):
            left = self._entry(content)
        else:
            is_theirs = self._has_address(content) or self._is_by_them(content, "")
            left = self._without_words(content, "") if is_theirs else content
        return content if left == content else left

    def in_landing(self, names: list[bytes], payloads: list[Any]) -> tuple[list[bytes], list[Any]]:
        """Return ids and JSON bytes of records as they may land."""
        found = [self._landed(name, payload) for name, payload in zip(names, payloads, strict=True)]
        return [name for name, _ in found], [payload for _, payload in found]

    def in_bytes(self, payload: bytes, record_id: str) -> bytes:
        """Return a record's JSON as it may be stored, the same bytes where nothing has to go.

        What is no JSON is taken as text.
        """
        if not (self.people or any(sign in payload for sign in (b"@", b"%40", b"\\u"))):
            return payload
        try:
            content = orjson.loads(mended(payload))
        except orjson.JSONDecodeError:
            return self.in_text(payload.decode("utf-8", "replace")).encode()
        kept = self.in_record(content, record_id)
        return payload if kept is content else orjson.dumps(kept)

    def _landed(self, name: bytes, payload: Any) -> tuple[bytes, Any]:  # noqa: ANN401 - or Raw
        whole = bytes(payload)
        left = self.in_bytes(whole, name.decode())
        return self.in_text(name.decode()).encode(), payload if left is whole else left

    def _instead(self, address: str) -> str:
        for candidate in (address, address.lstrip("'.&~-")):
            plain = candidate.replace("%40", "@")
            if digest_of(self.salt, plain) in self.digests:
                return address[: -len(candidate)] + pseudonym_of(self.salt, plain)
        return address

    def _has_address(self, content: Any) -> bool:  # noqa: ANN401
        return any(self.in_text(text) != text for text in _texts(content))

    def _is_by_them(self, content: Any, key: str) -> bool:  # noqa: ANN401
        if not self.people:
            return False
        if isinstance(content, dict):
            if key in PARTIES and str(content.get("id")) in self.people:
                return True
            return any(self._is_by_them(value, name) for name, value in content.items())
        if isinstance(content, list):
            return any(self._is_by_them(value, key) for value in content)
        return key in WHO and str(content) in self.people

    def _bare(self, content: Any, key: str) -> Any:  # noqa: ANN401
        """Keep of a person's own record what facts are made of."""
        if isinstance(content, dict):
            return {name: self._bare(value, name) for name, value in content.items()}
        if isinstance(content, list):
            return [self._bare(value, key) for value in content]
        if not isinstance(content, str) or content == "":
            return content
        if key in KEPT:
            return self.in_text(content)
        return content if TIME.fullmatch(content) else None

    def _entry(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Leave of a manual input its value; the comment goes with the person who made it."""
        left = {
            key: self.in_text(value) if isinstance(value, str) else value
            for key, value in content.items()
        }
        if left.get("who") != content.get("who") and "comment" in left:
            left["comment"] = None
        return left

    def _without_words(self, content: Any, key: str) -> Any:  # noqa: ANN401
        """Take out of a record what was said, who said it, and the forgotten addresses."""
        if isinstance(content, dict):
            drops = self._drops(content, key)
            return {
                self.in_text(name): None if name in drops else self._without_words(value, name)
                for name, value in content.items()
            }
        if isinstance(content, list):
            return [self._without_words(value, key) for value in content]
        return self.in_text(content) if isinstance(content, str) else content

    def _drops(self, content: Mapping[str, Any], key: str) -> frozenset[str]:
        if self.stream == "usage_day":  # its words are names of events
            return frozenset()
        if key == SENDER:
            return SAID | OF_SENDER
        is_party = key in PARTIES and str(content.get("id")) in self.people
        beside = key != "" and any(
            isinstance(value, str) and self.in_text(value) != value for value in content.values()
        )
        return SAID | NAMES if is_party or beside else SAID


def _texts(content: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON document
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        yield from content
        yield from _texts_of(content.values())
    elif isinstance(content, list):
        yield from _texts_of(content)


def _texts_of(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        yield from _texts(part)
