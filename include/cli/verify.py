"""`health verify`: every stored score computed again, and whether it comes out the same."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import click

from include.cli.common import Day, as_json, check_range, job_at_hand
from include.errors import RejectData

SHOWN = 12


@click.command()
@click.option("--as-of", type=Day(), help="The day to verify.")
@click.option("--all-days", nargs=2, type=Day(), metavar="FROM TO", help="Or all of these days.")
@click.option("--scorecard", help="Only this one, as in retention.v1; default: all there are.")
@click.option("--basis", type=click.Choice(["live", "reconstructed"]), help="Default: both.")
@as_json
def verify(
    *,
    as_of: date | None,
    all_days: tuple[date, date] | None,
    scorecard: str | None,
    basis: str | None,
    wants_json: bool,
) -> None:
    """Compute every stored score again from its stored readings and its stored scorecard.

    Any difference, to the last bit, is listed and ends in exit code 65; so does a scorecard whose
    file says something else than what its scores were computed by. Scores whose receipts were
    thinned are compared in what they kept, and counted apart.

    The trend looks back on days that may have changed since, so it is not computed again: each
    row's digest says whether its trend is the one that was written.
    """
    from include.pipeline.verify import verify as compare
    from include.shown import terminal

    days = _days(as_of, all_days)
    with job_at_hand() as job:
        result = compare(job, days, scorecard=scorecard, basis=basis)
        names = _names(job, [finding.account_id for finding in result.findings])
    if wants_json:
        shown = asdict(result) | {"is_good": result.is_good, "rate": result.rate}
        shown["findings"] = [one | names.get(one["account_id"], {}) for one in shown["findings"]]
        terminal.show_json(shown)
    else:
        _show(result, names)
    if not result.is_good:
        count = f"{result.differing:,} stored scores are not what they should be."
        raise RejectData(" ".join([count] * bool(result.differing) + result.doubts))


def _days(as_of: date | None, all_days: tuple[date, date] | None) -> list[date]:
    if (as_of is None) == (all_days is None):
        raise click.UsageError("Give either --as-of DAY or --all-days FROM TO.")
    if as_of is not None:
        return [as_of]
    assert all_days is not None
    first, last = all_days
    check_range(first, last)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _names(job: Any, account_ids: list[int]) -> dict[int, dict[str, Any]]:  # noqa: ANN401 - a Job, imported late
    from include.warehouse.database import query, transaction

    with transaction(job.engine) as connection:
        rows = connection.execute(query("snapshots/name_accounts"), {"accounts": account_ids})
        return {row.account_id: {"crm_id": row.crm_id, "name": row.name} for row in rows}


def _show(result: Any, names: dict[int, dict[str, Any]]) -> None:  # noqa: ANN401 - a Verified, imported late
    from include.shown import terminal

    seconds = f"{result.seconds:.{1 if result.seconds >= 1 else 2}f}"
    terminal.console.print(
        f"{result.rows:,} scores computed again in {seconds} s "
        f"({result.rate:,.0f}/s): {result.rows - result.differing:,} the same to the last bit, "
        f"{result.differing:,} not; {result.thinned:,} had been thinned"
    )
    for column, rows in result.columns.most_common():
        terminal.console.print(f"  {rows:>9,}  {column}", markup=False)
    for finding in result.findings[:SHOWN]:
        known = names.get(finding.account_id, {"name": "no such account", "crm_id": "?"})
        terminal.console.print(
            f"\n{terminal.account_title(known)}, {finding.scorecard} on {finding.as_of}, "
            f"{finding.basis}",
            markup=False,
        )
        rows = [
            {"what": one.what, "stored": _exact(one.stored), "computed again": _exact(one.again)}
            for one in finding.differences
        ]
        terminal.show_rows(rows, ("what", "stored", "computed again"))
    if result.differing > SHOWN:
        terminal.console.print(
            f"\n… and {result.differing - SHOWN:,} more; --json names up to 200 of them."
        )


def _exact(value: float | str | None) -> str:
    """Write a number so that no other one is written the same."""
    return "unknown" if value is None else str(value)
