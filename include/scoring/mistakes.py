"""Say what is wrong with a scorecard: file, line, key path, what was expected, the nearest name."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from include.scoring.strict import Strict, did_you_mean
from include.scoring.yaml_lines import Document, Path

Keys = Mapping[str, type[Strict]]

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
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def describe(error: ValidationError, document: Document, keys: Keys, where: str) -> str:
    """One line per mistake, in file order. keys: which model stands under which key."""
    found = [_located(detail, document.content) for detail in error.errors(include_url=False)]
    wrong_keys = {
        (path[:-1], did_you_mean(path[-1], _names(keys, path, document.content)))
        for path, detail in found
        if detail["type"] == "extra_forbidden"
    }
    lines = []
    for path, detail in found:
        if detail["type"] == "missing" and (path[:-1], f'did you mean "{path[-1]}"?') in wrong_keys:
            continue  # the misspelt key is the mistake; its absence under the right name follows
        line = document.line_of(path)
        sentence = _sentence(detail, _names(keys, path, document.content), _value(document, path))
        lines.append((line, f"{where}, line {line}, {shown(path)}: {sentence}"))
    return "\n".join(text for _, text in sorted(lines, key=lambda pair: pair[0]))


def shown(path: Path) -> str:
    """("bands", 1, "from") as bands[1].from; list items count from 0."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the scorecard"


def _located(detail: ErrorDetails, content: object) -> tuple[Path, ErrorDetails]:
    """The path as it stands in the file: without the names of alternatives, with the part at fault."""
    path: list[str | int] = []
    here: Any = content
    for part in detail["loc"]:
        if isinstance(here, dict) and part not in here and here.get("op") == part:
            continue
        path.append(part)
        here = _step(here, part)
    path.extend(detail.get("ctx", {}).get("at", ()))
    if detail["type"].startswith("union_tag"):
        path.append("op")
    return tuple(path), detail


def _step(here: Any, part: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(part)
    if isinstance(here, Sequence) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _value(document: Document, path: Path) -> Any:
    here: Any = document.content
    for part in path:
        here = _step(here, part)
    return here


def _names(keys: Keys, path: Path, content: object) -> list[str]:
    """The keys that are valid beside the last part of `path`."""
    here: Any = content
    for part in path[:-1]:
        here = _step(here, part)
    around = [part for part in path[:-1] if isinstance(part, str)]
    model = keys.get(here.get("op", "") if isinstance(here, dict) else "") or keys.get(
        around[-1] if around else ""
    )
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _sentence(detail: ErrorDetails, names: list[str], value: object) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "scorecard":
        return f"{context['sentence']}."
    if kind == "missing":
        return "this key is missing."
    if kind == "extra_forbidden":
        return f"there is no such key; {did_you_mean(detail['loc'][-1], names)}".rstrip("?") + "?"
    if kind in EXPECTED:
        return f"must be {EXPECTED[kind]}, but is {_quoted(value)}."
    if kind in LIMITS:
        words, key = LIMITS[kind]
        return f"must be {words} {context[key]:g}, but is {_quoted(value)}."
    return f"{_special(kind, context, value)}."


def _special(kind: str, context: Mapping[str, Any], value: object) -> str:
    if kind in {"literal_error", "union_tag_invalid"}:
        valid = re.findall(r"'([^']*)'", context.get("expected") or context["expected_tags"])
        return f"{_quoted(value)} is not valid; {did_you_mean(value, valid)}".rstrip("?")
    if kind == "union_tag_not_found":
        return "this key is missing"
    return kind


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
