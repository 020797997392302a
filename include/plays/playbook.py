"""A playbook: the versioned YAML file that says which accounts get which next steps, and when.

All conditions under `when` must hold on one published day. Bands, measures and flags are those of
the scorecards of the playbook's outcome.
"""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from include.canonical import canonical
from include.errors import FixConfig
from include.plays.texts import refuse_unknown_values
from include.scoring.mistakes import describe
from include.scoring.strict import AttributeValue, Label, Name, Sentence, Strict, mistake
from include.scoring.versions import refuse_changed, refuse_gap
from include.scoring.yaml_lines import read_yaml

MAX_BYTES = 64 * 1024

Names = Annotated[tuple[Name, ...], Field(min_length=1, max_length=25)]
Values = Annotated[tuple[AttributeValue, ...], Field(min_length=1, max_length=100)]
Days = Annotated[int, Field(ge=1, le=366)]


class Drop(Strict):
    """The score fell by at least so many points within so many days."""

    points: Annotated[float, Field(gt=0, le=100)]
    days: Literal[7, 30, 90]


class When(Strict):
    """What must hold, all of it; what is unknown does not hold.

    band: one of these, as confirmed. driver: one of these measures is among those that cost the
    score most. flag: one of these is raised. attribute: each has one of its values.
    """

    band: Names = ()
    drop: Drop | None = None
    driver: Names = ()
    flag: Names = ()
    attribute: dict[Name, Values] = Field(default={}, max_length=10)

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        if not (self.band or self.drop or self.driver or self.flag or self.attribute):
            raise mistake("at least one condition is needed, else every account gets the plan.")
        return self


class Closes(Strict):
    """When a plan ends, by whichever comes first.

    The band was one of these for so many days, from the first to the last; or so many days have
    passed since it opened, whatever the band.
    """

    band: Names = ()
    for_days: Days = 1
    after_days: Days | None = None

    @model_validator(mode="after")
    def comes_to_an_end(self) -> Self:
        if not self.band and self.after_days is None:
            raise mistake("say band or after_days, else no plan ever ends.")
        return self


class Step(Strict):
    """One thing to do. owner: a role of health.yaml; due_days: after the day of opening."""

    title: Annotated[Label, AfterValidator(refuse_unknown_values)]
    text: Annotated[Sentence, AfterValidator(refuse_unknown_values)]
    owner: Name
    due_days: Annotated[int, Field(ge=0, le=365)]
    counted: Literal["working", "calendar"] = "working"


class Playbook(Strict):
    """One version of one playbook; a released version never changes.

    group: of several playbooks of a group an account gets the first that matches, by priority
    (1 goes before 2). reopens_after: days after its end before an account gets this one again.
    opens_a_day: at most so many plans, those of the largest ARR first; the others wait.
    """

    name: Name
    version: Annotated[int, Field(ge=1, le=9999)]
    title: Label
    owner: Label
    outcome: Literal["retention", "adoption", "expansion"]
    group: Name
    priority: Annotated[int, Field(ge=1, le=1000)]
    when: When
    closes: Closes
    reopens_after: Annotated[int, Field(ge=0, le=3660)]
    opens_a_day: Annotated[int, Field(ge=1, le=100_000)] = 50
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def can_stay_open(self) -> Self:
        both = sorted({*self.when.band} & {*self.closes.band})
        if both:
            raise mistake(f'"{both[0]}" both opens and closes a plan.', "closes", "band")
        return self

    @property
    def label(self) -> str:
        return f"{self.name}.v{self.version}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the file says: layout, comments and spelt-out defaults do not matter."""
        return hashlib.sha256(canonical(self._content()).encode()).hexdigest()

    @cached_property
    def body(self) -> str:
        """What the file says, as JSON; `Playbook.model_validate_json` reads it again."""
        return canonical(self._content())

    def _content(self) -> dict[str, object]:
        return self.model_dump(mode="json", exclude_defaults=True)


MODELS: dict[str, type[Strict]] = {
    "": Playbook, "when": When, "drop": Drop, "closes": Closes, "steps": Step,
}  # fmt: skip


def load_playbook(path: Path) -> Playbook:
    """Read and check one file, which must be named <name>.v<version>.yaml. Raises FixConfig.

    Earlier versions must stand beside it, and a released one must be what it was.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except OSError as error:
        raise FixConfig(f"{path}: cannot read this playbook: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FixConfig(f"{path}: this is not UTF-8 text; save it as UTF-8.") from error
    playbook = parse_playbook(text, str(path))
    if path.name != f"{playbook.label}.yaml":
        raise FixConfig(
            f'{path}: the file says name "{playbook.name}" and version {playbook.version}, so it '
            f"must be named {playbook.label}.yaml; rename it or correct the file."
        )
    refuse_gap(playbook, path)
    refuse_changed(playbook, path)
    return playbook


def parse_playbook(text: str, where: str) -> Playbook:
    """Check the text of a playbook; `where` opens every message. Raises FixConfig."""
    if len(text) > MAX_BYTES:
        raise FixConfig(f"{where}: a playbook has at most {MAX_BYTES // 1024} KB; this is larger.")
    document = read_yaml(text, where)
    if not isinstance(document.content, dict):
        raise FixConfig(f"{where}, line 1: a playbook is a mapping of keys to values.")
    try:
        return Playbook.model_validate(document.content)
    except ValidationError as error:
        raise FixConfig(describe(error, document, _model_at, where)) from error


def _model_at(key: str, _content: object) -> type[Strict]:
    return MODELS.get(key, Playbook)
