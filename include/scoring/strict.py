"""What every part of a scorecard file has in common: unknown keys, loose types and NaN are errors."""

from difflib import get_close_matches
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from include.scoring.series import SERIES


class Strict(BaseModel):
    """A frozen value read from a file."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, hide_input_in_errors=True
    )


def mistake(sentence: str, *at: str | int) -> PydanticCustomError:
    """An error about the key `at`, counted from the value that is being checked."""
    return PydanticCustomError("scorecard", "{sentence}", {"sentence": sentence, "at": at})


def did_you_mean(word: object, valid: Iterable[str]) -> str:
    """The nearest valid name as a question, or the list of all of them when none is near."""
    names = list(valid)
    near = get_close_matches(str(word), names, n=1)
    return f'did you mean "{near[0]}"?' if near else f"valid here: {', '.join(names)}"


def _known_series(name: str) -> str:
    if name not in SERIES:
        raise mistake(f'there is no series "{name}"; {did_you_mean(name, SERIES)}')
    return name


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400)]
SeriesName = Annotated[str, AfterValidator(_known_series)]
