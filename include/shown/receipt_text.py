"""Receipts and paths in a terminal."""

from rich.text import Text

from include.reports.receipt import Receipt
from include.say import shown
from include.scoring.path import Path, Step
from include.shown import terminal
from include.shown.explanation_text import show_explanation

THINNED = "thinned: taken apart again from the readings, which stay"


def show_receipt(receipt: Receipt) -> None:
    """Print the score taken apart, the way to the next band, and where all of it comes from."""
    show_explanation(receipt.row, receipt.explanation, receipt.card)
    show_path(receipt.path)
    _head("Where this comes from")
    for name, value in sources(receipt):
        terminal.console.print(Text(f"  {name:<12}{value}"), soft_wrap=True)
    style = "green" if not receipt.differences and not receipt.doubts else "bold red"
    for sentence in verdict(receipt):
        terminal.console.print(Text(sentence, style=style))


def show_path(path: Path) -> None:
    """Print what it takes to reach the next band, or why there is no telling."""
    _head(title(path))
    terminal.console.print(path.sentence, markup=False)
    rows = [
        {
            "measure": step.label, "now": shown(step.reading), "wanted": wanted(step),
            "unit": step.unit, "points": f"{step.points:.1f}", "then": f"{step.points_to:.1f}",
            "adds to the score": f"{step.gains:.1f}",
        }
        for step in path.steps
    ]  # fmt: skip
    if rows:
        terminal.show_rows(rows, tuple(rows[0]))


def title(path: Path) -> str:
    return f"The shortest way to {path.next_band}" if path.steps else "The way up"


def wanted(step: Step) -> str:
    """Name the reading to reach with two decimals, rounded so that it still suffices."""
    if step.is_last:
        return shown(step.to)
    return f"{shown(step.enough)} or {'more' if step.to > step.reading else 'less'}"


def sources(receipt: Receipt) -> list[tuple[str, str]]:
    """Return what to name and what to say of each: the run, the card, the readings."""
    source, row = receipt.source, receipt.row
    published = source["published_at"]
    known = sorted(set(row["origins"].values()))
    return [
        ("score of", f"{row['as_of']}, {row['basis']}, revision {row['revision']}"),
        ("computed by", f"run {source['run_no']} ({_run(receipt)})"),
        ("published", f"{published:%Y-%m-%d %H:%M} UTC" if published else "no"),
        ("scorecard", f"{receipt.explanation.card}, SHA-256 {source['digest']}"),
        ("readings", f"revision {source['reading_revision']}, by run {source['reading_run_no']}; "
         + " and ".join(known)),
        ("receipt", THINNED if source["is_thinned"] else "stored with the score"),
        ("row digest", source["snapshot_digest"]),
    ]  # fmt: skip


def verdict(receipt: Receipt) -> list[str]:
    """Say whether the stored score is what its readings and its scorecard give."""
    if not receipt.differences and not receipt.doubts:
        return ["Computed again from the stored readings and scorecard: the same to the last bit."]
    differing = [
        f"{one.what}: stored {_exact(one.stored)}, computed again {_exact(one.again)}."
        for one in receipt.differences
    ]
    return ["Computed again, this is not what is stored.", *differing, *receipt.doubts]


def _exact(value: float | str | None) -> str:
    return "unknown" if value is None else str(value)


def _run(receipt: Receipt) -> str:
    source = receipt.source
    if source["run_id"] is None:
        return "no longer in the book of runs"
    return (
        f"{source['run_kind']}, {source['run_started_at']:%Y-%m-%d %H:%M} UTC, {source['run_id']}"
    )


def _head(words: str) -> None:
    terminal.console.print(Text(f"\n{words}", style="bold"))
