"""Exchange rates in the store, in line with the file that people keep."""

from sqlalchemy import Connection, text

from include.errors import FixConfig
from include.settings import ROOT, Settings
from include.warehouse.database import query, run_script
from include.warehouse.rates_file import Rate, read_rates


def load_rates(connection: Connection, settings: Settings) -> dict[str, int]:
    """Bring rates and reporting currency in line with the settings and their file.

    The file is the truth: a line that went from it goes from the store, what it replaces is kept in
    core.replaced_rate. Where nothing changed nothing is written. Days whose rate in force changed
    are noted as touched, so that the next roll-up values their invoices anew. Raises FixConfig.
    """
    known = set(connection.execute(query("money/currencies")).scalars())
    reporting = settings.reporting_currency
    if reporting not in known:
        raise FixConfig(f"health.yaml: the reporting currency {reporting} is no currency we know.")
    rates: list[Rate] = []
    if settings.rates.file is not None:
        rates = read_rates(ROOT / settings.rates.file, reporting=reporting, known=known)
    run_script(connection, "money/fresh")
    _copy(connection, rates)
    is_other = {"currency": reporting, "max_age_days": settings.rates.max_age_days}
    changed = connection.execute(query("money/write_money"), is_other).rowcount
    for statement in ("keep_replaced", "remove_rates", "write_rates"):
        changed += connection.execute(query(f"money/{statement}")).rowcount
    days = _renew_days(connection) if changed else 0
    return {"rates": len(rates), "rate days changed": days}


def _copy(connection: Connection, rates: list[Rate]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    with (
        driver.cursor() as cursor,
        cursor.copy("copy fresh_rate (currency, day, rate, source) from stdin") as copy,
    ):
        for rate in rates:
            copy.write_row((rate.currency, rate.day, rate.rate, rate.source))
    connection.execute(text("analyze fresh_rate"))


def _renew_days(connection: Connection) -> int:
    """Bring the rates in force in line with the rates; return how many days have another one."""
    for statement in ("fill_in_force", "find_changed", "remove_in_force", "write_in_force"):
        connection.execute(query(f"money/{statement}"))
        if statement == "fill_in_force":
            connection.execute(text("analyze fresh_in_force"))
    return int(connection.execute(text("select count(*) from changed_rate")).scalar_one())
