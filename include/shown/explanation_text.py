"""One account's score taken apart, in a terminal."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from rich.table import Table
from rich.text import Text

from include.html_page import printable
from include.say import shown
from include.scoring.explain import Explanation
from include.scoring.measure_parts import MeasurePart
from include.scoring.scorecard import Scorecard
from include.shown.terminal import colour_of, console
from include.shown.trend_text import chance, days_of, since

Row = Mapping[str, Any]
LONGEST = 120  # letters of what people wrote; --json has all of it
BESIDE = 65  # columns beside the names of measures; with fewer, these wrap as well


def show_explanation(row: Row, explanation: Explanation, card: Scorecard) -> None:
    """Print the points that each measure gives and costs, and what rules and people made of it."""
    _show_head(row, explanation, card)
    console.print(_measures(explanation))
    _show_lines("Read against", map(_against, _measures_of(explanation)))
    _show_lines("Unknown, and why", map(_unknown, _measures_of(explanation)))
    _show_lines("From base to score", steps(row, explanation))
    _show_lines("Undecided rules", undecided(explanation))
    _show_lines("Flags", flags(row, explanation))


def steps(row: Row, explanation: Explanation) -> list[str]:
    """Say what each rule and the override made of the base; nothing where nothing acts."""
    if not explanation.steps:
        return []
    lines = [f"base {_points(explanation.base)}"]
    for step in explanation.steps:
        why = step.why if step.kind != "override" else override(row)
        lines.append(
            f"{step.name} ({step.kind}) {step.does}: {step.before:.1f} to {step.after:.1f}. {why}"
        )
    return lines


def override(row: Row) -> str:
    """Say who overrode the score, where, why and until when."""
    said = row["override"]
    if said is None:
        return "Who said so is no longer in the store."
    second = f", with {said['second_person']}" if said["second_person"] else ""
    where = " in a field of the CRM" if said["source"] == "crm" else ""
    ended = f", ended by {said['ended_by']}" if said["ended_by"] else ""
    return short(
        f"{said['author']}{second}{where} for {said['reason']}; "
        f"holds until {said['last_day']}{ended}. "
        f"Evidence: {said['evidence']}"
    )


def standing(row: Row) -> str:
    """Say the state of the trend, how sure it is, and since when the account is where it is."""
    said = [str(row["direction"]).replace("_", " ")]
    if row["slope_30d"] is not None:
        sure = "" if row["slope_p"] is None else f" ({chance(row['slope_p'])})"
        said.append(f"slope {row['slope_30d']:+.1f} points in 30 days{sure}")
    if row["streak_days"]:
        way = "up" if row["streak_days"] > 0 else "down"
        said.append(f"{way} {days_of(abs(row['streak_days']))} in a row")
    if row["below_since"] is not None:
        said.append(f"below the best band {since(row['below_since'], row['as_of'])}")
    if row["confirmed_band"] != row["band"]:
        said.append(f"confirmed band {row['confirmed_band']}")
    return ", ".join(said)


def undecided(explanation: Explanation) -> list[str]:
    """Say which rules may act, and what is not known."""
    return [
        f"{rule.name} ({rule.kind}, {rule.does}) may act; not known: {', '.join(rule.not_known)}"
        for rule in explanation.undecided
    ]


def flags(row: Row, explanation: Explanation) -> list[str]:
    """Say what a person should look at, who, and by when."""
    return [
        f"{flag.name}: {flag.why} {flag.follow_up} {flag.owner}, by "
        f"{row['as_of'] + timedelta(days=flag.within_days)}"
        for flag in explanation.flags
    ]


def against(measure: MeasurePart) -> list[str]:
    """Say a measure's target, level, policy used and what is shown beside it."""
    parts = []
    if measure.target is not None:
        reached = "" if measure.of_target is None else f", of which it is {measure.of_target:.0%}"
        parts.append(f"the target is {shown(measure.target, measure.reading)}{reached}")
    if measure.level is not None:
        parts.append(f'level "{measure.level}"')
    if measure.policy_used is not None:
        parts.append(measure.policy_used)
    for one in measure.beside:
        reading = "unknown" if one.reading is None else f"{shown(one.reading)} {one.unit}"
        parts.append(f"{one.label}: {reading}")
    return parts


