"""One Salesforce org: its records, its fields, its clock, its journal and its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sandbox.state import State
from sandbox.vendors import (
    salesforce_activities,
    salesforce_histories,
    salesforce_roles,
    salesforce_setup,
    salesforce_world,
)
from sandbox.vendors.salesforce_apply import apply
from sandbox.vendors.salesforce_catalog import KINDS
from sandbox.vendors.salesforce_fields import Field, Kind
from sandbox.vendors.salesforce_fields import choice as picklist
from sandbox.vendors.salesforce_histories import HISTORY_OF
from sandbox.vendors.salesforce_metadata import Created, to_created
from sandbox.vendors.salesforce_setup import permissions
from sandbox.vendors.salesforce_store import Store, Table
from sandbox.world.model import World

VENDOR = "salesforce"
WITH_CURRENCY = ("Account", "Contact", "Opportunity", "User")
MAKERS = (
    salesforce_world.MAKERS
    | salesforce_roles.MAKERS
    | salesforce_activities.MAKERS
    | salesforce_histories.MAKERS
    | salesforce_setup.MAKERS
)
# Histories grow by what is written to the records that they are of.
MADE_AFTER = {history: kind for kind, history in HISTORY_OF.items()}


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between Salesforce orgs.

    daily_requests: calls in any 24 hours. batch: most rows of a page of a query. bulk_polls: how
    often a job is looked at before it is done. bulk_page: rows of a page of results, where the
    client does not say. multi_currency: whether records have a CurrencyIsoCode. rotate: every
    refresh token is good for one use. locked: how often a write to a record, by its id, meets
    somebody else's lock.
    """

    daily_requests: int = 100_000
    batch: int = 2_000
    bulk_polls: int = 1
    bulk_page: int = 50_000
    multi_currency: bool = True
    rotate: bool = False
    locked: Mapping[str, int] = field(default_factory=dict)


class Readable(Protocol):
    """What a query is asked of: the org's records, or what its tooling knows of fields."""

    store: Store
    kinds: Mapping[str, Kind]

    def kind(self, name: str) -> Kind | None:
        """The object of that name, in whatever case."""

    def fields(self, kind: Kind) -> dict[str, Field]:
        """The fields that the running user may see, by name in lower case."""

    def moment(self) -> datetime:
        """World time."""


class Org:
    """Everything a handler works on; tables are made, and the journal played, on first use."""

    def __init__(self, state: State, settings: Settings) -> None:
        self.settings = settings
        self._clock = state.clock
        self.journal = state.journal
        self.since = f"{state.world.start.isoformat()}T00:00:00.000+0000"
        self.kinds: Mapping[str, Kind] = KINDS
        self._names = {name.lower(): name for name in KINDS}
        self.store = Store({name: partial(self._made, name, state.world) for name in KINDS})
        self.created: list[Created] = [
            to_created(entry) for entry in self._entries() if entry["op"] == "field"
        ]
        self.locks = dict(settings.locked)

    def moment(self) -> datetime:
        return self._clock.now()

    def now(self) -> str:
        """World time as a record's stamp; seconds are whole, as Salesforce keeps them."""
        return self.moment().strftime("%Y-%m-%dT%H:%M:%S.000+0000")

    def kind(self, name: str) -> Kind | None:
        known = self._names.get(name.lower())
        return None if known is None else self.kinds[known]

    def fields(self, kind: Kind) -> dict[str, Field]:
        own = [*kind.fields]
        if self.settings.multi_currency and kind.name in WITH_CURRENCY:
            codes = picklist("CurrencyIsoCode", *salesforce_setup.RATES)
            own.append(replace(codes, length=3, restricted=True))
        created = [one for one in self.created if one.kind == kind.name]
        if created:
            granted = permissions(self.store)
            own += [shown for one in created if (shown := one.seen_with(granted)) is not None]
        return {one.name.lower(): one for one in own}

    def commit(self, entry: dict[str, Any]) -> None:
        """Keep a checked write, then carry it out."""
        table = self.store[entry["type"]]
        self.journal.append(VENDOR, entry)
        apply(self.store, table, entry)

    def add_field(self, entry: dict[str, Any]) -> Created:
        """Keep a new custom field; nobody sees it until somebody grants it."""
        self.journal.append(VENDOR, entry)
        self.created.append(to_created(entry))
        return self.created[-1]

    def _entries(self) -> list[dict[str, Any]]:
        return self.journal.entries(VENDOR)

    def _made(self, name: str, world: World) -> Table:
        table = MAKERS[name](world, self.moment())
        self.store.add(name, table)
        if name in MADE_AFTER:
            self.store[MADE_AFTER[name]]  # its journal writes into this history
        for entry in self._entries():
            if entry["op"] in ("write", "delete") and entry["type"] == name:
                apply(self.store, table, entry)
        return table
