"""What people ask about scores and runs; every command here only reads."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from include.cli.common import Day, as_json, asking_cards, reading, tell_age
from include.errors import FixConfig
from include.settings import load_settings

if TYPE_CHECKING:
    from include.scoring.scorecard import Scorecard

    Cards = Sequence[Scorecard]


@click.command(name="accounts")
@click.option("--band", help="Only this band.")
@click.option("--as-of", type=Day(), help="Published day to show; default: the newest.")
@click.option("--limit", type=click.IntRange(1), default=25, show_default=True)
@asking_cards
@as_json
def list_accounts(
    *, cards: "Cards", band: str | None, as_of: date | None, limit: int, wants_json: bool
) -> None:
    """List accounts, worst score first, with change and main reason."""
    from include import reports
    from include.reports.why import reasons
    from include.shown import terminal

    if band is not None:
        _check_band(band, cards)
    with reading() as connection:
        day = reports.published_day(connection, cards, as_of)
        rows = reports.accounts_on(connection, day, band=band, limit=limit)
        why = reasons(connection, day.cards, day.as_of, [row["account_id"] for row in rows])
        tell_age(connection, cards, aside=wants_json)
    if wants_json:
        terminal.show_json([{**row, "reason": why[row["account_id"]]} for row in rows])
    else:
        terminal.show_accounts(rows, why, cards, f"Accounts on {day.as_of}, worst first")


@click.command()
@click.argument("account")
@click.option("--as-of", type=Day(), help="Day to explain; default: the newest.")
@asking_cards
@as_json
def explain(*, cards: "Cards", account: str, as_of: date | None, wants_json: bool) -> None:
    """Take one account's score apart: ACCOUNT is an id, a CRM id or a name."""
    from dataclasses import asdict

    from include import reports
    from include.reports import one_account, pulse, rates
    from include.shown import terminal
    from include.shown.explanation_text import show_explanation

    zone = load_settings().time_zone
    with reading() as connection:
        found = reports.find_account(connection, account)
        card, row, explanation = one_account.account_day(
            connection, cards, found["account_id"], as_of
        )
        rates_used = rates.rates_used(connection, card, row, time_zone=zone)
        said = pulse.pulse_on(connection, found["account_id"], row["as_of"])
        tell_age(connection, cards, aside=wants_json)
    if wants_json:
        explained = {
            "explanation": asdict(explanation), "rates_used": rates_used, "pulse": said,
        }  # fmt: skip
        terminal.show_json({**row, **explained})
    else:
        show_explanation(row, explanation, card)
        if said is not None:
            terminal.console.print(pulse.pulse_words(said), style="dim", markup=False)
        terminal.show_rates_used(rates_used)


@click.command()
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@as_json
def runs(*, limit: int, wants_json: bool) -> None:
    """List runs, newest first."""
    from include import reports
    from include.shown import terminal

    with reading() as connection:
        rows = reports.runs(connection, limit)
    if wants_json:
        terminal.show_json(rows)
    else:
        columns = (
            "run_no", "kind", "as_of", "started_at", "seconds", "state", "parts", "held", "error",
        )  # fmt: skip
        terminal.show_rows(rows, columns)


@click.command()
@click.option("--run", "run_no", type=int, help="Number of the run; default: the newest.")
@as_json
def checks(*, run_no: int | None, wants_json: bool) -> None:
    """Show what the checks of a run found, and write the page with all of them."""
    from include import reports
    from include.checks import report_lines, write_report
    from include.pipeline.job import report_page
    from include.shown import terminal

    with reading() as connection:
        newest = reports.runs(connection, 1)
        if run_no is None and not newest:
            raise FixConfig("There is no run yet; `make run` makes one.")
        number = run_no or newest[0]["run_no"]
        if wants_json:
            terminal.show_json(reports.check_results(connection, number))
            return
        for line in report_lines(connection.engine, number):
            terminal.console.print(line, markup=False)
        write_report(connection.engine, report_page(number), run_no=number)
        terminal.console.print(f"The page with all checks: {report_page(number)}", soft_wrap=True)


def _check_band(band: str, cards: "Cards") -> None:
    """Refuse the name of a band that none of the cards has, where it is not `unknown` either."""
    from include.scoring.deck import bands_of

    names = [known.name for known in bands_of(cards)]
    if band not in (*names, "unknown"):
        raise FixConfig(f"There is no band {band}; the bands are {', '.join(names)} and unknown.")
