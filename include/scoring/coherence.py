"""Whether the parts of a scorecard fit together: names that point at others, rules and bands.

Looks at plain data, as the file has it, so that these mistakes are found beside all others; what
is no text, number or mapping where one belongs is somebody else's mistake and left out here.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from pydantic_core import PydanticCustomError

from include.say import written
from include.scoring.fitting import misfits
from include.scoring.strict import did_you_mean, mistake
from include.scoring.weights import is_nothing
from include.scoring.yaml_lines import Path

Plain = Mapping[str, object]
Placed = tuple[Plain, Path]
Mistakes = Iterator[PydanticCustomError]


def incoherences(content: Plain) -> Mistakes:
    """Every mistake that no part can see alone, its place counted from the scorecard."""
    measures = [
        one
        for category in _below(content, "categories")
        for one in _below(category[0], "measures", category[1])
    ]
    bands, rules = list(_below(content, "bands")), list(_below(content, "rules"))
    yield from _bands(bands)
    for kind, named in (
        ("category", _below(content, "categories")),
        ("band", bands),
        ("measure", measures),
        ("rule", rules),
    ):
        yield from _repeated(_texts(named, "name"), kind)
    yield from _repeated(_listed(content, "charter", ()), "stage")
    yield from _beside(measures)
    yield from _conditions(rules, [name for name, _ in _texts(measures, "name")])
    yield from _reds(rules, bands)


def senseless(content: Plain) -> Mistakes:
    """Every reading whose operation has no meaning for its series."""
    for category in _below(content, "categories"):
        for measure, at in _below(category[0], "measures", category[1]):
            reading = measure.get("reading")
            if isinstance(reading, Mapping):
                yield from misfits(reading, (*at, "reading"))


def _below(content: Plain, key: str, at: Path = ()) -> Iterator[Placed]:
    """The mappings in the list under a key, with where they stand."""
    items = content.get(key)
    for i, item in enumerate(items if isinstance(items, tuple) else ()):
        if isinstance(item, Mapping):
            yield item, (*at, key, i)


def _listed(content: Plain, key: str, at: Path) -> Iterator[tuple[str, Path]]:
    items = content.get(key)
    for i, item in enumerate(items if isinstance(items, tuple) else ()):
        if isinstance(item, str):
            yield item, (*at, key, i)


def _texts(placed: Iterable[Placed], key: str) -> Iterator[tuple[str, Path]]:
    for content, at in placed:
        text = content.get(key)
        if isinstance(text, str):
            yield text, (*at, key)


def _number(content: Plain, key: str) -> float | None:
    number = content.get(key)
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return float(number) if is_number else None  # type: ignore[arg-type]


def _bands(bands: list[Placed]) -> Mistakes:
    if len(bands) > 1 and _number(bands[0][0], "from") not in {0, None}:
        yield mistake(
            "the first band must begin at 0, so that every score has one.", "bands", 0, "from"
        )
    for (below, _), (band, at) in pairwise(bands):
        lower, here = _number(below, "from"), _number(band, "from")
        if lower is not None and here is not None and here <= lower:
            yield mistake(
                f'bands go upwards, but "{band.get("name")}" ({written(here)}) follows '
                f'"{below.get("name")}" ({written(lower)}).',
                *(*at, "from"),
            )
    for name, at in _texts(bands, "name"):
        if name == "unknown":
            yield mistake(
                '"unknown" is what an account without a band is in; choose another name.', *at
            )


def _repeated(named: Iterable[tuple[str, Path]], kind: str) -> Mistakes:
    seen: set[str] = set()
    for name, at in named:
        if name in seen:
            yield mistake(f'there are two of the {kind} "{name}"; names must be unique.', *at)
        seen.add(name)


def _beside(measures: list[Placed]) -> Mistakes:
    weights = {str(measure.get("name")): measure.get("weight") for measure, _ in measures}
    context = [name for name, weight in weights.items() if is_nothing(weight)]
    for measure, at in measures:
        for name, here in _listed(measure, "beside", at):
            if name not in weights:
                hint = did_you_mean(name, context) if context else "add it, with the weight 0."
                yield mistake(f'there is no measure "{name}"; {hint}', *here)
            elif name not in context:
                yield mistake(
                    f'"{name}" has the weight {weights[name]}; only measures of weight 0, which '
                    "are in no score, are shown beside another.",
                    *here,
                )


def _conditions(rules: list[Placed], measures: list[str]) -> Mistakes:
    conditions = [one for rule, at in rules for one in _below(rule, "when", at)]
    for name, at in _texts(conditions, "measure"):
        if name not in measures:
            yield mistake(f'there is no measure "{name}"; {did_you_mean(name, measures)}', *at)


def _reds(rules: list[Placed], bands: list[Placed]) -> Mistakes:
    limit = _number(bands[1][0], "from") if len(bands) > 1 else None
    for rule, at in rules:
        to = _number(rule, "to")
        if rule.get("kind") == "red" and to is not None and limit is not None and to >= limit:
            yield mistake(
                f'a hard red ends in the lowest band, "{bands[0][0].get("name")}", so below '
                f"{written(limit)}, but this is {written(to)}.",
                *(*at, "to"),
            )
