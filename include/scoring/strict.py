"""What all parts of a scorecard share: unknown keys, loose types and NaN are errors."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError, ValidationError

from include.scoring.series import SERIES, find_series


class Strict(BaseModel):
    """A frozen value read from a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def mistake(sentence: str, *at: str | int) -> PydanticCustomError:
    """An error about the key `at`, counted from the value that is being checked."""
    return PydanticCustomError("scorecard", "{sentence}", {"sentence": sentence, "at": at})


def as_tuples(value: object) -> object:
    """Return the same plain data with tuples for lists: JSON and YAML then read alike."""
    if isinstance(value, dict):
        return {key: as_tuples(one) for key, one in value.items()}
    return tuple(map(as_tuples, value)) if isinstance(value, list | tuple) else value


@contextmanager
def beside(mistakes: Iterable[PydanticCustomError]) -> Iterator[None]:
    """Raise these together with those that are found meanwhile."""
    found: list[InitErrorDetails] = []
    try:
        yield
    except ValidationError as error:
        found = [_again(detail) for detail in error.errors(include_url=False)]
    found += [InitErrorDetails(type=one, loc=(), input=None) for one in mistakes]
    if found:
        raise ValidationError.from_exception_data("scorecard", found)


def _again(detail: ErrorDetails) -> InitErrorDetails:
    context = detail.get("ctx", {})
    is_ours = detail["type"] == "scorecard"
    kind = mistake(context["sentence"], *context["at"]) if is_ours else detail["type"]
    return InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"], ctx=context)


def refuse_all(mistakes: Iterable[PydanticCustomError]) -> None:
    """Raise all of them at once, if there are any."""
    with beside(mistakes):
        pass


def did_you_mean(word: object, valid: Iterable[str]) -> str:
    """A sentence: the nearest valid name as a question, or all of them when none is near."""
    names = list(valid)
    near = get_close_matches(str(word), names, n=1)
    return f'did you mean "{near[0]}"?' if near else f"valid here: {', '.join(names)}."


def has_key_like(value: object, *names: str) -> bool:
    """Whether a mapping has one of these keys, or one that comes near to it."""
    keys = [str(key) for key in value] if isinstance(value, dict) else []
    return any(get_close_matches(key, names, n=1) for key in keys)


def refuse_unknown_series(name: str, *at: str) -> str:
    """Return `name`; a mistake at the key `at` where there is no such series."""
    if find_series(name) is None:
        raise mistake(f'there is no series "{name}"; {did_you_mean(name, SERIES)}', *at)
    return name


NAME_PATTERN = r"^[a-z][a-z0-9_]{0,62}$"
COLOUR_PATTERN = r"^(#[0-9a-fA-F]{6}|[a-z]{3,30})$"
IN_WORDS = {
    NAME_PATTERN: "lower-case letters, digits and underscores, beginning with a letter",
    COLOUR_PATTERN: 'a colour like "#2e7d32" or a name like green',
}

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
Colour = Annotated[str, StringConstraints(pattern=COLOUR_PATTERN)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400)]
AttributeValue = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Points = Annotated[float, Field(ge=0, le=100)]
X = Annotated[float, Field(ge=-1e12, le=1e12)]
SeriesName = Annotated[str, AfterValidator(refuse_unknown_series)]
