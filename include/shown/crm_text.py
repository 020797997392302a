"""What the CRM is about to get, has got and has lost, in a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from include.crm.desk import Lacking
from include.crm.undo import Undone
from include.html_page import printable
from include.pipeline.sync import Wanted
from include.shown.terminal import console, show_json, show_rows

Row = Mapping[str, Any]
COUNTED = ("accounts", "unchanged", "held", "waiting", "flipped", "emptied", "filled", "fields")


def show_plan_json(found: Wanted) -> None:
    counts = {name: getattr(found.found, name) for name in COUNTED}
    show_json(
        {
            "outcome": found.outcome, "as_of": found.as_of, **counts,
            "changed": len(found.found.changed), "calls": found.calls, "stopped": found.stopped,
            "examples": [asdict(change) for change in found.examples],
        }
    )  # fmt: skip


def show_plan(found: Wanted) -> None:
    """Print the counts, what would stop it, and the first changes, field by field."""
    plan = found.found
    console.print(f"[bold]What {found.outcome} of {found.as_of} would write[/bold]")
    console.print(
        f"  {len(plan.changed):,} of {plan.accounts:,} accounts change, in {found.calls:,} calls;"
        f" {plan.unchanged:,} unchanged, {plan.held:,} held within the dead-band,"
        f" {plan.waiting:,} refused before and unchanged since",
        soft_wrap=True,
    )
    console.print(
        f"  bands: {plan.flipped:,} change, {plan.filled:,} come, {plan.emptied:,} go",
        soft_wrap=True,
    )
    if found.stopped:
        console.print(
            Text(f"  Nothing would be sent: {found.stopped}", style="red"), soft_wrap=True
        )
    for change in found.examples:
        console.print(Text(f"  {change.record_id}", style="bold"))
        for name, value in change.new.items():
            before = printable(change.old.get(name, "")) or "empty"
            line = f"    {name}: {before} -> {printable(value) or 'empty'}"
            console.print(Text(line), soft_wrap=True)


def show_steps(lacking: Lacking, made: Sequence[str], *, is_meant: bool, wants_json: bool) -> None:
    """Print what provisioning would do, or has done."""
    if wants_json:
        show_json({"steps": list(lacking.steps), "is_done": is_meant, "made": list(made)})
        return
    if not lacking.steps:
        console.print("All fields are there; nothing to do.")
        return
    console.print("[bold]Done[/bold]" if is_meant else "[bold]To do[/bold] (--apply does it)")
    for step in lacking.steps:
        console.print(Text(f"  {step}"), soft_wrap=True)


def show_status(found: Mapping[str, Sequence[Row]]) -> None:
    """Print runs, refusals, edits and undos; a list that is empty is one line."""
    _show("Runs that wrote", found["runs"], "No run has written anything.")
    _show("Refused by the CRM, last word", found["rejected"], "Nothing stands refused.")
    _show("Edited in the CRM since we wrote it", found["drift"], "No field of ours was edited.")
    _show("Taken back", found["undone"], "Nothing was taken back.")
    _show("Overrides in the CRM, not applied", found["words"], "No override waits to be put right.")
    for row in found["shown"]:
        console.print(
            f"{row['records']:,} records written; {row['never_checked']:,} of them never read back"
        )


def show_undone(done: Undone, skipped: Sequence[Row], *, wants_json: bool) -> None:
    """Print what was restored, and each field that was not."""
    if wants_json:
        show_json({**asdict(done), "skipped_fields": list(skipped)})
        return
    console.print(
        f"{done.restored:,} of {done.records:,} records show again what they showed before;"
        f" {done.already:,} did already; {done.failed:,} the CRM did not take.",
        soft_wrap=True,
    )
    _show("Not restored: changed since", skipped, "No field was changed since.")


def _show(title: str, rows: Sequence[Row], none: str) -> None:
    if not rows:
        console.print(none)
        return
    console.print(f"\n[bold]{title}[/bold]")
    show_rows(rows, tuple(rows[0]))
