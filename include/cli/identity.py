"""`health identity`: whose each source's objects are, what is unmatched or in doubt, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from include.cli.common import as_json, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from include.reports.matching import Matching, Row


@click.group(invoke_without_command=True)
@click.option("--since-run", type=int, help="Compare with this run; default: the day before.")
@click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="Cases a kind.")
@as_json
@click.pass_context
def identity(context: click.Context, *, since_run: int | None, top: int, wants_json: bool) -> None:
    """Show how much of each source belongs to an account, what does not, and what changed."""
    if context.invoked_subcommand:
        return
    from dataclasses import asdict

    from include.reports.matching import matching
    from include.shown import terminal

    with reading() as connection:
        found = matching(connection, since_run=since_run, top=top)
    if wants_json:
        terminal.show_json(asdict(found))
    else:
        show(found)


@identity.command()
@click.option("--run", "run_no", type=int, required=True, help="The run whose shares are right.")
@click.option("--who", required=True, help="Who says so.")
@click.option("--why", required=True, help="Why fewer links are right.")
def accept(*, run_no: int, who: str, why: str) -> None:
    """Take a run's lower matched shares for right, so that nothing is held for them any more."""
    from include.reports.matching import accept_shares

    with reading() as connection:
        released = accept_shares(connection, run_no, who=who, why=why)
    click.echo(
        f"The matched shares of run {run_no} are the usual ones from now on; {released} roles were "
        "released. Run the day again to have its readings."
    )


def show(found: Matching) -> None:
    """Print what `health identity` found, the sums first, then case by case."""
    from rich.text import Text

    from include.shown.terminal import console

    money = f", revenue in {found.currency}" if found.currency else ""
    console.print(
        f"[bold]Links on {found.day}[/bold], confirmed {found.linked_at:%Y-%m-%d %H:%M}{money}"
    )
    _shares(found)
    for row in found.held:
        why = f" {row['role']} on {row['as_of']}: {row['reason']}"
        console.print(Text.assemble(("held", "red"), why))
    _changes(found)
    _cases("Ambiguous, so linked to nobody", found.ambiguous, _candidates)
    _cases("Linked, but another rule disagrees", found.conflicts, _conflict)
    _cases("Unmatched, most at stake first", found.unmatched, _hint)
    if found.refused:
        console.print(f"\n[bold]Lines of the mapping file not used[/bold]: {len(found.refused)}")
        _table(
            ("line", "object", "account", "reason"),
            ((row["line_no"], _key(row), row["account"], row["reason"]) for row in found.refused),
        )


def _shares(found: Matching) -> None:
    heads = ("source", "object", "linked", "of", "share", "before", "linked", "of", "share",
             "before", "of what")  # fmt: skip
    _table(
        heads,
        (
            (
                row["source"], row["object"], f"{row['linked_objects']:,}", f"{row['objects']:,}",
                _percent(row["share"]), _percent(row["share_before"]),
                f"{row['linked_weight']:,.0f}", f"{row['weight']:,.0f}",
                _percent(row["weight_share"]), _percent(row["weight_share_before"]), _unit(row),
            )
            for row in found.shares
        ),
        right=range(2, 10),
    )  # fmt: skip


def _changes(found: Matching) -> None:
    from include.shown.terminal import console

    if found.since is None:
        console.print("\n[bold]Changed[/bold]: there is no earlier day to compare with")
        return
    counts = {row["kind"]: row["in_all"] for row in found.changes}
    words = ", ".join(f"{counts.get(kind, 0):,} {kind}" for kind in ("new", "lost", "re-linked"))
    console.print(
        f"\n[bold]Changed[/bold] since run {found.since['run_no']} for {found.since['as_of']}: "
        f"{words}"
    )
    _table(
        ("", "object", "from", "to"),
        (
            (row["kind"], _key(row), _by(row["old_account"], row["old_method"]),
             _by(row["account"], row["method"]))
            for row in found.changes
        ),
    )  # fmt: skip


def _cases(title: str, rows: Sequence[Row], said: Any) -> None:  # noqa: ANN401 - Row to text
    from include.shown.terminal import console

    kinds = {(row.get("kind") or (row["source"], row["object"])): row["in_all"] for row in rows}
    total = sum(kinds.values())
    shown = f", {len(rows):,} of them shown" if total > len(rows) else ""
    console.print(f"\n[bold]{title}[/bold]: {total:,}{shown}")
    _table(
        ("object", "name", "at stake", ""),
        ((_key(row), row["label"], _stake(row), said(row)) for row in rows),
        right=(2,),
    )


def _candidates(row: Row) -> str:
    return f"{row['method']} names {'; '.join(row['candidates'])}"


def _conflict(row: Row) -> str:
    named = "; ".join(row["candidates"])
    return f"{_by(row['account'], row['linked_by'])}, but {row['method']} names {named}"


def _hint(row: Row) -> str:
    return "ambiguous" if row["is_ambiguous"] else ""


def _key(row: Row) -> str:
    return " ".join(str(row[name] or "?") for name in ("source", "object", "source_key"))


def _by(account: str, method: str | None) -> str:
    if not method:
        return ""
    return f"{account or 'nobody'} by {method}"


def _stake(row: Row) -> str:
    if row["weight"] is None:
        return ""
    unvalued = f" and {row['unvalued']:,} unvalued invoices" if row.get("unvalued") else ""
    return f"{row['weight']:,.0f} {row['unit']}{unvalued}"


def _unit(row: Row) -> str:
    span = {"revenue": "revenue of a year", "events": "events of 28 days",
            "tickets": "tickets of 90 days"}[row["unit"]]  # fmt: skip
    return f"{span}; {row['unvalued']:,} invoices have no rate" if row["unvalued"] else span


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _table(
    heads: Sequence[str], rows: Iterable[Sequence[object]], right: Iterable[int] = ()
) -> None:
    """Print rows; what vendors sent is shown as it is, without its control characters."""
    from rich.table import Table
    from rich.text import Text

    from include.html_page import printable
    from include.shown.terminal import console

    lines = list(rows)
    if not lines:
        return
    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(heads):
        table.add_column(name, justify="right" if place in set(right) else "left", overflow="fold")
    for line in lines:
        cells = ("" if cell is None else printable(str(cell)) for cell in line)
        table.add_row(*(Text(cell if len(cell) <= 80 else f"{cell[:79]}…") for cell in cells))
    console.print(table)
