"""HubSpot's companies as the push sees them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from include.crm.catalogue import Field
from include.crm.desk import Answer, Client, Lacking, Shown
from include.crm.hubspot.answers import in_words, judge
from include.crm.hubspot.definitions import (
    problem_of,
    to_definition,
    to_options,
    words_lacking,
)
from include.crm.hubspot.wire import BATCH, Companies
from include.crm.parcels import Parcel, Verdict
from include.errors import FixConfig

Definitions = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Group:
    """The property group that holds our properties; by it we know our own."""

    name: str
    label: str


class HubSpotDesk:
    """One portal."""

    vendor = "HubSpot"
    page = BATCH

    def __init__(self, client: Client, *, api_version: str, group: Group) -> None:
        self._client = client
        self._companies = Companies(client, api_version)
        self._group = group

    @property
    def writes(self) -> int:
        return self._companies.writes

    @property
    def reads(self) -> int:
        return self._companies.reads

    def hold(self, seconds: float) -> None:
        self._client.hold(seconds)

    @staticmethod
    def name_of(ours: str) -> str:
        return ours

    def batch_for(self, changes: int) -> int:  # noqa: ARG002 - always the same
        return BATCH

    def lacking(self, fields: Sequence[Field]) -> Lacking:
        """One read where nothing is missing, two more where something is."""
        shown = self._companies.definitions()
        missing = tuple(field for field in fields if field.name not in shown)
        there = [field for field in fields if field.name in shown]
        problems = [problem_of(field, self._group.name, shown[field.name]) for field in there]
        short = tuple(field for field in there if words_lacking(field, shown[field.name]))
        steps: list[str] = []
        if missing:
            shelved = self._companies.definitions(archived=True)
            problems += [_archived(field) for field in missing if field.name in shelved]
            if self._group.name not in self._companies.groups():
                steps.append(f"create the property group {self._group.name}")
        steps += [f"create the property {field.name} ({field.label})" for field in missing]
        steps += [
            f"add {', '.join(words_lacking(field, shown[field.name]))} to the list {field.name}"
            for field in short
        ]
        return Lacking(missing, short, tuple(filter(None, problems)), tuple(steps))

    def make(self, lacking: Lacking) -> None:
        """Two runs at once, or a lost answer, end in "exists already": what is there counts."""
        if lacking.missing:
            self._create(lacking.missing)
        if lacking.short:
            shown = self._companies.definitions()
            for field in lacking.short:
                self._extend(field, shown[field.name])

    def exchange(self, parcel: Parcel, *, may_split: bool) -> Verdict:
        return judge(parcel, self._companies.update(parcel.rows), may_split=may_split)

    def end_earlier(self) -> None:
        """Nothing goes on here: a call that was lost is done within seconds."""

    def read(self, record_ids: Collection[str], names: Collection[str]) -> Shown:
        return self._companies.read(record_ids, names)

    def _create(self, fields: Sequence[Field]) -> None:
        group = self._group
        if group.name not in self._companies.groups():
            answer = self._companies.create_group(group.name, group.label)
            if answer.status != 201 and group.name not in self._companies.groups():
                raise FixConfig(
                    f"HubSpot refused the property group {group.name}: {_words(answer)}."
                )
        answer = self._companies.create_properties(
            [to_definition(field, group.name, place) for place, field in enumerate(fields)]
        )
        shown = self._companies.definitions()
        refused = [field.name for field in fields if field.name not in shown]
        if refused:
            raise FixConfig(
                f"HubSpot refused the properties {', '.join(refused)}: {_words(answer)}."
            )
        problems = [problem_of(field, group.name, shown[field.name]) for field in fields]
        if any(problems):
            raise FixConfig(" ".join(filter(None, problems)))

    def _extend(self, field: Field, shown: Mapping[str, Any]) -> None:
        """Add list entries that a new scorecard brought; records may still hold the old ones."""
        present = shown.get("options") or []
        late = to_options(words_lacking(field, shown), start=len(present))
        if not late:
            return
        answer = self._companies.change_property(field.name, {"options": [*present, *late]})
        if answer.status != 200:
            raise FixConfig(f"HubSpot refused new list entries of {field.name}: {_words(answer)}.")


def _archived(field: Field) -> str:
    return (
        f"The HubSpot company property {field.name} is archived, so it can be neither written nor"
        " created: restore it in HubSpot (Settings, Properties, Archived)."
    )


def _words(answer: Answer) -> str:
    body = answer.body if isinstance(answer.body, dict) else {}
    return "; ".join(in_words(error) for error in body.get("errors") or [body])
