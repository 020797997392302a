"""Our fields in the CRM: which are written, what they are called there, what they hold.

The outcome that health.yaml names first has plain names (`cs_health_score`); those of any other
carry its name (`cs_adoption_score`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from include.crm.values import Sentences, Snapshot, to_number, to_sentence
from include.crm_settings import Crm, CrmField, FieldKey
from include.errors import FixConfig

Kind = Literal["number", "list", "text", "day", "link"]

UNKNOWN = "unknown"  # the band and the trend of scores that have none
COVERAGE_MOVE = 5.0  # per cent; a smaller move of the coverage alone is not sent
MARK = "Written by the customer health job."  # ends each description: by it we know our own


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ours. key: which; name: what it is called in the CRM.

    least: how far its value must move to be worth a write; 0: any difference; None: never by
    itself, it only goes along with others. words: all that a list may hold, in order.
    """

    key: FieldKey
    name: str
    label: str
    kind: Kind
    description: str
    least: float | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that the two lists may hold, in order; `unknown` is always added as the last."""

    bands: Sequence[str]
    trends: Sequence[str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The fields of one outcome in one CRM. link: of a receipt, with {record} and {day}."""

    fields: tuple[Field, ...]
    link: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def name(self, key: FieldKey) -> str | None:
        """Return what a field is called; None where it is not written."""
        return next((field.name for field in self.fields if field.key == key), None)

    def values(self, shown: Snapshot | None, as_of: date, record_id: str) -> dict[str, str]:
        """Return all values but the sentences, by name; without a snapshot all are empty."""
        texts = _texts(shown, as_of, self.link.format(record=record_id, day=as_of))
        return {field.name: texts[field.key] for field in self.fields if field.key in texts}

    def sentences(self, said: Sentences) -> dict[str, str]:
        """Return the sentences, by name."""
        texts = {"reason": to_sentence(said.reason), "next_step": to_sentence(said.next_step)}
        return {field.name: texts[field.key] for field in self.fields if field.key in texts}


# Names without prefix, labels: {outcome} and {Outcome} are what the outcome is called.
FIELDS: tuple[Field, ...] = (
    Field("score", "{outcome}_score", "{Outcome} score", "number",
          "0 to 100, 100 is healthiest. Empty: not enough is known.", 1.0),
    Field("band", "{outcome}_band", "{Outcome} band", "list",
          "The band that the unrounded score falls in; unknown where too little data stands behind"
          " it.", 0.0),
    Field("change", "{outcome}_change_30d", "{Outcome} change over 30 days", "number",
          "Points gained (above 0) or lost (below 0) in 30 days. Empty: no score of 30 days ago.",
          1.0),
    Field("trend", "{outcome}_trend", "{Outcome} trend", "list",
          "Where the score has been heading.", 0.0),
    Field("reason", "{outcome}_reason", "{Outcome} reason", "text",
          "The main reason for the score, in one sentence.", None),
    Field("next_step", "{outcome}_next_step", "{Outcome} next step", "text",
          "What would help most, in one sentence.", None),
    Field("coverage", "{outcome}_coverage", "{Outcome} data coverage (%)", "number",
          "How much of the score's weight has data behind it, in per cent from 0 to 100.",
          COVERAGE_MOVE),
    Field("floor", "{outcome}_floor", "{Outcome} score at least", "number",
          "The score if everything that is unknown were at its worst.", None),
    Field("ceiling", "{outcome}_ceiling", "{Outcome} score at most", "number",
          "The score if everything that is unknown were at its best.", None),
    Field("as_of", "{outcome}_as_of", "{Outcome} as of", "day",
          "The day these values describe. More than 8 days old: the job has stopped; do not rely on"
          " it.", None),
    Field("receipt", "{outcome}_receipt", "{Outcome} receipt", "link",
          "Where every step of this score can be looked at.", None),
)  # fmt: skip
DEAD_BAND = ("score", "change")
FIRST = "health"


def catalogue_of(
    crm: Crm, outcome: str | None, words: Vocabulary, name_of: Callable[[str], str]
) -> Catalogue:
    """Return the fields that health.yaml wants written for an outcome; None: for the first one.

    name_of: from a name like cs_health_score to what such a field is called in this CRM.
    """
    called = outcome or FIRST
    lists = {"band": words.bands, "trend": words.trends}
    fields = tuple(
        _named(field, crm, called, lists.get(field.key, ()), name_of)
        for field in FIELDS
        if field.key in crm.write
    )
    check_distinct(fields)
    return Catalogue(fields, crm.receipt_url or "")


def check_distinct(fields: Iterable[Field]) -> None:
    """FixConfig where two fields have one name: the CRM would show one of the two values."""
    labels: dict[str, str] = {}
    for field in fields:
        name = field.name.casefold()
        if name in labels:
            raise FixConfig(
                f"health.yaml would write two fields into {field.name} of the CRM: {labels[name]}"
                f" and {field.label}. Give each a name of its own under crm.fields."
            )
        labels[name] = field.label


def check_not_read(catalogue: Catalogue, read: Collection[str]) -> None:
    """FixConfig where a field would be written that is read: it is people's, or another's.

    read: names of fields, in any case.
    """
    theirs = {name.casefold() for name in read}
    ours = [name for name in catalogue.names if name.casefold() in theirs]
    if ours:
        raise FixConfig(
            f"health.yaml would write {', '.join(ours)}, which it also names to be read: what"
            " people enter is never written. Choose another name under crm.fields, or another"
            " crm.prefix."
        )


def _named(
    field: Field, crm: Crm, outcome: str, words: Sequence[str], name_of: Callable[[str], str]
) -> Field:
    said = crm.fields.get(field.key) if outcome == FIRST else None
    entered = said or CrmField()
    label = field.label.format(Outcome=outcome.replace("_", " ").capitalize(), outcome=outcome)
    least = crm.dead_band if field.key in DEAD_BAND else field.least
    return replace(
        field,
        name=entered.name or name_of(crm.prefix + field.name.format(outcome=outcome)),
        label=entered.label or label,
        description=f"{entered.description or field.description} {MARK}",
        least=least if entered.dead_band is None else entered.dead_band,
        words=_listed(words) if field.kind == "list" else (),
    )


def _listed(words: Sequence[str]) -> tuple[str, ...]:
    return (*(word for word in words if word != UNKNOWN), UNKNOWN)


def _texts(shown: Snapshot | None, as_of: date, link: str) -> dict[str, str]:
    if shown is None:
        return {field.key: "" for field in FIELDS if field.key not in ("reason", "next_step")}
    return {
        "score": to_number(shown.score),
        "band": shown.band,
        "change": to_number(shown.change_30d),
        "trend": shown.direction,
        "coverage": to_number(shown.coverage * 100),
        "floor": to_number(shown.floor),
        "ceiling": to_number(shown.ceiling),
        "as_of": as_of.isoformat(),
        "receipt": link,
    }
