"""What a scorecard asked of an account's day, as the snapshot keeps it: one JSON text.

With it, the row and the scorecard are enough to compute a score again. A text says only what is
known: an attribute that is not there was not known, and without any text nothing was.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationError

from include.canonical import canonical
from include.scoring.circumstances import NOT_KNOWN, Circumstances, Codes
from include.scoring.strict import Points, Strict

Share = Annotated[float, Field(ge=0, le=1)]


class Override(Strict):
    """What a person made of the score: `to` so many points, or times `factor`."""

    id: int
    to: Points | None = None
    factor: Share | None = None
    may_raise: bool = False


class Context(Strict):
    """month: of the term, from 1; 0: no term. carried: age in days of readings carried forward."""

    attributes: Mapping[str, str] = Field(default_factory=dict)
    month: Annotated[int, Field(ge=0)] = 0
    override: Override | None = None
    carried: Mapping[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)

    def text(self) -> str:
        """Return the one way to write it."""
        return canonical(self.model_dump(mode="json", exclude_defaults=True))


def read_context(said: str | None) -> Context | None:
    """Return what a stored text says; None where it is no context at all."""
    if said is None:
        return Context()
    try:
        return Context.model_validate_json(said)
    except ValidationError:
        return None


def stored_context(said: object) -> Context:
    """Return a context as the store gave it, parsed; nothing known where it is none at all."""
    return read_context(None if said is None else canonical(said)) or Context()


def circumstances_of(codes: npt.NDArray[np.intp], contexts: Sequence[Context]) -> Circumstances:
    """Return what rows are scored by. codes: positions in contexts, -1 for nothing known."""
    said = [*contexts, Context()]  # a code of -1 is the last one
    overrides = [one.override or Override(id=0) for one in said]
    return Circumstances(
        month=np.array([one.month for one in said], np.int64)[codes],
        override_to=_numbers(one.to for one in overrides)[codes],
        override_factor=_numbers(one.factor for one in overrides)[codes],
        may_raise=np.array([one.may_raise for one in overrides])[codes],
        attributes={
            name: _attribute(name, said, codes)
            for name in sorted({name for one in said for name in one.attributes})
        },
    )


def _attribute(name: str, said: Sequence[Context], codes: npt.NDArray[np.intp]) -> Codes:
    words = sorted({one.attributes[name] for one in said if name in one.attributes})
    place: dict[str | None, int] = {word: at for at, word in enumerate(words)}
    own = [place.get(one.attributes.get(name), NOT_KNOWN) for one in said]
    return Codes(np.array(own, np.intp)[codes], tuple(words))


def _numbers(values: Iterable[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.float64)
