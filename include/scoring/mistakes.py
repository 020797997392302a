"""Say what is wrong with a scorecard: file, line, key path, what was expected, the nearest name."""

import re
from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from include.scoring.strict import IN_WORDS, Strict, did_you_mean
from include.scoring.yaml_lines import Document, Path, inside

# Which model's keys stand below a key; readings are told apart by their `op` instead.
Models = Mapping[str, type[Strict]]

EXPECTED = {
    "string_type": "text",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "finite_number": "a finite number",
}
LIMITS = {
    "greater_than": "more than {gt:,.10g}",
    "greater_than_equal": "at least {ge:,.10g}",
    "less_than_equal": "at most {le:,.10g}",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "string_too_short": "text of at least {min_length} character",
    "string_too_long": "text of at most {max_length} characters",
}


def describe(error: ValidationError, document: Document, models: Models, where: str) -> str:
    """One line per mistake, in file order."""
    details = error.errors(include_url=False)
    found = [(_path(detail, document.content), detail) for detail in details]
    misspelt = {
        (path[:-1], did_you_mean(path[-1], _valid_keys(models, path, document)))
        for path, detail in found
        if detail["type"] == "extra_forbidden"
    }
    kept = [pair for pair in found if not _follows(pair, found, misspelt)]
    said = (
        (document.line_of(path), shown(path), _sentence(path, detail, models, document))
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
        if isinstance(here, dict) and part not in here and here.get("op") == part:
            continue
        path.append(part)
        here = inside(here, part)
    if detail["type"].startswith("union_tag"):
        path.append("op")
    return (*path, *detail.get("ctx", {}).get("at", ()))


def _valid_keys(models: Models, path: Path, document: Document) -> list[str]:
    """The keys that are valid at the place of the last part of `path`."""
    names = [part for part in path[:-1] if isinstance(part, str)]
    container = names[-1] if names else ""
    model = models.get(container) or models[str(document.at((*path[:-1], "op")))]
    return [field.alias or name for name, field in model.model_fields.items()]


def _sentence(path: Path, detail: ErrorDetails, models: Models, document: Document) -> str:
    kind, context, value = detail["type"], detail.get("ctx", {}), document.at(path)
    if kind == "scorecard":
        return str(context["sentence"])
    if kind == "extra_forbidden":
        return (
            f"there is no such key; {did_you_mean(path[-1], _valid_keys(models, path, document))}"
        )
    if kind in {"missing", "union_tag_not_found"}:
        return "this key is missing." if isinstance(path[-1], str) else "a number is missing."
    if kind in {"literal_error", "union_tag_invalid"}:
        valid = re.findall(r"'([^']*)'", context.get("expected") or context["expected_tags"])
        return f"{_quoted(value)} is not valid; {did_you_mean(value, valid)}"
    if kind == "string_pattern_mismatch":
        return f"must be {IN_WORDS[context['pattern']]}, but is {_quoted(value)}."
    expected = EXPECTED.get(kind) or LIMITS[kind].format(**context)
    return f"must be {expected}, but is {_quoted(value)}."


def _quoted(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, tuple):
        return f"a list of {len(value)}"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
