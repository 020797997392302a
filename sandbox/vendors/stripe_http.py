"""What every Stripe handler takes and refuses with: parameters in brackets, and error objects.

Vendor facts: Stripe API reference on errors and request bodies, checked Nov 2026.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

DOCS = "https://stripe.com/docs/error-codes/"
NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
WHOLE = re.compile(r"-?\d+")
RANGE = frozenset(("gt", "gte", "lt", "lte"))
Kind = str | tuple[str, ...]  # text, whole, flag, range, list, map, or the allowed words


class Refused(Exception):
    """An answer in Stripe's error shape."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param
        self.kind = kind

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": str(self), "type": self.kind}
        if self.code:
            error |= {"code": self.code, "doc_url": DOCS + self.code.replace("_", "-")}
        if self.param:
            error["param"] = self.param
        return {"error": error}


@dataclass(frozen=True, slots=True)
class Params:
    """Checked parameters of one request, each of the kind that the endpoint names."""

    values: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        return self.values.get(name)

    def expand(self) -> list[str]:
        return self.values.get("expand", [])

    def within(self, name: str, value: int | None) -> bool:
        """Whether an epoch time meets the range asked for; a missing time meets none."""
        asked = self.values.get(name)
        if asked is None:
            return True
        if value is None:
            return False
        return (
            value == asked.get("exact", value)
            and value > asked.get("gt", value - 1)
            and value >= asked.get("gte", value)
            and value < asked.get("lt", value + 1)
            and value <= asked.get("lte", value)
        )


def to_params(pairs: Iterable[tuple[str, str]], known: dict[str, Kind]) -> Params:
    """Read `name`, `name[key]`, `name[]` and `name[0]`; anything not in `known` is refused."""
    values: dict[str, Any] = {}
    for key, text in pairs:
        match = NAME.fullmatch(key)
        name = match[1] if match else key
        if match is None or name not in known:
            raise _unknown(key)
        inner = match[2][1:-1] if match[2] else None
        kind = known[name]
        if kind == "list":
            if inner is None:
                raise Refused(400, "Invalid array", param=name)
            values.setdefault(name, []).append(text)
        elif kind == "map" and inner is not None:
            values.setdefault(name, {})[inner] = text
        elif kind == "map":
            values[name] = _cleared(name, text)
        elif kind == "range" and inner is not None:
            if inner not in RANGE:
                raise _unknown(key)
            values.setdefault(name, {})[inner] = _whole(text, key)
        elif inner is not None:
            raise Refused(400, f"Invalid string: {{{inner!r}: {text!r}}}", param=name)
        else:
            values[name] = _single(kind, name, text)
    return Params(values)


def _cleared(name: str, text: str) -> str:
    """A map without keys may only be sent empty, which clears it."""
    if text:
        raise Refused(400, "Invalid object", param=name)
    return text


def _single(kind: Kind, name: str, text: str) -> object:
    if kind == "whole":
        return _whole(text, name)
    if kind == "range":
        return {"exact": _whole(text, name)}
    if kind == "flag":
        if text not in ("true", "false"):
            raise Refused(400, f"Invalid boolean: {text}", param=name)
        return text == "true"
    if text == "" and kind != "clearable":
        raise Refused(
            400,
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{name}' cannot be unset. You should remove '{name}' "
            "from your request or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=name,
        )
    if isinstance(kind, tuple) and text not in kind:
        words = ", ".join(kind[:-1]) + f", or {kind[-1]}"
        raise Refused(400, f"Invalid {name}: must be one of {words}", param=name)
    return text


def _whole(text: str, param: str) -> int:
    if not WHOLE.fullmatch(text):
        message = f"Invalid integer: {text}"
        raise Refused(400, message, code="parameter_invalid_integer", param=param)
    return int(text)


def _unknown(name: str) -> Refused:
    message = f"Received unknown parameter: {name}"
    return Refused(400, message, code="parameter_unknown", param=name)


def no_such(noun: str, object_id: str, *, param: str, status: int = 404) -> Refused:
    message = f"No such {noun}: '{object_id}'"
    return Refused(status, message, code="resource_missing", param=param)
