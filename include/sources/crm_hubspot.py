"""HubSpot: companies, contacts, deals, meetings, answers to surveys and owners.

The first run lists everything, later ones search what changed since; archived records come from a
listing of their own, because no search shows them. Fields and limits: docs/sources.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from typing import Any

from include.errors import FixConfig
from include.settings import Credentials
from include.sources.base import Gone, Pages, deliver, is_object, only, safe_start
from include.sources.findings import Finding
from include.sources.http import told
from include.sources.http.client import Client
from include.sources.http.rate import Rate
from include.sources.http.session import Bearer, Wire
from include.sources.http.side_by_side import in_order
from include.sources.hubspot_check import findings
from include.sources.hubspot_portal import Block, Portal, parted_by_id
from include.vendor_settings import HubSpot
from include.warehouse.page import Page, State

STAMP = "hs_lastmodifieddate"
STAMPS = {"contacts": "lastmodifieddate"}
PROPERTIES: dict[str, tuple[str, ...]] = {
    "companies": (
        "name", "domain", "hs_additional_domains", "website", "hubspot_owner_id", "industry",
        "numberofemployees", "annualrevenue", "lifecyclestage", "hs_parent_company_id",
        "hs_merged_object_ids", "createdate", STAMP,
    ),
    "contacts": (
        "email", "jobtitle", "hs_buying_role", "hs_email_optout", "createdate",
        "lastmodifieddate",
    ),
    "deals": (
        "dealname", "amount", "amount_in_home_currency", "deal_currency_code", "dealstage",
        "pipeline", "closedate", "hs_is_closed", "hs_is_closed_won", "hs_is_closed_lost",
        "dealtype", "hs_merged_object_ids", "createdate", STAMP,
    ),
    "meetings": (
        "hs_meeting_title", "hs_meeting_start_time", "hs_meeting_end_time", "hs_meeting_outcome",
        "hs_activity_type", "hs_timestamp", "hs_createdate", STAMP,
    ),
    "feedback_submissions": (
        "hs_survey_type", "hs_survey_name", "hs_value", "hs_response_group",
        "hs_submission_timestamp", "hs_contact_id", "hs_contact_email_rollup", "hs_createdate",
        STAMP,
    ),
}  # fmt: skip
# Whose roles at a customer changed when. Companies' own histories follow from the settings.
HISTORIES = {"contacts": ("hs_buying_role",)}
# No company is asked for: a company is none's, an answer is its contact's.
UNLINKED = ("companies", "feedback_submissions")
# A score that we write moves these and nothing else: no new version because of our own echo.
VOLATILE = ("updatedAt", f"properties.{STAMP}", "properties.lastmodifieddate")


# A private app's burst in the smallest plan, which the answers correct; searches of the account.
BURST = (100, 10.0)
SEARCHES = (5, 1.0)
LINKED = 3  # blocks of records whose companies are asked for while the list goes on


def open_hubspot(
    settings: HubSpot, credentials: Credentials, *, wire: Wire | None, own_prefix: str
) -> "HubSpotSource":
    client, searches = (open_caller(credentials, wire=wire, limit=one) for one in (BURST, SEARCHES))
    return HubSpotSource(settings, Portal(client, searches, settings.api_version), own_prefix)


def open_caller(
    credentials: Credentials, *, wire: Wire | None, limit: tuple[int, float] = BURST
) -> Client:
    """Private app tokens, service keys and OAuth access tokens are all bearers.

    limit: calls and seconds, until the answers tell another.
    """
    return Client(
        credentials,
        vendor="hubspot",
        auth=Bearer(credentials.secret),
        wire=wire,
        rate=Rate(*limit, learn=told.hubspot),
    )


@dataclass(frozen=True, slots=True)
class HubSpotSource:
    """own_prefix: of the properties that this job writes; they are never read."""

    settings: HubSpot
    portal: Portal
    own_prefix: str
    vendor = "hubspot"
    streams_at_once = 3  # a list only goes on from its last page, so lists are read side by side

    @property
    def streams(self) -> tuple[str, ...]:
        """Without `surveys` in the settings the token needs no scope to read them."""
        asked = ("feedback_submissions",) if self.settings.surveys else ()
        return ("owners", "companies", "contacts", "deals", "meetings", *asked)

    @property
    def name(self) -> str:
        return self.settings.name

    def check(self, now: datetime) -> Iterator[Finding]:
        version = self.settings.api_version
        return findings(self.portal, self.streams, self._named_fields(), version, now)

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        place = f"{self.name}.{stream}"
        if stream == "owners":
            return deliver(self._owners(), place)
        return deliver(self._objects(stream, state or {}, as_of), place)

    @property
    def gone(self) -> Mapping[str, Gone]:
        return dict.fromkeys(self.streams, Gone("$.archived == true", {"archived": True}))

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:  # noqa: ARG002 - no days
        return self.portal.living_ids(stream)

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:  # noqa: ARG002
        if stream == "owners":
            yield from only(self._owners(), ids)
            return
        rows = self.portal.with_history(stream, ids, *self._wanted(stream))
        linked, _ = self._linked(stream, Block(rows, None))
        yield Page(linked, volatile=VOLATILE)

    def _owners(self) -> Pages:
        for archived in (False, True):
            for rows in self.portal.owners(archived=archived):
                yield Page(rows)

    def _objects(self, kind: str, state: State, as_of: date) -> Pages:
        """Yield living records first: one that is archived meanwhile is then met as archived.

        A run that goes on ends where the one before would have: with what was newest for that.
        """
        if kind == "companies":
            self._check_fields()
        properties, history = self._wanted(kind)
        # Histories that nobody asked for before are there for all records, changed or not.
        is_same = state.get("history", []) == history
        since = state.get("since") if is_same else None
        resume: State = state.get("resume", {}) if state.get("wanted", history) == history else {}
        following = resume["following"] if resume else self._following(kind, since, as_of)
        left = {key: value for key, value in state.items() if key != "resume"} | {"wanted": history}

        def going_on(**where: str | None) -> State:
            return {**left, "resume": {"following": following, **where}}

        if "archived" not in resume:
            after = resume.get("living")
            for rows, mark in in_order(
                partial(self._linked, kind), self._living(kind, since, after), width=LINKED
            ):
                where = {"archived": None} if mark is None else {"living": mark}
                yield Page(rows, following, volatile=VOLATILE, resume=going_on(**where))
        after = resume.get("archived")
        for block in self.portal.listed(kind, properties, history, archived=True, after=after):
            rows = self._unlinked(kind, block.rows)
            further = None if block.after is None else going_on(archived=block.after)
            yield Page(rows, following, volatile=VOLATILE, resume=further)

    def _following(self, kind: str, since: int | None, as_of: date) -> State | None:
        """Return where the next run begins; None: as before, since nothing has a stamp."""
        _, history = self._wanted(kind)
        start = safe_start(self.portal.newest_stamp(kind, STAMPS.get(kind, STAMP)), as_of, since)
        if start is None:
            return None
        return {"since": start, **({"history": history} if history else {})}

    def _living(self, kind: str, since: int | None, after: str | None) -> Iterator[Block]:
        properties, history = self._wanted(kind)
        if since is None:
            return self.portal.listed(kind, properties, history, archived=False, after=after)
        return self._changed(kind, since, after)

    def _changed(self, kind: str, since: int, after: str | None) -> Iterator[Block]:
        """Yield what changed since a time, less the look-back: the search index lags behind."""
        properties, history = self._wanted(kind)
        found = self.portal.changed(
            kind,
            ["hs_object_id"] if history else properties,
            stamp=STAMPS.get(kind, STAMP),
            since_ms=(since - 60 * self.settings.look_back_minutes) * 1000,
            after=after,
        )
        for block in found:
            if not history:
                yield block
                continue
            ids, others = parted_by_id(block.rows)
            rows = self.portal.with_history(kind, ids, properties, history) + others
            yield Block(rows, block.after)

    def _wanted(self, kind: str) -> tuple[list[str], list[str]]:
        """Return the properties to ask for, and those of them that we need the history of."""
        if kind != "companies":
            return list(PROPERTIES[kind]), list(HISTORIES.get(kind, ()))
        fields = self.settings.fields
        own = {name: value for name, value in fields.model_dump().items() if value}
        said = filter(None, (fields.pulse, fields.override))
        histories = {*self.settings.attribute_fields.values(), *said}
        properties = [*PROPERTIES[kind], *own.values(), *self.settings.attributes.values()]
        return list(dict.fromkeys(properties)), sorted(histories)

    def _linked(self, kind: str, block: Block) -> tuple[list[Any], str | None]:
        """Add company_id, the record's primary company or None, to all but UNLINKED kinds.

        The mark behind the block comes with its rows.
        """
        if kind in UNLINKED:
            return block.rows, block.after
        ids, _ = parted_by_id(block.rows)
        companies = self.portal.companies_of(kind, ids)
        rows = [
            {**row, "company_id": companies.get(str(row.get("id")))} if is_object(row) else row
            for row in block.rows
        ]
        return rows, block.after

    def _unlinked(self, kind: str, rows: list[Any]) -> list[Any]:
        """Archived records have no associations any more."""
        if kind in UNLINKED:
            return rows
        return [{**row, "company_id": None} if is_object(row) else row for row in rows]

    def _named_fields(self) -> dict[str, str]:
        """Return the properties of companies that health.yaml names, by where it does."""
        fields = {f"fields.{key}": name for key, name in self.settings.fields.model_dump().items()}
        others = {f"attributes.{key}": name for key, name in self.settings.attributes.items()}
        return {key: name for key, name in (fields | others).items() if name}

    def _check_fields(self) -> None:
        """FixConfig for a field of health.yaml without a property: HubSpot would say nothing."""
        known = self.portal.property_names("companies")
        for key, name in self._named_fields().items():
            place = f"health.yaml, source {self.name}: {key} names {name}"
            if name.startswith(self.own_prefix):
                raise FixConfig(f"{place}, which this job writes itself; it must not be read back.")
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = f" Did you mean {near[0]}?" if near else ""
                raise FixConfig(f"{place}, but companies have no such property.{hint}")
