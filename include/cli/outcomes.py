"""`health outcomes`: what became of accounts, and how they were scored before."""

from datetime import date
from typing import Any

import click

from include.cli.common import Day, as_json, check_range, deck_at_hand, reading

EVER = (date(1900, 1, 1), date(9999, 12, 31))
KINDS = ("churn", "contraction", "renewal", "expansion")
COLUMNS = (
    "date", "kind", "account", "before", "after", "score", "band", "30d", "60d", "90d", "conflict",
)  # fmt: skip


@click.command()
@click.option("--kind", type=click.Choice(KINDS), help="Only outcomes of this kind.")
@click.option("--from", "first_day", type=Day(), default=EVER[0], help="First day, included.")
@click.option("--to", "last_day", type=Day(), default=EVER[1], help="Last day, included.")
@click.option("--conflicts", is_flag=True, help="Only those that another record contradicts.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@as_json
def outcomes(*, wants_json: bool, **asked: Any) -> None:  # noqa: ANN401 - as click gives them
    """List churn, contractions, renewals and expansions with the scores before each.

    Amounts are a year's worth in the reporting currency at the rate of that day; score and band are
    the last ones before it, the other three those 30, 60 and 90 days before.
    """
    from include.reports import numbered
    from include.shown import terminal
    from include.warehouse.database import query

    check_range(asked["first_day"], asked["last_day"])
    with reading() as connection:
        binds = {**asked, "scorecard_ids": list(numbered(connection, deck_at_hand().asked()))}
        rows = [dict(row) for row in connection.execute(query("outcomes/list"), binds).mappings()]
    if wants_json:
        terminal.show_json(rows)
        return
    terminal.show_rows([_shown(row) for row in rows], COLUMNS)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    from include.shown.terminal import account_title

    return {
        "date": row["occurred_on"],
        "kind": row["kind"],
        "account": account_title(row),
        "before": _amount(row["amount_before"], row["currency"]),
        "after": _amount(row["amount_after"], row["currency"]),
        "score": _score(row["score_before"]),
        "band": row["band_before"] or "",
        "30d": _score(row["score_30d_before"]),
        "60d": _score(row["score_60d_before"]),
        "90d": _score(row["score_90d_before"]),
        "conflict": row["conflict"] or "",
    }


def _amount(amount: Any, currency: str | None) -> str:  # noqa: ANN401 - Decimal or None
    return "unknown" if amount is None else f"{amount:,.0f} {currency}"


def _score(score: float | None) -> str:
    return "" if score is None else f"{score:.0f}"
