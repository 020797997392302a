"""What people write in `health.yaml`, read once into frozen values, strictly.

A key that is not known, a time zone that does not exist or two sources of one name are FixConfig
errors that name the place. Secrets do not belong here: a source names an Airflow connection.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, get_args
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from include.crm_settings import Crm
from include.errors import FixConfig
from include.play_settings import Alerts, Plays
from include.vendor_settings import (
    CrmSource,
    HubSpot,
    Salesforce,
    Share,
    Source,
    Strict,
)

ROOT = Path(__file__).resolve().parents[1]
MAX_BYTES = 1_000_000
CurrencyCode = Annotated[str, Field(pattern=r"^[a-z]{3}$")]


class Rates(Strict):
    """In which currency everything is added up, and the table of rates that people keep.

    reporting_currency None: that of `currency`. file None: amounts in other currencies are unknown;
    a path is taken from the folder of health.yaml's project. A rate holds for max_age_days days
    after its own.
    """

    reporting_currency: CurrencyCode | None = None
    file: Path | None = None
    max_age_days: Annotated[int, Field(ge=0, le=3660)] = 7


class Identity(Strict):
    """How objects of sources are linked to accounts, and which loss of links holds a role."""

    mapping_file: Path | None = None
    free_mail_extra: tuple[str, ...] = ()
    # A domain that more accounts have or use is nobody's.
    shared_domain_accounts: Annotated[int, Field(ge=1, le=1000)] = 10
    # How far a source's matched share may fall below the median of the trailing days.
    max_fall_objects: Share = 0.1
    max_fall_weight: Share = 0.1
    trailing_days: Annotated[int, Field(ge=1, le=90)] = 7


class Checks(Strict):
    max_quarantined_share: Share = 0.05
    max_volume_change: Annotated[float, Field(gt=0)] = 0.5
    max_age_days: Annotated[int, Field(ge=1)] = 3
    published_by_hour: Annotated[int, Field(ge=1, le=23)] = 9


class Receipts(Strict):
    """How long every score keeps its receipt: after so many days, one a week does. None: always."""

    thin_after_days: Annotated[int, Field(ge=31)] | None = None


class Retention(Strict):
    """How long versions of raw records are kept once a newer one became facts. None: always."""

    raw_days: Annotated[int, Field(ge=31)] | None = None


class Peers(Strict):
    """An account beside its segment. at_least: with fewer known values there is no number."""

    at_least: Annotated[int, Field(ge=1, le=10_000)] = 5


class CommonCause(Strict):
    """When a measure's move of one day is its source's, not the customers': docs/attribution.md.

    min_share: of the accounts must have moved one way. min_rise: by so much above the usual share.
    min_times: so many times the usual shift. Usual is the most of the look_back_days before, of
    which min_days must be known. hold_days: after so many days in a row it is let through; 0: it is
    only reported.
    """

    min_accounts: Annotated[int, Field(ge=5)] = 30
    min_share: Share = 0.6
    min_rise: Share = 0.15
    min_times: Annotated[float, Field(ge=1, le=100)] = 1.5
    look_back_days: Annotated[int, Field(ge=7, le=366)] = 56
    min_days: Annotated[int, Field(ge=7, le=366)] = 14
    hold_days: Annotated[int, Field(ge=0, le=90)] = 7

    @model_validator(mode="after")
    def looks_back_far_enough(self) -> "CommonCause":
        if self.min_days > self.look_back_days:
            raise ValueError("min_days cannot be more than look_back_days")
        return self


class Settings(Strict):
    """The file health.yaml. runs_at: when the daily run begins, by the clock of time_zone."""

    time_zone: str = "UTC"
    runs_at: time = time(3)
    currency: CurrencyCode = "usd"
    rates: Rates = Rates()
    # Of each outcome the first that applies scores an account; the last applies to all. Shadows are
    # scored beside and sent nowhere.
    scorecards: Annotated[tuple[Path, ...], Field(min_length=1, max_length=50)]
    shadow_scorecards: Annotated[tuple[Path, ...], Field(max_length=50)] = ()
    playbooks: Annotated[tuple[Path, ...], Field(max_length=50)] = ()
    plays: Plays = Plays()
    alerts: Alerts = Alerts()
    history_days: Annotated[int, Field(ge=0, le=3650)] = 180
    # A customer who is back within so many days goes on with the term; later, it is a new one.
    term_gap_days: Annotated[int, Field(ge=0, le=365)] = 30
    shard_accounts: Annotated[int, Field(ge=1)] = 24_576  # of a mapped task; whole blocks of 4,096
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    identity: Identity = Identity()
    checks: Checks = Checks()
    crm: Crm = Crm()
    receipts: Receipts = Receipts()
    retention: Retention = Retention()
    peers: Peers = Peers()
    common_cause: CommonCause = CommonCause()

    @field_validator("time_zone")
    @classmethod
    def zone_exists(cls, zone: str) -> str:
        if zone not in available_timezones():
            nearest = get_close_matches(zone, available_timezones(), 1)
            hint = f"; did you mean {nearest[0]}?" if nearest else ""
            raise ValueError(f"{zone} is no time zone{hint}")
        return zone

    @field_validator("runs_at", mode="before")
    @classmethod
    def is_a_time_of_day(cls, entered: object) -> time:
        if isinstance(entered, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", entered):
            return time.fromisoformat(entered)
        raise ValueError('write hours and minutes in quotes, from "00:00" to "22:59"')

    @model_validator(mode="after")
    def names_are_unique_and_one_crm_leads(self) -> "Settings":
        names = [source.name for source in self.sources]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise ValueError(f"two sources are named {', '.join(sorted(doubled))}")
        if sum(source.role == "crm" for source in self.sources) != 1:
            raise ValueError("exactly one source must be a CRM: it owns the list of accounts")
        return self

    @model_validator(mode="after")
    def a_day_is_due_after_its_run_begins(self) -> "Settings":
        due = self.checks.published_by_hour
        if time(due) <= self.runs_at:
            begins = self.runs_at.strftime("%H:%M")
            raise ValueError(
                f"checks.published_by_hour ({due}) must be later than runs_at ({begins})"
            )
        return self

    @property
    def daily_schedule(self) -> str:
        """The cron expression of the daily run, by the clock of time_zone."""
        return f"{self.runs_at.minute} {self.runs_at.hour} * * *"

    def source(self, name: str) -> Source:
        """Return the source of that name, or raise FixConfig with the names there are."""
        for source in self.sources:
            if source.name == name:
                return source
        known = ", ".join(source.name for source in self.sources)
        raise FixConfig(f"health.yaml has no source {name}; it has {known}.")

    @property
    def reporting_currency(self) -> str:
        return self.rates.reporting_currency or self.currency

    @property
    def crm_source(self) -> CrmSource:
        return next(source for source in self.sources if isinstance(source, HubSpot | Salesforce))


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to reach and enter one vendor. user is empty where the vendor knows only a secret.

    extra: what else stands in the connection, by the names that docs/sources.md gives.
    """

    base_url: str
    secret: str = field(repr=False)
    user: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)


