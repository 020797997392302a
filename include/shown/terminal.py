"""How results look in a terminal: rows and explanations in, printed tables out."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.table import Table
from rich.text import Text

from include.html_page import printable
from include.scoring.deck import bands_of, label_of
from include.scoring.scorecard import Scorecard
from include.stack.one_run import Stage

Row = Mapping[str, Any]
# A pipe has no width of its own; 110 columns keep every row on one line.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


def show_json(value: object) -> None:
    """Print a value as JSON: dates as text, money as numbers, an unknown number as null.

    What could move a cursor or turn the direction of text is escaped, so nothing of it is lost.
    """
    text = json.dumps(_plain(value), indent=2, ensure_ascii=False)
    lines = ("".join(map(_escaped, line)) for line in text.split("\n"))
    console.print(JSONHighlighter()("\n".join(lines)), soft_wrap=True)


def _escaped(letter: str) -> str:
    return letter if letter.isprintable() else json.dumps(letter)[1:-1]


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case float() if value != value:  # noqa: PLR0124 - NaN is the one value unlike itself
            return None
        case Decimal():
            return float(value)
        case str() | int() | float() | None:
            return value
        case Sequence():
            return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def account_title(row: Row) -> str:
    """Name an account with its CRM id; the id alone where the CRM has no name for it."""
    name = printable(row["name"] or "")
    crm_id = printable(str(row["crm_id"]))
    return f"{name} ({crm_id})" if name else crm_id


def show_stage(stage: Stage) -> None:
    """Print one finished stage: what it counted, how long it took, how fast it went."""
    counts = ", ".join(f"{value:,} {key}" for key, value in stage.counts.items() if value)
    rows = max(stage.counts.values(), default=0)
    rate = f"{rows / stage.seconds:,.0f}/s" if stage.seconds > 0.05 and rows > 100 else ""
    line = Text()
    line.append("  ✓ ", style="green")
    line.append(f"{stage.name} {stage.part}".strip().ljust(44))
    line.append(f"{stage.seconds:6.1f} s  ", style="dim")
    line.append(f"{rate:>12}  ", style="dim")
    line.append(counts)
    console.print(line, soft_wrap=True)


def show_accounts(
    rows: Sequence[Row], reasons: Mapping[int, str], cards: Sequence[Scorecard], title: str
) -> None:
    """Print accounts with score, change and main reason; by which card where there are several."""
    scored_by = {label_of(card): card for card in cards}
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, show_edge=False)
    for name in (
        "account",
        "CRM id",
        "score",
        "band",
        "30 days",
        "trend",
        "known",
        "ARR",
        "renewal",
        *(["scorecard"] if len(cards) > 1 else []),
    ):
        number = name in ("score", "30 days", "known", "ARR")
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(
            Text(printable(row["name"] or ""), style="bold"), Text(printable(row["crm_id"])),
            _points(row["score"]),
            Text(row["band"], style=colour_of(row["band"], scored_by[row["scorecard"]])),
            _change(row["change_30d"]),
            row["direction"].replace("_", " "), f"{row['coverage']:.0%}", _arr(row),
            str(row["renewal_date"] or ""), *([row["scorecard"]] if len(cards) > 1 else []),
        )  # fmt: skip
    lines = console.render_lines(table, pad=False)
    heads = len(lines) - len(rows)
    for place, line in enumerate(lines):
        console.print(Text.assemble(*((part.text, part.style or "") for part in line)))
        if place >= heads:
            why = reasons.get(rows[place - heads]["account_id"], "")
            console.print(Text(f"    {printable(why)}", style="dim"))


def show_bands(rows: Sequence[Row], cards: Sequence[Scorecard], title: str) -> None:
    """Print how many accounts are in each band, worst first, unknown last, with their ARR.

    cards: of one outcome; the bands are those of all of them.
    """
    colours = {band.name: str(band.colour) for band in bands_of(cards)} | {"unknown": "dim"}
    found = {row["band"]: row for row in rows}
    total = sum(row["accounts"] for row in rows)
    console.print(f"\n[bold]{title}[/bold]")
    for name, colour in colours.items():
        row = found.get(name, {"accounts": 0, "arr": None, "arr_unvalued": 0})
        share = row["accounts"] / total if total else 0.0
        line = Text(f"  {name:<9}{row['accounts']:>6}  {share:>4.0%}  ")
        line.append("█" * round(share * 40), style=colour)
        line.append(f"  ARR {_money(row['arr'])}", style="dim")
        if row["arr_unvalued"]:
            line.append(f" and {row['arr_unvalued']:,} accounts without a rate", style="dim")
        console.print(line)


def show_shadow(found: Row, label: str, outcome: str) -> None:
    """Print in a line what a shadow says; outcome: of the live cards beside it, "" without any."""
    said = f"  {label}, a shadow: {found['accounts']:,} accounts scored"
    if outcome:
        said += f"; {found['other_band']:,} of {found['compared']:,} in another band of {outcome}"
    console.print(said, style="dim", markup=False)


def show_rates_used(rows: Sequence[Row]) -> None:
    """Print at which rates amounts in other currencies were valued; nothing where there are none.

    A row of `money/rates_used`; one without a value is unknown for want of a rate.
    """
    converted = [row for row in rows if row["currency"] != row["reporting_currency"]]
    if converted:
        columns = ("used_for", "day", "currency", "amount", "rate", "rated_on", "source", "value")
        console.print("\n[bold]Exchange rates used[/bold]")
        show_rows([{**row, "value": _known(row["value"])} for row in converted], columns)


def show_rows(rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Print rows as they are, one column a name."""
    table = Table(box=None, pad_edge=False)
    for name in columns:
        numeric = any(isinstance(row[name], int | float | Decimal) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    console.print(table)


def colour_of(band: str, card: Scorecard) -> str:
    """Return the terminal's colour for a band; unknown is dim."""
    for known in card.bands:
        if known.name == band:
            return str(known.colour)
    return "dim"


def _cell(value: object) -> Text:
    match value:
        case None:
            return Text("")
        case datetime():
            return Text(value.strftime("%Y-%m-%d %H:%M:%S"))
        case float():
            return Text(f"{value:,.2f}")
        case int() | Decimal():
            return Text(f"{value:,}")
    return Text(printable(str(value)))


def _points(value: float | None) -> str:
    return "unknown" if value is None or value != value else f"{value:.1f}"  # noqa: PLR0124


def _change(value: float | None) -> str:
    return "-" if value is None or value != value else f"{value:+.1f}"  # noqa: PLR0124


def _money(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _arr(row: Row) -> str:
    """ARR in the reporting currency; unknown where there is one that cannot be converted."""
    if row["arr"] is None and row["entered_arr"] is not None:
        return "unknown"
    return _money(row["arr"])


def _known(value: Decimal | None) -> object:
    return "unknown" if value is None else value
