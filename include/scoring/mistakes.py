"""Say what is wrong with a scorecard: file, line, key path, what was expected, the nearest name."""

import re
from collections.abc import Callable, Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from include.say import written
from include.scoring.strict import IN_WORDS, Strict, did_you_mean
from include.scoring.yaml_lines import Document, Path, inside

# The model whose keys stand below a key, told by what stands there where there are several.
ModelAt = Callable[[str, object], type[Strict]]

EXPECTED = {
    "string_type": "text",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "finite_number": "a finite number",
}
LIMITS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "{what} of at least {min_length}",
    "too_long": "{what} of at most {max_length}",
    "string_too_short": "text of at least {min_length} character",
    "string_too_long": "text of at most {max_length} characters",
}
NO_PART = re.compile(r"\(\w+\)|\[key\]")  # what pydantic adds to a path: a tag, "the key itself"


def describe(error: ValidationError, document: Document, model_at: ModelAt, where: str) -> str:
    """One line per mistake, in file order."""
    details = error.errors(include_url=False)
    found = [(_path(detail, document.content), detail) for detail in details]
    misspelt = {
        (path[:-1], did_you_mean(path[-1], _valid_keys(model_at, path, document)))
        for path, detail in found
        if detail["type"] == "extra_forbidden"
    }
    kept = [pair for pair in found if not _follows(pair, found, misspelt)]
    said = (
        (document.line_of(path), shown(path), _sentence(path, detail, model_at, document))
        for path, detail in kept
    )
    in_order = sorted(said, key=lambda one: one[0])
    return "\n".join(f"{where}, line {line}, {key}: {text}" for line, key, text in in_order)


def shown(path: Path) -> str:
    """("bands", 1, "from") as bands[1].from; items of a list count from 0."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the whole file"


def _follows(
    pair: tuple[Path, ErrorDetails],
    found: list[tuple[Path, ErrorDetails]],
    misspelt: set[tuple[Path, str]],
) -> bool:
    """Whether this mistake is only the shadow of another one: mending that mends both."""
    path, detail = pair
    if detail["type"] == "missing":
        return (path[:-1], f'did you mean "{path[-1]}"?') in misspelt
    below = (other for other, _ in found if len(other) > len(path))
    return detail["type"] == "too_short" and any(other[: len(path)] == path for other in below)


def _path(detail: ErrorDetails, content: object) -> Path:
    """Where the mistake stands in the file; pydantic adds the names of alternatives on the way."""
    path: list[str | int] = []
    here = content
    for part in detail["loc"]:
        if _is_alternative(part, here):
            continue
        path.append(part)
        here = inside(here, part)
    if detail["type"].startswith("union_tag"):
        path.append(detail["ctx"]["discriminator"].strip("'"))
    return (*path, *detail.get("ctx", {}).get("at", ()))


def _is_alternative(part: str | int, here: object) -> bool:
    if isinstance(part, int):
        return False
    if isinstance(here, dict) and part in here:
        return False
    return bool(NO_PART.fullmatch(part)) or part in {inside(here, "op"), inside(here, "kind")}


def _valid_keys(model_at: ModelAt, path: Path, document: Document) -> list[str]:
    """The keys that are valid at the place of the last part of `path`."""
    names = [part for part in path[:-1] if isinstance(part, str)]
    model = model_at(names[-1] if names else "", document.at(path[:-1]))
    return [field.alias or name for name, field in model.model_fields.items()]


def _sentence(path: Path, detail: ErrorDetails, model_at: ModelAt, document: Document) -> str:
    kind, context, value = detail["type"], detail.get("ctx", {}), document.at(path)
    if detail["loc"][-1:] == ("[key]",):
        value = path[-1]
    if kind == "scorecard":
        return str(context["sentence"])
    if kind == "extra_forbidden":
        return (
            f"there is no such key; {did_you_mean(path[-1], _valid_keys(model_at, path, document))}"
        )
    if kind in {"missing", "union_tag_not_found"}:
        return "this key is missing." if isinstance(path[-1], str) else "a number is missing."
    if kind in {"literal_error", "union_tag_invalid"}:
        valid = _alternatives(context.get("expected") or context["expected_tags"])
        return f"{_quoted(value)} is not valid; {did_you_mean(value, valid)}"
    if kind == "string_pattern_mismatch":
        return f"must be {IN_WORDS[context['pattern']]}, but is {_quoted(value)}."
    what = "a mapping" if isinstance(value, dict) else "a list"
    expected = EXPECTED.get(kind) or LIMITS[kind].format(**_in_words(context), what=what)
    return f"must be {expected}, but is {_quoted(value)}."


def _in_words(context: Mapping[str, object]) -> dict[str, object]:
    return {
        name: written(limit) if isinstance(limit, int | float) else limit
        for name, limit in context.items()
    }


def _alternatives(expected: str) -> Iterator[str]:
    """The words in "'a', 'b' or 'c'", or the numbers in "10 or 100"."""
    for word, number in re.findall(r"'([^']*)'|(\d+)", expected):
        yield word or number


def _quoted(value: object) -> str:
    if isinstance(value, dict):
        return f"a mapping of {len(value)}"
    if isinstance(value, tuple):
        return f"a list of {len(value)}"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