class _OnceLoader(yaml.SafeLoader):
    """YAML's safe loader, but a key written twice is an error: one of the two would be lost.

    Dates stay text: YAML would stumble over one that does not exist, and not say where.
    """

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):  # as text, aliases in it could fill the memory
                wrong = "a key is one word"
            elif key.value in seen:
                wrong = f"the key {key.value} stands there twice"
            else:
                seen.add(key.value)
                continue
            raise yaml.constructor.ConstructorError(None, None, wrong, key.start_mark)
        super().flatten_mapping(node)


_OnceLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_settings(path: Path | None = None) -> Settings:
    """Read `health.yaml` (or the file named by HEALTH_SETTINGS); every mistake is FixConfig."""
    path = path or Path(os.environ.get("HEALTH_SETTINGS", ROOT / "health.yaml"))
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FixConfig(f"Cannot read the settings {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FixConfig(f"Cannot read the settings {path}: it is not UTF-8 text.") from error
    return parse_settings(text, where=str(path))


def parse_settings(text: str, *, where: str) -> Settings:
    """Parse settings; all mistakes are collected into one FixConfig, each with its key."""
    if len(text) > MAX_BYTES:
        raise FixConfig(f"{where} is larger than {MAX_BYTES:,} characters; it cannot be settings.")
    try:
        return Settings.model_validate(yaml.load(text, _OnceLoader))  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        raise FixConfig(f"{where} is not valid YAML: {' '.join(str(error).split())}.") from error
    except ValidationError as error:
        raise FixConfig(f"{where}: " + " ".join(_sentences(error))) from error


def _sentences(error: ValidationError) -> list[str]:
    found = []
    for item in error.errors(include_input=False, include_url=False):
        place = ".".join(str(part) for part in item["loc"]) or "the file"
        message = str(item["msg"]).removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "no such setting" + _nearest(item["loc"])
        found.append(f"{place}: {message}.")
    return found


def _nearest(place: Sequence[str | int]) -> str:
    """Name the key nearest to the last part of a place, of those that may stand there."""
    known = {name for model in _models_at(place[:-1]) for name in model.model_fields}
    nearest = get_close_matches(str(place[-1]), known, 1)
    return f"; did you mean {nearest[0]}?" if nearest else ""


def _models_at(place: Sequence[str | int]) -> list[type[BaseModel]]:
    """Return what may stand at a place, which has a vendor's name where several models may."""
    models: list[type[BaseModel]] = [Settings]
    for part in place:
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        inner = [model for field in fields for model in _models_in(field.annotation)]
        named = [model for model in models if part in _vendors(model)]
        models = inner or named or models
    return models


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _vendors(model: type[BaseModel]) -> tuple[object, ...]:
    vendor = model.model_fields.get("vendor")
    return () if vendor is None else get_args(vendor.annotation)
