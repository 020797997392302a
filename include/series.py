"""What the SQL files of the day-level series say about themselves, read from their first lines.

`include/sql/series/<fact>.sql` declares its series and what makes their days stale; see
docs/series.md. Nothing else in the program lists series.

    -- Series: <name> <role> <kind>[ blocked by <series>]: <meaning>
    -- Touched by: <fact> on its days | up to <n> days on | up to {n} days on | on all days

`include/sql/series/known/<role>.sql` says from which day on the series of a role are known:

    -- Known from: <rule>

A name with `{n}` stands for one series for each window of n days that is in use, one with
`{measure}` for one for each measure that people ever entered. A file whose
statement only selects gathers who was seen on which day; its series are made of that by
include/warehouse/distinct.py.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from include.errors import FixConfig

FOLDER = Path(__file__).parent / "sql" / "series"
ROLES = ("crm", "billing", "support", "usage")
KINDS = ("counts", "changes", "values")
DEFAULT_WINDOW = 28
LONGEST_WINDOW = 400
FILLS = "insert into fresh"
KNOWN = "-- Known from:"
SERIES = "-- Series:"
NAME = r"[a-z][a-z0-9_]*(?:\{(?:n|measure)\}[a-z0-9_]*)?"
SERIES_LINE = re.compile(
    rf"-- Series: (?P<name>{NAME}) (?P<role>[a-z]+) (?P<kind>[a-z]+)"
    rf"(?: blocked by (?P<blocked_by>{NAME}))?: (?P<meaning>\S.*\S)"
)
TOUCHED_LINE = re.compile(
    r"-- Touched by: (?P<fact>[a-z_]+) "
    r"(?P<reach>on its days|on all days|up to (?P<days>\d{1,3}|\{n\}) days on)"
)


@dataclass(frozen=True, slots=True)
class Declared:
    """One series. kind: how its days add up (counts, changes of a level, or values last said).

    blocked_by: the series that counts what could not be valued; where it is not 0, neither is this
    one known.
    """

    name: str
    role: str
    kind: str
    meaning: str
    file: str
    blocked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Which days of an account a change of a fact touches: its own and `days` after them.

    None: every day there is. `per_window`: as many as the longest window in use.
    """

    fact: str
    days: int | None = 0
    per_window: bool = False


@dataclass(frozen=True, slots=True)
class SeriesFile:
    """A file. digest: of its text, to notice that what it computes may have changed.

    known: the rule by which a day without a row means zero and not unknown; None: it has series.
    has_members: its statement selects who was seen when, in place of filling `fresh`.
    """

    name: str
    series: tuple[Declared, ...]
    touched_by: tuple[Reach, ...]
    digest: str
    known: str | None = None
    has_members: bool = False

    @property
    def role(self) -> str:
        """The role whose series are known by this file's rule."""
        return self.name.removeprefix("known/")

    @property
    def has_windows(self) -> bool:
        return any("{n}" in series.name for series in self.series)

    @property
    def has_measures(self) -> bool:
        return any("{measure}" in series.name for series in self.series)


@cache
def all_files() -> tuple[SeriesFile, ...]:
    """Read the program's own files, the rules of what is known first."""
    return (*known_files(), *series_files())


