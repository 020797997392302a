"""Where a world comes from, and remembering it so that tomorrow's start extends the same world."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:  # pandas comes with it, and a wrong word should be answered at once
    from sandbox.world.model import World

WORLD_FILE = "world.json"
ACCOUNTS = 500
DAYS = 400
SEED = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for; None where they did not say. zone: where yesterday is."""

    accounts: int | None = None
    days: int | None = None
    seed: int | None = None
    start: date | None = None
    end: date | None = None
    tables: Path | None = None
    state_dir: Path | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Origin:
    """Enough to make the world again. tables None: simulated, from start to end with both."""

    accounts: int
    seed: int
    start: date
    end: date
    tables: Path | None
    state_dir: Path | None


def decide(asked: Asked) -> Origin:
    """Fill in what was not said from the state folder, then from the defaults.

    ValueError where what was said contradicts the folder, or itself.
    """
    known = _recall(asked.state_dir)
    if asked.tables is not None:
        return _from_tables(asked, known)
    if known.get("tables"):
        raise ValueError(f"{asked.state_dir} keeps the world of {known['tables']}; give --tables")
    if asked.days is not None and asked.start is not None:
        raise ValueError("give --days or --start, not both")
    if asked.days is not None and asked.days < 1:
        raise ValueError(f"--days must be at least 1, not {asked.days}")
    end = asked.end or max(yesterday(asked.zone), _date(known.get("end")) or date.min)
    remembered = _date(known.get("start"))
    first = None if asked.days is None else end - timedelta(days=asked.days - 1)
    start = asked.start or remembered or first or end - timedelta(days=DAYS - 1)
    _same("start", asked.start, remembered, asked)
    _same("seed", asked.seed, known.get("seed"), asked)
    _same("accounts", asked.accounts, known.get("accounts"), asked)
    accounts = asked.accounts or known.get("accounts", ACCOUNTS)
    seed = asked.seed if asked.seed is not None else known.get("seed", SEED)
    return Origin(accounts, seed, start, end, None, asked.state_dir)


def make_world(origin: Origin) -> "World":
    """ValueError for tables that cannot be read, or impossible figures."""
    if origin.tables is not None:
        from sandbox.world.tables import load_tables

        return load_tables(origin.tables)
    from sandbox.world.simulate import simulate

    return simulate(accounts=origin.accounts, seed=origin.seed, start=origin.start, end=origin.end)


def remember(origin: Origin, world: "World") -> None:
    """Write the world's origin into its state folder, if it has one."""
    if origin.state_dir is None:
        return
    known: dict[str, Any] = {"start": world.start.isoformat(), "end": world.end.isoformat()}
    if origin.tables is not None:
        known["tables"] = str(origin.tables.resolve())
    else:
        known |= {"accounts": world.asked_accounts, "seed": world.seed}
    origin.state_dir.mkdir(parents=True, exist_ok=True)
    path = origin.state_dir / WORLD_FILE
    half = path.with_suffix(".new")
    half.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    half.replace(path)


def _recall(state_dir: Path | None) -> dict[str, Any]:
    path = state_dir / WORLD_FILE if state_dir else None
    if path is None or not path.exists():
        return {}
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        _date(known.get("start")), _date(known.get("end"))
    except (ValueError, AttributeError) as error:
        raise ValueError(
            f"{path} is not a world file; remove {state_dir} to start afresh"
        ) from error
    return dict(known)


def _from_tables(asked: Asked, known: dict[str, Any]) -> Origin:
    given = {"--accounts": asked.accounts, "--days": asked.days, "--seed": asked.seed}
    given |= {"--start": asked.start, "--end": asked.end}
    extra = [name for name, value in given.items() if value is not None]
    if extra:
        raise ValueError(f"{', '.join(extra)} cannot go with --tables: the tables decide")
    assert asked.tables is not None
    here = str(asked.tables.resolve())
    if known and known.get("tables") != here:
        other = known.get("tables", "a simulated world")
        raise ValueError(f"{asked.state_dir} keeps {other}; use another --state folder")
    return Origin(0, 0, date.min, date.min, asked.tables, asked.state_dir)


def _same(name: str, asked: object, remembered: object, where: Asked) -> None:
    if asked is not None and remembered is not None and asked != remembered:
        raise ValueError(
            f"{where.state_dir} keeps a world with {name} {remembered}, not {asked}; "
            f"leave --{name} out or use another --state folder"
        )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def yesterday(zone: str) -> date:
    """The last full day in a time zone. ValueError where there is no such zone."""
    try:
        return datetime.now(ZoneInfo(zone)).date() - timedelta(days=1)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"{zone} is no time zone") from error
