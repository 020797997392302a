"""Rules as people write them, checked strictly: a misspelt key is an error, not a silent rule."""

import difflib
import math
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from sandbox.doors import VENDORS
from sandbox.faults.late import Late

COMMON = ("vendor", "path", "method", "fault", "times", "after", "chance", "seed")
EVERY = "all"  # vendors
# The keys each fault takes beside COMMON; True marks the ones it cannot do without.
FAULTS: dict[str, dict[str, bool]] = {
    "status": {"code": True, "headers": False, "body": False, "applied": False},
    "retry_after": {"seconds": True, "code": False},
    "expire_token": {"for_good": False},
    "html": {"code": False, "applied": False},
    "slow": {"seconds": True, "pieces": False},
    "cut": {},
    "truncated_json": {},
    "invalid_json": {},
    "lost_lines": {},
    "terminated_early": {},
    "split_line": {"n": False},
    "broken_archive": {"how": False},
    "clock_skew": {"seconds": True},
    "repeated_cursor": {},
    "empty_page": {},
    "duplicate": {"where": False},
    "edited": {"field": True, "value": True},
    "late": {"n": False, "requests": False, "days": False},
    "reorder": {},
    "new_field": {"field": True, "value": True, "n": False},
    "drop_field": {"field": True, "n": False},
    "rename_field": {"field": True, "to": True, "n": False},
    "retype_field": {"field": True, "to": True, "n": False},
    "no_id": {"n": False},
    "set": {"field": True, "value": True, "n": False},
}
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("duplicate", "where"): ("next", "same"),
    ("retype_field", "to"): ("text", "number", "list", "object"),
    ("broken_archive", "how"): ("bytes", "file", "cut"),
}
WHOLE_NUMBERS: dict[str, int] = {
    "times": -1, "after": 0, "n": 0, "pieces": 1, "code": 200, "requests": 1, "days": 1,
}  # fmt: skip
LEAST: dict[str, dict[str, int]] = {"late": {"n": -1}}  # where it differs; -1: the last record
KINDS: dict[str, tuple[type, str]] = {
    "path": (str, "text"),
    "method": (str, "text"),
    "field": (str, "text"),
    "to": (str, "text"),
    "headers": (Mapping, "a mapping"),
    "applied": (bool, "true or false"),
    "for_good": (bool, "true or false"),
}


def parse_rules(rows: object) -> list["Rule"]:
    """ValueError names the first rule that is wrong, by its place in the list from 1."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise ValueError("faults must be a list of rules")  # noqa: TRY004 - one error for bad files
    places = [(row, f"fault rule {place}") for place, row in enumerate(rows, start=1)]
    return [rule for row, where in places for rule in _parse_rule(row, where)]


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


def _parse_rule(row: object, where: str) -> list["Rule"]:
    """One rule for each vendor that the row names."""
    if not isinstance(row, Mapping):
        raise ValueError(f"{where}: must be a mapping, not {row!r}")  # noqa: TRY004
    for key in ("vendor", "path", "fault"):
        if not row.get(key):
            raise ValueError(f"{where}: needs {key}")
    vendors = _vendors_of(row["vendor"], where)
    _known(row["fault"], FAULTS, f"{where}: fault")
    own = FAULTS[row["fault"]]
    for key in row:
        _known(key, (*COMMON, *own), f"{where} ({row['fault']}): key")
    missing = [key for key, needed in own.items() if needed and key not in row]
    if missing:
        raise ValueError(f"{where} ({row['fault']}): needs {', '.join(missing)}")
    _check_values(row, where)
    _check_chance(row, where)
    options = {key: row[key] for key in own if key in row}
    return [Rule(row={**row, "vendor": vendor}, options=options) for vendor in vendors]


def _vendors_of(named: object, where: str) -> Collection[str]:
    if named == EVERY:
        return VENDORS
    names: list[Any] = named if isinstance(named, list) else [named]
    for name in names:
        _known(name, VENDORS, f"{where}: vendor")
    return names


def _check_values(row: Mapping[str, Any], where: str) -> None:
    for key, least in {**WHOLE_NUMBERS, **LEAST.get(row["fault"], {})}.items():
        value = row.get(key, least)
        if not _is_whole(value) or value < least:
            raise ValueError(f"{where}: {key} must be a whole number of at least {least}")
    for key, (kind, words) in KINDS.items():
        if key in row and not isinstance(row[key], kind):
            raise ValueError(f"{where}: {key} must be {words}")
    if row.get("times") == 0:
        raise ValueError(f"{where}: times 0 would never fire; use -1 for always")
    if row.get("code", 200) > 599:
        raise ValueError(f"{where}: code must be at most 599")
    if row["fault"] in {"slow", "clock_skew"} and not _is_number(row["seconds"]):
        raise ValueError(f"{where}: seconds must be a number")
    if row["fault"] == "late" and ("requests" in row) == ("days" in row):
        raise ValueError(f"{where} (late): needs requests or days, one of them")
    for (fault, key), choices in CHOICES.items():
        if row["fault"] == fault:
            _known(row.get(key, choices[0]), choices, f"{where}: {key}")


def _check_chance(row: Mapping[str, Any], where: str) -> None:
    chance = row.get("chance", 1)
    if not _is_number(chance) or not 0 < chance <= 1:
        raise ValueError(f"{where}: chance must be above 0 and at most 1, as 0.05")
    if not _is_whole(row.get("seed", 0)):
        raise ValueError(f"{where}: seed must be a whole number")
    if "seed" in row and "chance" not in row:
        raise ValueError(f"{where}: a seed does nothing without a chance")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _known(value: object, known: Collection[str], what: str) -> None:
    if isinstance(value, str) and value in known:
        return
    near = difflib.get_close_matches(str(value), known, n=1, cutoff=0.0)
    raise ValueError(f"{what} {value!r} is unknown; did you mean {near[0]!r}?")


@dataclass(slots=True)
class Rule:
    """One rule for one vendor, and how often it was met (`seen`) and acted (`fired`).

    late: the records it holds back. refused: the credentials that it has expired for good.
    """

    row: dict[str, Any]
    options: dict[str, Any]
    seen: int = 0
    fired: int = 0
    late: Late = field(default_factory=Late)
    refused: set[bytes] = field(default_factory=set)
    _draws: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """The same rule draws the same numbers, whatever stands around it in the list."""
        names = [str(self.row.get(key, "")) for key in ("seed", "vendor", "path", "fault", "code")]
        self._draws = random.Random("|".join(names))

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
        """Count one matching request; true where the rule acts on it if it can."""
        self.seen += 1
        is_drawn = "chance" not in self.row or self._draws.random() < self.row["chance"]
        return is_drawn and self.seen > self.row.get("after", 0) and not self.is_spent

    @property
    def is_spent(self) -> bool:
        times: int = self.row.get("times", -1 if "chance" in self.row else 1)
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
