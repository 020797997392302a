"""How the course of a score looks in a terminal."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from rich.text import Text

from include.reports.trend import Course, Portfolio
from include.scoring.dips import ANSWERED, BACK
from include.scoring.scorecard import Scorecard
from include.shown.terminal import account_title, colour_of, console, show_rows

LEVELS = "▁▂▃▄▅▆▇█"
WIDTH = 90
STATES = {"too_short": "too short to say"}


def sparkline(scores: Sequence[float | None], width: int = WIDTH) -> str:
    """Draw scores of 0 to 100 as bars, a space where unknown; the mean of days that share one."""
    size = -(-len(scores) // width)
    parts = [scores[start : start + size] for start in range(0, len(scores), size or 1)]
    return "".join(_bar([one for one in part if one is not None]) for part in parts)


def _bar(known: Sequence[float]) -> str:
    if not known:
        return " "
    return LEVELS[min(int(sum(known) / len(known) / 100 * len(LEVELS)), len(LEVELS) - 1)]


def show_course(found: Course, account: Mapping[str, Any], card: Scorecard) -> None:
    """Print an account's sparkline, its trend in words and its dips."""
    head = Text(f"{account_title(account)} on {found.last}  ", style="bold")
    head.append(_points(found.scores[-1]) + " ")
    head.append(found.band, style=colour_of(found.band, card))
    if found.confirmed_band != found.band:
        head.append(f" (confirmed: {found.confirmed_band})", style="dim")
    console.print(head)
    console.print(Text(sparkline(found.scores)))
    console.print(
        f"from {found.first} to {found.last}, {LEVELS[0]} 0 to {LEVELS[-1]} 100", style="dim"
    )
    console.print(standing_words(found, card), markup=False, soft_wrap=True)
    console.print(
        f"Dips and what became of them (answered: a meeting held): {len(found.dips)}", style="bold"
    )
    for dip in found.dips:
        console.print(f"  {dip.words}", markup=False, soft_wrap=True)


def standing_words(found: Course, card: Scorecard) -> str:
    """Say a trend in a sentence."""
    slope = "slope unknown"
    if found.slope_30d is not None:
        slope = f"{found.slope_30d:+.1f} points in 30 days ({chance(found.slope_p)})"
    said = f"{STATES.get(found.state, found.state).capitalize()}: {slope}; {found.window} days "
    said += "unknown" if found.change is None else f"{found.change:+.1f}"
    if found.streak_days:
        way = "up" if found.streak_days > 0 else "down"
        said += f"; {way} {days_of(abs(found.streak_days))} in a row"
    if found.below_since is not None:
        best = card.bands[-1].name
        said += f"; below {best} {since(found.below_since, found.last)}"
    return said + "."


def chance(p: float | None) -> str:
    """Say how often chance alone would give as clear a trend; to a thousandth, never 0."""
    if p is None:
        return "p unknown"
    return "p < 0.001" if p < 0.001 else f"p {p:.3f}"


def since(first: date, last: date) -> str:
    """Say since when it stands so on `last`; further back than 90 days nobody looked."""
    return f"since {first}" + (" or longer" if (last - first).days >= 90 else "")


def days_of(number: int) -> str:
    """Say a number of days."""
    return "1 day" if number == 1 else f"{number} days"


def show_portfolio(found: Portfolio, names: Mapping[int, Mapping[str, Any]], limit: int) -> None:
    """Print what became of dips, answered at once or not, then the newest ones."""
    console.print(
        f"[bold]{len(found.dips):,} dips[/bold] of {found.accounts:,} accounts began from "
        f"{found.first} to {found.last}. Of those still open after {ANSWERED} days:"
    )
    columns = ("group", "dips", "too young", "decided", "back", "share", "median days", "note")
    show_rows(
        [
            {
                "group": one.group, "dips": one.dips, "too young": one.too_young,
                "decided": one.decided, "back": one.back, "note": one.note,
                "share": "" if one.share is None else f"{one.share:.0%}",
                "median days": "" if one.median_days is None else f"{one.median_days:.0f}",
            }
            for one in found.recoveries
        ],
        columns,
    )  # fmt: skip
    console.print(
        f"Decided are dips that began by {found.last - timedelta(days=BACK)}: each had the same "
        f"{BACK} days to come back. Younger ones are too young to tell, back or not.",
        soft_wrap=True,
    )
    console.print("Who is answered is no accident, so this shows what goes together, not why.")
    for dip in found.dips[:limit]:
        who = account_title(names[dip.account_id])
        console.print(f"  {who} {dip.words}", markup=False, soft_wrap=True)


def _points(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f}"
