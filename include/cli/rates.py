"""`health rates`: which exchange rates are in force, and which amounts have none."""

from datetime import date

import click

from include.cli.common import Day, as_json, reading
from include.errors import FixConfig
from include.settings import load_settings

RATES = ("currency", "rate", "newest_on", "age_days", "source")
UNVALUED = ("fact", "currency", "entries", "accounts", "amount", "first_day", "last_day")


@click.command()
@click.option("--day", type=Day(), help="Day to look at; default: that of the newest run.")
@as_json
def rates(*, day: date | None, wants_json: bool) -> None:
    """Show the exchange rates in force on a day, and amounts without one with what is at stake."""
    from include import reports
    from include.reports import rates
    from include.shown import terminal

    settings = load_settings()
    with reading() as connection:
        newest = reports.runs(connection, 1)
        if day is None and not newest:
            raise FixConfig("There is no run yet; name a --day, or make a run with `make run`.")
        day = day or newest[0]["as_of"]
        found = rates.rates_on(connection, day)
        without = rates.unvalued(connection, day, time_zone=settings.time_zone)
    if wants_json:
        terminal.show_json({"day": day, "rates": found, "unvalued": without})
        return
    terminal.console.print(
        f"Rates in force on {day}: what one unit is worth in {settings.reporting_currency}"
    )
    terminal.show_rows([{**row, "rate": row["rate"] or "none in force"} for row in found], RATES)
    if without:
        terminal.console.print("\nUnknown for want of a rate, in units of the currency itself")
        terminal.show_rows(without, UNVALUED)
