"""Create our properties in the CRM where they are missing; never touch one that is not ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from include.crm import fields, ledger
from include.crm.answers import Answer, in_words
from include.crm.fields import Vocabulary
from include.crm.wire import Companies
from include.errors import FixConfig
from include.settings import Settings


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Property names: made now, and given new list entries."""

    created: tuple[str, ...]
    extended: tuple[str, ...]


def provision(
    engine: Engine, companies: Companies, settings: Settings, words: Vocabulary
) -> Provisioned:
    """Make sure that the group and all properties are there as we need them; repeatable.

    One read where nothing is missing. A property that has to be created is empty, so what the
    ledger believed about it is forgotten first and its values are sent anew. FixConfig names a
    property of the same name that somebody else made, or that was archived.
    """
    wanted = {
        body["name"]: body
        for body in (
            fields.to_definition(field, settings.crm.prefix, settings.crm.group, words)
            for field in fields.FIELDS
        )
    }
    shown = companies.definitions()
    missing = [name for name in wanted if name not in shown]
    _check_all(wanted, shown)
    if missing:
        ledger.forget_fields(engine, settings.crm_source.name, missing)
        _create(companies, [wanted[name] for name in missing], settings.crm.group_label)
    extended = [
        name for name in wanted if name in shown and _extend(companies, wanted[name], shown[name])
    ]
    return Provisioned(tuple(missing), tuple(extended))


def _check_all(
    wanted: Mapping[str, Mapping[str, Any]], shown: Mapping[str, Mapping[str, Any]]
) -> None:
    problems = [
        problem
        for name, body in wanted.items()
        if name in shown and (problem := problem_of(body, shown[name]))
    ]
    if problems:
        raise FixConfig(
            " ".join(problems) + " We do not touch what we did not make: rename or remove it in"
            " HubSpot, or choose another crm.prefix in health.yaml."
        )


def problem_of(wanted: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    """Say why an existing property cannot be the one we made; empty when it can."""
    name = wanted["name"]
    rules = shown.get("modificationMetadata") or {}
    if shown.get("type") != wanted["type"]:
        return f"HubSpot has a property {name} of type {shown.get('type')}, not {wanted['type']}."
    if shown.get("groupName") != wanted["groupName"]:
        return (
            f"HubSpot has a property {name} in group {shown.get('groupName')}, not in our group"
            f" {wanted['groupName']}."
        )
    if shown.get("calculated") or rules.get("readOnlyValue"):
        return f"HubSpot has a property {name} whose value cannot be written."
    return ""


def _create(companies: Companies, bodies: Sequence[Mapping[str, Any]], label: str) -> None:
    """Two runs at once, or a lost answer, end in "exists already": what counts is what is there."""
    names = [body["name"] for body in bodies]
    shelved = companies.definitions(archived=True)
    archived = [name for name in names if name in shelved]
    if archived:
        raise FixConfig(
            f"The HubSpot company properties {', '.join(archived)} are archived, so they can be"
            " neither written nor created. Restore them in HubSpot (Settings, Properties, Archived)"
            " or choose another crm.prefix in health.yaml."
        )
    group = bodies[0]["groupName"]
    if group not in companies.groups():
        answer = companies.create_group(group, label)
        if answer.status != 201 and group not in companies.groups():
            raise FixConfig(f"HubSpot refused the property group {group}: {_words(answer)}.")
    answer = companies.create_properties(bodies)
    shown = companies.definitions()
    lacking = [name for name in names if name not in shown]
    if lacking:
        raise FixConfig(f"HubSpot refused the properties {', '.join(lacking)}: {_words(answer)}.")
    _check_all({body["name"]: body for body in bodies}, shown)


def _extend(companies: Companies, wanted: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
    """Add list entries that a new scorecard brought; old ones stay, records may still hold them."""
    present = shown.get("options") or []
    held = {option["value"] for option in present}
    added = [option for option in wanted.get("options", ()) if option["value"] not in held]
    if not added:
        return False
    late = [
        option | {"displayOrder": place} for place, option in enumerate(added, start=len(present))
    ]
    answer = companies.change_property(wanted["name"], {"options": [*present, *late]})
    if answer.status != 200:
        name = wanted["name"]
        raise FixConfig(f"HubSpot refused new list entries of {name}: {_words(answer)}.")
    return True


def _words(answer: Answer) -> str:
    body = answer.body if isinstance(answer.body, dict) else {}
    return "; ".join(in_words(error) for error in body.get("errors") or [body])