def reading_of(measure: MeasurePart) -> str:
    """Say a reading, with as many digits as it takes to tell it from its target."""
    return "unknown" if measure.reading is None else shown(measure.reading, measure.target)


def stood_on(explanation: Explanation) -> list[tuple[str, str]]:
    """Name what was known of the attributes and the month that the scorecard asks for."""
    found = [(name, short(value)) for name, value in explanation.attributes.items()]
    return [*found, *([("month of the term", str(explanation.month))] if explanation.month else [])]


def short(words: str) -> str:
    """Make what people wrote fit for a line: no control characters, not too long."""
    clean = printable(words)
    return clean if len(clean) <= LONGEST else f"{clean[: LONGEST - 1]}…"


def _show_head(row: Row, explanation: Explanation, card: Scorecard) -> None:
    name, band = short(row["name"] or ""), explanation.band or "unknown"
    head = Text(f"{name} ({short(str(row['crm_id']))}) on {row['as_of']}  ", style="bold")
    head.append(f"{_points(explanation.score)} ")
    head.append(band, style=colour_of(band, card))
    console.print(head)
    change = row["change_30d"]
    months = "-" if change is None or change != change else f"{change:+.1f}"  # noqa: PLR0124 - NaN
    base = f"base {_points(explanation.base)}; " if explanation.steps else ""
    stood = "".join(f"; {name} {value}" for name, value in stood_on(explanation))
    console.print(
        f"{card.title} v{card.version}; {row['basis']}, revision {row['revision']}; {base}"
        f"30 days {months}, {standing(row)}; raw mean "
        f"{_points(explanation.raw)}; {explanation.coverage:.0%} of the weight is known, all of "
        f"it would give {_points(explanation.floor)} to {_points(explanation.ceiling)}{stood}",
        style="dim", markup=False,
    )  # fmt: skip
    console.print(explanation.band_because, style="dim", markup=False)
    for held in row["held"]:
        console.print(
            Text(f"All of {held['role']} is unknown on this day: {held['reason']}", style="red")
        )
    if row["basis"] == "reconstructed":
        known = [name for name, origin in row["origins"].items() if origin == "as known then"]
        console.print(f"Computed later from the facts; as known then: {', '.join(known) or 'none'}",
                      style="dim")  # fmt: skip


def _measures(explanation: Explanation) -> Table:
    longest = max(len(measure.label) for measure in _measures_of(explanation))
    is_wide = console.width >= longest + BESIDE
    table = Table(box=None, pad_edge=False, expand=is_wide)
    table.add_column("measure", no_wrap=is_wide)
    for name in ("reading", "points", "weight", "gives", "costs"):
        table.add_column(name, no_wrap=True, justify="right", min_width=7)
    table.add_column("unit; what is good", ratio=1 if is_wide else None)
    for category in explanation.categories:
        table.add_row(
            Text(category.name, style="bold"), "", _points(category.score),
            f"{category.weight:.1f}%", _points(category.contributed), _points(category.lost),
        )  # fmt: skip
        for measure in category.measures:
            reading = reading_of(measure)
            is_unknown = measure.reading is None and measure.unknown_because
            table.add_row(
                Text(f"  {measure.label}"), reading, _points(measure.points),
                f"{measure.weight:.1f}%", _points(measure.contributed), _points(measure.lost),
                Text("" if is_unknown else f"{measure.unit}; {measure.good}", style="dim"),
            )  # fmt: skip
    return table


def _measures_of(explanation: Explanation) -> list[MeasurePart]:
    return [measure for part in explanation.categories for measure in part.measures]


def _against(measure: MeasurePart) -> str:
    parts = against(measure)
    return f"{measure.label}: {'; '.join(parts)}" if parts else ""


def _unknown(measure: MeasurePart) -> str:
    return f"{measure.label}: {measure.unknown_because}." if measure.unknown_because else ""


def _show_lines(title: str, lines: Iterable[str]) -> None:
    """Print lines under a title; nothing where none says anything."""
    said = [line for line in lines if line]
    if said:
        console.print(title, style="bold")
    for line in said:
        console.print(f"  {printable(line)}", style="dim", markup=False, soft_wrap=True)


def _points(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f}"
