"""`health run` from start to end: the store, the sandbox, one run of the DAG, what came of it."""

import contextlib
import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from include import reports
from include.pipeline.job import read_deck, report_page
from include.pipeline.named_values import values_of_nobody
from include.reports import Published
from include.reports.why import reasons
from include.scoring.deck import Deck, label_of
from include.settings import Settings, load_settings
from include.shown import terminal
from include.stack.one_run import prepare_store, run_dag
from include.stack.state import Databases, State, databases, open_state, remember_store
from include.stack.vendors import sandbox, world_arguments
from include.warehouse.database import transaction

say = terminal.console.print


def run_sandboxed(
    as_of: date | None, world: Path | None, simulated: Mapping[str, int], *, yesterday: date
) -> None:
    """Run the job on the sandbox: a simulated world, or the tables in a folder."""
    state, settings = open_state(), load_settings()
    name = store_name(world, simulated)
    arguments = world_arguments(state, name, world, simulated)
    if world is None:
        arguments += ["--end", (as_of or yesterday).isoformat()]
    with _store(state, name) as urls:
        say("[bold]Sandbox[/bold]: the vendors on loopback", end="")
        started = time.perf_counter()
        with sandbox(settings, arguments, state) as vendors:
            took = time.perf_counter() - started
            say(f", world {vendors.world} up to {vendors.last_day} ({took:.1f} s)")
            day = as_of or vendors.last_day
            _run_and_show(state, settings, urls, day, vendors.connections)


def run_configured(as_of: date) -> None:
    """Run the job on the vendors that the environment's Airflow connections name."""
    state = open_state()
    with _store(state, "health") as urls:
        _run_and_show(state, load_settings(), urls, as_of, {})


def store_name(world: Path | None, simulated: Mapping[str, int]) -> str:
    """Name the embedded database of a world, so that worlds never mix.

    The default world's is `health`; a folder's is named after it and where it stands.
    """
    if world is not None:
        place = hashlib.sha256(str(world.resolve()).encode()).hexdigest()[:6]
        return f"health_{re.sub(r'[^a-z0-9]+', '_', world.resolve().name.lower())[:40]}_{place}"
    if dict(simulated) == {"accounts": 500, "days": 400, "seed": 1}:
        return "health"
    return "health_" + "_".join(f"{key[0]}{value}" for key, value in sorted(simulated.items()))


@contextlib.contextmanager
def _store(state: State, name: str) -> Iterator[Databases]:
    started = time.perf_counter()
    with databases(state, name) as urls:
        prepare_store(urls.store).dispose()
        remember_store(state, name)
        say(f"[bold]Store[/bold]: PostgreSQL is up, schema is current "
            f"({time.perf_counter() - started:.1f} s)")  # fmt: skip
        yield urls


def _run_and_show(
    state: State, settings: Settings, urls: Databases, day: date, connections: dict[str, str]
) -> None:
    say(f"[bold]Run[/bold] for {day}: Airflow starts the DAG customer_health")
    started = time.perf_counter()
    run_no = run_dag(
        state, urls, as_of=day, connections=connections, show=terminal.show_stage
    )  # fmt: skip
    say(f"The run took {time.perf_counter() - started:.1f} s.\n")
    show_outcome(settings, urls, run_no)


def show_bands(connection: Connection, deck: Deck) -> list[Published]:
    """Print the bands of each outcome and a line a shadow; return the outcomes' newest days."""
    days = {}
    for outcome, cards in deck.outcomes.items():
        days[outcome] = day = reports.published_day(connection, cards, None)
        terminal.show_bands(reports.bands(connection, day), cards, f"Bands: {outcome}")
    for card in deck.shadow:
        day = days.get(card.outcome, next(iter(days.values())))
        found = reports.shadow(connection, card, day)
        terminal.show_shadow(found, label_of(card), card.outcome if card.outcome in days else "")
    return list(days.values())


def _show_worst(connection: Connection, day: Published) -> list[dict[str, Any]]:
    """Print the accounts most at risk on a day, and return them."""
    worst = reports.accounts_on(connection, day, limit=10)
    why = reasons(connection, day.cards, day.as_of, [row["account_id"] for row in worst])
    cards = list(day.cards.values())
    terminal.console.print()
    terminal.show_accounts(worst, why, cards, f"Most at risk on {day.as_of}")
    return worst


def show_outcome(settings: Settings, urls: Databases, run_no: int) -> None:
    """Print counts that add up, what the checks found, bands, the accounts most at risk."""
    from include.checks import report_lines, write_report

    deck = read_deck(settings)
    engine = prepare_store(urls.store)
    with transaction(engine) as connection:
        say("[bold]Where every record went[/bold]")
        terminal.show_rows(reports.accounting(connection, run_no), reports.ACCOUNTING)
        say("\n[bold]Which account they belong to[/bold]")
        terminal.show_rows(reports.links(connection), reports.LINKS)
        days = show_bands(connection, deck)
        for words in values_of_nobody(connection, settings, deck):
            say(words, markup=False, style="yellow", soft_wrap=True)
        worst = _show_worst(connection, days[0])
    page = report_page(run_no)
    write_report(engine, page, run_no=run_no)
    say("\n[bold]Checks[/bold]")
    for line in report_lines(engine, run_no):
        say(f"  {line}", markup=False)
    engine.dispose()
    say(f"""
[bold]Where to look next[/bold]
  health explain {worst[0]["crm_id"] if worst else "ACCOUNT"}    one score taken apart
  health accounts --band red     who is at risk
  {page}    what the checks found, as a page
  make up                        Airflow's scheduler and pages, until you stop them""")
