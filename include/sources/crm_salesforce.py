"""Salesforce: users, accounts with their field history, contacts, opportunities, events and tasks.

Each stream is a half-open window of stamps up to the org's own newest one, and what lies in the
recycle bin. Fields and limits: docs/sources.md.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from include.errors import FixConfig
from include.settings import Credentials
from include.sources import salesforce_check
from include.sources.base import Gone, NotShown, Pages, deliver, in_blocks, safe_start
from include.sources.findings import Finding
from include.sources.http.session import Wire
from include.sources.salesforce_calls import Calls
from include.sources.salesforce_objects import (
    ENTITIES,
    VOLATILE,
    check_own_fields,
    chosen,
    conditions_of,
    hidden,
    own_fields,
    tracked,
)
from include.sources.salesforce_org import Column, Org, deleted
from include.sources.salesforce_soql import Query, one_of
from include.vendor_settings import Salesforce
from include.warehouse.page import Page, State

log = logging.getLogger("customer_health")
IDS_AT_ONCE = 200  # in one query, whose address may not be long
# History before accounts: what is set meanwhile is then seen in the record, and told next time.
STREAMS = (
    "users", "account_history", "accounts", "contacts", "contact_roles", "opportunities", "events",
)  # fmt: skip


def open_salesforce(
    settings: Salesforce, credentials: Credentials, *, wire: Wire | None, own_prefix: str
) -> "SalesforceSource":
    """Client credentials, or a JWT where the connection's extra has a private key."""
    calls = Calls(credentials, version=settings.api_version, share=settings.budget_share, wire=wire)
    org = Org(
        calls,
        bulk_above=settings.bulk_above,
        bulk_patience_s=60.0 * settings.bulk_patience_minutes,
    )
    return SalesforceSource(settings, org, own_prefix)


@dataclass(frozen=True, slots=True)
class SalesforceSource:
    """own_prefix: of the fields that this job writes; they are never read."""

    settings: Salesforce
    org: Org
    own_prefix: str
    vendor = "salesforce"

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def streams(self) -> tuple[str, ...]:
        return (*STREAMS, "tasks") if self.settings.tasks else STREAMS

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._read(stream, state or {}, as_of), f"{self.name}.{stream}")

    def check(self, now: datetime) -> Iterator[Finding]:
        return salesforce_check.findings(self.org, self.settings, self.streams, now)

    @property
    def gone(self) -> Mapping[str, Gone]:
        mark = Gone("$.IsDeleted == true", {"IsDeleted": True}, key=("Id",))
        return {stream: mark for stream in self.streams if ENTITIES[stream].has_bin}

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:  # noqa: ARG002 - has no days
        columns = self._columns(stream)
        if columns is None:
            raise NotShown(f"{self.name}.{stream}: the org shows no {ENTITIES[stream].name}.")
        query = replace(self._query(stream, columns)[0], fields=("Id",))
        for rows in self._living(query, columns, stream):
            yield [str(row["Id"]) for row in rows]

    def fetch(
        self,
        stream: str,
        ids: Sequence[str],
        as_of: date,  # noqa: ARG002 - has no days
    ) -> Iterator[Page]:
        columns = self._columns(stream)
        if columns is None:
            return
        for block in in_blocks(ids, IDS_AT_ONCE):
            query, _ = self._query(stream, columns)
            query = replace(query, conditions=(one_of("Id", block), *query.conditions))
            for rows in self._living(query, columns, stream):
                yield Page(rows, key=("Id",), volatile=VOLATILE)

    def _read(self, stream: str, state: State, as_of: date) -> Pages:
        """Yield living records first: one that is deleted meanwhile is then met as deleted."""
        entity = ENTITIES[stream]
        columns = self._columns(stream)
        if columns is None:
            return
        query, fields = self._query(stream, columns)
        if not fields:
            log.info("%s.%s: the org tracks none of our fields", self.name, stream)
            return
        newest = self.org.newest(query, everything=entity.keeps_old)
        is_full = self._is_full(state, fields, columns, as_of)
        since = state.get("since")
        start = None if is_full or since is None else since - 60 * self.settings.look_back_minutes
        following: State | None = None
        if newest is not None:
            walked = as_of.isoformat() if is_full else state["walked"]
            following = {
                "since": safe_start(newest, as_of, since), "fields": fields, "walked": walked,
            }  # fmt: skip
            window = replace(query, start=start, end=max(newest, start or newest) + 1)
            for rows in self._living(window, columns, stream):
                yield Page(rows, following, key=("Id",), volatile=VOLATILE)
        if entity.has_bin:
            for rows in self.org.rows(deleted(query), columns, everything=True):
                yield Page(rows, following, key=("Id",), volatile=VOLATILE)

    def _living(
        self, query: Query, columns: dict[str, Column], stream: str
    ) -> Iterator[Sequence[Any]]:
        """Yield records that are not deleted, archived ones too."""
        keeps_old = ENTITIES[stream].keeps_old
        if keeps_old and "IsDeleted" in columns:
            query = replace(query, conditions=("IsDeleted = false", *query.conditions))
        yield from self.org.rows(query, columns, everything=keeps_old)

    def _columns(self, stream: str) -> dict[str, Column] | None:
        """Return the object's fields; None where this org has no such object, which is no error."""
        entity = ENTITIES[stream]
        columns = self.org.columns(entity.name)
        if columns is None and not entity.may_lack:
            raise FixConfig(
                f"salesforce: this user sees no object {entity.name}. Give it read access, in a "
                "permission set."
            )
        if columns is None:
            log.warning("%s.%s: the org shows no %s", self.name, stream, entity.name)
            return None
        lacking = hidden(entity, columns)
        if lacking:
            log.warning("%s.%s: not shown: %s", self.name, stream, ", ".join(lacking))
        return columns

    def _query(self, stream: str, columns: dict[str, Column]) -> tuple[Query, list[str]]:
        """Return the query, and the fields on which everything has to be read anew if they change.

        None of these: there is nothing to read.
        """
        entity, own = ENTITIES[stream], own_fields(self.settings, stream)
        check_own_fields(self.name, own, columns, self.own_prefix)
        fields = chosen(entity, own.values(), columns)
        only = self.settings.tasks
        if stream == "account_history":
            only = tracked(self.settings, columns)
        conditions = conditions_of(entity, columns, only)
        query = Query(entity.name, fields, entity.stamp, conditions=conditions)
        return query, sorted(only if entity.sorted_by else fields)

    def _is_full(
        self, state: State, fields: list[str], columns: dict[str, Column], as_of: date
    ) -> bool:
        """Say whether all must be read: at first, for a new field, and at times for formulas."""
        if "since" not in state or not set(fields) <= set(state["fields"]):
            return True
        walked = date.fromisoformat(state["walked"])
        has_formula = any(columns[name].is_formula for name in fields if name in columns)
        return has_formula and (as_of - walked).days >= self.settings.full_walk_days