def series_files(folder: Path = FOLDER) -> tuple[SeriesFile, ...]:
    """Read every series file, by name; FixConfig says what is wrong with which line."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}
    files = tuple(
        read_file(name, text) for name, text in texts.items() if FILLS in text or SERIES in text
    )
    _check(series for file in files for series in file.series)
    return files


def known_files(folder: Path = FOLDER) -> tuple[SeriesFile, ...]:
    """Read the rule of each role; FixConfig where one has none."""
    missing = [role for role in ROLES if not (folder / "known" / f"{role}.sql").is_file()]
    if missing:
        raise FixConfig(f"include/sql/series/known/{missing[0]}.sql is missing.")
    return tuple(
        read_file(f"known/{role}", (folder / "known" / f"{role}.sql").read_text(encoding="utf-8"))
        for role in ROLES
    )


def read_file(name: str, text: str) -> SeriesFile:
    """Read the declarations of one file."""
    where = f"include/sql/series/{name}.sql"
    lines = text.splitlines()
    if not text.startswith("-- Grain: "):
        raise FixConfig(f"{where} must begin with its grain: -- Grain: one row per …")
    series = tuple(_series(line, name, where) for line in lines if line.startswith(SERIES))
    touched = tuple(_reach(line, where) for line in lines if line.startswith("-- Touched by:"))
    known = [line.removeprefix(KNOWN).strip() for line in lines if line.startswith(KNOWN)]
    label = KNOWN if name.startswith("known/") else SERIES
    for found, missing in ((known or series, label), (touched, "-- Touched by:")):
        if not found:
            raise FixConfig(f"{where} has no line that begins with {missing} (docs/series.md).")
    digest = sha256(text.encode()).hexdigest()
    return SeriesFile(name, series, touched, digest, known[0] if known else None, FILLS not in text)


def in_use(
    files: Iterable[SeriesFile], windows: Sequence[int], measures: Iterable[str] = ()
) -> Iterator[Declared]:
    """Every series there is, with one for each window in place of a name with `{n}`.

    measures: those that people entered, for names with `{measure}`.
    """
    entered = sorted(set(measures))
    for file in files:
        for series in file.series:
            if "{n}" in series.name:
                yield from (with_window(series, days) for days in sorted(set(windows)))
            elif "{measure}" in series.name:
                yield from (with_measure(series, measure) for measure in entered)
            else:
                yield series


def with_window(series: Declared, days: int) -> Declared:
    """Put a number of days in the place of `{n}`."""
    blocked_by = series.blocked_by and series.blocked_by.replace("{n}", str(days))
    name, meaning = (text.replace("{n}", str(days)) for text in (series.name, series.meaning))
    return replace(series, name=name, meaning=meaning, blocked_by=blocked_by)


def with_measure(series: Declared, measure: str) -> Declared:
    """Put the name of a measure in the place of `{measure}`."""
    name, meaning = (text.replace("{measure}", measure) for text in (series.name, series.meaning))
    return replace(series, name=name, meaning=meaning)


def _series(line: str, file: str, where: str) -> Declared:
    found = SERIES_LINE.fullmatch(line)
    if found is None:
        raise FixConfig(
            f"{where}: this is not -- Series: <name> <role> <kind>[ blocked by <series>]: "
            f"<meaning>, in one line: {line}"
        )
    for word, valid in ((found["role"], ROLES), (found["kind"], KINDS)):
        if word not in valid:
            raise FixConfig(f"{where}: {found['name']}: {word} is none of {', '.join(valid)}.")
    return Declared(
        found["name"], found["role"], found["kind"], found["meaning"], file, found["blocked_by"]
    )


def _reach(line: str, where: str) -> Reach:
    found = TOUCHED_LINE.fullmatch(line)
    if found is None:
        raise FixConfig(
            f"{where}: this is not -- Touched by: <fact> on its days, up to <n> days on, or on "
            f"all days: {line}"
        )
    if found["reach"] == "on all days":
        return Reach(found["fact"], None)
    per_window = found["days"] == "{n}"
    return Reach(found["fact"], 0 if per_window else int(found["days"] or 0), per_window)


def _check(series: Iterable[Declared]) -> None:
    """A name stands once, in one file; a companion exists and is of the same role."""
    found: dict[str, Declared] = {}
    for one in series:
        if one.name in found:
            raise FixConfig(
                f"The series {one.name} is declared twice: in include/sql/series/"
                f"{found[one.name].file}.sql and {one.file}.sql."
            )
        found[one.name] = one
    for one in found.values():
        if one.blocked_by is not None and one.blocked_by not in found:
            raise FixConfig(
                f"include/sql/series/{one.file}.sql: {one.name} is blocked by {one.blocked_by}, "
                "which no file declares."
            )
