"""Salesforce: which of the org's own fields mean what."""

import json
import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from include.vendor_settings.base import (
    OWN_ATTRIBUTES,
    ApiSource,
    AttributeName,
    Strict,
    check_overrides,
)
from include.vendor_settings.versions import VERSIONS

FieldName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,99}$")]
MeetingKind = Literal["review", "check_in", "training", "kickoff"]
# What is not a letter or a digit is a blank where words are compared.
GAPS = re.compile(r"[\W_]+")


class SalesforceFields(Strict):
    """Which fields of Account, by API name, hold what we need; None: this org has no such one."""

    arr: FieldName | None = None
    renewal_date: FieldName | None = None
    segment: FieldName | None = None
    tenant_key: FieldName | None = None
    pulse: FieldName | None = None
    pulse_reason: FieldName | None = None
    override: FieldName | None = None
    override_reason: FieldName | None = None
    override_until: FieldName | None = None

    @model_validator(mode="after")
    def overrides_are_whole(self) -> Self:
        check_overrides((self.override, self.override_reason, self.override_until))
        return self


class Salesforce(ApiSource):
    """look_back_minutes: read again before the last window, for rows that were committed late.

    full_walk_days: how often all accounts are read, for formulas whose change moves no stamp.
    bulk_above: with more rows than that, the asynchronous Bulk API is asked. bulk_write_above: with
    more changed accounts than that, they are written by it. bulk_patience_minutes: how long one of
    its jobs may take. budget_share: of the org's calls in 24 hours, by everybody;
    above it a run ends.
    """

    vendor: Literal["salesforce"]
    role: Literal["crm"] = "crm"
    fields: SalesforceFields = SalesforceFields()
    # Any other attribute that scorecards ask for, by our name: tier: Tier__c.
    attributes: Annotated[dict[AttributeName, FieldName], Field(max_length=20)] = {}
    # Spring '26; results of a bulk job can be read with the version that made it only.
    api_version: Annotated[str, Field(pattern=r"^[1-9][0-9]\.0$")] = VERSIONS["salesforce"].asked
    look_back_minutes: Annotated[int, Field(ge=0)] = 15
    full_walk_days: Annotated[int, Field(ge=1, le=30)] = 7
    bulk_above: Annotated[int, Field(ge=0)] = 2000
    bulk_write_above: Annotated[int, Field(ge=200)] = 10_000
    bulk_patience_minutes: Annotated[int, Field(ge=1, le=720)] = 60
    budget_share: Annotated[float, Field(gt=0, le=1)] = 0.8
    # Whose field says that an account is a customer, where nothing is billed, and by which values.
    customer_field: FieldName = "Type"
    customer_stages: tuple[str, ...] = ("Customer", "Customer - Direct", "Customer - Channel")
    # Our kind of meeting: an event's Type, or words of its subject, in any case; the first counts.
    meeting_kinds: dict[MeetingKind, tuple[str, ...]] = {
        "review": ("business review", "executive business review", "qbr", "ebr"),
        "check_in": ("check in", "cadence call"),
        "training": ("training", "workshop"),
        "kickoff": ("kickoff", "kick off"),
    }
    # An own field of events that says what became of one, and what it says of those not held.
    # A subject that begins so was called off as well, as calendars write it.
    event_outcome: FieldName | None = None
    not_held: tuple[str, ...] = ("canceled", "cancelled", "no show", "rescheduled", "declined")
    # Our kind of opportunity: the org's words for it (Type), in any case.
    opportunity_kinds: dict[Literal["renewal", "expansion"], tuple[str, ...]] = {
        "renewal": ("renewal",),
        "expansion": ("expansion", "upsell", "cross-sell", "existing customer - upgrade"),
    }
    # Tasks of these subtypes are read, and count as touches once closed: Call, Email, Task, …
    tasks: tuple[str, ...] = ()

    @field_validator("attributes")
    @classmethod
    def attributes_are_new(cls, attributes: dict[str, str]) -> dict[str, str]:
        for name in attributes:
            if name in OWN_ATTRIBUTES:
                raise ValueError(f"{name} is read anyway; choose another name or use `fields`")
        return attributes

    @property
    def account_stream(self) -> str:
        return "accounts"

    @property
    def attribute_fields(self) -> dict[str, str]:
        """Our attributes by the field of Account that holds each; those without are left out."""
        named = {
            "owner": "OwnerId",
            "segment": self.fields.segment,
            "arr": self.fields.arr,
            "renewal_date": self.fields.renewal_date,
            "parent": "ParentId",
            "lifecycle": self.customer_field,
        }
        return {attribute: name for attribute, name in named.items() if name} | self.attributes

    @property
    def fields_read(self) -> tuple[str, ...]:
        """The CRM's fields that are named here; the job never writes them."""
        named = (*self.fields.model_dump().values(), *self.attribute_fields.values())
        return tuple(name for name in named if name)

    def binds(self, currency: str) -> dict[str, object]:
        kinds = [
            [in_plain_words(word), kind]
            for kind, words in self.meeting_kinds.items()
            for word in words
        ]
        deals = {
            word.lower(): kind for kind, words in self.opportunity_kinds.items() for word in words
        }
        return {
            **self.fields.model_dump(),
            "meeting_kinds": json.dumps(kinds),
            "opportunity_kinds": json.dumps(deals),
            "event_outcome": self.event_outcome,
            "not_held": [in_plain_words(word) for word in self.not_held],
            "lifecycle": self.customer_field,
            "currency": currency,
        }


def in_plain_words(text: str) -> str:
    """Return a text as it is compared: lower case, one blank between words, no other signs."""
    return GAPS.sub(" ", text.lower()).strip()
