"""A scorecard: the versioned YAML file that says how an account's score comes about.

100 points are the healthiest, 0 the unhealthiest, for measures, categories and the score alike.
A band begins at its `from`, which belongs to it, and ends before the next band's `from`.
"""

import hashlib
import json
from functools import cached_property
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, Self, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator

from include.errors import FixConfig
from include.scoring import policies, reading_spec, rules
from include.scoring.coherence import incoherences, senseless
from include.scoring.item_points import tenfold, too_small_or_large
from include.scoring.measure import Measure
from include.scoring.mistakes import describe
from include.scoring.people import Approvers, Day
from include.scoring.policies import Overrides
from include.scoring.rules import Membership, Rule
from include.scoring.strict import (
    AttributeValue,
    Colour,
    Label,
    Name,
    Points,
    Sentence,
    Strict,
    as_tuples,
    beside,
    mistake,
    refuse_all,
)
from include.scoring.targets import Target
from include.scoring.versions import refuse_changed, refuse_gap
from include.scoring.weights import Weight, refuse_mixed, shares
from include.scoring.yaml_lines import Document, inside, read_yaml

MAX_BYTES = 256 * 1024

Number = TypeVar("Number", bound=np.generic)
Stage = Literal["land", "adopt", "expand", "renew"]
Values = Annotated[tuple[AttributeValue, ...], Field(min_length=1, max_length=100)]


class Band(Strict):
    """Scores from `lower` (included) up to the next band, and what to do about them."""

    name: Name
    lower: Points = Field(alias="from")
    colour: Colour
    action: Sentence


class Category(Strict):
    """Measures that belong together; weights count within their category only."""

    name: Name
    weight: Weight
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=25)]

    @model_validator(mode="after")
    def something_weighs(self) -> Self:
        refuse_mixed([measure.weight for measure in self.measures], "measures")
        if not any(measure.weight for measure in self.measures):
            raise mistake(f'all weights in the category "{self.name}" are 0.', "measures")
        return self


class Scorecard(Strict):
    """One version of one way to score; a released version never changes (its digest is tested)."""

    name: Name
    version: Annotated[int, Field(ge=1, le=9999)]
    title: Label
    outcome: Literal["retention", "adoption", "expansion"]
    charter: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=4)]
    owner: Label
    approvers: Approvers
    min_coverage: Annotated[float, Field(ge=0, le=1)]
    unknown_when_straddling: bool = False
    review_on: Day | None = None
    points: Annotated[Literal[10, 100], Field(exclude=True)] = 100  # a way of writing: not kept
    applies_to: dict[Name, Values] = Field(default={}, max_length=10)
    confirm_bands_after: Annotated[int, Field(ge=1, le=90)] = 1
    bands: Annotated[tuple[Band, ...], Field(min_length=2, max_length=12)]
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=25)]
    rules: Annotated[tuple[Rule, ...], Field(max_length=60)] = ()
    overrides: Overrides = Overrides()

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        refuse_mixed([category.weight for category in self.categories], "categories")
        if not any(category.weight for category in self.categories):
            raise mistake("all weights of the categories are 0.", "categories")
        return self

    @model_validator(mode="wrap")
    @classmethod
    def is_coherent_and_of_100(cls, content: Any, read: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - whatever the file says
        """Find all mistakes at once; points written from 1 to 10 become ten times as many."""
        if not isinstance(content, dict):
            return read(content)
        plain = {key: as_tuples(value) for key, value in content.items()}
        with beside(incoherences(plain)):
            card = read(plain)
        if card.points == 10:
            refuse_all(too_small_or_large(card.categories))
            return card.model_copy(update={"categories": tenfold(card.categories)})
        return card

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the file says: layout, comments and spelt-out defaults do not matter."""
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """All measures in file order: the order of every measure axis and the rule for ties."""
        return tuple(measure for category in self.categories for measure in category.measures)

    @cached_property
    def measure_names(self) -> tuple[str, ...]:
        return tuple(measure.name for measure in self.measures)

    @cached_property
    def category_of(self) -> npt.NDArray[np.intp]:
        """For each measure, the index of its category."""
        sizes = [len(category.measures) for category in self.categories]
        return _read_only(np.repeat(np.arange(len(sizes)), sizes))

    @cached_property
    def effective_weights(self) -> npt.NDArray[np.float64]:
        """For each measure, its share of a score in which everything is known; they sum to 1."""
        outer = shares([category.weight for category in self.categories])
        exact = [
            float(share * inner)
            for share, category in zip(outer, self.categories, strict=True)
            for inner in shares([measure.weight for measure in category.measures])
        ]
        return _read_only(np.array(exact))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """All attributes of accounts that targets, rules and applies_to ask for, by name."""
        asked: set[str | None] = set(self.applies_to)
        asked |= {measure.target.by for measure in self.measures if measure.target}
        for one in (one for rule in self.rules for one in rule.when):
            asked.add(one.attribute if isinstance(one, Membership) else one.by)
        return tuple(sorted(name for name in asked if name is not None))

    @property
    def uses_months(self) -> bool:
        """Whether any target depends on the month of the term."""
        return any(measure.target and measure.target.months for measure in self.measures)


def _read_only(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    values.setflags(write=False)
    return values


MODELS: dict[str, type[Strict]] = {
    "": Scorecard,
    "bands": Band,
    "categories": Category,
    "measures": Measure,
    "target": Target,
    "overrides": Overrides,
    **reading_spec.BY_OP,
    **rules.BY_KIND,
}


def model_at(key: str, content: object) -> type[Strict]:
    """The model of what stands below a key; readings are told apart by `op`, rules by `kind`."""
    if key == "when":
        return rules.condition_model(content)
    if key == "when_unknown":
        return policies.mapping_model(content)
    named = inside(content, "kind") if key == "rules" else inside(content, "op")
    return MODELS.get(key) or MODELS[str(named)]


def load_scorecard(path: FilePath) -> Scorecard:
    """Read and check one file, which must be named <name>.v<version>.yaml. Raises FixConfig.

    Earlier versions must stand beside it, and a released one must be what it was.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FixConfig(f"{path}: cannot read this scorecard: {error.strerror}.") from error
    _refuse_large(len(raw), str(path))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FixConfig(
            f"{path}, line {line}: this is not UTF-8 text; save it as UTF-8."
        ) from error
    card, document = _parse(text, str(path))
    expected = f"{card.name}.v{card.version}.yaml"
    if path.name != expected:
        line = document.line_of(("version",))
        raise FixConfig(
            f'{path}, line {line}, version: the file says name "{card.name}" and version '
            f"{card.version}, so it must be named {expected}; rename it or correct the file."
        )
    refuse_gap(card, path)
    refuse_changed(card, path)
    return card


def parse_scorecard(text: str, where: str) -> Scorecard:
    """Check the text of a scorecard; `where` opens every message. Raises FixConfig."""
    return _parse(text, where)[0]


def _parse(text: str, where: str) -> tuple[Scorecard, Document]:
    _refuse_large(len(text.encode(errors="surrogatepass")), where)
    document = read_yaml(text, where)
    if not isinstance(document.content, dict):
        raise FixConfig(f"{where}, line 1: a scorecard is a mapping of keys to values.")
    try:
        with beside(senseless(document.content)):  # not of a stored card: it scored the past
            card = Scorecard.model_validate(document.content)
    except ValidationError as error:
        raise FixConfig(describe(error, document, model_at, where)) from error
    return card, document


def _refuse_large(size: int, where: str) -> None:
    if size > MAX_BYTES:
        raise FixConfig(f"{where}: a scorecard has at most {MAX_BYTES // 1024} KB; this is larger.")
