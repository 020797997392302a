"""One Salesforce org: its records, its clock, its journal and its settings."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sandbox.state import State
from sandbox.vendors import salesforce_setup, salesforce_world
from sandbox.vendors.salesforce_catalog import KINDS
from sandbox.vendors.salesforce_fields import Field, Kind
from sandbox.vendors.salesforce_fields import choice as picklist
from sandbox.vendors.salesforce_store import Store, Table
from sandbox.world.model import World

VENDOR = "salesforce"
WITH_CURRENCY = ("Account", "Contact", "Opportunity", "User")
MAKERS = salesforce_world.MAKERS | salesforce_setup.MAKERS


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between Salesforce orgs.

    daily_requests: calls in any 24 hours. batch: most rows of a page of a query. bulk_polls: how
    often a job is looked at before it is done. bulk_page: rows of a page of results, where the
    client does not say. multi_currency: whether records have a CurrencyIsoCode. rotate: every
    refresh token is good for one use.
    """

    daily_requests: int = 100_000
    batch: int = 2_000
    bulk_polls: int = 1
    bulk_page: int = 50_000
    multi_currency: bool = True
    rotate: bool = False


class Org:
    """Everything a handler works on; tables are made, and the journal played, on first use."""

    def __init__(self, state: State, settings: Settings) -> None:
        self.settings = settings
        self._clock = state.clock
        self.journal = state.journal
        self.store = Store({name: partial(self._made, name, state.world) for name in self.kinds})

    @property
    def kinds(self) -> dict[str, Kind]:
        return {name: kind for name, kind in KINDS.items() if name in MAKERS}

    def moment(self) -> datetime:
        return self._clock.now()

    def now(self) -> str:
        """World time as a record's stamp; seconds are whole, as Salesforce keeps them."""
        return self.moment().strftime("%Y-%m-%dT%H:%M:%S.000+0000")

    def kind(self, name: str) -> Kind | None:
        """The object of that name, in whatever case; None where there is none."""
        return self._by_lower_name.get(name.lower())

    @property
    def _by_lower_name(self) -> dict[str, Kind]:
        return {name.lower(): kind for name, kind in self.kinds.items()}

    def fields(self, kind: Kind) -> dict[str, Field]:
        """The fields that the running user may see, by name in lower case."""
        currency = replace(picklist("CurrencyIsoCode", *salesforce_setup.RATES), restricted=True)
        own = [*kind.fields]
        if self.settings.multi_currency and kind.name in WITH_CURRENCY:
            own.append(currency)
        return {field.name.lower(): field for field in own}

    def _made(self, name: str, world: World) -> Table:
        return MAKERS[name](world, self.moment())
