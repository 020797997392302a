"""Which operations have a meaning for which kind of series: the only list of them.

Looked at where a card's text is read. A stored card is read as it stands: what it once scored can
always be computed again.
"""

from collections.abc import Iterator, Mapping

from pydantic_core import PydanticCustomError

from include.scoring.series import find_series
from include.scoring.strict import mistake
from include.scoring.yaml_lines import Path

OF_WHEN = ("active_days", "days_since_last", "days_without", "days_to_first")
OPS: dict[str, tuple[str, ...]] = {
    "counts": (
        "sum", "mean_per_day", "mean_per_active_day", "ratio_to_previous", "level", "latest",
        *OF_WHEN,
    ),
    "changes": (
        "level", "days_at_zero", "days_above_zero", "sum", "mean_per_day", "mean_per_active_day",
        "latest", *OF_WHEN,
    ),
    "days": ("days_since_oldest", "days_at_zero", "days_above_zero", *OF_WHEN),
    "values": ("latest", "mean_per_active_day", *OF_WHEN),
}  # fmt: skip
MEANT = {
    "counts": "what happened each day",
    "changes": "changes of a level",
    "days": "changes of a level that is the number of a day",
    "values": "what was last said",
}


def kind_of(name: str) -> str | None:
    """Return the kind of a series as OPS has it, None where there is no such series.

    `days`: a series of changes whose name ends in `_day`; its level is a day's number.
    """
    series = find_series(name)
    if series is None:
        return None
    return "days" if series.kind == "changes" and name.endswith("_day") else series.kind


def misfits(reading: Mapping[str, object], at: Path) -> Iterator[PydanticCustomError]:
    """Find the operations of a reading, as the file has it, that say nothing of their series."""
    for part in ("top", "bottom", "of"):
        below = reading.get(part)
        if isinstance(below, Mapping):
            yield from misfits(below, (*at, part))
    op, name = reading.get("op"), reading.get("series")
    kind = kind_of(name) if isinstance(name, str) else None
    if kind is None or op not in EVERY_OP or op in OPS[kind]:
        return
    yield mistake(
        f"{op} of {name} has no meaning, for the series holds {MEANT[kind]}; valid here: "
        f"{', '.join(OPS[kind])}.",
        *(*at, "op"),
    )


EVERY_OP = {op for ops in OPS.values() for op in ops}
