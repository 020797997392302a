"""Rules as people write them, checked strictly: a misspelt key is an error, not a silent rule."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from sandbox.doors import VENDORS

COMMON = ("vendor", "path", "method", "fault", "times", "after")
# The keys each fault takes beside COMMON; True marks the ones it cannot do without.
FAULTS: dict[str, dict[str, bool]] = {
    "status": {"code": True, "headers": False, "body": False, "applied": False},
    "retry_after": {"seconds": True, "code": False},
    "expire_token": {},
    "html": {"code": False, "applied": False},
    "slow": {"seconds": True, "pieces": False},
    "cut": {},
    "truncated_json": {},
    "invalid_json": {},
    "clock_skew": {"seconds": True},
    "repeated_cursor": {},
    "empty_page": {},
    "duplicate": {"where": False},
    "reorder": {},
    "drop_field": {"field": True, "n": False},
    "rename_field": {"field": True, "to": True, "n": False},
    "retype_field": {"field": True, "to": True, "n": False},
    "no_id": {"n": False},
    "set": {"field": True, "value": True, "n": False},
}
CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "duplicate": ("where", ("next", "same")),
    "retype_field": ("to", ("text", "number", "list", "object")),
}
WHOLE_NUMBERS: dict[str, int] = {"times": -1, "after": 0, "n": 0, "pieces": 1, "code": 200}


def parse_rules(rows: object) -> list["Rule"]:
    """ValueError names the first rule that is wrong, by its place in the list from 1."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise ValueError("faults must be a list of rules")  # noqa: TRY004 - one error for bad files
    return [_parse_rule(row, f"fault rule {place}") for place, row in enumerate(rows, start=1)]


def read_rules(path: Path) -> list[dict[str, Any]]:
    """Read a YAML list of rules, checked; an empty file is an empty list."""
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        parse_rules(rows)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{path}: {error}") from error
    return list(rows)


def _parse_rule(row: object, where: str) -> "Rule":
    if not isinstance(row, Mapping):
        raise ValueError(f"{where}: must be a mapping, not {row!r}")  # noqa: TRY004
    for key in ("vendor", "path", "fault"):
        if not row.get(key):
            raise ValueError(f"{where}: needs {key}")
    _known(row["vendor"], VENDORS, f"{where}: vendor")
    _known(row["fault"], FAULTS, f"{where}: fault")
    own = FAULTS[row["fault"]]
    for key in row:
        _known(key, (*COMMON, *own), f"{where} ({row['fault']}): key")
    missing = [key for key, needed in own.items() if needed and key not in row]
    if missing:
        raise ValueError(f"{where} ({row['fault']}): needs {', '.join(missing)}")
    _check_values(row, where)
    return Rule(row=dict(row), options={key: row[key] for key in own if key in row})


def _check_values(row: Mapping[str, Any], where: str) -> None:
    for key, least in WHOLE_NUMBERS.items():
        value = row.get(key, least)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"{where}: {key} must be a whole number of at least {least}")
    if row.get("times") == 0:
        raise ValueError(f"{where}: times 0 would never fire; use -1 for always")
    if row.get("code", 200) > 599:
        raise ValueError(f"{where}: code must be at most 599")
    seconds = row.get("seconds", 0)
    if row["fault"] in {"slow", "clock_skew"} and not isinstance(seconds, int | float):
        raise ValueError(f"{where}: seconds must be a number")
    if row.get("applied", False) not in (True, False):
        raise ValueError(f"{where}: applied must be true or false")
    if row["fault"] in CHOICES:
        key, choices = CHOICES[row["fault"]]
        _known(row.get(key, choices[0]), choices, f"{where}: {key}")


def _known(value: object, known: Collection[str], what: str) -> None:
    if value in known:
        return
    near = difflib.get_close_matches(str(value), known, n=1, cutoff=0.0)
    raise ValueError(f"{what} {value!r} is unknown; did you mean {near[0]!r}?")


@dataclass(slots=True)
class Rule:
    """One rule and how often it was met (`seen`) and acted (`fired`)."""

    row: dict[str, Any]
    options: dict[str, Any]
    seen: int = 0
    fired: int = 0

    @property
    def fault(self) -> str:
        return str(self.row["fault"])

    def matches(self, vendor: str, method: str, path: str) -> bool:
        if self.row["vendor"] != vendor or self.row.get("method", method).upper() != method:
            return False
        pattern = self.row["path"]
        if any(sign in pattern for sign in "*?["):
            return fnmatchcase(path, pattern)
        return path.startswith(pattern)

    def is_due(self) -> bool:
        """Count one matching request; true while the rule still has something to do."""
        self.seen += 1
        return self.seen > self.row.get("after", 0) and not self.is_spent

    @property
    def is_spent(self) -> bool:
        times: int = self.row.get("times", 1)
        return times != -1 and self.fired >= times


class Faults:
    """The rules in force, shared by the vendors of one sandbox and replaced as a whole."""

    def __init__(self, rows: object = ()) -> None:
        self.replace(rows)

    def replace(self, rows: object) -> None:
        """ValueError for a wrong rule; then the rules before stay in force."""
        self._rules = parse_rules(rows)

    def matching(self, vendor: str, method: str, path: str) -> list[Rule]:
        return [rule for rule in self._rules if rule.matches(vendor, method, path)]

    def report(self) -> list[dict[str, Any]]:
        return [{**rule.row, "seen": rule.seen, "fired": rule.fired} for rule in self._rules]
