"""Which fields of which objects are read, and which of them must be there.

Objects and fields: Salesforce object reference, checked Nov 2026.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from include.errors import FixConfig
from include.sources.salesforce_org import Column
from include.sources.salesforce_soql import one_of
from include.vendor_settings import Salesforce

STAMP = "SystemModstamp"
BASIC = ("Id", "CreatedDate", "LastModifiedDate", STAMP)
# A score that we write moves these and nothing else: no new version because of our own echo.
VOLATILE = (STAMP, "LastModifiedDate", "LastModifiedById")


@dataclass(frozen=True, slots=True)
class Entity:
    """One object as a stream.

    needed: without these it cannot be read; wished: where the org has them and the user sees them.
    stamp: what changes whenever the record does. keeps_old: what is old comes by queryAll only.
    has_bin: deleted records can be seen for 15 days. may_lack: not every org has the object.
    without: boolean fields that must not be set, where the org has them. sorted_by: a field of
    which only some values are read.
    """

    name: str
    needed: tuple[str, ...]
    wished: tuple[str, ...] = ()
    stamp: str = STAMP
    keeps_old: bool = False
    has_bin: bool = True
    may_lack: bool = False
    without: tuple[str, ...] = ()
    sorted_by: str = ""


ACTIVITY = ("AccountId", "WhatId", "WhoId", "Subject")
ENTITIES: dict[str, Entity] = {
    "users": Entity(
        "User", (*BASIC, "Name", "IsActive"), ("Email", "ManagerId"), has_bin=False
    ),
    "account_history": Entity(
        "AccountHistory",
        ("Id", "AccountId", "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById"),
        ("DataType", "IsDeleted"), stamp="CreatedDate", keeps_old=True, has_bin=False,
        may_lack=True, sorted_by="Field",
    ),
    "accounts": Entity(
        "Account",
        (*BASIC, "IsDeleted", "Name", "OwnerId"),
        (
            "MasterRecordId", "ParentId", "Website", "Industry", "NumberOfEmployees",
            "CurrencyIsoCode", "IsPersonAccount", "LastModifiedById",
        ),
    ),
    "contacts": Entity(
        "Contact",
        (*BASIC, "IsDeleted", "AccountId"),
        ("Email", "Title", "Department", "HasOptedOutOfEmail", "MasterRecordId"),
    ),
    "contact_roles": Entity(
        "AccountContactRelation",
        (*BASIC, "IsDeleted", "AccountId", "ContactId"),
        ("Roles", "IsDirect", "IsActive"), may_lack=True,
    ),
    "opportunities": Entity(
        "Opportunity",
        (*BASIC, "IsDeleted", "AccountId", "StageName", "IsClosed", "IsWon", "CloseDate"),
        ("Name", "Amount", "Type", "ForecastCategory", "CurrencyIsoCode"),
    ),
    "events": Entity(
        "Event",
        (*BASIC, "IsDeleted", "WhatId", "Subject", "StartDateTime"),
        ("AccountId", "WhoId", "Type", "EndDateTime", "IsAllDayEvent", "IsRecurrence"),
        keeps_old=True, without=("IsChild",),
    ),
    "tasks": Entity(
        "Task",
        (*BASIC, "IsDeleted", "WhatId", "Subject", "IsClosed", "ActivityDate", "TaskSubtype"),
        ("AccountId", "WhoId", "Status", "CompletedDateTime"),
        keeps_old=True, without=("IsRecurrence",), sorted_by="TaskSubtype",
    ),
}  # fmt: skip


def own_fields(settings: Salesforce, stream: str) -> dict[str, str]:
    """Return the fields that health.yaml names for a stream, by the setting's name."""
    if stream == "events":
        return {"event_outcome": settings.event_outcome} if settings.event_outcome else {}
    if stream != "accounts":
        return {}
    fields = settings.fields.model_dump()
    return (
        {f"fields.{key}": name for key, name in fields.items() if name}
        | {f"attributes.{key}": name for key, name in settings.attributes.items()}
        | {"customer_field": settings.customer_field}
    )


def chosen(entity: Entity, own: Iterable[str], columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the fields to select, each once, in an order that stays.

    FixConfig for one that must be there and is not: it does not exist, or field-level security
    hides it.
    """
    missing = [name for name in entity.needed if name not in columns]
    if missing:
        raise FixConfig(
            f"salesforce: {entity.name} shows this user no {', '.join(missing)}. Give it read "
            "access to the field (field-level security), or API access to the object."
        )
    wished = [name for name in (*entity.wished, *own) if name in columns]
    return tuple(dict.fromkeys([*entity.needed, *wished]))


def hidden(entity: Entity, columns: Mapping[str, Column]) -> list[str]:
    """Return the wished fields that the org does not have, or that the user does not see."""
    rare = {"CurrencyIsoCode", "IsPersonAccount", "DataType"}
    return [name for name in entity.wished if name not in columns and name not in rare]


def check_own_fields(
    source: str, own: Mapping[str, str], columns: Mapping[str, Column], own_prefix: str
) -> None:
    """FixConfig for a field of health.yaml that is not there, or that this job writes itself."""
    for key, name in own.items():
        place = f"health.yaml, source {source}: {key} names {name}"
        if name.lower().startswith(own_prefix.lower()):
            raise FixConfig(f"{place}, which this job writes itself; it must not be read back.")
        if name in columns:
            continue
        alike = {column.lower(): column for column in columns}
        near = alike.get(name.lower()) or next(iter(get_close_matches(name, columns, 1)), None)
        hint = f" Did you mean {near}?" if near else ""
        raise FixConfig(
            f"{place}, but the object shows this user no such field: it does not exist, or "
            f"field-level security hides it.{hint}"
        )


def tracked(settings: Salesforce, columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the fields of Account whose history is read, as AccountHistory names them.

    A lookup is named without its Id. Where describe lists the fields that are tracked, only those.
    """
    fields = settings.fields
    said = filter(None, (fields.pulse, fields.pulse_reason, fields.override))
    wanted = {history_name(name) for name in (*settings.attribute_fields.values(), *said)}
    known = set(columns["Field"].words)
    return tuple(sorted(wanted & known if known else wanted))


def history_name(field: str) -> str:
    return field if field.endswith("__c") else field.removesuffix("Id")


def conditions_of(
    entity: Entity, columns: Mapping[str, Column], only: tuple[str, ...]
) -> tuple[str, ...]:
    """Return what a query leaves out: copies of a meeting, other fields' history, other tasks.

    only: the values of entity.sorted_by that are read.
    """
    terms = [f"{name} = false" for name in entity.without if name in columns]
    if entity.sorted_by:
        terms.append(one_of(entity.sorted_by, only))
    return tuple(terms)
